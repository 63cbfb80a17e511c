"""An SPF record taken apart (RFC 7208 §4.6.1, §5, §6)."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

ASKING = ("include", "a", "mx", "ptr", "exists", "redirect")  # each costs a lookup (§4.6.4)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(\S*)")
_MECHANISM = re.compile(r"([+\-~?]?)([A-Za-z][A-Za-z0-9]*)(?::([^/\s]\S*?))?(/\d{1,3})?(//\d{1,3})?")
_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class UnreadableTerm(ValueError):
    """A receiver stops at this term and takes the whole record for broken."""


class Term(NamedTuple):
    """A mechanism with its qualifier, or `redirect=`; `text` is as it stands in the record."""

    text: str
    qualifier: str
    name: str
    value: str = ""
    length4: int = 32
    length6: int = 128

    @property
    def has_macro(self) -> bool:
        return "%" in self.value


def is_spf(text: str) -> bool:
    return bool(_VERSION.match(text))


def parsed(record: str) -> list[Term]:
    """Its terms in order, without modifiers that ask for nothing.

    Raises:
        UnreadableTerm.
    """
    found: list[Term] = []
    for text in record.split(" ")[1:]:
        if not text:
            continue
        modifier = _MODIFIER.fullmatch(text)
        if modifier is None:
            found.append(_mechanism(text))
        elif modifier[1].lower() == "redirect":
            if not modifier[2] or any(term.name == "redirect" for term in found):
                raise UnreadableTerm(text)
            found.append(Term(text, "", "redirect", modifier[2]))
    return found


def network_of(term: Term) -> Network:
    """What `ip4` or `ip6` names."""
    return ipaddress.ip_network(term.value, strict=False)


def _mechanism(text: str) -> Term:
    if text.lstrip("+-~?").lower().startswith(("ip4:", "ip6:")):
        return _addresses(text)
    match = _MECHANISM.fullmatch(text)
    if match is None:
        raise UnreadableTerm(text)
    sign, name, value, length4, length6 = match.groups()
    name = name.lower()
    needs_value, takes_length = name in ("include", "exists"), name in ("a", "mx")
    known = ("all", "include", "a", "mx", "ptr", "exists")
    if name not in known or (needs_value and not value) or (name == "all" and value):
        raise UnreadableTerm(text)
    if (length4 or length6) and not takes_length:
        raise UnreadableTerm(text)
    lengths = (int((length4 or "/32")[1:]), int((length6 or "//128")[2:]))
    if lengths[0] > 32 or lengths[1] > 128:
        raise UnreadableTerm(text)
    return Term(text, sign or "+", name, value or "", *lengths)


def _addresses(text: str) -> Term:
    sign = text[0] if text[0] in "+-~?" else "+"
    name, _, value = text.lstrip("+-~?").partition(":")
    term = Term(text, sign, name.lower(), value)
    try:
        version = network_of(term).version
    except ValueError as error:
        raise UnreadableTerm(text) from error
    if version != int(name[2]):
        raise UnreadableTerm(text)
    return term
