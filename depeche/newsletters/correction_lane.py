"""Mails about corrections as a bulk lane of the delivery engine, before editions."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence

from depeche.delivery import suppression
from depeche.delivery.lanes import InHand, Lane
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.subscribers.models import Subscription, SubscriptionState

from . import correcting, correction_mail, filling
from .models import CorrectionDelivery
from .suppressed import why_withheld

STALE_AFTER = dt.timedelta(days=7)


class CorrectionLane(Lane):
    """Keys are rows of `CorrectionDelivery`; what may still be sent is asked of subscription and article."""

    name = "correction"

    def rows(self) -> DeliveryQuerySet:
        return CorrectionDelivery.objects.all()

    def withheld(self, keys: Collection[int]) -> Mapping[int, str]:
        """Those who left, and mails about articles that were taken down: they repeat their words."""
        rows = CorrectionDelivery.objects.filter(pk__in=keys)
        for row in rows.exclude(copy__subscription__state=SubscriptionState.CONFIRMED):
            _point_at_who_reads_on(row)
        asked = dict(rows.values_list("pk", "copy__subscription_id"))
        taken_down = rows.exclude(correction__article__live=True).values_list("pk", flat=True)
        wanted = Subscription.objects.all().still_wanted(asked.values())
        return dict.fromkeys(taken_down, "") | why_withheld(
            keys, asked, wanted, purpose=suppression.CORRECTION
        )

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        rows = CorrectionDelivery.objects.filter(pk__in=keys).select_related(
            "subscriber", "correction__article", "copy__edition__newsletter", "copy__subscription__subscriber"
        )
        return [self._in_hand(row) for row in rows]

    def sweep(self, *, at: dt.datetime) -> None:
        super().sweep(at=at)
        stale = CorrectionDelivery.objects.filter(
            state=State.DEFERRED, correction__published_at__lt=at - STALE_AFTER
        )
        stale.update(state=State.FAILED, finished_at=at)

    def _in_hand(self, row: CorrectionDelivery) -> InHand:
        edition, subscription = row.copy.edition, row.copy.subscription
        mail = correction_mail.compiled(row.correction, edition)
        own_id = filling.message_id("c", row.correction_id, row.subscriber_id)
        copy = filling.message_id("e", edition.pk, subscription.pk)
        subscriber = row.subscriber
        reader = filling.Reader(subscriber.address, subscriber.language, subscriber.key, subscription.key)
        make = functools.partial(filling.fill, mail, reader, own_id, copy=copy)
        return InHand(self, row.pk, (mail.sender, subscriber.address), make)


def _point_at_who_reads_on(row: CorrectionDelivery) -> None:
    """Whoever left one newsletter since and reads on in another is written to as its reader."""
    other = correcting.newest_copy(row)
    if other is not None:
        CorrectionDelivery.objects.filter(pk=row.pk).update(copy=other)
