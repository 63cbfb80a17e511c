"""Entering subscribers from a file: who may be written to, with what proves it; each batch whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from depeche import keys, rows
from depeche.delivery import suppression

from . import blotting, csv_lines, import_rows, recording
from .consent import Action, Detail
from .csv_lines import FileRefused, Record, Source
from .import_outcome import Outcome, Seen, outcome_of
from .import_rows import Entry, Layout
from .models import ImportRun, Newsletter, Subscriber, Subscription, SubscriptionState
from .recording import Happening

BATCH = 500
ERRORS_KEPT = 1_000
PERMISSION = "subscribers.add_importrun"
_CONFIRMED = [
    "state",
    "request_nonce",
    "confirmed_at",
    "basis",
    "sale_reference",
    "was_shown_opt_out",
    "is_own_product",
]


class NotAllowed(Exception):
    """This person may not enter subscribers."""


class AnotherIsAtIt(Exception):
    """The same import is being run by another process, which goes on with it."""


def start(
    path: Path,
    *,
    newsletter: Newsletter,
    by: Any,
    trial: ImportRun | None = None,
    at: dt.datetime | None = None,
) -> ImportRun:
    """The run for this file: the one that stopped before its end, or a new one. Nothing is entered yet.

    After a `trial` it keeps the name and the fingerprint of what was uploaded, though lines may have been blotted out since.

    Raises:
        NotAllowed: `by` may not.
        FileRefused: nothing of the file can be entered.
    """
    if not by.has_perm(PERMISSION):
        raise NotAllowed(by)
    source = csv_lines.look(path)
    import_rows.layout(source)
    sha256 = trial.sha256 if trial else source.sha256
    unfinished = ImportRun.objects.filter(
        sha256=sha256, newsletter=newsletter, finished_at=None, is_trial=False
    ).first()
    return unfinished or ImportRun.objects.create(
        file_name=trial.file_name if trial else path.name[:200],
        sha256=sha256,
        size_bytes=source.size_bytes,
        newsletter=newsletter,
        started_by=by,
        started_at=at or timezone.now(),
    )


def try_out(
    path: Path, *, newsletter: Newsletter, tell: Callable[[ImportRun], None] = lambda run: None
) -> ImportRun:
    """What an import would come to; writes nothing, the run is not saved.

    Raises:
        FileRefused: nothing of the file can be entered.
    """
    source = csv_lines.look(path)
    run = ImportRun(
        file_name=path.name[:200],
        sha256=source.sha256,
        size_bytes=source.size_bytes,
        newsletter=newsletter,
        started_at=timezone.now(),
        is_trial=True,
    )
    with closing(Seen()) as seen:
        try_on(run, path, seen, tell=tell)
    return run


def try_on(
    run: ImportRun,
    path: Path,
    seen: Seen,
    *,
    batches: int | None = None,
    tell: Callable[[ImportRun], None] = lambda run: None,
) -> bool:
    """Look at what comes after the last batch, at most `batches` of them; whether the end was reached.

    Raises:
        FileRefused: nothing of the file can be entered.
    """
    source = csv_lines.look(path)
    columns = import_rows.layout(source)
    for batch in islice(_batches(source, columns, run), batches):
        outcome = outcome_of(batch.records, batch.columns, run.newsletter, seen)
        _move(run, _counts(run, batch, outcome))
        tell(run)
    is_done = next(_batches(source, columns, run), None) is None
    if is_done:
        run.finished_at = timezone.now()
        tell(run)
    return is_done


def go_on(
    run: ImportRun,
    path: Path,
    *,
    by: str,
    batches: int | None = None,
    tell: Callable[[ImportRun], None] = lambda run: None,
) -> bool:
    """Enter what comes after the last batch that was kept, at most `batches` of them; whether the end was reached.

    `by` is the user name that the consent log keeps.

    Raises:
        FileRefused: it is not the file the run began with.
        AnotherIsAtIt: another process entered this batch meanwhile.
    """
    source = csv_lines.look(path)
    if source.sha256 != run.sha256 and not run.upload:  # an upload changes where somebody was erased
        raise FileRefused("changed_meanwhile")
    columns = import_rows.layout(source)
    for _ in islice(repeat(None), batches):
        if not _enter_next(run, source, columns, by):
            break
        tell(run)
    is_done = next(_batches(source, columns, run), None) is None
    if is_done:
        run.finished_at = run.moved_at = timezone.now()
        run.save(update_fields=["finished_at", "moved_at"])
        tell(run)
    return is_done


@dataclass(frozen=True)
class _Batch:
    records: list[Record]
    columns: Layout

    @property
    def last(self) -> Record:
        return self.records[-1]


def _batches(source: Source, columns: Layout, run: ImportRun) -> Iterator[_Batch]:
    """What comes after the last line that was seen to."""
    start, line = (run.bytes_done, run.lines_done) if run.bytes_done else (columns.start, columns.line)
    records = csv_lines.records(source, columns.delimiter, start=start, line=line)
    while some := list(islice(records, BATCH)):
        yield _Batch(some, columns)


def _enter_next(run: ImportRun, source: Source, columns: Layout, by: str) -> bool:
    """One batch and how far the run is, in one transaction; whether there was any."""
    with transaction.atomic():
        blotting.enter_in_turn()
        batch = next(_batches(source, columns, run), None)  # read now: an erasure before changed the file
        if batch is None:
            return False
        # Whoever moves the run first enters the batch; another process waits here, and finds it moved.
        mine = ImportRun.objects.filter(pk=run.pk, lines_done=run.lines_done, finished_at=None)
        if not mine.update(lines_done=batch.last.last_line):
            raise AnotherIsAtIt(run.pk)
        outcome = outcome_of(batch.records, batch.columns, run.newsletter)
        _write(run, outcome, by)
        counts = _counts(run, batch, outcome)
        ImportRun.objects.filter(pk=run.pk).update(**counts)
    _move(run, counts)
    return True


def _counts(run: ImportRun, batch: _Batch, outcome: Outcome) -> dict[str, Any]:
    """How far the run is with this batch."""
    return {
        "lines_done": batch.last.last_line,
        "bytes_done": batch.last.end,
        "moved_at": timezone.now(),
        "entered": run.entered + len(outcome.entries),
        "known": run.known + outcome.known,
        "refused": run.refused + len(outcome.errors),
        "errors": [*run.errors, *outcome.errors][:ERRORS_KEPT],
    }


def _move(run: ImportRun, counts: dict[str, Any]) -> None:
    for name, value in counts.items():
        setattr(run, name, value)


def _write(run: ImportRun, outcome: Outcome, by: str) -> None:
    now, newsletter = timezone.now(), run.newsletter
    subscribers = _subscribers(outcome.entries, now)
    asked = {
        one.subscriber_id: one
        for one in Subscription.objects.to(newsletter).filter(subscriber__in=subscribers.values())
    }
    new = []
    for entry in outcome.entries:
        subscriber = subscribers[entry.key]
        subscription = asked.get(subscriber.pk) or Subscription(
            subscriber=subscriber, newsletter=newsletter, requested_at=entry.agreed_at
        )
        subscription.state, subscription.request_nonce = SubscriptionState.CONFIRMED, ""
        subscription.confirmed_at, subscription.basis = entry.agreed_at, entry.basis
        for name, value in entry.sale.items():
            setattr(subscription, name, value)
        if subscription.pk is None:
            new.append(subscription)
    rows.insert(new)
    Subscription.objects.bulk_update(asked.values(), _CONFIRMED)
    recording.record_all([_happening(run, entry, by, now) for entry in outcome.entries])
    for entry, reason in outcome.leaving:
        scope = newsletter.purpose if suppression.RULES[reason].is_scoped else ""
        suppression.suppress(entry.address, reason, scope=scope, at=now)


def _subscribers(entries: list[Entry], now: dt.datetime) -> dict[str, Subscriber]:
    """The subscriber for each address, by its key; made where there is none."""
    wanted = {entry.key: entry for entry in entries}
    found = {one.address_key: one for one in Subscriber.objects.filter(address_key__in=wanted)}
    new = [
        Subscriber(
            address=entry.address,
            address_key=key,
            address_hash=keys.address_hash(entry.address),
            language=entry.language,
            created_at=now,
            last_contact_at=entry.agreed_at,
        )
        for key, entry in wanted.items()
        if key not in found
    ]
    Subscriber.objects.bulk_create(new)
    return found | {one.address_key: one for one in new}


def _happening(run: ImportRun, entry: Entry, by: str, now: dt.datetime) -> Happening:
    """Origin and proof are details, which erasure takes away: they may name people, and the chain may not."""
    told = recording.canonical({"source": entry.source, "proof": entry.proof})
    return Happening(
        Action.IMPORT,
        entry.address,
        run.newsletter.purpose,
        basis=entry.basis,
        actor="staff",
        details={Detail.ACTOR: by, Detail.PROVENANCE: told},
        facts={
            "newsletter": run.newsletter.name,
            "language": entry.language,
            "agreed_at": entry.agreed_at.isoformat(),
            "file_sha256": run.sha256,
            "line": entry.line,
        },
        at=now,
    )
