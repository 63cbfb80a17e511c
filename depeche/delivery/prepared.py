"""Queries that are written once and run often: the ORM takes longer to write one than the database to answer it."""

from __future__ import annotations

import datetime as dt
import json
import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from .among import as_parameter


class Place(Value):
    """Stands in a query for what is told at each run: a number, a word, a time, a day, or keys for `among`."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Prepared:
    """A query of columns; `make` is called once per kind of database. Rows come as the database has them.

    From SQLite all come in one piece: it is asked for each row anew, and all other threads would take their turn between.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._by_vendor: dict[str, tuple[str, list[Any], str]] = {}
        _all.add(self)

    def rows(self, **values: object) -> list[Sequence[Any]]:
        """The rows for these values of the places."""
        return self._run(*self.sql(**values))

    def locked(self, limit: int, **values: object) -> list[Sequence[Any]]:
        """At most so many rows, ours till the transaction ends, without those that others hold."""
        skips = connection.features.has_select_for_update_skip_locked
        return self._run(*self.sql(**values), f" LIMIT {limit:d}" + " FOR UPDATE SKIP LOCKED" * skips)

    def kept(self, model: type[Model], **values: object) -> list[Sequence[Any]]:
        """The rows, of which nobody changes `model` until our transaction, if there is one, ends."""
        is_shared = connection.features.has_select_for_update_of and connection.in_atomic_block
        table = connection.ops.quote_name(model._meta.db_table)
        return self._run(*self.sql(**values), f" FOR SHARE OF {table}" * is_shared)

    def first(self, **values: object) -> Sequence[Any] | None:
        """One row, or None."""
        found = self._run(*self.sql(**values), " LIMIT 1")
        return found[0] if found else None

    def sql(self, **values: object) -> tuple[str, list[Any]]:
        """Statement and parameters for these values of the places."""
        sql, params, _columns = self.written()
        return sql, [_adapted(values[one.value]) if isinstance(one, Place) else one for one in params]

    def written(self) -> tuple[str, list[Any], str]:
        """Statement, parameters with their places, and names of columns, for this kind of database."""
        if connection.vendor not in self._by_vendor:
            compiler = self._make().query.get_compiler(connection=connection)
            made, places = compiler.as_sql(with_col_aliases=True)
            columns = ", ".join(str(alias) for _column, _sql, alias in compiler.select)
            self._by_vendor[connection.vendor] = made, list(places), columns
        return self._by_vendor[connection.vendor]

    def _run(self, sql: str, params: list[Any], end: str = "") -> list[Sequence[Any]]:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                query = f"SELECT json_group_array(json_array({self.written()[2]})) FROM ({sql}{end})"  # noqa: S608
                ((rows,),) = cursor.execute(query, params).fetchall()
                found: list[Sequence[Any]] = json.loads(rows)
                return found
            cursor.execute(sql + end, params)
            return list(cursor.fetchall())


_all: weakref.WeakSet[Prepared] = weakref.WeakSet()


def write_all() -> None:
    """Write now what would be written at its first run."""
    for query in list(_all):
        query.written()


def _adapted(value: object) -> object:
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return as_parameter(value)
    return value
