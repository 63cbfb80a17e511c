"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Sequence

from django.utils import timezone

from depeche.delivery import suppression
from depeche.delivery.compiled import CompiledMessage
from depeche.delivery.lanes import Outcome
from depeche.delivery.messages import Envelope
from depeche.subscribers.models import Subscription

from . import actions, filling, rendering
from .models import Edition, EditionDelivery, EditionState
from .suppressed import suppressed

_Version = tuple[int, dt.datetime | None, str, str, str]


class EditionLane:
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        return [row.pk for row in EditionDelivery.objects.lease(limit, at=at)]

    def may_send(self, keys: Collection[int]) -> set[int]:
        asked = dict(EditionDelivery.objects.filter(pk__in=keys).values_list("pk", "subscription_id"))
        wanted = Subscription.objects.allowed().not_paused(timezone.localdate()).still_wanted(asked.values())
        wanted -= suppressed(wanted, purpose=suppression.NEWSLETTER)
        return {pk for pk, subscription in asked.items() if subscription in wanted}

    def fill(self, key: int) -> Envelope:
        row = EditionDelivery.objects.select_related("subscription__subscriber", "edition__newsletter").get(
            pk=key
        )
        own_id = filling.message_id("e", row.edition_id, row.subscription_id)
        return filling.fill(_compiled(_version(row.edition)), row.subscription, own_id)

    def claim(self, key: int, *, at: dt.datetime) -> bool:
        return EditionDelivery.objects.claim(key, at=at)

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        EditionDelivery.objects.record(outcome.key, outcome.state, outcome.reply, at=at)

    def release(self, keys: Collection[int], *, due_at: dt.datetime, claimed: bool = False) -> None:
        EditionDelivery.objects.release(keys, due_at=due_at, claimed=claimed)

    def finish(self, *, at: dt.datetime) -> None:
        for edition in Edition.objects.filter(state=EditionState.SENDING):
            actions.finish_if_done(edition, at=at)

    def sweep(self, *, at: dt.datetime) -> None:
        EditionDelivery.objects.sweep(at=at)
        self.finish(at=at)


def _version(edition: Edition) -> _Version:
    newsletter = edition.newsletter
    return (
        edition.pk,
        edition.sending_since,
        newsletter.sender_name,
        newsletter.sender_address,
        newsletter.reply_to,
    )


@functools.lru_cache(maxsize=4)
def _compiled(version: _Version) -> CompiledMessage:
    """A sent edition never changes, so it is compiled once per worker; again where its sender was put right."""
    edition = Edition.objects.select_related("newsletter").get(pk=version[0])
    return filling.compile_mail(rendering.render(edition, links=filling.READERS_OWN), edition)
