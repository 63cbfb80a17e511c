"""What may be missing from the consent log, and what its entries refer to: asked of the database once, kept small."""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import itertools
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db import DatabaseError
from django.db.models import QuerySet

from depeche import keys

from .consent import Action, ConsentEntry, Detail, ShownText
from .faults import Fault
from .legal import LegalVersion, hash_of
from .recording import PERSON_KEPT_AFTER_ERASURE, digest_of, sha256

Item = TypeVar("Item")
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reason:
    """The entry that explains why a detail is gone."""

    action: str
    number: int
    at: dt.datetime


class Evidence:
    """Erasures and purges that explain, and the words and texts that must still be there."""

    def __init__(self) -> None:
        self._purges: list[tuple[int, dt.datetime, dt.datetime]] = []
        self._latest_from: list[dt.datetime] = []
        self._seen = 0
        self._words_stand = functools.lru_cache(4096)(_words_stand)
        self._text_stands = functools.lru_cache(4096)(_text_stands)
        self.lost = functools.lru_cache(1024)(self._lost)

    def erasures(self, people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Reason]]:
        """Of each of these people, in their order."""
        found: dict[uuid.UUID, list[Reason]] = defaultdict(list)
        if people:
            for entry in ConsentEntry.objects.filter(person__in=people, action=Action.ERASURE):
                if entry.person and is_ours(entry):
                    found[entry.person].append(Reason(entry.action, entry.number, entry.at))
        return found

    def may_be_gone(self, number: int, kind: str, due: str | None, erasures: list[Reason]) -> bool:
        """Whether something explains that this detail of entry `number` is missing; `due` is the committed date."""
        later = [erasure for erasure in erasures if erasure.number > number]
        if kind == Detail.PERSON:
            return any(
                self._is_purged(erasure.number, erasure.at + PERSON_KEPT_AFTER_ERASURE) for erasure in later
            )
        return bool(later) or (due is not None and self._is_purged(number, dt.datetime.fromisoformat(due)))

    def why_gone(self, number: int, kind: str, due: str | None, erasures: list[Reason]) -> Reason | None:
        """The entry that explains it, the first there is; None where nothing does."""
        if not self.may_be_gone(number, kind, due, erasures):
            return None
        later = [erasure for erasure in erasures if erasure.number > number]
        if kind == Detail.PERSON:
            erasure = later[0]
            return self._purge(erasure.number, erasure.at + PERSON_KEPT_AFTER_ERASURE) or erasure
        purge = self._purge(number, dt.datetime.fromisoformat(due)) if due else None
        return min(filter(None, (*later[:1], purge)), key=lambda reason: reason.number)

    def has_moved(self, person: uuid.UUID, after: int) -> bool:
        """Whether they corrected their address later than entry `after`."""
        corrected = ConsentEntry.objects.filter(
            person=person, action=Action.CHANGE, purpose="address", number__gt=after
        )
        return any(is_ours(entry) for entry in corrected)

    def person_may_be_gone(self, person: uuid.UUID, erasures: list[Reason]) -> bool:
        """Whether they were erased last of all, and a purge came after their time."""
        last = ConsentEntry.objects.filter(person=person).order_by("-number").values_list("number", flat=True)
        return (
            bool(erasures)
            and erasures[-1].number == last.first()
            and self._is_purged(erasures[-1].number, erasures[-1].at + PERSON_KEPT_AFTER_ERASURE)
        )

    def _lost(self, facts: str) -> tuple[tuple[Fault, str], ...]:
        """The words and legal texts that an entry's facts name, and that are missing or changed."""
        named = json.loads(facts)
        lost = []
        if "wording" in named and not self._words_stand(named["wording"]):
            lost.append((Fault.WORDS, named["wording"]))
        for kind, text in named.get("texts", {}).items():
            if not self._text_stands(kind, text["version"], text["sha256"]):
                lost.append((Fault.TEXT, f"{kind} {text['version']}"))
        return tuple(lost)

    def _is_purged(self, after: int, due: dt.datetime) -> bool:
        """Whether a purge after entry `after` took what was due then."""
        return self._latest(after) >= due or (self._look_again() and self._latest(after) >= due)

    def _latest(self, after: int) -> dt.datetime:
        place = bisect.bisect_right(self._purges, after, key=lambda purge: purge[0])
        return self._latest_from[place] if place < len(self._purges) else _NEVER

    def _purge(self, after: int, due: dt.datetime) -> Reason | None:
        found = ((number, at) for number, until, at in self._purges if number > after and until >= due)
        return next((Reason(Action.PURGE, number, at) for number, at in found), None)

    def _look_again(self) -> bool:
        """Read the purges entered since; whether there were any."""
        last = ConsentEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
        new = ConsentEntry.objects.filter(number__gt=self._seen, number__lte=last, action=Action.PURGE)
        known = len(self._purges)
        self._purges += [
            (entry.number, dt.datetime.fromisoformat(entry.as_facts["until"]), entry.at)
            for entry in new
            if is_ours(entry)
        ]
        self._seen = max(self._seen, last)
        if len(self._purges) == known:
            return False
        latest = _NEVER
        self._latest_from = []
        for _number, until, _at in reversed(self._purges):
            latest = max(latest, until)
            self._latest_from.append(latest)
        self._latest_from.reverse()
        return True


def is_ours(entry: ConsentEntry) -> bool:
    """Whether its digest is that of what it says.

    Raises:
        UnknownKey: it may be, but its key is not in the folder.
    """
    try:
        return keys.same(digest_of(entry, keys.key(entry.key)), entry.digest)
    except (AttributeError, TypeError, ValueError):  # a date that is none, a signature that is no text
        return False


def _words_stand(digest: str) -> bool:
    """Whether the words with this hash are kept, unchanged."""
    return any(sha256(text) == digest for text in _texts(ShownText.objects.filter(pk=digest), "text"))


def _text_stands(kind: str, version: int, digest: str) -> bool:
    """Whether this version of a legal text is kept, unchanged."""
    rows = LegalVersion.objects.filter(sha256=digest, number=version, text__kind=kind)
    return any(hash_of(content) == digest for content in _texts(rows, "content"))


def _texts(rows: QuerySet, column: str) -> list[str]:
    try:
        return list(rows.values_list(column, flat=True))
    except DatabaseError:  # SQLite reads no text that is not UTF-8
        return []


def batches(items: Iterable[Item], size: int = 1000) -> Iterator[list[Item]]:
    """So many at a time; memory holds one of them."""
    iterator = iter(items)
    while some := list(itertools.islice(iterator, size)):
        yield some
