"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django.utils import timezone

from depeche.delivery import suppression
from depeche.delivery.compiled import CompiledMessage
from depeche.delivery.lanes import InHand, Lane
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.delivery.prepared import Place, Prepared
from depeche.keys import address_hashes_of
from depeche.subscribers.models import Subscription, purpose_of

from . import actions, filling, rendering
from .models import Edition, EditionDelivery, EditionState
from .suppressed import Copy, why_withheld

STALE_AFTER = dt.timedelta(days=1)

_UNDER_WAY = Prepared(
    lambda: (
        Edition.objects.filter(state=EditionState.SENDING).order_by("sending_since", "pk").values_list("pk")
    )
)
_WANTED = Prepared(
    lambda: (
        Subscription.objects.confirmed()
        .allowed()
        .not_paused(Place("today"))
        .filter(pk__among=Place("keys"))
        .values_list("pk")
    )
)
_COPIES = Prepared(
    lambda: EditionDelivery.objects.filter(pk__among=Place("keys")).values_list(
        "pk",
        "edition_id",
        "subscription_id",
        "subscription__subscriber__address",
        "subscription__subscriber__language",
        "subscription__subscriber__key",
        "subscription__key",
    )
)
# What goes into a mail, and may be put right while it is on its way.
_VERSIONS = Prepared(
    lambda: (
        Edition.objects.filter(pk__among=Place("editions"))
        .order_by()
        .values_list(
            "pk",
            "sending_since",
            "newsletter__sender_name",
            "newsletter__sender_address",
            "newsletter__reply_to",
            "newsletter__key",
        )
    )
)


class EditionLane(Lane):
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    name = "edition"

    def rows(self) -> DeliveryQuerySet:
        return EditionDelivery.objects.all()

    def due(self) -> DeliveryQuerySet:
        return self.rows().due(Place("at")).filter(edition=Place("edition"))  # type: ignore[misc]

    def sources(self) -> Sequence[Mapping[str, object]]:
        """Edition by edition, as they left: so the next copies are found by index, however many wait."""
        return [{"edition": edition} for (edition,) in _UNDER_WAY.rows()]

    def withheld(self, messages: Mapping[int, InHand]) -> Mapping[int, str]:
        copies = cast("Mapping[int, Copy]", messages)
        asked = [copy.subscription for copy in copies.values()]
        wanted = {key for (key,) in _WANTED.rows(keys=asked, today=timezone.localdate())}
        return why_withheld(copies, wanted, purpose=suppression.NEWSLETTER)

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        found = _COPIES.rows(keys=keys)
        hashes = address_hashes_of([row[3] for row in found])
        mails = {
            version[0]: (_compiled(tuple(version)), purpose_of(newsletter))
            for *version, newsletter in _VERSIONS.rows(editions={row[1] for row in found})
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


@functools.lru_cache(maxsize=4)
def _compiled(version: tuple[Any, ...]) -> CompiledMessage:
    """A sent edition never changes, so it is compiled once per worker; again where its sender was put right."""
    edition = Edition.objects.select_related("newsletter").get(pk=version[0])
    return filling.compile_mail(rendering.render(edition, links=filling.READERS_OWN), edition)
