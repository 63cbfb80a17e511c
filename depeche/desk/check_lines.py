"""JSON Lines: one text a line in, one object a line out, in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO

from depeche.desk.article import MAX_SOURCE_BYTES, Article, UnreadableSource
from depeche.desk.checked import Checked
from depeche.desk.draft import Dossier
from depeche.desk.files import read_for
from depeche.desk.house import House
from depeche.desk.intake import (
    DEFAULT_LANGUAGE,
    KINDS,
    Refused,
    Told,
    article_in,
    language_of,
    refused_source,
)
from depeche.desk.interface_words import Words
from depeche.desk.records import Record, record

LONGEST_LINE = 6 * MAX_SOURCE_BYTES  # JSON may write a character in six

_FEWEST_WORDS = 60  # a single sentence in another language is rather a quotation or a name


@dataclass(frozen=True)
class LineReader:
    """Reads lines for somebody: what they told of all texts, the newsroom's rules, the codes that count, and
    the severity that fails ("" where the rules say it).
    """

    told: Told
    house: House
    codes: frozenset[str] | None
    fail_on: str
    words: Words

    def answers(self, stream: BinaryIO, name: str) -> Iterator[tuple[Record, Checked | None]]:
        """For each line the object to print, and what was read; None where the line could not be."""
        for number, line in enumerate(_lines(stream), 1):
            if line is not None and not line.strip():
                continue
            given: Any = None
            try:
                given = _json(line)
                checked = self._checked(given, f"{name}:{number}")
            except Refused as refused:
                yield self._error(refused, given, name, number), None
            else:
                row = record(checked.reading, self.words.language)
                yield {"id": given.get("id", number), **row}, checked

    def _checked(self, given: Any, name: str) -> Checked:
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            raise Refused("refused.line.object")
        text = given["text"]
        article = _article(text, name)
        language = _text(given, "language") or self.told.language
        language = language or language_of(article, name, fewest_words=_FEWEST_WORDS) or self.house.language
        dossier = _dossier(given, self.told)
        reading = read_for(name, article, language[:2].lower() or DEFAULT_LANGUAGE, dossier)
        reading, silenced = self.house.apply(reading)
        if self.codes is not None:
            reading = replace(reading, findings=tuple(f for f in reading.findings if f.code in self.codes))
        return Checked(name, text, reading, silenced, self.fail_on or self.house.fails_on(dossier.kind))

    def _error(self, refused: Refused, given: Any, name: str, number: int) -> Record:
        said = self.words.told(refused.sentence, refused.values)
        if "name" not in refused.values:
            said = f"{self.words('line', name=name, n=number)} {said}"
        identity = given.get("id", number) if isinstance(given, dict) else number
        return {"id": identity, "error": said}


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of `stream`; None for one that is too long, of which no more is kept in memory."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None


def _json(line: bytes | None) -> Any:
    if line is None:
        raise Refused("refused.line.too_long", limit=LONGEST_LINE // 1_000_000)
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused("refused.line.json", cause=str(error)) from error


def _article(text: str, name: str) -> Article:
    if not text.strip():
        raise Refused("refused.empty", name=name)
    if len(text) > MAX_SOURCE_BYTES:
        limit = MAX_SOURCE_BYTES // 1_000_000
        raise Refused("refused.too_large", name=name, size=len(text.encode()), limit=limit)
    try:
        return article_in(text)
    except UnreadableSource as error:
        raise refused_source(error, name) from error


def _text(given: Record, key: str) -> str | None:
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(key, "text")
    return value


def _dossier(given: Record, told: Told) -> Dossier:
    kind = _text(given, "kind")
    if kind is not None and kind not in KINDS:
        raise Refused("refused.line.key", key="kind", wanted="one", known=KINDS)
    sources = given.get("sources", list(told.sources))
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise _wrong("sources", "texts")
    camps = given.get("camps", told.camps)
    if not isinstance(camps, dict) or not all(_are_names(names) for names in camps.values()):
        raise _wrong("camps", "camps")
    byline, place = _text(given, "byline"), _text(given, "place")
    return Dossier(
        kind=kind or told.kind or "news",
        date=_date(given) or told.date,
        byline=told.byline if byline is None else byline,
        place=told.place if place is None else place,
        sources=tuple(sources),
        camps={camp: tuple(names) for camp, names in camps.items()},
    )


def _are_names(names: Any) -> bool:
    return isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names)


def _date(given: Record) -> date | None:
    value = _text(given, "date")
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError as error:
        raise _wrong("date", "date") from error


def _wrong(key: str, wanted: str) -> Refused:
    return Refused("refused.line.key", key=key, wanted=wanted)
