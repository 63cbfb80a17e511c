"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from depeche.delivery import suppression
from depeche.delivery.compiled import CompiledMessage
from depeche.delivery.lanes import InHand, Lane
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.subscribers.models import Subscription

from . import actions, filling, rendering
from .models import Edition, EditionDelivery, EditionState
from .suppressed import why_withheld

STALE_AFTER = dt.timedelta(days=1)

_Version = tuple[int, dt.datetime | None, str, str, str]


class EditionLane(Lane):
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    name = "edition"
    locks = ("self", "subscription")

    def rows(self) -> DeliveryQuerySet:
        return EditionDelivery.objects.select_related("subscription")

    def withheld(self, keys: Collection[int]) -> Mapping[int, str]:
        asked = dict(EditionDelivery.objects.filter(pk__in=keys).values_list("pk", "subscription_id"))
        wanted = Subscription.objects.allowed().not_paused(timezone.localdate()).still_wanted(asked.values())
        return why_withheld(keys, asked, wanted, purpose=suppression.NEWSLETTER)

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        # Columns, not objects: what makes a message costs less than what would make its rows.
        rows = EditionDelivery.objects.filter(pk__in=keys).values_list(
            "pk",
            "edition_id",
            "subscription_id",
            "subscription__subscriber__address",
            "subscription__subscriber__language",
            "subscription__subscriber__key",
            "subscription__key",
        )
        found: list[tuple[Any, ...]] = list(rows)
        editions = Edition.objects.filter(pk__in={row[1] for row in found}).select_related("newsletter")
        mails = {edition.pk: _compiled(_version(edition)) for edition in editions}
        return [
            self._in_hand(
                key, mails[edition], filling.message_id("e", edition, subscription), filling.Reader(*reader)
            )
            for key, edition, subscription, *reader in found
        ]

    def finish(self, *, at: dt.datetime) -> None:
        for edition in Edition.objects.filter(state=EditionState.SENDING):
            actions.finish_if_done(edition, at=at)

    def sweep(self, *, at: dt.datetime) -> None:
        """Also gives up what was refused for so long that the edition is no news any more."""
        super().sweep(at=at)
        stale = EditionDelivery.objects.filter(
            state=State.DEFERRED, edition__sending_since__lt=at - STALE_AFTER
        )
        stale.update(state=State.FAILED, finished_at=at)

    def _in_hand(self, key: int, mail: CompiledMessage, own_id: str, reader: filling.Reader) -> InHand:
        make = functools.partial(filling.fill, mail, reader, own_id)
        return InHand(self, key, (mail.sender, reader.address), make)


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
