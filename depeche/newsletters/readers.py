"""Whom an edition goes to: who agreed, does not pause, and whose rhythm has room for it."""

from __future__ import annotations

import calendar
import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from depeche.delivery.models import OPEN_STATES, State
from depeche.subscribers.models import Frequency, Newsletter, Subscription
from depeche.subscribers.models import SubscriptionQuerySet as Subscriptions

from .models import EditionDelivery

# A copy of unknown fate may have arrived: who wants one a week would rather miss one than get two.
COUNTED = (State.SENT, State.UNCERTAIN, *OPEN_STATES)


def due(newsletter: Newsletter, *, at: dt.datetime) -> Subscriptions:
    """The subscriptions an edition that leaves now goes to, by one query.

    A week and a month are counted in days of the newsroom's calendar, so that an edition which leaves
    some minutes earlier than the week before still counts as a week later.
    """
    today = timezone.localdate(at)
    copies = EditionDelivery.objects.filter(
        subscription=OuterRef("pk"), edition__newsletter=newsletter, state__in=COUNTED
    )
    this_week = copies.filter(edition__sending_since__gte=_start_of(today - dt.timedelta(days=6)))
    this_month = copies.filter(edition__sending_since__gte=_start_of(a_month_before(today) + dt.timedelta(1)))
    wanted = Subscription.objects.confirmed().to(newsletter).allowed().not_paused(today)
    return wanted.filter(
        Q(frequency=Frequency.EVERY)
        | Q(Q(frequency=Frequency.WEEKLY), ~Exists(this_week))
        | Q(Q(frequency=Frequency.MONTHLY), ~Exists(this_month))
    )


def a_month_before(day: dt.date) -> dt.date:
    """The same day of the month before, or its last."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
