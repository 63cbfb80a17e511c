"""Where bounces and answers arrive (MX), and what name our own server has (reverse DNS)."""

from __future__ import annotations

import ipaddress

from .dns_answers import Dns, MailServer, Unanswered, reverse_name
from .findings import About, Finding, Kind, Level, Mend


def examine_bounces(domain: str, dns: Dns, *, host: str) -> Finding:
    """Whether mail to `domain` arrives (RFC 5321 §5.1, RFC 7505); `host` is the server it should go to, for the mending line."""
    try:
        return _bounces(domain, dns, Mend(domain, Kind.MX, f"10 {host}"))
    except Unanswered as error:
        return Finding(About.BOUNCES, "unanswered", Level.UNKNOWN, error.name)


def _bounces(domain: str, dns: Dns, mend: Mend) -> Finding:
    servers = dns.mail_servers(domain)
    shown = ", ".join(f"{one.preference} {one.host or '.'}" for one in servers)

    def finding(code: str, level: Level, mend: Mend | None = mend, **facts: str) -> Finding:
        return Finding(About.BOUNCES, code, level, domain, shown, facts, mend)

    if not servers:
        if dns.addresses(domain):
            return finding("bounces.no_mx", Level.AMBER)
        return finding("bounces.dead", Level.RED)
    hosts = [one.host for one in servers]
    if "" in hosts:
        return finding("bounces.null_mx", Level.RED)
    numbers = [host for host in hosts if _is_address(host)]
    if numbers:
        return finding("bounces.number", Level.RED, hosts=", ".join(numbers))
    aliases = [host for host in hosts if dns.is_alias(host)]
    dangling = [host for host in hosts if not dns.addresses(host)]
    good = [one for one in servers if one.host not in (*dangling, *aliases)]
    if len(dangling) == len(hosts):
        return finding("bounces.dangling", Level.RED, hosts=", ".join(dangling))
    if dangling:
        return finding(
            "bounces.some_dangling", Level.AMBER, _kept(domain, good, mend), hosts=", ".join(dangling)
        )
    if aliases:
        return finding("bounces.alias", Level.AMBER, _kept(domain, good, mend), hosts=", ".join(aliases))
    return finding("bounces.good", Level.GREEN, None)


def _kept(domain: str, good: list[MailServer], otherwise: Mend) -> Mend:
    if not good:
        return otherwise
    return Mend(domain, Kind.MX, f"{good[0].preference} {good[0].host}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def examine_reverse(address: str, dns: Dns, *, host: str) -> Finding:
    """Whether the address has a name that leads back to it, which Gmail and others demand (RFC 1912 §2.1)."""
    name = reverse_name(address)
    mend = Mend(name, Kind.PTR, host)
    facts = {"address": address}
    try:
        found = dns.names_of(address)
        shown = ", ".join(found)
        if not found:
            return Finding(About.REVERSE, "reverse.missing", Level.RED, name, shown, facts, mend)
        if not any(_is_same(address, dns.addresses(one)) for one in found):
            forward = Mend(found[0], Kind.A, address)
            if ":" in address:
                forward = mend
            return Finding(About.REVERSE, "reverse.not_confirmed", Level.RED, name, shown, facts, forward)
    except Unanswered as error:
        return Finding(About.REVERSE, "unanswered", Level.UNKNOWN, error.name)
    return Finding(About.REVERSE, "reverse.good", Level.GREEN, name, shown, facts)


def _is_same(address: str, others: list[str]) -> bool:
    wanted = ipaddress.ip_address(address)
    return any(ipaddress.ip_address(other) == wanted for other in others)
