"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from depeche.delivery import suppression
from depeche.delivery.lanes import InHand, Lane
from depeche.delivery.messages import bare_address, compose
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.subscribers.actions import leave_url, preferences_url
from depeche.subscribers.models import Subscription

from . import actions, rendering
from .models import Edition, EditionDelivery, EditionState
from .suppressed import why_withheld

STALE_AFTER = dt.timedelta(days=1)


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
        rows = EditionDelivery.objects.filter(pk__in=keys).select_related(
            "subscription__subscriber", "edition__newsletter"
        )
        return [
            InHand(
                self,
                row.pk,
                (bare_address(row.edition.newsletter.sender), row.subscription.subscriber.address),
                functools.partial(_content, row),
            )
            for row in rows
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


def _content(row: EditionDelivery) -> bytes:
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
    ).content


@functools.lru_cache(maxsize=4)
def _rendered(edition_id: int, sending_since: dt.datetime) -> rendering.Mail:
    """A sent edition never changes, so it is rendered once per worker."""
    return rendering.render(Edition.objects.select_related("newsletter").get(pk=edition_id))


def message_id(kind: str, what: int, whom: int) -> str:
    """The same for the same mail, whoever asks and when: logs can be matched after a crash."""
    mac = salted_hmac("newsletters.message_id", f"{what}.{whom}").hexdigest()[:16]
    host = settings.BASE_HOST if settings.IS_PUBLIC else "depeche.test"
    return f"<{kind}{what}.{whom}.{mac}@{host}>"
