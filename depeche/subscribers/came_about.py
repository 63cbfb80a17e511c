"""How each confirmed subscription came about, as the log of consent tells it."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator

from depeche import keys

from .consent import Action, ConsentEntry, ConsentPerson
from .evidence import batches
from .faults import Fault, Problem
from .models import Subscription


def unexplained() -> Iterator[Problem]:
    """Each confirmed subscription that was not asked for and confirmed, or entered with proof, or was left since."""
    confirmed = Subscription.objects.confirmed().order_by("pk").select_related("subscriber", "newsletter")
    for some in batches(confirmed.iterator(chunk_size=1000), size=200):
        hashes = {one.pk: keys.address_hashes(one.subscriber.address) for one in some}
        every = set(itertools.chain.from_iterable(hashes.values()))
        names = dict(ConsentPerson.objects.filter(address_hash__in=every).values_list("address_hash", "name"))
        stories: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
        for entry in ConsentEntry.objects.filter(person__in=names.values()).order_by("number"):
            if entry.person:
                stories[entry.person].append((_what_happened(entry), entry.purpose))
        for one in some:
            story = [step for name in hashes[one.pk] if name in names for step in stories[names[name]]]
            if not _says_yes(story, one.newsletter.purpose):
                yield Problem(Fault.NO_CONSENT, about=one.key.hex)


def _what_happened(entry: ConsentEntry) -> str:
    """Its action; of an entry about what was recorded before this log, the one recorded."""
    if entry.action != Action.IMPORT:
        return entry.action
    recorded = entry.as_facts.get("recorded", {})
    states = {"confirmed": Action.IMPORT, "pending": Action.REQUEST, "withdrawn": Action.WITHDRAW}
    return recorded.get("action") or states.get(recorded.get("state"), Action.IMPORT)


def _says_yes(story: Iterable[tuple[str, str]], purpose: str) -> bool:
    is_asked = is_agreed = False
    for action, about in story:
        if action == Action.ERASURE or (action == Action.OBJECTION and not about):
            is_asked = is_agreed = False
        elif action == Action.CHANGE and about == "address":
            is_agreed = True  # what they agreed to under the old address, whose entries may be erased by now
        elif about != purpose:
            continue
        elif action in (Action.WITHDRAW, Action.OBJECTION):
            is_asked = is_agreed = False
        elif action == Action.REQUEST:
            is_asked = True
        elif action == Action.IMPORT or (action == Action.CONFIRM and is_asked):
            is_agreed = True
    return is_agreed
