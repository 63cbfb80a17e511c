"""Who stands behind a keyed hash: the way back from what the journal notes to what the database holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from django.db.models import Max

from depeche import keys
from depeche.delivery.models import TransactionalMessage

from .consent import ConsentDetail, ConsentEntry, ConsentPerson, Detail
from .models import RightsRequest, Subscriber, Subscription, SubscriptionState

_CHUNK = 500
_T = TypeVar("_T")


def subscribers(hashes: Collection[str]) -> dict[str, Subscriber]:
    """The subscriber behind each of these hashes, also where they were made with another key than the column was."""
    found: dict[str, Subscriber] = {}
    for some in _chunks(sorted(hashes)):
        found |= {one.address_hash: one for one in Subscriber.objects.filter(address_hash__in=some)}
    rest = set(hashes) - found.keys()
    for number in {int(one.partition(":")[0]) for one in rest}:
        try:
            key = keys.key(number)
        except keys.UnknownKey:
            continue
        for reader in Subscriber.objects.exclude(address_hash__startswith=f"{number}:").iterator(_CHUNK):
            if (one := key.address_hash(reader.address)) in rest:
                found[one] = reader
    return found


def remembered(since: Mapping[str, dt.datetime]) -> dict[str, str]:
    """The address behind each of these hashes, of whoever is no subscriber, where it is held since before its date."""
    found: dict[str, str] = {}
    for some in _chunks(sorted(since)):
        for person in ConsentPerson.objects.filter(address_hash__in=some, erased_at=None):
            entries = ConsentEntry.objects.filter(person=person.name)
            last = entries.aggregate(last=Max("at"))["last"]
            if last and last <= since[person.address_hash]:
                details = ConsentDetail.objects.filter(
                    kind=Detail.ADDRESS, entry__in=entries.values("number")
                )
                if detail := details.first():
                    found[person.address_hash] = detail.value
        for request in RightsRequest.objects.filter(address_hash__in=some).exclude(address=""):
            if request.received_at < since[request.address_hash]:
                found[request.address_hash] = request.address
    return found | _written_to(since)


def _written_to(since: Mapping[str, dt.datetime]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not since:
        return found
    mails = TransactionalMessage.objects.exclude(recipient_key="").values_list("recipient_key", "created_at")
    for address, at in mails.order_by("recipient_key").iterator(_CHUNK):
        for one in keys.address_hashes(address):
            if one in since and at < since[one]:
                found[one] = address
    return found


def subscriptions(readers: Collection[Subscriber]) -> dict[tuple[int, str], Subscription]:
    """What stands of theirs, confirmed or asked for, by reader and purpose."""
    found: dict[tuple[int, str], Subscription] = {}
    for some in _chunks([reader.pk for reader in readers]):
        rows = Subscription.objects.filter(subscriber__in=some).exclude(state=SubscriptionState.WITHDRAWN)
        for row in rows.select_related("newsletter"):
            found[row.subscriber_id, row.newsletter.purpose] = row
    return found


def _chunks(every: list[_T]) -> Iterator[list[_T]]:
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
