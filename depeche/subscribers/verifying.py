"""Is the consent log what was written? Walks all of it in flat memory and names whatever is not."""

from __future__ import annotations

import contextlib
import uuid
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import DatabaseError, models
from django.db.models import Exists, OuterRef

from depeche import journal, keys

from . import came_about
from .consent import ConsentDetail, ConsentEntry, ConsentPerson, Detail
from .evidence import Evidence, Reason, batches, is_ours
from .faults import Fault, Problem
from .recording import START, commitment

CHUNK = 1000


def verify(progress: Callable[[int, int], None] = lambda _done, _of: None) -> Iterator[Problem]:
    """All that is wrong, entry by entry, then at the end and around; `progress` hears how many entries of how many.

    Memory is the same for ten entries and for ten million.
    """
    evidence = Evidence()
    yield from _chain(evidence, progress)
    yield from _strays()
    yield from _heads()
    yield from came_about.unexplained()


def problems_of(entries: Sequence[ConsentEntry], evidence: Evidence) -> Iterator[Problem]:
    """What is wrong with these entries, and with what stands beside them."""
    sound = []
    for entry in entries:
        try:
            if is_ours(entry):
                sound.append(entry)
            else:
                yield Problem(Fault.CHANGED, entry.number)
        except keys.UnknownKey as error:
            yield Problem(Fault.UNKNOWN_KEY, entry.number, str(error))
    yield from _beside(sound, evidence)


def _chain(evidence: Evidence, progress: Callable[[int, int], None]) -> Iterator[Problem]:
    expected, digest, done = 1, START, 0
    count = ConsentEntry.objects.count()
    for numbers, found in _chunks():
        for number in numbers:
            entry = found.get(number)
            if number > expected:
                yield Problem(Fault.GAP, expected, str(number - 1))
            elif number < expected or (entry and digest and entry.previous != digest):
                yield Problem(Fault.OUT_OF_ORDER, number)
            if entry is None:
                yield Problem(Fault.CHANGED, number)
            expected, digest = max(expected, number + 1), entry.digest if entry else ""
        yield from problems_of(list(found.values()), evidence)
        done += len(numbers)
        progress(done, max(count, done))


def _chunks() -> Iterator[tuple[list[int], dict[int, ConsentEntry]]]:
    """Numbers in their order, and the entries among them that can be read."""
    after = -(2**63)
    in_order = ConsentEntry.objects.order_by("number")
    while numbers := list(in_order.filter(number__gt=after).values_list("number", flat=True)[:CHUNK]):
        rows = in_order.filter(number__gt=after, number__lte=numbers[-1])
        after = numbers[-1]
        yield numbers, {entry.number: entry for entry in _readable(rows)}


def _readable(rows: models.QuerySet) -> list[Any]:
    """The rows; without those of which a date, a name or the spelling is none any more."""
    unreadable = (ValueError, TypeError, DatabaseError)
    try:
        return list(rows)
    except unreadable:
        found = []
        for key in rows.order_by().values_list("pk", flat=True).iterator():
            with contextlib.suppress(*unreadable):
                found.append(rows.get(pk=key))
        return found


def _beside(entries: Sequence[ConsentEntry], evidence: Evidence) -> Iterator[Problem]:
    """Details, people, words and texts of entries whose digests are right."""
    details: dict[int, dict[str, Any]] = {entry.number: {} for entry in entries}
    kept = ConsentDetail.objects.filter(entry__in=details)
    for detail in _readable(kept.values_list("entry_id", "kind", "salt", "value", named=True)):
        details[detail.entry_id][detail.kind] = detail
    promised = {entry.number: entry.as_commitments for entry in entries}
    names = {entry.person for entry in entries if entry.person}
    rows = ConsentPerson.objects.filter(name__in=names).values_list(
        "name", "address_hash", "erased_at", named=True
    )
    people = {person.name: person for person in _readable(rows)}
    in_question = {
        entry.person
        for entry in entries
        if entry.person and promised[entry.number].keys() - details[entry.number].keys()
    }
    in_question |= {name for name in names if name not in people or people[name].erased_at}
    erasures = evidence.erasures(in_question)
    for entry in entries:
        erased = erasures.get(entry.person, []) if entry.person else []
        yield from _details(entry, promised[entry.number], details[entry.number], erased, evidence)
        for fault, about in evidence.lost(entry.facts):
            yield Problem(fault, entry.number, about)
    yield from _people(entries, people, details, erasures, evidence)


def _details(
    entry: ConsentEntry,
    promised: dict[str, dict[str, str | None]],
    details: dict[str, Any],
    erasures: list[Reason],
    evidence: Evidence,
) -> Iterator[Problem]:
    key = keys.key(entry.key)
    for kind, promise in promised.items():
        detail = details.get(kind)
        if detail is None:
            if not evidence.may_be_gone(entry.number, kind, promise["purge"], erasures):
                yield Problem(Fault.DETAIL_MISSING, entry.number, kind)
        elif commitment(key, entry.number, kind, detail.salt, detail.value) != promise["mac"]:
            yield Problem(Fault.DETAIL_CHANGED, entry.number, kind)
    for kind in details.keys() - promised.keys():
        yield Problem(Fault.DETAIL_ADDED, entry.number, kind)


def _people(
    entries: Sequence[ConsentEntry],
    people: dict[uuid.UUID, Any],
    details: dict[int, dict[str, Any]],
    erasures: dict[uuid.UUID, list[Reason]],
    evidence: Evidence,
) -> Iterator[Problem]:
    told: set[uuid.UUID] = set()
    for entry in entries:
        if entry.person is None or entry.person in told:
            continue
        person, erased = people.get(entry.person), erasures.get(entry.person, [])
        if person is None:
            told.add(entry.person)
            if not evidence.person_may_be_gone(entry.person, erased):
                yield Problem(Fault.PERSON_MISSING, entry.number, entry.person.hex)
            continue
        hashed = details[entry.number].get(Detail.PERSON)
        is_same = hashed is None or hashed.value == person.address_hash
        is_same = is_same or evidence.has_moved(entry.person, entry.number)
        if not is_same or (person.erased_at and person.erased_at not in {one.at for one in erased}):
            told.add(entry.person)
            yield Problem(Fault.PERSON_CHANGED, entry.number, entry.person.hex)


def _strays() -> Iterator[Problem]:
    """Details and people that belong to no entry."""
    entries = ConsentEntry.objects.filter(number=OuterRef("entry_id"))
    for number, kind in (
        ConsentDetail.objects.filter(~Exists(entries)).values_list("entry_id", "kind").iterator()
    ):
        yield Problem(Fault.DETAIL_ADDED, number, kind)
    theirs = ConsentEntry.objects.filter(person=OuterRef("name"))
    for name in ConsentPerson.objects.filter(~Exists(theirs)).values_list("name", flat=True).iterator():
        yield Problem(Fault.PERSON_ADDED, about=name.hex)


def _heads() -> Iterator[Problem]:
    """Each end of the log that the journal noted must be in it, but for those a person answered for after a restore.

    The journal has as many lines as there were commits: it is read once.
    """
    last = ConsentEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    has_head, not_ours, cut_off, others = False, 0, 0, array("q")
    for some in batches(journal.lines()):
        not_ours += some.count(None)
        ours = [one for one in some if one and one["kind"] in (journal.HEAD, journal.ACCEPTED)]
        numbers = [one["number"] for one in ours if one["kind"] == journal.HEAD]
        digests = dict(ConsentEntry.objects.filter(number__in=numbers).values_list("number", "digest"))
        has_head = has_head or bool(numbers)
        for one in ours:
            if one["kind"] == journal.ACCEPTED:
                cut_off, others = 0, array("q")
            elif one["number"] in digests and not keys.same(digests[one["number"]], one["digest"]):
                others.append(one["number"])
            elif one["number"] not in digests and one["number"] > last:
                cut_off = max(cut_off, one["number"])
    yield from (Problem(Fault.OTHER_HEAD, number) for number in others)
    if cut_off:
        yield Problem(Fault.CUT_OFF, cut_off, str(last))
    if not_ours:
        yield Problem(Fault.JOURNAL_CHANGED, about=str(not_ours))
    if last and not has_head:
        yield Problem(Fault.NO_HEAD)
