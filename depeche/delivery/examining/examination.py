"""All that is looked up about one sender domain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import dkim, dmarc, mail_hosts, spf
from .dkim import Selector
from .dns_answers import Dns, Unanswered
from .findings import About, Finding, Kind, Level, Mend, level_of


@dataclass(frozen=True)
class WayOut:
    """How mail leaves: what SPF has to allow (`senders`, terms), and the addresses where the server is our own.

    `has_own_envelope`: a provider puts its own domain into the envelope, which we do not know.
    """

    senders: Sequence[str] = ()
    addresses: Sequence[str] = ()
    is_provider: bool = False
    is_own_server: bool = False
    is_set: bool = True
    host: str = ""

    @property
    def has_own_envelope(self) -> bool:
        return not self.is_provider


@dataclass(frozen=True)
class Examination:
    domain: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        return level_of(self.findings)


def examine(
    domain: str,
    dns: Dns,
    *,
    way: WayOut,
    selectors: Sequence[Selector] = (),
    bounce_domain: str = "",
    tls: Callable[[], list[Finding]] = list,
) -> Examination:
    """`domain` stands in From, `bounce_domain` in the envelope where that is another; A-labels both."""
    envelope = bounce_domain or domain
    is_ours = way.has_own_envelope or bool(bounce_domain)
    found = [_spf(domain, dns, way, is_envelope=envelope == domain and is_ours)]
    if envelope != domain:
        found.append(_spf(envelope, dns, way, is_envelope=is_ours))
    found += dkim.examine(selectors, dns)
    found.append(dmarc.examine(domain, dns))
    found.append(_alignment(domain, dns, selectors, envelope if is_ours else ""))
    found.append(mail_hosts.examine_bounces(envelope, dns, host=way.host or f"mail.{domain}"))
    found += _reverse(domain, dns, way)
    found += tls() or [Finding(About.TLS, "tls.provider" if way.is_provider else "no_way_out", Level.SKIPPED)]
    return Examination(domain, tuple(found))


def _spf(domain: str, dns: Dns, way: WayOut, *, is_envelope: bool) -> Finding:
    return spf.examine(domain, dns, senders=way.senders, addresses=way.addresses, is_envelope=is_envelope)


def _reverse(domain: str, dns: Dns, way: WayOut) -> list[Finding]:
    if way.addresses:
        host = way.host or f"mail.{domain}"
        return [mail_hosts.examine_reverse(address, dns, host=host) for address in way.addresses]
    code = "reverse.address_unknown" if way.is_own_server else "reverse.not_ours"
    code = code if way.is_set else "no_way_out"
    return [Finding(About.REVERSE, code, Level.SKIPPED)]


def _alignment(domain: str, dns: Dns, selectors: Sequence[Selector], envelope: str) -> Finding:
    """Whether the signature or the envelope speaks for the domain in From (RFC 9989 §4.4). `envelope` is empty where unknown."""
    try:
        record = dmarc.policy_of(domain, dns)
        known = record.tags if record else {}
        is_strict = {tag: known.get(tag, "r").lower() == "s" for tag in ("adkim", "aspf")}
        signing = [
            one.domain
            for one in selectors
            if dmarc.is_aligned(domain, one.domain, dns, is_strict=is_strict["adkim"])
        ]
        is_enveloped = bool(envelope) and dmarc.is_aligned(domain, envelope, dns, is_strict=is_strict["aspf"])
        facts = {
            "from": domain,
            "dkim": ", ".join(dict.fromkeys(one.domain for one in selectors)),
            "envelope": envelope,
        }
        if signing and (is_enveloped or not envelope):
            return Finding(About.ALIGNMENT, "alignment.good", Level.GREEN, domain, facts=facts)
        if signing:
            return Finding(About.ALIGNMENT, "alignment.dkim_only", Level.GREEN, domain, facts=facts)
        if not selectors and not envelope:
            return Finding(About.ALIGNMENT, "alignment.untold", Level.AMBER, domain, facts=facts)
        relaxed = _relaxed(domain, dns, record, selectors, envelope)
        if is_enveloped:
            return Finding(About.ALIGNMENT, "alignment.spf_only", Level.AMBER, domain, "", facts, relaxed)
        mend = relaxed or Mend("DEPECHE_BOUNCE_ADDRESS", Kind.SETTING, f"bounces@{domain}")
        code = "alignment.strict" if relaxed else "alignment.none"
        return Finding(About.ALIGNMENT, code, Level.RED, domain, "", facts, mend)
    except Unanswered as error:
        return Finding(About.ALIGNMENT, "unanswered", Level.UNKNOWN, error.name)


def _relaxed(
    domain: str, dns: Dns, record: dmarc.Record | None, selectors: Sequence[Selector], envelope: str
) -> Mend | None:
    """The record without strict alignment, where that alone is in the way."""
    if record is None or not {"adkim", "aspf"} & set(record.tags):
        return None
    others = [*(one.domain for one in selectors), *([envelope] if envelope else [])]
    if not any(other != domain and dmarc.is_aligned(domain, other, dns, is_strict=False) for other in others):
        return None
    return Mend(f"_dmarc.{record.domain}", Kind.TXT, dmarc.relaxed(record))
