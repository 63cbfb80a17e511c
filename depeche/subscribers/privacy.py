"""A reader's right to know and to be forgotten: asks every holder of the register."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.db.models import Q

from depeche import journal, keys, personal_data
from depeche.delivery import suppression
from depeche.delivery.messages import address_key
from depeche.delivery.models import Reason

from . import blotting, recording
from .consent import ConsentEntry, Detail
from .models import RightsRequest, ShownText, SignUp, Subscriber


def export(address: str) -> dict[str, list[Any]]:
    """All that is held about an address, by kind (GDPR art. 15 and 20)."""
    found: dict[str, list[Any]] = {}
    for holder in personal_data.holders():
        found |= holder.export(address)
    return found


@transaction.atomic
def erase(
    address: str, *, actor: str = "reader", reason: str = "request", at: dt.datetime | None = None
) -> int:
    """Delete it all (GDPR art. 17); how many rows and messages there were. No import brings the address back.

    `actor` and `reason` go into the consent log, whose entries stay: "reader", "desk" or "system"; why, in a word.
    """
    blotting.erase_in_turn()
    count = sum(holder.erase(address) for holder in personal_data.holders())
    count += recording.erase(address, at=at, actor=actor, facts={"reason": reason})
    suppression.suppress(address, Reason.ERASED, at=at)
    journal.note(journal.ERASED, at=at, address=keys.address_hash(address))
    return count


def without(address: str, text: str) -> str:
    """The text with the address taken out, however it is spelt."""
    given = address.strip()
    return re.sub(re.escape(given), "…", text, flags=re.IGNORECASE) if given else text


def export_own(address: str) -> dict[str, list[Any]]:
    """The subscriber, their subscriptions, what they agreed to, and the rights they used."""
    readers = Subscriber.objects.filter(address_key=address_key(address))
    return {
        "subscriber": list(
            readers.values(
                "address", "language", "created_at", "last_contact_at", "paused_until", "tracking_since"
            )
        ),
        "subscriptions": list(
            readers.filter(subscriptions__isnull=False).values(
                "subscriptions__newsletter__name",
                "subscriptions__state",
                "subscriptions__basis",
                "subscriptions__frequency",
                "subscriptions__sale_reference",
                "subscriptions__requested_at",
                "subscriptions__confirmed_at",
                "subscriptions__withdrawn_at",
            )
        ),
        "requests_being_seen_to": list(
            SignUp.objects.filter(address__iexact=address.strip()).values(
                "newsletter__name", "address", "form", "network_address", "user_agent", "at"
            )
        ),
        "rights_used": list(
            _rights_used(address).values(
                "right",
                "came_by",
                "message",
                "received_at",
                "due_on",
                "extended_at",
                "extension_reason",
                "outcome",
                "answer",
                "proof",
                "done_at",
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
    """Delete the subscriber and all that hangs on them; of the rights they used, all that names them."""
    count, _ = Subscriber.objects.filter(address_key=address_key(address)).delete()
    waiting, _ = SignUp.objects.filter(address__iexact=address.strip()).delete()
    blotting.blot(address)
    for used in _rights_used(address):
        used.answer, used.extension_reason = (
            without(address, words) for words in (used.answer, used.extension_reason)
        )
        used.address = used.message = ""
        used.save(update_fields=["answer", "extension_reason", "address", "message"])
    return count + waiting


def _rights_used(address: str) -> Any:
    """By the address, and by its hash where the address is gone."""
    is_theirs = Q(address__iexact=address.strip()) & ~Q(address="") | Q(
        address_hash__in=keys.address_hashes(address)
    )
    return RightsRequest.objects.filter(is_theirs)
