"""Setting up a newsroom once in a test process: later tests get its rows, not its hundreds of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.models import Site

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class SetUp:
    """What setting up did to a database: the tables it changed, before and after."""

    before: Rows
    after: Rows
    keys: dict[str, str]
    began: dt.datetime
    ended: dt.datetime

    def again(self) -> bool:
        """Do the same to a database that is as that one was; False, and nothing done, for any other."""
        if _rows_of(self.before) != self.before:
            return False
        now = timezone.now()
        with connection.cursor() as cursor:
            for table, rows in self.before.items():
                gone = [row for row in rows if row not in self.after[table]]
                came = [self._at(now, row) for row in self.after[table] if row not in rows]
                name = connection.ops.quote_name(table)
                if gone:  # in whatever order: references are looked at when all is in
                    places = ", ".join(["%s"] * len(gone))
                    key = connection.ops.quote_name(self.keys[table])
                    cursor.execute(f"DELETE FROM {name} WHERE {key} IN ({places})", [row[0] for row in gone])
                if came:
                    places = ", ".join(["(" + ", ".join(["%s"] * len(came[0])) + ")"] * len(came))
                    cursor.execute(
                        f"INSERT INTO {name} VALUES {places}", [value for row in came for value in row]
                    )
        Site.clear_site_root_paths_cache()
        return True

    def _at(self, now: dt.datetime, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The row with the clock of this test: what was done then is done now."""
        return tuple(self._moved(now, value) if isinstance(value, dt.datetime) else value for value in row)

    def _moved(self, now: dt.datetime, value: dt.datetime) -> dt.datetime:
        zone = value.tzinfo  # SQLite's have none, and mean UTC
        if self.began <= (value if zone else value.replace(tzinfo=dt.UTC)) <= self.ended:
            return now if zone else now.replace(tzinfo=None)
        return value


def _keys_of(tables: list[str]) -> dict[str, str]:
    """The first column of each table, which is its key."""
    keys = {}
    with connection.cursor() as cursor:
        for table in tables:
            keys[table] = connection.introspection.get_primary_key_column(cursor, table)
            assert keys[table] == connection.introspection.get_table_description(cursor, table)[0].name
    return keys


def _rows_of(tables: Iterable[str]) -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


_done: dict[tuple[str, ...], SetUp] = {}


def set_up_once(set_up: Callable[[], None]) -> None:
    """Leave the database as `set_up` leaves it; where that was done before to one like this, by its rows alone."""
    if not connection.in_atomic_block:  # commits are real: what follows them too
        set_up()
        return
    names = ("BASE_URL", "LANGUAGES", "LANGUAGE_CODE", "DEFAULT_FROM_EMAIL", "WAGTAIL_SITE_NAME")
    setting = tuple(repr(getattr(settings, name)) for name in names)
    if setting not in _done:
        tables = connection.introspection.django_table_names(only_existing=True)
        before, began = _rows_of(tables), timezone.now()
        set_up()
        after, ended = _rows_of(tables), timezone.now()
        changed = [table for table in tables if before[table] != after[table]]
        _done[setting] = SetUp(
            {table: before[table] for table in changed},
            {table: after[table] for table in changed},
            _keys_of(changed),
            began,
            ended,
        )
    elif not _done[setting].again():
        set_up()
