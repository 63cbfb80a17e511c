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
from .models import UNDER_WAY, Edition, EditionDelivery, EditionState
from .suppressed import CANCELLED, why_withheld

_Version = tuple[int, dt.datetime | None, str, str, str]


class EditionLane(Lane):
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    name = "edition"
    locks = ("self", "subscription")

    def rows(self) -> DeliveryQuerySet:
        return EditionDelivery.objects.select_related("subscription")

    def leasable(self) -> DeliveryQuerySet:
        sending = list(Edition.objects.filter(state=EditionState.SENDING).values_list("pk", flat=True))
        if not sending:
            return EditionDelivery.objects.none()
        return EditionDelivery.objects.select_related("subscription").filter(edition__in=sending)

    def withheld(self, keys: Collection[int]) -> Mapping[int, str]:
        rows = EditionDelivery.objects.filter(pk__in=keys)
        asked, cancelled = {}, {}
        for key, subscription, state in rows.values_list("pk", "subscription_id", "edition__state"):
            asked[key] = subscription
            if state == EditionState.CANCELLED:
                cancelled[key] = CANCELLED
        wanted = Subscription.objects.allowed().not_paused(timezone.localdate()).still_wanted(asked.values())
        return cancelled | why_withheld(keys, asked, wanted, purpose=suppression.NEWSLETTER)

    def held(self, keys: Collection[int]) -> Collection[int]:
        if not Edition.objects.filter(state=EditionState.PAUSED).exists():
            return ()
        paused = EditionDelivery.objects.filter(pk__in=keys, edition__state=EditionState.PAUSED)
        return list(paused.values_list("pk", flat=True))

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
        for edition in Edition.objects.filter(state__in=UNDER_WAY):
            actions.finish_if_done(edition, at=at)

    def sweep(self, *, at: dt.datetime) -> None:
        """Also gives up what was refused for so long that the edition is no news any more."""
        super().sweep(at=at)
        stale = EditionDelivery.objects.filter(
            state=State.DEFERRED, edition__state=EditionState.SENDING, edition__stale_at__lt=at
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
