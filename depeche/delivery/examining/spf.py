"""Which servers may send with this domain in the envelope (RFC 7208)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .dns_answers import Dns, Unanswered
from .findings import About, Finding, Kind, Level, Mend, shortened
from .spf_terms import UnreadableTerm, is_spf, parsed
from .spf_walk import MOST_LOOKUPS, MOST_VOIDS, Walk, followed

UNKNOWN_PROVIDER = "include:spf.provider.example"  # where nothing tells what the provider is called


def examine(
    domain: str, dns: Dns, *, senders: Sequence[str], addresses: Sequence[str] = (), is_envelope: bool = True
) -> Finding:
    """`senders` are terms that allow our way out, `addresses` those our own server sends from.

    Of a domain that is not the envelope's (`is_envelope`) nothing is red: receivers do not ask for it.
    """
    try:
        found = _examined(domain, dns, senders, addresses)
    except Unanswered as error:
        return Finding(About.SPF, "unanswered", Level.UNKNOWN, error.name)
    if found.level is Level.RED and not is_envelope:
        facts = {**found.facts, "is_aside": True}
        return Finding(About.SPF, found.code, Level.AMBER, domain, found.found, facts, found.mend)
    return found


def _examined(domain: str, dns: Dns, senders: Sequence[str], addresses: Sequence[str]) -> Finding:
    records = [text for text in dns.txt(domain) if is_spf(text)]
    shown = shortened(" | ".join(records))

    def finding(code: str, level: Level, record: str = "", **facts: Any) -> Finding:
        mend = Mend(domain, Kind.TXT, record) if record else None
        return Finding(About.SPF, code, level, domain, shown, facts, mend)

    if not records:
        return finding("spf.missing", Level.RED, _record(senders), **_asks(senders))
    if len(records) > 1:
        return finding("spf.several", Level.RED, _merged(records, senders))
    record = records[0]
    walk = followed(domain, record, dns)
    facts: dict[str, Any] = {"lookups": walk.lookups, "most": MOST_LOOKUPS}
    if walk.broken:
        code, what = walk.broken
        mended = _without(record, what, senders)
        return finding(code, Level.RED, mended, what=what[:80], **facts)
    if walk.all_ == "+":
        return finding("spf.everybody", Level.RED, _ended(record, "~all"), **facts)
    if walk.lookups > MOST_LOOKUPS:
        costs = ", ".join(f"{term} ({cost})" for term, cost in walk.costs.items())
        mended, left_out = _cheaper(domain, record, walk, dns)
        return finding("spf.too_many", Level.RED, mended, costs=costs, left_out=left_out, **facts)
    if len(walk.voids) > MOST_VOIDS:
        mended = _without_voids(domain, record, walk, dns)
        return finding("spf.voids", Level.RED, mended, names=", ".join(walk.voids), **facts)
    refused = [] if walk.is_open else [one for one in addresses if not walk.allows(one)]
    if refused:
        mended = _with(record, [_of(one) for one in refused])
        return finding("spf.not_us", Level.RED, mended, addresses=", ".join(refused), **facts)
    missing = [] if addresses else _not_allowed(walk, senders, dns)
    if missing:
        return finding(
            "spf.way_missing", Level.AMBER, _with(record, missing), terms=", ".join(missing), **facts
        )
    if walk.all_ not in ("-", "~"):
        return finding("spf.open_end", Level.AMBER, _ended(record, "~all"), **facts)
    if walk.after_all:
        return finding("spf.after_all", Level.AMBER, _sorted(record), what=" ".join(walk.after_all), **facts)
    if walk.has_ptr:
        return finding("spf.ptr", Level.AMBER, _without(record, "ptr", senders), **facts)
    if walk.voids:
        mended = _without_voids(domain, record, walk, dns)
        return finding("spf.some_voids", Level.AMBER, mended, names=", ".join(walk.voids), **facts)
    return finding("spf.good", Level.GREEN, **facts)


def _asks(senders: Sequence[str]) -> dict[str, bool]:
    return {"asks_provider": UNKNOWN_PROVIDER in senders}


def _of(address: str) -> str:
    return f"ip6:{address}" if ":" in address else f"ip4:{address}"


def _record(terms: Sequence[str]) -> str:
    return " ".join(["v=spf1", *terms, "~all"])


def _merged(records: Sequence[str], senders: Sequence[str]) -> str:
    """One record of several: all they allow, with the stricter end that somebody chose."""
    terms = dict.fromkeys(term for record in records for term in record.split()[1:])
    kept = [term for term in terms if not term.lower().endswith("all")]
    end = "-all" if all("-all" in record.lower() for record in records) else "~all"
    return " ".join(["v=spf1", *(kept or senders), end])


def _ended(record: str, end: str) -> str:
    kept = [
        term for term in record.split()[1:] if term.lower() not in ("all", "+all", "?all", "-all", "~all")
    ]
    return " ".join(["v=spf1", *kept, end])


def _sorted(record: str) -> str:
    end = next(term for term in record.split() if term.lower().lstrip("+-~?") == "all")
    return _ended(record, end)


def _with(record: str, terms: Sequence[str]) -> str:
    """The record with these terms before its end."""
    kept = record.split()[1:]
    at = next(
        (at for at, term in enumerate(kept) if term.lower().lstrip("+-~?") == "all" or "redirect=" in term),
        len(kept),
    )
    return " ".join(["v=spf1", *kept[:at], *terms, *kept[at:]])


def _without(record: str, what: str, senders: Sequence[str]) -> str:
    """The record without the terms that are, or name, `what`; if nothing else is left, one that allows our way out."""
    kept = [
        term
        for term in record.split()[1:]
        if term != what
        and term.lower().lstrip("+-~?").partition(":")[2].removesuffix(".") != what
        and not (what == "ptr" and term.lower().lstrip("+-~?").split(":")[0] == "ptr")
        and term.lower().removesuffix(".") != f"redirect={what}"
    ]
    if not [term for term in kept if term.lower().lstrip("+-~?") != "all"]:
        return _record(senders)
    return " ".join(["v=spf1", *kept])


def _cheaper(domain: str, record: str, walk: Walk, dns: Dns) -> tuple[str, str]:
    """A record of at most ten lookups: `a` and `mx` as addresses, then without the dearest terms; and those."""
    flat: list[str] = []
    costs = dict(walk.costs)
    for term in parsed(record):
        if term.name in ("a", "mx") and not term.has_macro and term.length4 == 32 and term.length6 == 128:
            target = term.value or domain
            hosts = [target] if term.name == "a" else [one.host for one in dns.mail_servers(target)]
            flat += [_of(address) for host in hosts for address in dns.addresses(host)]
            costs.pop(term.text, None)
        elif term.name == "ptr":
            costs.pop(term.text, None)
        else:
            flat.append(term.text)
    left_out = []
    while sum(costs.values()) > MOST_LOOKUPS:
        dearest = max(costs, key=lambda text: costs[text])
        left_out.append(dearest)
        costs.pop(dearest)
    kept = [text for text in dict.fromkeys(flat) if text not in left_out]
    return " ".join(["v=spf1", *kept]), " ".join(left_out)


def _without_voids(domain: str, record: str, walk: Walk, dns: Dns) -> str:
    """Without the terms of this record that name nothing; empty where they stand in what it includes."""
    kept = [
        term.text
        for term in parsed(record)
        if term.name not in ("a", "mx", "exists") or (term.value or domain) not in walk.voids
    ]
    mended = " ".join(["v=spf1", *kept])
    return mended if mended != " ".join(record.split()) else ""


def _not_allowed(walk: Walk, senders: Sequence[str], dns: Dns) -> list[str]:
    """Which of our ways out the record does not allow, as far as that can be told."""
    missing = []
    for text in senders:
        try:
            [term] = parsed(f"v=spf1 {text}")
        except (UnreadableTerm, ValueError):
            continue
        if term.name == "include" and text != UNKNOWN_PROVIDER:
            is_in = term.value in walk.names
        elif term.name == "a":
            is_in = walk.is_open or all(walk.allows(address) for address in dns.addresses(term.value))
        else:
            continue
        if not is_in:
            missing.append(text)
    return missing
