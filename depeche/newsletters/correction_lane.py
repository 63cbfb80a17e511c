"""Mails about corrections as a bulk lane of the delivery engine, before editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from depeche.delivery import suppression
from depeche.delivery.lanes import Outcome
from depeche.delivery.messages import Envelope
from depeche.subscribers.models import Subscription

from . import correcting, correction_mail, filling
from .models import CorrectionDelivery
from .suppressed import suppressed


class CorrectionLane:
    """Keys are rows of `CorrectionDelivery`; what may still be sent is asked of subscription and article."""

    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        return [row.pk for row in CorrectionDelivery.objects.lease(limit, at=at)]

    def may_send(self, keys: Collection[int]) -> set[int]:
        """Those who have not left, about articles that were not taken down: the mail repeats their words."""
        rows = CorrectionDelivery.objects.filter(pk__in=keys, correction__article__live=True)
        asked = dict(rows.values_list("pk", "copy__subscription_id"))
        wanted = Subscription.objects.all().still_wanted(asked.values())
        wanted -= suppressed(wanted, purpose=suppression.CORRECTION)
        return {pk for pk, subscription in asked.items() if subscription in wanted}

    def fill(self, key: int) -> Envelope:
        row = self._row(key)
        edition, subscription = row.copy.edition, row.copy.subscription
        return filling.fill(
            correction_mail.compiled(row.correction, edition),
            subscription,
            filling.message_id("c", row.correction_id, row.subscriber_id),
            copy=filling.message_id("e", edition.pk, subscription.pk),
        )

    def claim(self, key: int, *, at: dt.datetime) -> bool:
        return CorrectionDelivery.objects.claim(key, at=at)

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        CorrectionDelivery.objects.record(outcome.key, outcome.state, outcome.reply, at=at)

    def release(self, keys: Collection[int], *, due_at: dt.datetime, claimed: bool = False) -> None:
        CorrectionDelivery.objects.release(keys, due_at=due_at, claimed=claimed)

    def finish(self, *, at: dt.datetime) -> None:
        """Nothing to close: a correction says by its rows what is left."""

    def sweep(self, *, at: dt.datetime) -> None:
        CorrectionDelivery.objects.sweep(at=at)

    def _row(self, key: int) -> CorrectionDelivery:
        """The row; whoever left one newsletter since and reads on in another is written to as its reader."""
        rows = CorrectionDelivery.objects.select_related(
            "subscriber",
            "correction__article",
            "copy__edition__newsletter",
            "copy__subscription__subscriber",
        )
        row = rows.get(pk=key)
        if not row.copy.subscription.is_confirmed:
            other = correcting.newest_copy(row)
            if other is not None:
                CorrectionDelivery.objects.filter(pk=key).update(copy=other)
                row = rows.get(pk=key)
        return row
