"""A reader's right to know and to be forgotten: asks every holder of the register."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from depeche import personal_data
from depeche.delivery.messages import address_key

from .models import Subscriber


def export(address: str) -> dict[str, list[Any]]:
    """All that is held about an address, by kind (GDPR art. 15 and 20)."""
    found: dict[str, list[Any]] = {}
    for holder in personal_data.holders():
        found |= holder.export(address)
    return found


@transaction.atomic
def erase(address: str) -> int:
    """Delete it all (GDPR art. 17); how many rows and messages there were."""
    return sum(holder.erase(address) for holder in personal_data.holders())


def export_own(address: str) -> dict[str, list[Any]]:
    """The subscriber, their subscriptions, what they agreed to, and what was sent to them."""
    readers = Subscriber.objects.filter(address_key=address_key(address))
    return {
        "subscriber": list(readers.values("address", "language", "created_at")),
        "subscriptions": list(
            readers.filter(subscriptions__isnull=False).values(
                "subscriptions__newsletter__name",
                "subscriptions__state",
                "subscriptions__requested_at",
                "subscriptions__confirmed_at",
                "subscriptions__withdrawn_at",
            )
        ),
        "consent": list(
            readers.filter(subscriptions__consent_events__isnull=False).values(
                "subscriptions__consent_events__action",
                "subscriptions__consent_events__at",
                "subscriptions__consent_events__wording",
                "subscriptions__consent_events__url",
            )
        ),
    }


def erase_own(address: str) -> int:
    """Delete the subscriber and all that hangs on them."""
    count, _ = Subscriber.objects.filter(address_key=address_key(address)).delete()
    return count
