"""What somebody else tells us of mails that left: a dead mailbox, one that took nothing, a refusal of us, a complaint."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from depeche import facts, keys

from . import soft_bounces, suppression
from .lanes import all_lanes
from .models import Reason
from .outside import HeardReport, Kind

KEPT = dt.timedelta(days=30)


@dataclass(frozen=True)
class Report:
    """Of one mail to `address`; `own` is what tells this report from every other, whoever brings it again.

    `about` is what the mail was of, by its lane; where it is not said, that of the newest to this address.
    """

    kind: Kind
    address: str
    at: dt.datetime
    own: str
    about: str = ""
    status: str = ""


@transaction.atomic
def hear(report: Report, *, at: dt.datetime | None = None) -> bool:
    """Act on a report: no mail to a dead mailbox, none against a complaint; whoever wants to leave leaves.

    Of a mailbox that took nothing it is counted; for a refusal of us nobody is suppressed.

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
        defaults={
            "kind": report.kind,
            "address_hash": one,
            "at": report.at,
            "heard_at": at,
            "about": report.about or _newest_to(report),
            "status": report.status,
        },
    )
    return is_new and _act_on(heard, report)


def _act_on(heard: HeardReport, report: Report) -> bool:
    if report.kind in (Kind.COMPLAINT, Kind.OURS):
        facts.announce(facts.MailReturned(heard.pk))
    if report.kind in (Kind.COMPLAINT, Kind.LEAVES):
        facts.announce(facts.WantsNoMail(heard.pk))
    match report.kind:
        case Kind.DEAD:
            soft_bounces.forget(report.address)
            return suppression.restore(heard.address_hash, Reason.HARD_BOUNCE, scope="", at=report.at)
        case Kind.COMPLAINT:
            suppression.restore(heard.address_hash, Reason.COMPLAINT, scope="", at=report.at)
        case Kind.SOFT:
            soft_bounces.count(report.address, at=report.at)
    return True


def _newest_to(report: Report) -> str:
    if report.kind not in (Kind.COMPLAINT, Kind.OURS):
        return ""
    found = (lane.newest_to(report.address) for lane in all_lanes())
    return next((mailed.about for mailed in found if mailed), "")


def wanting_none(*, since: dt.datetime) -> dict[str, dt.datetime]:
    """The keyed hash of each address whose owner complained or wanted to leave, of what was heard since; and when they did."""
    rows = (
        HeardReport.objects.filter(heard_at__gte=since, kind__in=(Kind.COMPLAINT, Kind.LEAVES))
        .exclude(address_hash="")
        .order_by("at")
    )
    return dict(rows.values_list("address_hash", "at"))


def told_of(about: str) -> dict[Kind, int]:
    """How many reports of each kind were heard about this, of the last 30 days."""
    rows = HeardReport.objects.filter(about=about).values_list("kind").annotate(Count("pk")).order_by()
    return {Kind(kind): count for kind, count in rows}


def statuses_of(about: str, kind: Kind) -> list[str]:
    """The statuses reports of this kind gave, the most frequent first."""
    rows = HeardReport.objects.filter(about=about, kind=kind).values_list("status")
    return [status for status, _count in rows.annotate(count=Count("pk")).order_by("-count", "status")]


def forget_heard(*, at: dt.datetime | None = None) -> int:
    """Delete what is too old to be believed if it came again."""
    limit = (at or timezone.now()) - KEPT - dt.timedelta(days=1)
    return HeardReport.objects.filter(heard_at__lt=limit).delete()[0]


def _keys() -> list[keys.Key]:
    return [*reversed(keys.keys() or (keys.current(),))]
