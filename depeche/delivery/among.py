"""Conditions as the hot queries of delivery want them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


def among(column: str, place: str = "%s") -> str:
    """The condition that `column` is one of those which `place` stands for, in the database at hand."""
    if connection.vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each({place}))"  # noqa: S608
    return f"{column} = ANY({place})"


def as_parameter(keys: Iterable[Any]) -> Any:
    """What such a place takes."""
    return json.dumps(list(keys)) if connection.vendor == "sqlite" else list(keys)


@models.Field.register_lookup
class Among(models.Lookup[Any]):
    """`pk__among=keys`: what `pk__in` means, but the keys are one parameter, which costs a tenth."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        if not hasattr(self.rhs, "resolve_expression"):
            return among(column), (*params, as_parameter(self.rhs))
        place, keys = compiler.compile(self.rhs)
        return among(column, place), (*params, *keys)


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
