"""A reader's right to know and to be forgotten: asks every holder of the register."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from depeche import journal, keys, personal_data
from depeche.delivery.messages import address_key

from . import recording
from .consent import ConsentEntry, Detail
from .models import RightsRequest, ShownText, SignUp, Subscriber


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
        "consent": consent_of(address),
    }


def consent_of(address: str) -> list[dict[str, Any]]:
    """What the consent log says of an address, with the words shown."""
    person = recording.person_of(address)
    if person is None:
        return []
    entries = list(ConsentEntry.objects.filter(person=person.name).prefetch_related("details"))
    wordings = dict(
        ShownText.objects.filter(pk__in=[entry.as_facts.get("wording", "") for entry in entries]).values_list(
            "pk", "text"
        )
    )
    return [
        {
            "number": entry.number,
            "action": entry.action,
            "at": entry.at,
            "purpose": entry.purpose,
            **entry.as_facts,
            "wording": wordings.get(entry.as_facts.get("wording", ""), ""),
            **{detail.kind: detail.value for detail in entry.details.all() if detail.kind != Detail.PERSON},
        }
        for entry in entries
    ]


def erase_own(address: str) -> int:
    """Delete the subscriber and all that hangs on them, and what is readable in the consent log."""
    count, _ = Subscriber.objects.filter(address_key=address_key(address)).delete()
    waiting, _ = SignUp.objects.filter(address__iexact=address.strip()).delete()
    RightsRequest.objects.filter(address__iexact=address.strip()).update(address="", message="")
    gone = recording.erase(address)
    journal.note(journal.ERASED, address=keys.address_hash(address))
    return count + waiting + gone
