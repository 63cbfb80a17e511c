"""Whoever a mail service reports as complaining, or as wanting no more mail, leaves what they subscribe to."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from depeche.delivery import mail_reports

from . import actions, whose
from .models import SubscriptionState
from .recording import Shown

WORDS = "The mail service reports that this reader complained of our mail, or wants no more of it."
LOOKED_BACK = dt.timedelta(days=3)


@transaction.atomic
def leave_after_reports(*, at: dt.datetime | None = None) -> int:
    """How many subscriptions ended. What was confirmed after the report stays; a second time changes nothing."""
    at = at or timezone.now()
    told = mail_reports.wanting_none(since=at - LOOKED_BACK)
    left = 0
    for one, reader in whose.subscribers(told).items():
        for subscription in reader.subscriptions.exclude(state=SubscriptionState.WITHDRAWN):
            since = subscription.confirmed_at or subscription.requested_at
            if since is None or since <= told[one]:
                shown = Shown(WORDS, reader.language, "mail-report", "")
                left += bool(actions.withdraw(subscription.key, shown=shown, actor="system", at=at))
    return left
