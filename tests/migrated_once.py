"""Migrating once in a run of all tests: who comes first keeps a copy of the new database, the others begin with it.

Migrations take the best part of half a minute, and `bin/test` starts six processes that want them. It says where the
copy may be kept (DEPECHE_TEST_TMP, a folder of that run alone); without that each process migrates for itself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.sqlite3.creation import DatabaseCreation

NAME = "depeche_migrated"


def begin_with_the_copy() -> Callable[[], None]:
    """Have the test database begin as the copy, if there is one; to call when it is migrated, which keeps the first."""
    path = _path()
    if path is None:
        return lambda: None
    begin, keep = (_begin_sqlite, _keep_sqlite) if connection.vendor == "sqlite" else (_begin_pg, _keep_pg)
    lock = path.with_suffix(".lock").open("w")
    fcntl.flock(
        lock, fcntl.LOCK_EX
    )  # another process is at it: to wait is quicker than to do the same beside it
    if path.exists():
        lock.close()
        return begin(path)

    def migrated() -> None:
        keep(path)
        lock.close()

    return migrated


def copy_to(path: Path) -> None:
    """A database of SQLite's that is migrated, for what begins with one; nothing where no copy is kept."""
    kept = _path()
    if kept and kept.exists() and connection.vendor == "sqlite":
        shutil.copyfile(kept, path)


def template() -> str:
    """For « CREATE DATABASE … » on PostgreSQL: that it begins as the copy, if there is one."""
    path = _path()
    return f"TEMPLATE {NAME}" if path and path.exists() else ""


def _path() -> Path | None:
    """Of the copy, or of what says that there is one; None where no copies are kept."""
    folder = os.environ.get("DEPECHE_TEST_TMP")
    return Path(folder) / f"{NAME}.{connection.vendor}" if folder else None


def _begin_sqlite(path: Path) -> Callable[[], None]:
    make, held = DatabaseCreation._create_test_db, []

    def made(creation: DatabaseCreation, *arguments: object) -> str:
        name = make(creation, *arguments)
        held.append(sqlite3.connect(name, uri=True))  # a database in memory lasts while somebody has it open
        with closing(sqlite3.connect(path)) as copy:
            copy.backup(held[0])
        return name

    def migrated() -> None:
        DatabaseCreation._create_test_db = make
        held[0].close()

    DatabaseCreation._create_test_db = made
    return migrated


def _keep_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def _begin_pg(path: Path) -> Callable[[], None]:
    connection.settings_dict["TEST"]["TEMPLATE"] = NAME
    return lambda: None


def _keep_pg(path: Path) -> None:
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()  # what somebody is in cannot be copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME} TEMPLATE {database}")
    path.touch()
