"""What a batch of lines comes to, before anything is written: the same for a trial and for an import."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from depeche import keys
from depeche.delivery import suppression
from depeche.delivery.models import Reason

from . import import_rows
from .csv_lines import Record
from .import_rows import Entry, Layout, LineRefused
from .models import Newsletter, Subscription, SubscriptionState


@dataclass
class Outcome:
    """Who is entered; who has left elsewhere, and why; how many are subscribed already; the lines refused."""

    entries: list[Entry]
    leaving: list[tuple[Entry, Reason]]
    known: int
    errors: list[dict[str, Any]]


def outcome_of(
    records: Iterable[Record], columns: Layout, newsletter: Newsletter, seen: Seen | None = None
) -> Outcome:
    """What each line of the batch comes to, by a constant number of queries.

    Without `seen` it is for writing: the subscriptions stay locked until the transaction ends.
    """
    now, result, read = timezone.now(), Outcome([], [], 0, []), list[Entry]()
    for record in records:
        try:
            read.append(import_rows.read(record, columns, newsletter, now=now))
        except LineRefused as error:
            result.errors.append(_error(record.line, error.column, error.code, **error.facts))
    keys_read = {entry.key for entry in read}
    saying_no = {entry.key for entry in read if entry.leave}
    states = _states(keys_read, newsletter, lock=seen is None)
    blocked = suppression.blocked(keys_read, purpose=suppression.NEWSLETTER, scope=newsletter.purpose)
    new: set[str] = set()
    for entry in read:
        if states.get(entry.key) == SubscriptionState.CONFIRMED:
            result.known += 1
        elif states.get(entry.key) == SubscriptionState.WITHDRAWN:
            result.errors.append(_error(entry.line, "address", "left"))
        elif entry.key in blocked:
            result.errors.append(_error(entry.line, "address", f"suppressed_{blocked[entry.key]}"))
        elif entry.leave:
            result.leaving.append((entry, entry.leave))
            result.errors.append(_error(entry.line, "address", "said_to_have_left"))
        elif entry.key in saying_no:
            result.errors.append(_error(entry.line, "address", "said_to_have_left"))
        elif entry.key in new or (seen and entry.key in seen):
            result.known += 1
        else:
            new.add(entry.key)
            result.entries.append(entry)
    if seen:
        seen.add(new)
    result.errors.sort(key=lambda error: error["line"])
    return result


def _states(addresses: set[str], newsletter: Newsletter, *, lock: bool) -> dict[str, str]:
    found = Subscription.objects.to(newsletter).filter(subscriber__address_key__in=addresses)
    if lock:
        found = found.select_for_update(of=("self",))
    return {one.subscriber.address_key: one.state for one in found.select_related("subscriber")}


def _error(line: int, column: str, code: str, **facts: Any) -> dict[str, Any]:
    """No cell is repeated: the list of errors holds nothing about a person."""
    return {"line": line, "column": column, "error": code, **facts}


class Seen:
    """The addresses a trial would have entered, on disk and not in memory: a list may be long.

    As keyed hashes: whoever is erased meanwhile is named by none.
    """

    def __init__(self, file: str = "") -> None:
        """In `file`, or in a temporary file of SQLite's own that is gone when closed."""
        self._base = sqlite3.connect(file)
        self._base.execute("CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY) WITHOUT ROWID")

    def __contains__(self, key: str) -> bool:
        one = [keys.address_hash(key)]
        return self._base.execute("SELECT 1 FROM seen WHERE key = ?", one).fetchone() is not None

    def add(self, some: set[str]) -> None:
        hashed = [(keys.address_hash(key),) for key in some]
        self._base.executemany("INSERT OR IGNORE INTO seen VALUES (?)", hashed)

    def close(self) -> None:
        self._base.commit()
        self._base.close()
