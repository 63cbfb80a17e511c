"""The public keys that a signature is verified with (RFC 6376 §3.6.1, RFC 8301, RFC 8463)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import tags
from .dns_answers import Dns, Unanswered
from .findings import About, Finding, Kind, Level, Mend, shortened

LEAST_BITS, GOOD_BITS = 1024, 2048  # RFC 8301 §3.2; Gmail and Yahoo advise 2048


@dataclass(frozen=True)
class Selector:
    """A key that signs: its selector, the domain `d=` it signs for, and its public half (`p=`, base64) where we hold it."""

    name: str
    domain: str
    public_key: str = ""
    algorithm: str = "rsa"

    @property
    def record_name(self) -> str:
        return f"{self.name}._domainkey.{self.domain}"

    @property
    def mend(self) -> Mend | None:
        """The record to publish, where we know the key."""
        if not self.public_key:
            return None
        return Mend(self.record_name, Kind.TXT, f"v=DKIM1; k={self.algorithm}; p={self.public_key}")


def examine(selectors: Sequence[Selector], dns: Dns) -> list[Finding]:
    """One finding for each selector; one more where none is known, or none has a key everybody verifies."""
    if not selectors:
        return [Finding(About.DKIM, "dkim.no_selector", Level.AMBER)]
    found = [_one(selector, dns) for selector in selectors]
    working = [one for one in found if one.level in (Level.GREEN, Level.AMBER)]
    if working and all(one.facts.get("algorithm") == "ed25519" for one in working):
        found.append(Finding(About.DKIM, "dkim.only_ed25519", Level.RED))
    return found


def _one(selector: Selector, dns: Dns) -> Finding:
    name = selector.record_name
    try:
        records = dns.txt(name)
    except Unanswered:
        return Finding(About.DKIM, "unanswered", Level.UNKNOWN, name)
    keys = [record for record in records if "p=" in record.replace(" ", "") or "DKIM1" in record]
    if not keys:
        return Finding(About.DKIM, "dkim.missing", Level.RED, name, mend=selector.mend)
    if len(keys) > 1:
        shown = shortened(" | ".join(keys))
        return Finding(About.DKIM, "dkim.several", Level.RED, name, shown, mend=_kept(selector, keys[0]))
    code, level, facts = _judged(keys[0], selector)
    needs_mending = level is not Level.GREEN
    mend = None
    if code == "dkim.testing":
        mend = Mend(name, Kind.TXT, tags.write(_without(tags.read(keys[0]), "t")))
    elif needs_mending:
        mend = selector.mend
    return Finding(About.DKIM, code, level, name, shortened(keys[0]), facts, mend)


def _judged(record: str, selector: Selector) -> tuple[str, Level, dict[str, Any]]:
    try:
        key = tags.read(record)
    except tags.UnreadableTags:
        return "dkim.unreadable", Level.RED, {}
    if "v" in key and (next(iter(key)) != "v" or key["v"] != "DKIM1"):
        return "dkim.unreadable", Level.RED, {}
    if key.get("p") == "":
        return "dkim.revoked", Level.RED, {}
    algorithm = key.get("k", "rsa").lower()
    if algorithm not in ("rsa", "ed25519"):
        return "dkim.unknown_algorithm", Level.RED, {"algorithm": algorithm[:20]}
    services = {one.strip() for one in key.get("s", "*").split(":")}
    hashes = {one.strip().lower() for one in key.get("h", "sha256").split(":")}
    if not services & {"*", "email"} or "sha256" not in hashes:
        return "dkim.not_for_mail", Level.RED, {}
    given = "".join(key.get("p", "").split())
    try:
        bits = _bits(given, algorithm)
    except ValueError:
        return "dkim.broken_key", Level.RED, {}
    facts = {"bits": bits, "algorithm": algorithm}
    if selector.public_key and given != "".join(selector.public_key.split()):
        return "dkim.other_key", Level.RED, facts
    if algorithm == "rsa" and bits < LEAST_BITS:
        return "dkim.weak", Level.RED, facts
    if "y" in {one.strip() for one in key.get("t", "").split(":")}:
        return "dkim.testing", Level.AMBER, facts
    if algorithm == "rsa" and bits < GOOD_BITS:
        return "dkim.short", Level.AMBER, facts
    return "dkim.good", Level.GREEN, facts


def _bits(given: str, algorithm: str) -> int:
    """Raises ValueError: this is no such key."""
    try:
        der = base64.b64decode(given, validate=True)
    except binascii.Error as error:
        raise ValueError(given) from error
    if algorithm == "ed25519":
        if len(der) != 32:
            raise ValueError(given)
        return 256
    try:
        key = load_der_public_key(der)
    except Exception as error:  # the library has no one error for what it cannot read
        raise ValueError(given) from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError(given)
    return key.key_size


def _kept(selector: Selector, first: str) -> Mend:
    return selector.mend or Mend(selector.record_name, Kind.TXT, first)


def _without(found: dict[str, str], name: str) -> dict[str, str]:
    return {tag: value for tag, value in found.items() if tag != name}
