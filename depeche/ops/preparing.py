"""What happens between an empty (or old) data folder and a paper that can be served."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import django
import wagtail
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from huey.contrib.djhuey import HUEY

from depeche.subscribers import replaying

from . import newsroom
from .checks import refuse_unsafe
from .refusal import CannotStart

COPIES_KEPT = 3
COPIES_KEPT_FOR = dt.timedelta(days=30)


def prepare(*, with_demo: bool) -> None:
    """Make all ready, and tell the password of the first editor if there was none before.

    Raises:
        CannotStart: unsafe settings, or no way to copy the database before it is changed.
    """
    refuse_unsafe()
    migrate()
    HUEY.storage.initialize_schema()
    prune_copies(settings.DATA / "backups")
    _collect_static_files()
    newsroom.set_up()
    _replay()
    with transaction.atomic():  # a password is told only if all that comes before it went well
        first_editor = newsroom.make_first_editor()
        if first_editor and with_demo:
            from . import demo

            _say(_("Loading the demo newspaper…"))
            demo.load()
    if first_editor:
        _say("")
        _say(
            _("Sign in as %(user)s with the password %(password)s (shown once, here).")
            % {"user": first_editor[0], "password": first_editor[1]}
        )


def _replay() -> None:
    """Do again what a restored database forgot; see `replaying`."""
    done = replaying.replay(since_last_time=True)
    if done.total:
        _say(
            ngettext(
                "The journal knew of %(count)d decision of readers that the database had lost: it holds again.",
                "The journal knew of %(count)d decisions of readers that the database had lost: they hold again.",
                done.total,
            )
            % {"count": done.total}
        )
    if done.doubt:
        words = _("No edition leaves: %(doubt)s. “bin/depeche journal accept” says what that means.")
        _say(words % {"doubt": done.doubt.label})


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
    partial = target.with_name(f".{target.name}")
    if settings.IS_SQLITE:
        name = str(settings.DATABASES["default"]["NAME"])
        with (
            contextlib.closing(sqlite3.connect(name)) as source,
            contextlib.closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy)
    else:
        _dump_postgresql(partial)
    partial.chmod(0o600)
    partial.rename(target)
    prune_copies(folder)
    return target


def prune_copies(folder: Path) -> None:
    """Keep the last three copies, 30 days at most: who was erased must not live on in them."""
    if not folder.exists():
        return
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
    database = settings.DATABASES["default"]
    options = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    # In the environment, not on the command line, where every user of the machine could read the password.
    given = {name: str(database[key]) for name, key in options.items() if database.get(key)}
    if socket_folder := database.get("OPTIONS", {}).get("host"):
        given["PGHOST"] = socket_folder
    try:
        subprocess.run(
            ["pg_dump", "--format=custom", f"--file={target}"],
            check=True,
            timeout=3600,
            env={**os.environ, **given},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise CannotStart(
            "The database could not be copied, so it was not changed: pg_dump's reason stands above.",
            "La base n’a pas pu être copiée, elle n’a donc pas été modifiée : la raison de pg_dump est ci-dessus.",
        ) from error


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
