"""Questions to a name server: each is asked once, all together within some seconds, and « no answer » is never « nothing there »."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import dns.reversename

EACH_S = 4.0
WITHIN_S = 25.0

T = TypeVar("T")


class Unanswered(Exception):
    """A name server was not reached, or could not say: this tells nothing about the domain."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Answer(NamedTuple):
    """The records there are; `exists` is False where there is no such name (NXDOMAIN)."""

    records: list[Any]
    exists: bool


class MailServer(NamedTuple):
    preference: int
    host: str  # empty: the domain takes no mail (RFC 7505)


class Dns:
    """Answers for one examination. `servers` are `address` or `address:port`; without them the machine's own are asked."""

    def __init__(
        self, servers: Sequence[str] = (), *, each_s: float = EACH_S, within_s: float = WITHIN_S
    ) -> None:
        self._servers, self._each_s = servers, each_s
        self._until = time.monotonic() + within_s
        self._resolver: dns.resolver.Resolver | None = None
        self._known: dict[tuple[str, str], Answer | Unanswered] = {}

    def txt(self, name: str) -> list[str]:
        """Each record with its strings joined without a space (RFC 7208 §3.3, RFC 6376 §3.6.2.2); their order says nothing."""
        return sorted(_readable(b"".join(one.strings)) for one in self.ask(name, "TXT").records)

    def mail_servers(self, name: str) -> list[MailServer]:
        """By preference, the first first."""
        records = self.ask(name, "MX").records
        found = [MailServer(one.preference, _plain(one.exchange)) for one in records]
        return sorted(found)

    def addresses(self, name: str) -> list[str]:
        """IPv4 and IPv6."""
        return [one.address for kind in ("A", "AAAA") for one in self.ask(name, kind).records]

    def names_of(self, address: str) -> list[str]:
        """What reverse DNS says of an address."""
        return [_plain(one.target) for one in self.ask(reverse_name(address), "PTR").records]

    def is_alias(self, name: str) -> bool:
        return bool(self.ask(name, "CNAME").records)

    def ask(self, name: str, kind: str) -> Answer:
        """Raises Unanswered."""
        key = (name.lower().removesuffix("."), kind)
        if key not in self._known:
            self._known[key] = self._asked(*key)
        found = self._known[key]
        if isinstance(found, Unanswered):
            raise found
        return found

    def _asked(self, name: str, kind: str) -> Answer | Unanswered:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            return Unanswered(name)
        try:
            asked = dns.name.from_text(name, origin=dns.name.root)
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return Answer([], exists=False)  # no such name can be
        try:
            found = self._ready().resolve(
                asked, kind, raise_on_no_answer=False, search=False, lifetime=min(self._each_s, left_s)
            )
        except dns.resolver.NXDOMAIN:
            return Answer([], exists=False)
        except (dns.exception.DNSException, OSError, ValueError):  # ValueError: a server that is none
            return Unanswered(name)
        return Answer(list(found.rrset or ()), exists=True)

    def _ready(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                self._resolver.nameservers = [name_server(one) for one in self._servers]
            self._resolver.timeout = self._each_s / 2
        return self._resolver


def answered(ask: Callable[[], T]) -> T | None:
    """None where it was not answered."""
    try:
        return ask()
    except Unanswered:
        return None


def reverse_name(address: str) -> str:
    """`5.113.0.203.in-addr.arpa` of 203.0.113.5."""
    return _plain(dns.reversename.from_address(address))


def _readable(octets: bytes) -> str:
    """Without control characters: strangers write these, and we show and keep them."""
    text = octets.decode(errors="replace").replace("\t", " ")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else ""


def name_server(words: str) -> dns.nameserver.Nameserver:
    """`192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:5353`. Raises ValueError."""
    host, _, port = words.rpartition(":") if "]:" in words or words.count(":") == 1 else (words, "", "53")
    address = ipaddress.ip_address(host.strip("[]"))
    return dns.nameserver.Do53Nameserver(str(address), int(port))
