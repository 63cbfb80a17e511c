"""Files to results: opened, taken in, read, and judged by the newsroom's rules."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from depeche.desk.article import MAX_SOURCE_BYTES, Article
from depeche.desk.checked import Checked, Unusable
from depeche.desk.decoding import decode
from depeche.desk.draft import Dossier
from depeche.desk.house import House, WrongHouse, find_house, load_house
from depeche.desk.intake import DEFAULT_LANGUAGE, KINDS, Intake, Refused, Told, take_in
from depeche.desk.interface_words import Words
from depeche.desk.parsing import PipelineMissing
from depeche.desk.reading import Reading, UnreadLanguage, read
from depeche.desk.spans import UnreadableSource

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class FileReader:
    """Reads files for somebody; `house` None means the rules beside or above each file."""

    told: Told
    house: House | None
    words: Words

    def result(self, name: str) -> Checked | Unusable:
        """What became of the file `name`; notes for people go to standard error."""
        try:
            house = self.house or _nearest_house(_folder(name))
            intake = take_in(_bytes(name), name, self.told, lambda source: _beside(name, source))
            if intake.odd_kind:
                self._note(intake)
            return self._judged(intake, house)
        except (Refused, WrongHouse) as error:
            code = error.sentence.rpartition(".")[2]
            return Unusable(name, code, self.words.told(error.sentence, error.values))

    def _judged(self, intake: Intake, house: House) -> Checked:
        language = intake.language or house.language or DEFAULT_LANGUAGE
        reading = read_for(intake.name, intake.article, language, intake.dossier)
        reading, silenced = house.apply(reading)
        return Checked(
            name=intake.name,
            source=intake.source,
            reading=reading,
            silenced=silenced,
            fails_on=house.fails_on(intake.dossier.kind),
            house=str(house.path or ""),
        )

    def _note(self, intake: Intake) -> None:
        values = {"name": intake.name, "value": intake.odd_kind, "known": KINDS}
        sys.stderr.write(self.words.told("note.kind", values) + "\n")


def read_for(name: str, article: Article, language: str, dossier: Dossier) -> Reading:
    """The reading of `article`, which is called `name`.

    Raises `Refused`.
    """
    try:
        return read(article, language, dossier)
    except UnreadLanguage as error:
        raise Refused("refused.language.unknown", name=name, language=language, known=error.reads) from error
    except PipelineMissing as error:
        raise Refused("refused.pipeline", cause=str(error)) from error


def opened(name: str) -> BinaryIO:
    """The bytes of the file `name`, those of standard input for "-".

    Raises `Refused`.
    """
    if name == STANDARD_INPUT:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except IsADirectoryError as error:
        raise Refused("refused.folder", name=name.rstrip("/")) from error
    except PermissionError as error:
        raise Refused("refused.permission", name=name) from error
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise Refused("refused.missing", name=name) from error
    except OSError as error:
        raise Refused("refused.unreadable", name=name, cause=error.strerror or str(error)) from error


def source_text(name: str) -> str:
    """The text of a file that quotations are held against.

    Raises `Refused`.
    """
    try:
        return decode(_bytes(name), name=name).text
    except (Refused, UnreadableSource) as error:
        raise Refused("usage.source_missing", option="--source", name=name) from error


def _beside(article: str, name: str) -> str:
    try:
        return decode(_bytes(str(_folder(article) / name)), name=name).text
    except (Refused, UnreadableSource) as error:
        raise Refused("refused.source", name=article, source=name) from error


def _bytes(name: str) -> bytes:
    with opened(name) as stream:
        raw = stream.read(MAX_SOURCE_BYTES + 1)
    if len(raw) > MAX_SOURCE_BYTES:
        size = len(raw) if name == STANDARD_INPUT else max(len(raw), Path(name).stat().st_size)
        limit = MAX_SOURCE_BYTES // 1_000_000
        raise Refused("refused.too_large", name=name, size=size, limit=limit)
    return raw


def _folder(name: str) -> Path:
    return Path.cwd() if name == STANDARD_INPUT else Path(name).parent


@cache
def _nearest_house(folder: Path) -> House:
    found = find_house(folder)
    return load_house(found) if found else House()
