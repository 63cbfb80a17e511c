"""Mails about corrections as a bulk lane of the delivery engine, before editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from depeche.delivery import suppression, verp
from depeche.delivery.content import Content
from depeche.delivery.lanes import InHand, Lane, Mailed
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.delivery.prepared import Place, Prepared
from depeche.keys import address_hashes_of
from depeche.subscribers.models import Subscription, SubscriptionState, purpose_of

from . import correcting, correction_mail, filling
from .models import CorrectionDelivery
from .suppressed import Copy, why_withheld

STALE_AFTER = dt.timedelta(days=7)
_STALE = Prepared(
    lambda: CorrectionDelivery.objects.filter(
        state=State.DEFERRED, correction__published_at__lt=Place("since")
    ).values_list("pk")
)


class CorrectionLane(Lane):
    """Keys are rows of `CorrectionDelivery`; what may still be sent is asked of subscription and article."""

    name, code = "correction", "c"

    def rows(self) -> DeliveryQuerySet:
        return CorrectionDelivery.objects.all()

    def set_aside(
        self, sources: Sequence[Mapping[str, object]], limit: int, *, worker: str, at: dt.datetime
    ) -> Collection[int]:
        keys = super().set_aside(sources, limit, worker=worker, at=at)
        _point_at_who_reads_on(keys)
        return keys

    def withheld(self, messages: Mapping[int, InHand]) -> Mapping[int, str]:
        """Those who left, and mails about articles that were taken down: they repeat their words."""
        _point_at_who_reads_on(messages)
        copies = cast("Mapping[int, Copy]", messages)
        rows = CorrectionDelivery.objects.filter(pk__among=messages)
        asked = rows.values_list("pk", "copy__subscription_id", "copy__subscription__newsletter__key")
        for key, subscription, newsletter in asked:
            copies[key].subscription, copies[key].scope = subscription, purpose_of(newsletter)
        wanted = Subscription.objects.all().still_wanted([copy.subscription for copy in copies.values()])
        taken_down = rows.exclude(correction__article__live=True).values_list("pk", flat=True)
        return dict.fromkeys(taken_down, "") | why_withheld(copies, wanted, purpose=suppression.CORRECTION)

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        rows = CorrectionDelivery.objects.filter(pk__among=keys).select_related(
            "subscriber", "correction__article", "copy__edition__newsletter", "copy__subscription__subscriber"
        )
        found = list(rows)
        hashes = address_hashes_of([row.subscriber.address for row in found])
        copies = [CorrectionCopy(self, row, known) for row, known in zip(found, hashes, strict=True)]
        for mail in {copy.mail for copy in copies}:
            mail.sign_as_now()
        return copies

    def mailed(self, key: int) -> Mailed | None:
        rows = CorrectionDelivery.objects.filter(pk=key).exclude(finished_at=None)
        found = rows.values_list("subscriber__address", "finished_at").first()
        return Mailed(found[0], "", found[1]) if found else None  # type: ignore[arg-type] # excluded

    def named(self, message_id: str) -> int | None:
        found = filling.read_message_id(message_id)
        if found is None or found[0] != self.code:
            return None
        rows = CorrectionDelivery.objects.filter(correction=found[1], subscriber=found[2])
        return rows.values_list("pk", flat=True).first()

    def sweep(self, *, at: dt.datetime) -> None:
        super().sweep(at=at)
        if stale := [key for (key,) in _STALE.rows(since=at - STALE_AFTER)]:
            rows = CorrectionDelivery.objects.filter(pk__among=stale, state=State.DEFERRED)
            rows.update(state=State.FAILED, finished_at=at)


class CorrectionCopy(Copy):
    """The mail about one correction to one reader of an edition."""

    __slots__ = ("_row", "mail")

    def __init__(self, lane: Lane, row: CorrectionDelivery, hashes: tuple[str, ...]) -> None:
        edition = row.copy.edition
        self.mail, self._row = correction_mail.compiled(row.correction, edition), row
        address, comes_back_to = row.subscriber.address, verp.maker(lane.code)
        sender = comes_back_to(row.pk, address) if comes_back_to else self.mail.sender
        super().__init__(lane, row.pk, sender, address)
        self.subscription, self.hashes = row.copy.subscription_id, hashes
        self.scope = edition.newsletter.purpose

    def make(self) -> Content:
        row, subscriber = self._row, self._row.subscriber
        reader = subscriber.address, subscriber.language, subscriber.key, row.copy.subscription.key
        own_id = filling.message_id("c", row.correction_id, row.subscriber_id)
        copy = filling.message_id("e", row.copy.edition_id, row.copy.subscription_id)
        return self.mail.fill(reader, own_id, copy=copy)


def _point_at_who_reads_on(keys: Collection[int]) -> None:
    """Whoever left one newsletter since and reads on in another is written to as its reader."""
    rows = CorrectionDelivery.objects.filter(pk__among=keys)
    for row in rows.exclude(copy__subscription__state=SubscriptionState.CONFIRMED):
        other = correcting.newest_copy(row)
        if other is not None:
            CorrectionDelivery.objects.filter(pk=row.pk).update(copy=other)
