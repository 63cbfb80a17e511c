"""What an examination finds: codes and facts that `mail_domain_words` says in the reader's language."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import idna

LONGEST_SHOWN = 300
_STRING = 255  # octets of one string of a TXT record (RFC 1035 §3.3)


class Level(enum.StrEnum):
    """Amber: accepted, and better mended. Unknown: the question was not answered, which says nothing about the domain."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class About(enum.StrEnum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    ALIGNMENT = "alignment"
    BOUNCES = "bounces"
    REVERSE = "reverse"
    TLS = "tls"


class Kind(enum.StrEnum):
    """Where a mending line goes: the type of a DNS record, or our own settings."""

    TXT = "TXT"
    CNAME = "CNAME"
    MX = "MX"
    A = "A"
    PTR = "PTR"
    SETTING = "setting"


@dataclass(frozen=True)
class Mend:
    """What to publish: a record of this name and type with this value, or a setting."""

    name: str
    kind: Kind
    value: str

    @property
    def line(self) -> str:
        """As it stands in a zone file (RFC 1035 §5.1), or in `.env`."""
        if self.kind is Kind.SETTING:
            return f"{self.name}={self.value}"
        value = f"{self.value}." if self.kind in (Kind.CNAME, Kind.MX, Kind.PTR) else self.value
        if self.kind is Kind.TXT:
            pieces = [self.value[at : at + _STRING] for at in range(0, len(self.value), _STRING)] or [""]
            value = " ".join(f'"{piece}"' for piece in pieces)
        return f"{self.name}. IN {self.kind} {value}"


@dataclass(frozen=True)
class Finding:
    """`code` says what is so of `name`, `found` is what was published there, shortened; `facts` go into the sentences."""

    about: About
    code: str
    level: Level
    name: str = ""
    found: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    mend: Mend | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Finding:
        mend = kept["mend"]
        values = {
            **kept,
            "about": About(kept["about"]),
            "level": Level(kept["level"]),
            "mend": mend and Mend(mend["name"], Kind(mend["kind"]), mend["value"]),
        }
        return cls(**values)


def level_of(findings: Iterable[Finding]) -> Level:
    """The worst of them; what was not asked stands between red and amber, what was not examined counts nothing."""
    found = {finding.level for finding in findings}
    order = (Level.RED, Level.UNKNOWN, Level.AMBER, Level.GREEN)
    return next((level for level in order if level in found), Level.UNKNOWN)


def shortened(words: str) -> str:
    """Printable, and at most `LONGEST_SHOWN` characters."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words)
    return clean if len(clean) <= LONGEST_SHOWN else f"{clean[: LONGEST_SHOWN - 1]}…"


def as_read(domain: str) -> str:
    """A domain as people write it: `xn--exmple-cua.de` is « exämple.de » (RFC 5890)."""
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain
