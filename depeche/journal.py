"""What must survive a restore of the database: who left, was erased or may not be written to, as keyed hashes.

One line of JSON for each, appended to a file outside the database and flushed to the disk (fsync). The file names
nobody: addresses stand as keyed hashes, see `depeche.keys`.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from depeche import keys

logger = logging.getLogger(__name__)

WITHDRAWN, SUPPRESSED, LIFTED, ERASED, SENT, HEAD, ACCEPTED = (
    "withdrawn",
    "suppressed",
    "lifted",
    "erased",
    "sent",
    "consent_head",
    "accepted",
)


def note(kind: str, *, at: dt.datetime | None = None, **facts: Any) -> None:
    """Append one record once this transaction commits; `facts` are JSON values and name nobody."""
    record = {"kind": kind, "at": (at or timezone.now()).isoformat(), **facts}
    transaction.on_commit(functools.partial(append, record), robust=True)


def append(record: dict[str, Any]) -> None:
    """Append one record now, with a keyed hash that shows a later change of it.

    Raises:
        OSError: the disk is full or the folder not ours.
    """
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    record = {"key": keys.current().number, **record}
    line = _canonical({**record, "mac": _mac(record)})
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        length = os.fstat(handle).st_size
        is_torn = length and os.pread(handle, 1, length - 1) != b"\n"  # the power failed within a line
        os.write(handle, (b"\n" if is_torn else b"") + f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def records(*kinds: str, start: int = 0) -> Iterator[dict[str, Any]]:
    """The records of these kinds (none named: all) from byte `start` on, the oldest first.

    A torn or changed line is logged and left out.
    """
    for record in lines(start=start):
        if record and (not kinds or record["kind"] in kinds):
            yield record


def lines(*, start: int = 0) -> Iterator[dict[str, Any] | None]:
    """The record of each line from byte `start` on; None, and a warning, where it is torn, changed or not ours."""
    if not file().exists():
        return
    with file().open("rb") as written:
        position = written.seek(start)
        for line in written:
            record = _record(line)
            if record is None:
                logger.warning("%s, byte %s: not a record of ours; left out", file(), position)
            yield record
            position += len(line)


def length() -> int:
    """In bytes; 0 where there is none."""
    return file().stat().st_size if file().exists() else 0


def exists() -> bool:
    """Whether anything was ever noted here: a restored database without its journal may write to who left."""
    return file().exists()


def file() -> Path:
    return Path(settings.JOURNAL_FILE)


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
        return record if keys.same(record.pop("mac"), _mac(record)) else None
    except (ValueError, KeyError, AttributeError, TypeError, keys.UnknownKey):
        return None


def _mac(record: dict[str, Any]) -> str:
    """Of all but itself, under the key whose number it holds: lines outlive a change of keys."""
    return keys.key(record["key"]).mac("journal", _canonical(record))


_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
