"""What happens between an empty (or old) data folder and a paper that can be served."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import django
import wagtail
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from . import newsroom
from .checks import problems
from .refusal import CannotStart

COPIES_KEPT = 3
COPIES_KEPT_FOR = dt.timedelta(days=30)


def prepare(*, with_demo: bool) -> tuple[str, str] | None:
    """Make all ready; user name and password of the first editor if there was none before.

    Raises:
        CannotStart: unsafe settings, or no way to copy the database before it is changed.
    """
    unsafe = [problem for problem in problems() if problem.is_unsafe]
    if unsafe:
        lines = "\n".join(f"{problem.setting}: {problem.message}" for problem in unsafe)
        raise CannotStart(lines, lines)
    migrate()
    newsroom.set_up()
    first_editor = newsroom.make_first_editor()
    if first_editor and with_demo:
        from . import demo

        _say(_("Loading the demo newspaper…"))
        demo.load()
    _collect_static_files()
    return first_editor


def migrate() -> None:
    """Bring the database up to date, after a copy of it; nothing at all where it is."""
    connection = connections[DEFAULT_DB_ALIAS]
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations:
        _say(_("Copying the database before it is changed…"))
        copy_database(settings.DATA / "backups")
    _say(_("Preparing the database…"))
    call_command("migrate", interactive=False, verbosity=0)


def copy_database(folder: Path) -> Path:
    """A whole copy in `folder`, which keeps the last three, 30 days at most.

    Raises:
        CannotStart: PostgreSQL without pg_dump.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{timezone.now():%Y%m%dT%H%M%S%f}.{'sqlite3' if settings.IS_SQLITE else 'pgdump'}"
    if settings.IS_SQLITE:
        name = str(settings.DATABASES["default"]["NAME"])
        with (
            contextlib.closing(sqlite3.connect(name)) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    else:
        _dump_postgresql(target)
    target.chmod(0o600)
    prune_copies(folder)
    return target


def prune_copies(folder: Path) -> None:
    copies = sorted(folder.iterdir(), key=lambda path: path.name, reverse=True)
    limit = (timezone.now() - COPIES_KEPT_FOR).timestamp()
    for position, path in enumerate(copies):
        if position >= COPIES_KEPT or path.stat().st_mtime < limit:
            path.unlink()


def _dump_postgresql(target: Path) -> None:
    if shutil.which("pg_dump") is None:
        raise CannotStart(
            "The database must be copied before it is changed: install postgresql-client and start again.",
            "La base doit être copiée avant d’être modifiée : installez postgresql-client et recommencez.",
        )
    subprocess.run(
        ["pg_dump", "--format=custom", f"--file={target}", settings.DATABASE_URL], check=True, timeout=3600
    )


def _collect_static_files() -> None:
    """Gather and compress them, if they are not those of the last start."""
    files = sorted(
        path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()
    )
    versions = f"{django.__version__} {wagtail.__version__}"
    contents = hashlib.sha256(versions.encode())
    for path in files:
        contents.update(path.name.encode() + path.read_bytes())
    stamp = settings.STATIC_ROOT / ".stamp"
    if stamp.exists() and stamp.read_text() == contents.hexdigest():
        return
    _say(_("Gathering the static files…"))
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(contents.hexdigest())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
