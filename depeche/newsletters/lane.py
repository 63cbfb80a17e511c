"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from depeche.delivery import suppression
from depeche.delivery.lanes import Outcome
from depeche.delivery.messages import Envelope, compose
from depeche.delivery.models import State
from depeche.subscribers.actions import leave_url, preferences_url
from depeche.subscribers.models import Subscription

from . import actions, rendering
from .models import Edition, EditionDelivery, EditionState
from .suppressed import suppressed, why_held_back


class EditionLane:
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        """Copies of readers who left meanwhile end here: nothing is leased after the commit of who leaves."""
        rows = EditionDelivery.objects.select_related("subscription")
        leased = rows.lease(limit, at=at, held_back=self._held_back, locks=("self", "subscription"))
        return [row.pk for row in leased]

    def may_send(self, keys: Collection[int]) -> set[int]:
        asked = dict(EditionDelivery.objects.filter(pk__in=keys).values_list("pk", "subscription_id"))
        wanted = Subscription.objects.allowed().not_paused(timezone.localdate()).still_wanted(asked.values())
        wanted -= suppressed(wanted, purpose=suppression.NEWSLETTER).keys()
        return {pk for pk, subscription in asked.items() if subscription in wanted}

    def fill(self, key: int) -> Envelope:
        row = EditionDelivery.objects.select_related("subscription__subscriber", "edition__newsletter").get(
            pk=key
        )
        edition, subscriber = row.edition, row.subscription.subscriber
        leave = leave_url(row.subscription)
        mail = _rendered(edition.pk, edition.sending_since).for_reader(leave, preferences_url(subscriber))
        return compose(
            sender=edition.newsletter.sender,
            recipient=subscriber.address,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            headers={
                **actions.headers(edition, leave),
                "Message-ID": message_id("e", edition.pk, row.subscription_id),
            },
        )

    def claim(self, key: int, *, at: dt.datetime) -> bool:
        return EditionDelivery.objects.claim(key, at=at)

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        reply = outcome.reply
        if outcome.state == State.SUPPRESSED and not reply:
            reply = self._why(outcome.key)
        EditionDelivery.objects.record(outcome.key, outcome.state, reply, at=at)

    def release(self, keys: Collection[int], *, due_at: dt.datetime, claimed: bool = False) -> None:
        EditionDelivery.objects.release(keys, due_at=due_at, claimed=claimed)

    def finish(self, *, at: dt.datetime) -> None:
        for edition in Edition.objects.filter(state=EditionState.SENDING):
            actions.finish_if_done(edition, at=at)

    def sweep(self, *, at: dt.datetime) -> None:
        EditionDelivery.objects.sweep(at=at)
        self.finish(at=at)

    def _held_back(self, keys: Collection[int]) -> dict[int, str]:
        return {key: self._why(key) for key in set(keys) - self.may_send(keys)}

    def _why(self, key: int) -> str:
        row = EditionDelivery.objects.filter(pk=key).first()
        return why_held_back(row.subscription_id, purpose=suppression.NEWSLETTER) if row else ""


@functools.lru_cache(maxsize=4)
def _rendered(edition_id: int, sending_since: dt.datetime) -> rendering.Mail:
    """A sent edition never changes, so it is rendered once per worker."""
    return rendering.render(Edition.objects.select_related("newsletter").get(pk=edition_id))


def message_id(kind: str, what: int, whom: int) -> str:
    """The same for the same mail, whoever asks and when: logs can be matched after a crash."""
    mac = salted_hmac("newsletters.message_id", f"{what}.{whom}").hexdigest()[:16]
    host = settings.BASE_HOST if settings.IS_PUBLIC else "depeche.test"
    return f"<{kind}{what}.{whom}.{mac}@{host}>"
