"""Tables the database itself keeps from being changed: a migration operation for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import migrations


class AppendOnly(migrations.RunPython):
    """Refuse UPDATE, DELETE and (on PostgreSQL) TRUNCATE on the table of a model.

    SQLite drops triggers with a table it rebuilds: a migration that alters a field there ends with this again.
    """

    def __init__(self, model: str) -> None:
        """`model` as « app.Model »."""
        self.model = model
        super().__init__(self._forbid, self._allow)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {}

    def _forbid(self, apps: Any, editor: Any) -> None:
        for statement in forbid(apps.get_model(self.model)._meta.db_table, editor.connection.vendor):
            editor.execute(statement)

    def _allow(self, apps: Any, editor: Any) -> None:
        for statement in allow(apps.get_model(self.model)._meta.db_table, editor.connection.vendor):
            editor.execute(statement)


def forbid(table: str, vendor: str) -> list[str]:
    """The statements that make `table` append-only."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


def allow(table: str, vendor: str) -> list[str]:
    """The statements that undo it; for migrations only."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for act in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_append_only",
    ]
