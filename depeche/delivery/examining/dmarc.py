"""The policy of a domain, found by the tree walk, and whose names belong together (RFC 9989 §4.10; before it RFC 7489)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import tags
from .dns_answers import Dns, Unanswered
from .findings import About, Finding, Kind, Level, Mend, shortened

MOST_QUERIES = 8
POLICIES = ("none", "quarantine", "reject")
GONE = ("pct", "rf", "ri")  # tags of RFC 7489 that RFC 9989 took out
_VERSION = re.compile(r"v\s*=\s*DMARC1\s*(;|$)")


class Record(NamedTuple):
    """The one record at `_dmarc.` and this domain."""

    domain: str
    text: str

    @property
    def tags(self) -> dict[str, str]:
        """Empty where it cannot be read."""
        try:
            return tags.read(self.text)
        except tags.UnreadableTags:
            return {}


def names_walked(domain: str) -> Iterator[str]:
    """The domain, then those above it: at most eight, the long way up cut to seven labels."""
    labels = domain.split(".")
    yield domain
    above = labels[1:] if len(labels) < MOST_QUERIES else labels[-(MOST_QUERIES - 1) :]
    for at in range(len(above)):
        yield ".".join(above[at:])


def record_at(domain: str, dns: Dns) -> Record | None:
    """None also where there are several, which count as none. Raises Unanswered."""
    found = records_at(domain, dns)
    return Record(domain, found[0]) if len(found) == 1 else None


def records_at(domain: str, dns: Dns) -> list[str]:
    return [text for text in dns.txt(f"_dmarc.{domain}") if _VERSION.match(text)]


def walk(domain: str, dns: Dns) -> list[Record]:
    """The records met on the way up, until one says where the domain of an organisation ends (`psd=`). Raises Unanswered."""
    met: list[Record] = []
    for name in names_walked(domain):
        record = record_at(name, dns)
        if record is None:
            continue
        met.append(record)
        psd = record.tags.get("psd", "u").lower()
        if psd == "n" or (psd == "y" and name != domain):
            break
    return met


def organisational_domain(domain: str, dns: Dns) -> str:
    """The domain that all names of an organisation share; itself where nothing was published. Raises Unanswered."""
    met = walk(domain, dns)
    if not met:
        return domain
    last = met[-1]
    if last.tags.get("psd", "u").lower() == "y" and last.domain != domain:
        below = domain.split(".")[-last.domain.count(".") - 2 :]
        return ".".join(below)
    return last.domain


def policy_of(domain: str, dns: Dns) -> Record | None:
    """The record that holds for mail from this domain: its own, else that of its organisation. Raises Unanswered."""
    own = record_at(domain, dns)
    if own:
        return own
    met = walk(domain, dns)
    if not met:
        return None
    organisation = organisational_domain(domain, dns)
    return next((one for one in met if one.domain == organisation), met[-1])


def is_aligned(domain: str, other: str, dns: Dns, *, is_strict: bool) -> bool:
    """Whether `other` (d= or the envelope's) vouches for mail from `domain`. Raises Unanswered."""
    if domain == other or is_strict:
        return domain == other
    if (
        policy_of(domain, dns) is None
    ):  # nothing says where organisations end: one of the two is above the other
        return domain.endswith(f".{other}") or other.endswith(f".{domain}")
    return organisational_domain(domain, dns) == organisational_domain(other, dns)


def examine(domain: str, dns: Dns) -> Finding:
    name = f"_dmarc.{domain}"
    try:
        found = records_at(domain, dns)
        if len(found) > 1:
            shown, mend = shortened(" | ".join(found)), Mend(name, Kind.TXT, found[0])
            return Finding(About.DMARC, "dmarc.several", Level.RED, name, shown, mend=mend)
        record = policy_of(domain, dns)
        if record is None:
            return _missing(domain, dns)
        return _judged(domain, record, dns)
    except Unanswered as error:
        return Finding(About.DMARC, "unanswered", Level.UNKNOWN, error.name)


def _missing(domain: str, dns: Dns) -> Finding:
    name = f"_dmarc.{domain}"
    near = [text for text in dns.txt(name) if "dmarc" in text.lower()]
    code = "dmarc.unreadable" if near else "dmarc.missing"
    shown = shortened(near[0]) if near else ""
    return Finding(About.DMARC, code, Level.RED, name, shown, mend=_fresh(domain))


def _judged(domain: str, record: Record, dns: Dns) -> Finding:
    name, shown = f"_dmarc.{record.domain}", shortened(record.text)
    known = record.tags
    if not known:
        return Finding(About.DMARC, "dmarc.unreadable", Level.RED, name, shown, mend=_fresh(record.domain))
    tag = _tag_that_holds(domain, record, dns)
    policy = known.get(tag, "").lower()
    facts = {"policy": policy, "tag": tag, "from": record.domain}

    def finding(code: str, level: Level, **changed: str | None) -> Finding:
        mended = {**known, **{one: value for one, value in changed.items() if value is not None}}
        for one in [one for one, value in changed.items() if value is None]:
            mended.pop(one, None)
        mend = Mend(name, Kind.TXT, tags.write(mended)) if changed else None
        return Finding(About.DMARC, code, level, name, shown, facts, mend)

    if policy not in POLICIES:
        has_reports = "mailto:" in known.get("rua", "").lower()
        # RFC 9989 §4.7: as p=none where there is an address for reports, else as if there were no record.
        level = Level.AMBER if has_reports else Level.RED
        return finding("dmarc.no_policy", level, **{tag: "none"})
    if any(one in known for one in GONE):
        return finding("dmarc.gone_tags", Level.AMBER, **dict.fromkeys(GONE))
    if known.get("t", "n").lower() == "y":
        return finding("dmarc.testing", Level.AMBER, t=None)
    if "mailto:" not in known.get("rua", "").lower():
        return finding("dmarc.no_reports", Level.AMBER, rua=f"mailto:dmarc@{record.domain}")
    return finding("dmarc.watching" if policy == "none" else "dmarc.good", Level.GREEN)


def _tag_that_holds(domain: str, record: Record, dns: Dns) -> str:
    """`p` for the domain itself; below it `np` where the name does not exist, `sp`, or what stands in for them."""
    if record.domain == domain:
        return "p"
    known = record.tags
    is_there = any(dns.ask(domain, kind).records for kind in ("A", "AAAA", "MX"))
    order = ("sp", "p") if is_there else ("np", "sp", "p")
    return next((tag for tag in order if tag in known), "p")


def _fresh(domain: str) -> Mend:
    return Mend(f"_dmarc.{domain}", Kind.TXT, f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}")


def relaxed(record: Record) -> str:
    """The record with relaxed alignment."""
    return tags.write({tag: value for tag, value in record.tags.items() if tag not in ("adkim", "aspf")})
