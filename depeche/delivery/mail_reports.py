"""What somebody else tells us of mails that left: a mailbox that nobody has, a complaint, a wish to leave."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from depeche import facts, keys

from . import suppression
from .models import Reason
from .outside import HeardReport, Kind

KEPT = dt.timedelta(days=30)


@dataclass(frozen=True)
class Report:
    """Of one mail to `address`; `own` is what tells this report from every other, whoever brings it again."""

    kind: Kind
    address: str
    at: dt.datetime
    own: str


@transaction.atomic
def hear(report: Report, *, at: dt.datetime | None = None) -> bool:
    """Act on a report: no mail to a dead mailbox, none against a complaint; whoever wants to leave leaves.

    False where it was heard before, is older than 30 days, or the person confirmed since that they want mail. An address that nobody
    has here is suppressed all the same: nothing tells the caller whether we know it.
    """
    at = at or timezone.now()
    if report.at < at - KEPT:
        return False
    digests = [key.mac("mail report", report.own, report.address.lower()) for key in _keys()]
    if HeardReport.objects.filter(digest__in=digests).exists():
        return False
    one = keys.address_hash(report.address)
    heard, is_new = HeardReport.objects.get_or_create(
        digest=digests[0],
        defaults={"kind": report.kind, "address_hash": one, "at": report.at, "heard_at": at},
    )
    if not is_new:
        return False
    reason = {Kind.DEAD: Reason.HARD_BOUNCE, Kind.COMPLAINT: Reason.COMPLAINT}.get(report.kind)
    changed = bool(reason) and suppression.restore(one, reason, scope="", at=report.at)  # type: ignore[arg-type]
    if report.kind != Kind.DEAD:
        facts.announce(facts.WantsNoMail(heard.pk))
        changed = True
    return changed


def wanting_none(*, since: dt.datetime) -> dict[str, dt.datetime]:
    """The keyed hash of each address whose owner complained or wanted to leave, of what was heard since; and when they did."""
    rows = (
        HeardReport.objects.filter(heard_at__gte=since)
        .exclude(kind=Kind.DEAD)
        .exclude(address_hash="")
        .order_by("at")
    )
    return dict(rows.values_list("address_hash", "at"))


def forget_heard(*, at: dt.datetime | None = None) -> int:
    """Delete what is too old to be believed if it came again."""
    limit = (at or timezone.now()) - KEPT - dt.timedelta(days=1)
    return HeardReport.objects.filter(heard_at__lt=limit).delete()[0]


def _keys() -> list[keys.Key]:
    return [*reversed(keys.keys() or (keys.current(),))]
