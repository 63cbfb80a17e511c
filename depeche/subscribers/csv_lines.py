"""A file of subscribers as people send it: its encoding, its delimiter, and record by record in flat memory."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

LONGEST_LINE = 65_536
MOST_LINES_OF_A_RECORD = 20
DELIMITERS = (",", ";", "\t")
_CHUNK = 1 << 18


class FileRefused(ValueError):
    """Nothing of this file can be entered; `code` says why (words for it stand in `import_words`)."""

    def __init__(self, code: str, *, line: int = 0, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.line, self.facts = code, line, facts


@dataclass(frozen=True)
class Source:
    """What was found out about a file before reading it."""

    path: Path
    sha256: str
    size_bytes: int
    encoding: str
    start: int = 0  # where the text begins, after a byte order mark


@dataclass(frozen=True)
class Record:
    """One record: the line it begins and the line it ends on, the byte after it, and its cells or what is wrong."""

    line: int
    last_line: int
    end: int
    cells: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    end: int
    is_too_long: bool = False


def look(path: Path) -> Source:
    """The file's fingerprint and encoding: UTF-8 or UTF-16 with or without mark, or Windows-1252.

    Raises:
        FileRefused: empty, no text, or a byte that is wrong in the encoding the rest is in.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        file.seek(0)
        head = file.read(_CHUNK)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t \0"):
        raise FileRefused("empty_file")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused("spreadsheet")
    encoding, start = _encoding(path, head)
    return Source(path, sha256, size, encoding, start)


def _encoding(path: Path, head: bytes) -> tuple[str, int]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            _verify(path, encoding, len(mark))
            return encoding, len(mark)
    sample = head[:4096]
    for encoding, zeros, letters in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if zeros.count(0) > 0.7 * len(zeros) and letters.count(0) < 0.1 * len(letters):
            _verify(path, encoding, 0)
            return encoding, 0
    try:
        _verify(path, "utf-8", 0)
        return "utf-8", 0
    except FileRefused as error:
        # Letters that are right in UTF-8 came before: it is UTF-8 with a broken byte, not an older encoding.
        if not error.facts["had_accents"] and _is_windows(path, error.facts["byte"] - 1):
            _verify(path, "cp1252", 0)
            return "cp1252", 0
        raise


def _is_windows(path: Path, byte: int) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, byte - 2000))
        sample = file.read(_CHUNK)
    return from_bytes(sample, cp_isolation=["cp1252"]).best() is not None


def _verify(path: Path, encoding: str, start: int) -> None:
    """Raises FileRefused, which names line and byte (from 1) of what cannot be read."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines, offset, had_accents = 0, start, False
    with path.open("rb") as file:
        file.seek(start)
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = bytes(error.object[: error.start])
                raise FileRefused(
                    "wrong_encoding",
                    line=lines + good.count(b"\n") + 1,
                    byte=offset - pending + error.start + 1,
                    encoding={"cp1252": "Windows-1252"}.get(encoding, encoding.upper()),
                    had_accents=had_accents or not good.isascii(),
                ) from error
            had_accents = had_accents or not text.isascii()
            lines += text.count("\n")
            offset += len(chunk)
            if not chunk:
                return


def records(source: Source, delimiter: str, *, start: int = 0, line: int = 0) -> Iterator[Record]:
    """Each record after byte `start` (of which `line` lines came before); empty lines are left out.

    A quote that is never closed costs its own line, not the rest of the file.
    """
    lines, waiting = _lines(source, start or source.start, line), deque[_Line]()
    while waiting or (one := next(lines, None)):
        first = waiting.popleft() if waiting else one
        assert first is not None  # noqa: S101 - for mypy
        if first.is_too_long:
            yield Record(first.number, first.number, first.end, problem="line_too_long")
            continue
        record, taken = _read(first, lines, waiting, delimiter)
        waiting.extendleft(reversed(taken))
        if record.problem or any(cell.strip() for cell in record.cells):
            yield record


def _read(
    first: _Line, lines: Iterator[_Line], waiting: deque[_Line], delimiter: str
) -> tuple[Record, list[_Line]]:
    """The record that begins here, and the lines that were looked at but are not of it."""
    texts, more, last = [first.text], list[_Line](), first
    while True:
        try:
            cells = next(csv.reader(texts, delimiter=delimiter, strict=True), [])
            return Record(first.number, last.number, last.end, cells), []
        except csv.Error as error:
            problem = "bad_quotes"
            if "unexpected end of data" not in str(error):
                break
        if len(texts) == MOST_LINES_OF_A_RECORD:
            break
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            break
        more.append(following)
        if following.is_too_long:
            break
        last = following
        texts.append(following.text)
    return Record(first.number, first.number, first.end, problem=problem), more


def _lines(source: Source, start: int, number: int) -> Iterator[_Line]:
    """Each line with the byte after it; of one that is too long only that it is."""
    with source.path.open("rb") as raw:
        raw.seek(start)
        text = io.TextIOWrapper(raw, encoding=source.encoding, errors="strict", newline="")
        end = start
        while line := text.readline(LONGEST_LINE):
            number += 1
            end += len(line.encode(source.encoding))
            piece, is_too_long = line, False
            while len(piece) == LONGEST_LINE and not piece.endswith(("\n", "\r")):
                piece = text.readline(LONGEST_LINE)
                is_too_long = is_too_long or bool(piece)
                end += len(piece.encode(source.encoding))
            yield _Line(number, "" if is_too_long else line, end, is_too_long)
