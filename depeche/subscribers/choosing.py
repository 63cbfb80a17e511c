"""What a reader chooses on their own page; each change leaves its entry in the consent log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from depeche.delivery import suppression
from depeche.delivery.models import Reason

from . import actions, legal, recording
from .consent import Action
from .models import Basis, Newsletter, Subscriber, Subscription, SubscriptionState
from .recording import Happening, Shown

LONGEST_PAUSE = dt.timedelta(days=365)


class MayNotBeWrittenTo(Exception):
    """They objected, called our mail spam, or it came back: only a mail they answer lifts that."""


@dataclass(frozen=True)
class Choices:
    """A reader's choices as the page states them.

    `offered` are the keys (pk) of the newsletters on the page, `newsletters` of those ticked, `frequencies` go by them;
    `allows_tracking` is None where the page did not ask.
    """

    offered: Collection[int]
    newsletters: Collection[int]
    frequencies: Mapping[int, str]
    paused_until: dt.date | None
    language: str
    allows_tracking: bool | None = None


@transaction.atomic
def choose(
    key: uuid.UUID, wanted: Choices, *, shown: Shown, tracking: Shown, at: dt.datetime | None = None
) -> Subscriber:
    """The subscriber, with these choices from now on; what stays as it was leaves no entry.

    Raises:
        Subscriber.DoesNotExist: erased, or the address was corrected since.
        MayNotBeWrittenTo: a newsletter was ticked all the same; nothing is changed.
    """
    at = at or timezone.now()
    subscriber = Subscriber.objects.select_for_update(of=("self",)).get(key=key)
    happenings = [
        *_newsletters(subscriber, wanted, shown, at),
        *_own(subscriber, wanted, shown, at),
        *_tracking(subscriber, wanted, tracking, at),
    ]
    subscriber.save()
    recording.record_all(happenings)
    actions.heard_from(subscriber, at=at)
    return subscriber


@transaction.atomic
def leave_everything(key: uuid.UUID, *, shown: Shown, at: dt.datetime | None = None) -> Subscriber:
    """The subscriber, who receives nothing any more, and whose openings are not noted either.

    Raises:
        Subscriber.DoesNotExist.
    """
    at = at or timezone.now()
    subscriber = Subscriber.objects.select_for_update(of=("self",)).get(key=key)
    for subscription in subscriber.subscriptions.exclude(state=SubscriptionState.WITHDRAWN):
        actions.withdraw(subscription.key, shown=shown, at=at)
    if subscriber.tracking_since:
        subscriber.tracking_since = None
        subscriber.save(update_fields=["tracking_since"])
        recording.record(_happening(subscriber, Action.TRACKING_OFF, "tracking", shown, at))
    actions.heard_from(subscriber, at=at)
    return subscriber


def pauses_until(subscriber: Subscriber, on: dt.date) -> dt.date | None:
    """The day their mails come again; None where they do not pause (any more)."""
    until = subscriber.paused_until
    return until if until and until > on else None


def texts_shown(newsletter: Newsletter, language: str) -> dict[str, dict[str, Any]]:
    """The versions in force of what the page shows or links: its notice in its own language where there is no other."""
    texts = legal.in_force(language, newsletter)
    notice = notice_of(newsletter, language)
    if notice:
        texts[str(legal.Kind.NOTICE)] = {"version": notice.number, "sha256": notice.sha256}
    return texts


def notice_of(newsletter: Newsletter, language: str) -> legal.LegalVersion | None:
    """What readers are told about the use of their address for this newsletter."""
    return legal.current(legal.Kind.NOTICE, language, newsletter) or legal.current(
        legal.Kind.NOTICE, newsletter.language, newsletter
    )


def _newsletters(subscriber: Subscriber, wanted: Choices, shown: Shown, at: dt.datetime) -> list[Happening]:
    known = {
        subscription.newsletter_id: subscription
        for subscription in subscriber.subscriptions.select_for_update(of=("self",))
    }
    happenings: list[Happening] = []
    for newsletter in Newsletter.objects.filter(pk__in=wanted.offered).order_by("pk"):
        subscription = known.get(newsletter.pk)
        is_subscribed = subscription is not None and subscription.is_confirmed
        frequency = wanted.frequencies.get(newsletter.pk)
        if newsletter.pk not in wanted.newsletters:
            if subscription and is_subscribed:
                actions.withdraw(subscription.key, shown=shown, at=at)
        elif subscription is None or not is_subscribed:
            happenings += _subscribe(subscriber, subscription, newsletter, frequency, shown, at)
        elif frequency and frequency != subscription.frequency:
            facts = {"what": "frequency", "old": subscription.frequency, "new": frequency}
            subscription.frequency = frequency
            subscription.save(update_fields=["frequency"])
            happenings.append(_about(subscriber, Action.CHANGE, subscription, shown, at, facts))
    return happenings


def _subscribe(
    subscriber: Subscriber,
    subscription: Subscription | None,
    newsletter: Newsletter,
    frequency: str | None,
    shown: Shown,
    at: dt.datetime,
) -> list[Happening]:
    """Asked for and confirmed at once: the link came to the address, so it is theirs."""
    scope = newsletter.purpose
    reason = suppression.blocked([subscriber.address], purpose="newsletter", scope=scope)
    if set(reason.values()) - {Reason.UNSUBSCRIBED}:
        raise MayNotBeWrittenTo
    suppression.lift(subscriber.address, reasons=[Reason.UNSUBSCRIBED], scope=scope, by="reader", at=at)
    subscription = subscription or Subscription(subscriber=subscriber, newsletter=newsletter)
    subscription.state, subscription.basis = SubscriptionState.CONFIRMED, Basis.CONSENT
    subscription.requested_at = subscription.confirmed_at = at
    subscription.request_nonce = ""
    subscription.frequency = frequency or subscription.frequency
    subscription.save()
    facts = {"frequency": subscription.frequency, "proven_by": "preference link"}
    return [
        _about(subscriber, action, subscription, shown, at, facts)
        for action in (Action.REQUEST, Action.CONFIRM)
    ]


def _own(subscriber: Subscriber, wanted: Choices, shown: Shown, at: dt.datetime) -> list[Happening]:
    """What holds for the reader, whatever they receive."""
    happenings = []
    pause = pauses_until(subscriber, timezone.localdate(at))
    for what, old, new in (
        (
            "pause",
            pause.isoformat() if pause else "",
            wanted.paused_until and wanted.paused_until.isoformat(),
        ),
        ("language", subscriber.language, wanted.language),
    ):
        if old != (new or ""):
            facts = {"what": what, "old": old, "new": new or ""}
            happenings.append(_happening(subscriber, Action.CHANGE, what, shown, at, facts))
    subscriber.paused_until, subscriber.language = wanted.paused_until, wanted.language
    return happenings


def _tracking(subscriber: Subscriber, wanted: Choices, shown: Shown, at: dt.datetime) -> list[Happening]:
    if wanted.allows_tracking is None or wanted.allows_tracking == bool(subscriber.tracking_since):
        return []
    subscriber.tracking_since = at if wanted.allows_tracking else None
    action = Action.TRACKING_ON if wanted.allows_tracking else Action.TRACKING_OFF
    return [_happening(subscriber, action, "tracking", shown, at)]


def _about(
    subscriber: Subscriber,
    action: str,
    subscription: Subscription,
    shown: Shown,
    at: dt.datetime,
    facts: Mapping[str, Any],
) -> Happening:
    newsletter = subscription.newsletter
    return Happening(
        action,
        subscriber.address,
        newsletter.purpose,
        shown,
        texts=texts_shown(newsletter, shown.language),
        basis=subscription.basis,
        facts={"newsletter": newsletter.name, **facts},
        at=at,
    )


def _happening(
    subscriber: Subscriber,
    action: str,
    purpose: str,
    shown: Shown,
    at: dt.datetime,
    facts: Mapping[str, Any] | None = None,
) -> Happening:
    return Happening(
        action,
        subscriber.address,
        purpose,
        shown,
        texts=legal.in_force(shown.language, None),
        facts=facts or {},
        at=at,
    )
