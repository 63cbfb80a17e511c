"""Following an SPF record through all it includes, as a receiver would whose address matches nothing (RFC 7208 §4.6.4)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from .dns_answers import Dns
from .spf_terms import ASKING, Network, Term, UnreadableTerm, is_spf, network_of, parsed

MOST_LOOKUPS, MOST_VOIDS, MOST_MX = 10, 2, 10
GIVEN_UP_AT = 40  # a receiver gave up long before


@dataclass
class Walk:
    """What was met. `costs` has the lookups of each term of the record we began with; `broken` names the first error."""

    lookups: int = 0
    voids: list[str] = field(default_factory=list)
    costs: dict[str, int] = field(default_factory=dict)
    networks: list[Network] = field(default_factory=list)  # that may send
    names: set[str] = field(default_factory=set)  # included
    broken: tuple[str, str] | None = None  # code, term or name
    is_open: bool = False  # has a macro or `ptr`: who may send is not known from here
    all_: str = ""  # the qualifier of the `all` that ends it
    after_all: list[str] = field(default_factory=list)
    has_ptr: bool = False

    def allows(self, address: str) -> bool:
        one = ipaddress.ip_address(address)
        return any(one.version == network.version and one in network for network in self.networks)


def followed(domain: str, record: str, dns: Dns) -> Walk:
    """Raises Unanswered."""
    walk = Walk()
    _follow(domain, record, dns, walk, counts=True, is_top=True)
    return walk


def _follow(domain: str, record: str, dns: Dns, walk: Walk, *, counts: bool, is_top: bool = False) -> None:
    """`counts`: what the record allows may send; so not of one included with another sign than `+`."""
    try:
        terms = parsed(record)
    except UnreadableTerm as error:
        walk.broken = walk.broken or ("spf.unreadable", str(error))
        return
    ends = next((at for at, term in enumerate(terms) if term.name == "all"), None)
    if ends is not None:
        if is_top:
            walk.all_ = terms[ends].qualifier
            walk.after_all = [term.text for term in terms[ends + 1 :] if term.name != "redirect"]
        terms = terms[:ends]
    else:
        terms = sorted(terms, key=lambda term: term.name == "redirect")
    for term in terms:
        before = walk.lookups
        _take(term, domain, dns, walk, counts=counts, is_top=is_top)
        if is_top and walk.lookups > before:
            walk.costs[term.text] = walk.lookups - before


def _take(term: Term, domain: str, dns: Dns, walk: Walk, *, counts: bool, is_top: bool) -> None:
    if term.name in ASKING:
        walk.lookups += 1
    if walk.lookups > GIVEN_UP_AT:
        return
    counts = counts and term.qualifier in ("+", "")
    target = term.value or domain
    if term.name in ("ip4", "ip6"):
        if counts:
            walk.networks.append(network_of(term))
    elif term.name == "ptr":
        walk.has_ptr = walk.is_open = True
    elif term.has_macro:
        walk.is_open = True
    elif term.name in ("include", "redirect"):
        _include(target, dns, walk, counts=counts, is_top=is_top and term.name == "redirect")
    elif term.name == "a":
        _hosts([target], term, dns, walk, counts=counts)
    elif term.name == "mx":
        hosts = [one.host for one in dns.mail_servers(target)]
        if not hosts:
            walk.voids.append(target)
        if len(hosts) > MOST_MX:
            walk.broken = walk.broken or ("spf.many_mx", term.text)
        for host in hosts[:MOST_MX]:
            _hosts([host], term, dns, walk, counts=counts, is_void=False)
    elif not dns.ask(target, "A").records:
        walk.voids.append(target)


def _include(target: str, dns: Dns, walk: Walk, *, counts: bool, is_top: bool) -> None:
    target = target.lower().removesuffix(".")
    records = [text for text in dns.txt(target) if is_spf(text)]
    if len(records) != 1:
        if not dns.txt(target):
            walk.voids.append(target)
        walk.broken = walk.broken or ("spf.include_several" if records else "spf.include_missing", target)
        return
    walk.names.add(target)
    _follow(target, records[0], dns, walk, counts=counts, is_top=is_top)


def _hosts(hosts: list[str], term: Term, dns: Dns, walk: Walk, *, counts: bool, is_void: bool = True) -> None:
    for host in hosts:
        addresses = dns.addresses(host)
        if not addresses and is_void:
            walk.voids.append(host)
        for address in addresses if counts else ():
            length = term.length6 if ":" in address else term.length4
            walk.networks.append(ipaddress.ip_network(f"{address}/{length}", strict=False))
