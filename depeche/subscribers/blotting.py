"""Files of readers that wait to be entered, when one of them is erased: nothing in them names that person any more.

Each file keeps its length, so an import that is half way goes on at its byte.
"""

from __future__ import annotations

import mmap
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import idna
from django.db import connection

from depeche.delivery.messages import address_key

from . import csv_lines, import_rows, uploads
from .csv_columns import unguarded
from .csv_lines import FileRefused, Record
from .models import ImportRun

_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
_CHUNK, _LONGEST = 1 << 20, 1 << 10
_LOCK = 0x496D706F  # on PostgreSQL: batches of imports beside one another, an erasure alone


def enter_in_turn() -> None:
    """Wait for an erasure under way; until this transaction ends, none begins. SQLite has one writer anyway."""
    _hold("pg_advisory_xact_lock_shared")


def erase_in_turn() -> None:
    """Wait for batches being entered; until this transaction ends, none begins."""
    _hold("pg_advisory_xact_lock")


def blot(address: str) -> int:
    """Overwrite the lines of this address, and where others' lines name it; in how many files it stood."""
    if not address.strip():
        return 0
    count, spellings = 0, _spellings(address)
    for path in uploads.waiting():
        with suppress(FileNotFoundError):  # done with meanwhile
            count += _blot(path, spellings)
    for run in ImportRun.objects.filter(file_name__icontains=address.strip()):
        run.file_name = re.sub(_any(spellings), "…", run.file_name, flags=re.IGNORECASE)
        run.save(update_fields=["file_name"])
    return count


def _hold(lock: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [_LOCK])


def _blot(path: Path, spellings: set[str]) -> bool:
    if not path.stat().st_size:  # an upload that was broken off
        return False
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        if not _may_name(content, spellings):
            return False
        try:
            changes = list(_blotted(path, content, spellings))
        except FileRefused:  # nothing of it can be entered anyway
            path.unlink()
            return True
        for start, end, new in changes:
            content[start:end] = new
        content.flush()
    return bool(changes)


def _may_name(content: mmap.mmap, spellings: set[str]) -> bool:
    """Whether it is worth reading: somewhere stands the longest part of the address that is the same in every encoding."""
    parts = {max(re.findall(r"[ -~]+", one), key=len).lower() for one in spellings}
    sought = [part.encode(encoding) for part in parts for encoding in _ENCODINGS]
    for start in range(0, len(content), _CHUNK):
        some = content[start : start + _CHUNK + _LONGEST].lower()
        if any(one in some for one in sought):
            return True
    return False


def _blotted(path: Path, content: mmap.mmap, spellings: set[str]) -> Iterator[tuple[int, int, bytes]]:
    """From which byte to which something else shall stand, of the same length."""
    source = csv_lines.look(path)
    columns = import_rows.layout(source)
    named, theirs = _in_text(spellings), {address_key(one) for one in spellings}
    start = source.start
    for record in csv_lines.records(source, columns.delimiter):
        text = content[start : record.end].decode(source.encoding)
        if named.search(text):
            whole = _is_about(record, columns.places["address"], theirs)
            pattern = re.compile(r"[^\r\n]+") if whole else named
            new = pattern.sub(lambda found: _spaces(found[0], source.encoding), text)
            yield start, record.end, new.encode(source.encoding)
        start = record.end


def _is_about(record: Record, place: int, theirs: set[str]) -> bool:
    if record.problem or place >= len(record.cells):
        return True
    return address_key(unguarded(record.cells[place])) in theirs


def _spaces(text: str, encoding: str) -> str:
    return " " * (len(text.encode(encoding)) // len(" ".encode(encoding)))


def _spellings(address: str) -> set[str]:
    """With the domain in letters and in ASCII, and accents composed and not."""
    local, _, domain = address.strip().lower().rpartition("@")
    domains = {domain}
    for other in (idna.encode, idna.decode):
        with suppress(UnicodeError):
            found = other(domain)
            domains.add(found.decode() if isinstance(found, bytes) else found)
    every = {f"{local}@{one}" for one in domains}
    return {unicodedata.normalize(form, one) for one in every for form in ("NFC", "NFD")}


def _in_text(spellings: set[str]) -> re.Pattern[str]:
    """Any of them, but not as a part of a longer address."""
    return re.compile(rf"(?<![\w.+-])(?:{_any(spellings)})(?![\w-]|\.\w)", re.IGNORECASE)


def _any(spellings: set[str]) -> str:
    return "|".join(map(re.escape, spellings))
