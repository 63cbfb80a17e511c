"""Imports from the browser: a file is tried out, then entered by the worker, some batches at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import csv_lines, import_rows, importing, uploads
from .csv_lines import FileRefused
from .import_outcome import Seen
from .models import ImportRun, Newsletter

BATCHES_AT_ONCE = 10  # some seconds: readers who sign up wait behind it for their mail
STUCK = dt.timedelta(minutes=2)


class NotToBeEntered(Exception):
    """This trial is not over, or its file is gone."""


def upload(chunks: Iterable[bytes], *, file_name: str, newsletter: Newsletter, by: Any) -> ImportRun:
    """A trial of this file, for the worker to make. Nothing is kept of a file that is refused as a whole.

    Raises:
        NotAllowed: `by` may not.
        FileRefused: nothing of it can be entered.
    """
    if not by.has_perm(importing.PERMISSION):
        raise importing.NotAllowed(by)
    name = uploads.keep(chunks)
    try:
        source = csv_lines.look(uploads.path(name))
        import_rows.layout(source)
    except FileRefused:
        uploads.delete(name)
        raise
    now = timezone.now()
    return ImportRun.objects.create(
        file_name=file_name[:200],
        sha256=source.sha256,
        size_bytes=source.size_bytes,
        newsletter=newsletter,
        started_by=by,
        started_at=now,
        moved_at=now,
        is_trial=True,
        upload=name,
    )


@transaction.atomic
def enter(trial: ImportRun, *, by: Any) -> ImportRun:
    """The import of what was tried out, for the worker to make; one that stopped earlier goes on.

    Raises:
        NotAllowed: `by` may not.
        NotToBeEntered: the trial is not over, was entered or discarded, or the file is gone.
        FileRefused: nothing of it can be entered.
    """
    trial = ImportRun.objects.select_for_update(of=("self",)).get(pk=trial.pk)
    if not trial.is_trial or not trial.finished_at or not trial.upload:
        raise NotToBeEntered(trial.pk)
    try:
        path = uploads.path(trial.upload)
        run = importing.start(path, newsletter=trial.newsletter, by=by, trial=trial)
    except FileNotFoundError as error:
        raise NotToBeEntered(trial.pk) from error
    if run.upload:
        uploads.delete(run.upload)
    run.upload, run.moved_at, trial.upload = trial.upload, timezone.now(), ""
    run.save(update_fields=["upload", "moved_at"])
    trial.save(update_fields=["upload"])
    return run


def discard(run: ImportRun) -> None:
    """Delete its file; nothing more of it is entered, what was stays."""
    if run.upload:
        uploads.delete(run.upload)
        ImportRun.objects.filter(pk=run.pk).update(upload="")


def move(run_id: int) -> bool:
    """Some more batches of a trial or an import; whether there is more to do."""
    run = ImportRun.objects.select_related("newsletter", "started_by").filter(pk=run_id).first()
    if run is None or run.finished_at or not run.upload:
        return False
    try:
        is_done = _try_on(run) if run.is_trial else _go_on(run)
    except importing.AnotherIsAtIt:
        return False
    except (FileRefused, FileNotFoundError) as error:
        told = error.code if isinstance(error, FileRefused) else "upload_gone"
        refusal = {"line": 0, "column": "", "error": told}
        ImportRun.objects.filter(pk=run.pk).update(errors=[refusal, *run.errors], upload="")
        return False
    if is_done and not run.is_trial:
        discard(run)
    return not is_done


def stuck(*, at: dt.datetime | None = None) -> list[int]:
    """The runs whose worker died."""
    limit = (at or timezone.now()) - STUCK
    waiting = ImportRun.objects.filter(finished_at=None, moved_at__lt=limit).exclude(upload="")
    return list(waiting.values_list("pk", flat=True))


def forget(*, at: dt.datetime | None = None) -> int:
    """Delete the files that lay for a day; how many there were."""
    count = uploads.forget(at=at)
    for run in ImportRun.objects.exclude(upload=""):
        if not uploads.path(run.upload).exists():
            ImportRun.objects.filter(pk=run.pk).update(upload="")
    return count


def _try_on(run: ImportRun) -> bool:
    def keep(moved: ImportRun) -> None:
        moved.save(
            update_fields=[
                *("lines_done", "bytes_done", "entered", "known", "refused", "errors"),
                *("moved_at", "finished_at"),
            ]
        )

    with closing(Seen(str(uploads.seen(run.upload)))) as seen:
        return importing.try_on(run, uploads.path(run.upload), seen, batches=BATCHES_AT_ONCE, tell=keep)


def _go_on(run: ImportRun) -> bool:
    by = run.started_by.get_username() if run.started_by else "?"
    return importing.go_on(run, uploads.path(run.upload), by=by, batches=BATCHES_AT_ONCE)
