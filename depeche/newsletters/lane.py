"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django.db.models import CharField, ExpressionWrapper, F
from django.utils import timezone

from depeche.delivery import suppression
from depeche.delivery.compiled import CompiledMessage
from depeche.delivery.lanes import InHand, Lane
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.keys import address_hashes_of
from depeche.subscribers.models import Subscription

from . import actions, filling, rendering
from .models import Edition, EditionDelivery, EditionState
from .suppressed import Copy, why_withheld

STALE_AFTER = dt.timedelta(days=1)

_Version = tuple[int, dt.datetime | None, str, str, str]


class EditionLane(Lane):
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    name = "edition"

    def rows(self) -> DeliveryQuerySet:
        return EditionDelivery.objects.all()

    def sources(self) -> Sequence[DeliveryQuerySet]:
        """Edition by edition, as they left: so the next copies are found by index, however many wait."""
        under_way = Edition.objects.filter(state=EditionState.SENDING).order_by("sending_since", "pk")
        return [
            EditionDelivery.objects.filter(edition=edition)
            for edition in under_way.values_list("pk", flat=True)
        ]

    def withheld(self, messages: Mapping[int, InHand]) -> Mapping[int, str]:
        copies = cast("Mapping[int, Copy]", messages)
        asked = [copy.subscription for copy in copies.values()]
        wanted = Subscription.objects.allowed().not_paused(timezone.localdate()).still_wanted(asked)
        return why_withheld(copies, wanted, purpose=suppression.NEWSLETTER)

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        # Columns, not objects: what makes a message costs less than what would make its rows.
        rows = EditionDelivery.objects.filter(pk__among=keys).values_list(
            "pk",
            "edition_id",
            "subscription_id",
            "subscription__subscriber__address",
            "subscription__subscriber__language",
            _as_it_is("subscription__subscriber__key"),
            _as_it_is("subscription__key"),
        )
        found: list[tuple[Any, ...]] = list(rows)
        hashes = address_hashes_of([row[3] for row in found])
        editions = Edition.objects.filter(pk__in={row[1] for row in found}).select_related("newsletter")
        mails = {
            edition.pk: (_compiled(_version(edition)), edition.newsletter.purpose) for edition in editions
        }
        return [
            self._in_hand(key, mails[edition], (edition, subscription), filling.Reader(*reader), known)
            for (key, edition, subscription, *reader), known in zip(found, hashes, strict=True)
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

    def _in_hand(
        self,
        key: int,
        mail: tuple[CompiledMessage, str],
        copy: tuple[int, int],
        reader: filling.Reader,
        hashes: tuple[str, ...],
    ) -> Copy:
        compiled, scope = mail
        make = functools.partial(filling.fill_edition, compiled, reader, copy)
        return Copy(self, key, (compiled.sender, reader.address), make, (copy[1], hashes, scope))


def _as_it_is(name: str) -> ExpressionWrapper:
    """A UUID as the database hands it over: to make an object of it costs more than to sign it."""
    return ExpressionWrapper(F(name), output_field=CharField())


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
