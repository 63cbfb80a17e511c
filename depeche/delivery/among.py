"""Conditions as the hot queries of delivery want them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, list[Any]]


@models.Field.register_lookup
class Among(models.Lookup[Any]):
    """`pk__among=keys`: what `pk__in` means, but the keys are one parameter, which costs a tenth."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        keys = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, keys]  # noqa: S608

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]


class Written(models.Value):
    """A word of ours that stands in the statement itself, as in the condition of a partial index.

    Of a parameter SQLite does not know whether that condition holds, and passes the index by.
    """

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[()]]:
        return f"'{self.value}'", ()


def written(words: Iterable[str]) -> list[Written]:
    """Raises ValueError: what is no plain word."""
    found = [str(word) for word in words]
    if not all(word.isidentifier() for word in found):
        raise ValueError(found)
    return [Written(word) for word in found]
