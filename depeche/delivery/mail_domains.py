"""Sender domains: examined as mail leaves by the settings, and kept with the time. Never called within a transaction: it takes seconds."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import ipaddress
from collections.abc import Callable, Collection, Sequence

from django.conf import settings
from django.utils import timezone

from . import provider
from .dkim_selectors import selectors_of
from .examining import known_senders, tls
from .examining.dns_answers import Dns, answered
from .examining.examination import Examination, WayOut, examine
from .examining.findings import Finding, Level, level_of
from .examining.spf import UNKNOWN_PROVIDER
from .messages import domain_of
from .models import MailDomain
from .pace import UnclearDomain, domain_key
from .smtp.server import SmtpServer, UnusableEmailUrl

FRESH_FOR = dt.timedelta(hours=6)
RED_FRESH_FOR = dt.timedelta(minutes=1)  # somebody mends it just now


def look_up(domain: str) -> Examination:
    """What is found now; some seconds, 25 at most beside TLS. `domain` in A-labels."""
    dns = Dns(settings.DNS_SERVERS)
    return examine(
        domain,
        dns,
        way=_way_out(dns),
        selectors=selectors_of(domain),
        bounce_domain=_bounce_domain(),
        tls=lambda: [tls.examine(server, is_here=_is_here(server)) for server in _servers()],
    )


def refresh(domain: str, *, at: dt.datetime | None = None) -> MailDomain:
    """Look it up and keep what was found. What was red stays so until the question is answered."""
    at, found = at or timezone.now(), look_up(domain)
    before = MailDomain.objects.filter(domain=domain).first()
    findings = [*found.findings, *_still_red(before, found.findings)]
    level = level_of(findings)
    values = {
        "findings": [finding.as_json() for finding in findings],
        "level": level.value,
        "examined_at": at,
    }
    if level in (Level.GREEN, Level.AMBER) and not (before and before.passed_at):
        values["passed_at"] = at
    row, _is_new = MailDomain.objects.update_or_create(domain=domain, defaults=values)
    return row


def up_to_date(domain: str, *, at: dt.datetime | None = None) -> MailDomain:
    """What is kept, or looked up now where that is old."""
    at = at or timezone.now()
    row = kept(domain)
    if row is None or at - row.examined_at > (RED_FRESH_FOR if row.level == Level.RED else FRESH_FOR):
        return refresh(domain, at=at)
    return row


def kept(domain: str) -> MailDomain | None:
    return MailDomain.objects.filter(domain=domain).first()


def forget_others(domains: Collection[str]) -> None:
    """Keep nothing of domains that send no longer."""
    MailDomain.objects.exclude(domain__in=domains).delete()


def findings_of(row: MailDomain) -> list[Finding]:
    return [Finding.from_json(one) for one in row.findings]


def red_codes(row: MailDomain) -> list[str]:
    return sorted({finding.code for finding in findings_of(row) if finding.level is Level.RED})


def is_blocked(row: MailDomain) -> bool:
    """Whether a big edition must not begin: red, never without red before, and nobody took that risk."""
    return row.level == Level.RED and not row.passed_at and not set(red_codes(row)) <= set(row.accepted_codes)


def accept(row: MailDomain, *, because: str, at: dt.datetime | None = None) -> MailDomain:
    """Take the risk of what is red now; something else that turns red is asked about again."""
    row.accepted_codes, row.accepted_because = red_codes(row), because.strip()[:300]
    row.accepted_at = at or timezone.now()
    row.save(update_fields=["accepted_codes", "accepted_because", "accepted_at"])
    return row


def leaves_for_real() -> bool:
    """Whether mail goes out to everybody, and not to the catcher or to a few domains."""
    return settings.STAGE == "production" and bool(settings.EMAIL_URL)


def _still_red(before: MailDomain | None, now: Sequence[Finding]) -> list[Finding]:
    unanswered = {finding.about for finding in now if finding.level is Level.UNKNOWN}
    if before is None or not unanswered:
        return []
    return [
        finding
        for finding in findings_of(before)
        if finding.level is Level.RED and finding.about in unanswered
    ]


def _bounce_domain() -> str:
    address = getattr(settings, "BOUNCE_ADDRESS", "")
    try:
        return domain_key(domain_of(address)) if address else ""
    except UnclearDomain:
        return ""


def _servers() -> list[SmtpServer]:
    """The mail servers among the ways out, the first first."""
    found = []
    for url in _urls():
        if not url.startswith(provider.PREFIX):
            try:
                found.append(SmtpServer.from_url(url))
            except UnusableEmailUrl:  # `doctor` says so
                continue
    return found


def _urls() -> list[str]:
    return [url for url in (settings.EMAIL_URL, settings.EMAIL_FALLBACK_URL) if url]


def _way_out(dns: Dns) -> WayOut:
    """How mail leaves by the settings. A server that asks for no login is taken as our own, whose address can be looked at."""
    servers, urls = _servers(), _urls()
    own = next((server for server in servers if not server.user), None)
    addresses = _read(settings.SENDING_IPS) or (_addresses(own, dns) if own else [])
    terms = [_of(address) for address in addresses]
    for url in urls:
        if url.startswith(provider.PREFIX):
            key = url.removeprefix(provider.PREFIX).partition(":")[0].replace("-", "_")
            terms.append(known_senders.of_provider(key))
    terms += [known_senders.of_host(server.host) for server in servers if server.user and not addresses]
    if own and not addresses:
        terms.append("mx" if _is_here(own) else f"a:{own.host}")
    return WayOut(
        senders=list(dict.fromkeys(terms)) or [UNKNOWN_PROVIDER],
        addresses=addresses,
        is_provider=bool(urls) and urls[0].startswith(provider.PREFIX),
        is_own_server=own is not None or bool(addresses),
        is_set=bool(urls),
        host=own.host if own and not _is_here(own) else f"mail.{domain_of(settings.DEFAULT_FROM_EMAIL)}",
    )


def _addresses(server: SmtpServer, dns: Dns) -> list[str]:
    """The public ones of a server that is named."""
    ask: Callable[[], list[str]] = functools.partial(dns.addresses, server.host)
    return _public([server.host]) or _public(answered(ask) or [])


def _public(words: Collection[str]) -> list[str]:
    return [one for one in _read(words) if ipaddress.ip_address(one).is_global]


def _read(words: Collection[str]) -> list[str]:
    """Those of these words that are addresses."""
    found = []
    for one in words:
        with contextlib.suppress(ValueError):
            found.append(str(ipaddress.ip_address(one.strip("[]"))))
    return found


def _of(address: str) -> str:
    return f"ip6:{address}" if ":" in address else f"ip4:{address}"


def _is_here(server: SmtpServer) -> bool:
    return server.host in settings.LOOPBACK_HOSTS
