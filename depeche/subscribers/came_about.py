"""How each confirmed subscription came about, as the log of consent tells it."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Case, F, Q, TextField, Value, When

from depeche import keys

from .consent import Action, ConsentEntry, ConsentPerson
from .faults import Fault, Problem
from .models import Newsletter, Subscription

AT_ONCE = 1000
_CORRECTED = Q(action=Action.CHANGE, purpose="address")


def unexplained() -> Iterator[Problem]:
    """Each confirmed subscription that was not asked for and confirmed, or entered with proof, or was left since."""
    for some in _confirmed():
        purposes = {newsletter.pk: newsletter.purpose for newsletter in Newsletter.objects.all()}
        hashes = {address: keys.address_hashes(address) for *_rest, address in some}
        people = ConsentPerson.objects.filter(
            address_hash__in=[one for all_ in hashes.values() for one in all_]
        )
        names = dict(people.values_list("address_hash", "name"))
        agreed = _agreed(_entries_of(names.values()))
        for _pk, key, newsletter, address in some:
            theirs = [names[one] for one in hashes[address] if one in names]
            if not any(purposes[newsletter] in agreed[name] for name in theirs):
                yield Problem(Fault.NO_CONSENT, about=key.hex)


def came_from(facts: dict[str, Any]) -> uuid.UUID | None:
    """Whose entries go on where a corrected address had entries of its own; facts are those of the correction."""
    return uuid.UUID(facts["from"]) if "from" in facts else None


def _confirmed() -> Iterator[list[tuple[int, uuid.UUID, int, str]]]:
    rows = Subscription.objects.confirmed().order_by("pk")
    after = 0
    while some := list(
        rows.filter(pk__gt=after).values_list("pk", "key", "newsletter", "subscriber__address")[:AT_ONCE]
    ):
        after = some[-1][0]
        yield some


def _entries_of(people: Iterable[uuid.UUID]) -> list[tuple[int, uuid.UUID, str, str, dict[str, Any]]]:
    """Number, person, action, purpose and facts that matter, in order; with those whose address was corrected."""
    found, known, new = [], set[uuid.UUID](), set(people)
    told = Case(
        When(_CORRECTED | Q(action=Action.IMPORT), then=F("facts")),
        default=Value("{}"),
        output_field=TextField(),
    )
    while new:
        rows = ConsentEntry.objects.filter(person__in=new).order_by()
        known |= new
        entries = [
            (*entry, json.loads(facts))
            for *entry, facts in rows.values_list("number", "person", "action", "purpose", told)
        ]
        found += entries
        new = {before for *_entry, facts in entries if (before := came_from(facts))} - known
    return sorted(found, key=lambda entry: entry[0])


def _agreed(
    entries: Iterable[tuple[int, uuid.UUID, str, str, dict[str, Any]]],
) -> dict[uuid.UUID, set[str]]:
    """The purposes to which each person agrees after these entries."""
    asked: dict[uuid.UUID, set[str]] = defaultdict(set)
    agreed: dict[uuid.UUID, set[str]] = defaultdict(set)
    for _number, person, entered, purpose, facts in entries:
        action = _what_happened(entered, facts)
        if action == Action.ERASURE or (action == Action.OBJECTION and not purpose):
            asked[person].clear()
            agreed[person].clear()
        elif before := came_from(facts):
            asked[person] |= asked[before]
            agreed[person] |= agreed[before]
        elif action in (Action.WITHDRAW, Action.OBJECTION):
            asked[person].discard(purpose)
            agreed[person].discard(purpose)
        elif action == Action.REQUEST:
            asked[person].add(purpose)
        elif action == Action.IMPORT or (action == Action.CONFIRM and purpose in asked[person]):
            agreed[person].add(purpose)
    return agreed


def _what_happened(action: str, facts: dict[str, Any]) -> str:
    """The action; of an entry about what was recorded before this log, the one recorded."""
    if action != Action.IMPORT:
        return action
    recorded = facts.get("recorded", {})
    states = {"confirmed": Action.IMPORT, "pending": Action.REQUEST, "withdrawn": Action.WITHDRAW}
    return recorded.get("action") or states.get(recorded.get("state"), Action.IMPORT)
