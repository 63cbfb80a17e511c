"""Subscribers as CSV, with what they agreed to and why some may not be written to; another Dépêche can read it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import QuerySet

from depeche import keys
from depeche.delivery import suppression

from .consent import Action, ConsentDetail, ConsentEntry, ConsentPerson, Detail
from .csv_columns import COLUMNS, guarded
from .models import Subscription

HEADER: tuple[str, ...] = (
    *COLUMNS,
    "frequency",
    "paused_until",
    "requested_at",
    "confirmed_at",
    "withdrawn_at",
    "known_since",
    "last_contact_at",
)
_CHUNK = 500


def rows(queryset: QuerySet[Subscription]) -> Iterator[list[str]]:
    """A row for each subscription of `queryset`, in the order of `HEADER`; memory stays flat.

    No cell begins with what a spreadsheet would calculate: an apostrophe stands before it.
    """
    ordered = queryset.select_related("subscriber", "newsletter").order_by("pk")
    found = ordered.iterator(chunk_size=_CHUNK)
    while some := list(islice(found, _CHUNK)):
        proofs, blocked = _proofs(some), _blocked(some)
        for one in some:
            source, proof = proofs.get(one.pk, ("", ""))
            cells = _cells(one, source, proof, blocked.get(one.pk, ""))
            yield [guarded(cell) for cell in cells]


def _cells(one: Subscription, source: str, proof: str, reason: str) -> list[str]:
    reader = one.subscriber
    return [
        reader.address,
        reader.language,
        one.basis,
        _moment(one.confirmed_at or one.requested_at),
        source,
        proof,
        one.sale_reference,
        "yes" if one.was_shown_opt_out else "",
        "yes" if one.is_own_product else "",
        one.newsletter.slug,
        one.state,
        reason,
        one.frequency,
        reader.paused_until.isoformat() if reader.paused_until else "",
        *map(_moment, (one.requested_at, one.confirmed_at, one.withdrawn_at)),
        *map(_moment, (reader.created_at, reader.last_contact_at)),
    ]


def _moment(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat() if at else ""


def _blocked(some: Sequence[Subscription]) -> dict[int, str]:
    """Why each may not be written to, by subscription."""
    found: dict[int, str] = {}
    for newsletter in {one.newsletter for one in some}:
        theirs = {one.subscriber.address_key: one.pk for one in some if one.newsletter == newsletter}
        reasons = suppression.blocked(theirs, purpose=suppression.NEWSLETTER, scope=newsletter.purpose)
        found |= {theirs[key]: str(reason) for key, reason in reasons.items()}
    return found


def _proofs(some: Sequence[Subscription]) -> dict[int, tuple[str, str]]:
    """Where each agreement came from and what proves it, by subscription: from the newest entry that says so."""
    hashes = {one.pk: keys.address_hashes(one.subscriber.address) for one in some}
    people = dict(
        ConsentPerson.objects.filter(
            address_hash__in={each for theirs in hashes.values() for each in theirs}
        ).values_list("address_hash", "name")
    )
    agreed = ConsentEntry.objects.filter(
        person__in=people.values(),
        purpose__in={one.newsletter.purpose for one in some},
        action__in=(Action.REQUEST, Action.CONFIRM, Action.IMPORT),
    )
    newest = {(entry.person, entry.purpose): entry for entry in agreed.order_by("number")}
    told = dict(
        ConsentDetail.objects.filter(
            entry__in=[entry.number for entry in newest.values()], kind=Detail.PROVENANCE
        ).values_list("entry", "value")
    )
    proofs = {}
    for one in some:
        person = next((people[each] for each in hashes[one.pk] if each in people), None)
        if found := newest.get((person, one.newsletter.purpose)):
            proofs[one.pk] = _told(found, told.get(found.number, ""))
    return proofs


def _told(entry: ConsentEntry, provenance: str) -> tuple[str, str]:
    """Source and proof, as an import wants them."""
    if provenance:
        told = _read(provenance)
        return told.get("source", ""), told.get("proof", "")
    facts = entry.as_facts
    source = " ".join(filter(None, (facts.get("form", ""), facts.get("url", "")))) or entry.action
    proof = f"consent log, entry {entry.number}, digest {entry.digest}"
    if facts.get("wording"):
        proof += f", words shown SHA-256 {facts['wording']}"
    return source, proof


def _read(value: str) -> dict[str, str]:
    """What an import kept; other roads (see migration 0003) keep plain words."""
    try:
        told = json.loads(value)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"source": value, "proof": value}
