"""The domains newsletters come from: a big first edition does not leave by one that providers would refuse."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from depeche.delivery import mail_domains
from depeche.delivery.messages import domain_of
from depeche.delivery.models import MailDomain
from depeche.delivery.pace import UnclearDomain, domain_key
from depeche.subscribers.models import Newsletter

from . import readers


class DomainIsRed(Exception):
    """The sender domain would have most of a big edition refused; see `mail_domains.is_blocked`."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain


def domains() -> dict[str, list[Newsletter]]:
    """The newsletters by the domain they come from, in A-labels."""
    found: dict[str, list[Newsletter]] = {}
    for newsletter in Newsletter.objects.order_by("pk"):
        if domain := of(newsletter):
            found.setdefault(domain, []).append(newsletter)
    return found


def of(newsletter: Newsletter) -> str:
    """Empty where the address has none."""
    try:
        return domain_key(domain_of(newsletter.sender_address))
    except UnclearDomain:
        return ""


def ask_first(newsletter: Newsletter, *, at: dt.datetime | None = None) -> None:
    """Before a transaction that sends: have the domain examined where `refuse_red` will want to know, which takes seconds."""
    at = at or timezone.now()
    domain = of(newsletter)
    if domain and _is_at_stake(newsletter, mail_domains.kept(domain), at=at):
        mail_domains.up_to_date(domain, at=at)


def look_up_all(*, at: dt.datetime | None = None) -> None:
    """Where mail leaves for everybody: examine all, so that what turned bad is known before the next edition."""
    if not mail_domains.leaves_for_real():
        return
    ours = domains()
    mail_domains.forget_others(ours)
    for domain in ours:
        mail_domains.refresh(domain, at=at)


def refuse_red(newsletter: Newsletter, *, at: dt.datetime) -> None:
    """By what is kept. Raises DomainIsRed; what could not be asked is no reason to."""
    row = mail_domains.kept(of(newsletter))
    if row and mail_domains.is_blocked(row) and _is_at_stake(newsletter, row, at=at):
        raise DomainIsRed(row.domain)


def _is_at_stake(newsletter: Newsletter, row: MailDomain | None, *, at: dt.datetime) -> bool:
    """Whether many would be written to for the first time."""
    if not mail_domains.leaves_for_real() or (row and row.passed_at):
        return False
    return readers.due(newsletter, at=at).count() >= settings.BIG_SEND
