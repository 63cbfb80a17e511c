"""The newsroom's own rules, `desk.toml`: what it lets pass and why, its words, and what stops a check."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from depeche.desk import catalogue
from depeche.desk.house_words import HouseWords
from depeche.desk.intake import KINDS
from depeche.desk.reading import Reading
from depeche.desk.spans import Finding, Severity

NAME = "desk.toml"
FAIL_ON = (*reversed(get_args(Severity)), "never")
TOP_KEYS = ("fail_on", "language", "words", "silence", "kinds")
WORD_KEYS = ("allow", "flag")
KIND_KEYS = ("fail_on", "silence")


class WrongHouse(ValueError):
    """A `desk.toml` with a mistake. `sentence` names what to tell people, `values` fill it."""

    def __init__(self, sentence: str, /, **values: str | tuple[str, ...]) -> None:
        super().__init__(f"{sentence}: {values}")
        self.sentence, self.values = sentence, values


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that the newsroom does not want to hear, and why; "" where its words are allowed ones."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class _Kind:
    fail_on: str = ""
    silence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class House:
    """A newsroom's rules; without a file, none. `path` is None where there is no file."""

    path: Path | None = None
    fail_on: str = "warning"
    language: str = ""
    words: HouseWords = field(default_factory=HouseWords)
    silence: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, _Kind] = field(default_factory=dict)

    def fails_on(self, kind: str) -> str:
        """From which severity on an article of `kind` fails: error, warning, info or never."""
        return self.kinds.get(kind, _Kind()).fail_on or self.fail_on

    def apply(self, reading: Reading) -> tuple[Reading, tuple[Silenced, ...]]:
        """`reading` with the newsroom's words found and without what it silenced; and that, with reasons."""
        reasons = {**self.silence, **self.kinds.get(reading.dossier.kind, _Kind()).silence}
        heard: list[Finding] = []
        silenced: list[Silenced] = []
        found = [*reading.findings, *self.words.findings(reading)]
        for finding in sorted(found, key=lambda one: (one.span, one.code)):
            if finding.code in reasons:
                silenced.append(Silenced(finding, reasons[finding.code]))
            elif self.words.allows(finding, reading.article.text):
                silenced.append(Silenced(finding, ""))
            else:
                heard.append(finding)
        return replace(reading, findings=tuple(heard)), tuple(silenced)


def find_house(folder: Path) -> Path | None:
    """The nearest `desk.toml` in `folder` or above it."""
    folder = folder.resolve()
    return next((path for above in (folder, *folder.parents) if (path := above / NAME).is_file()), None)


def load_house(path: Path) -> House:
    """The rules in the file `path`.

    Raises `WrongHouse`.
    """
    data = _toml(path)
    _known(path, data, TOP_KEYS, "")
    words = _table(path, data, "words")
    _known(path, words, WORD_KEYS, "words")
    kinds = _table(path, data, "kinds")
    _known(path, kinds, KINDS, "kinds")
    return House(
        path=path,
        fail_on=_one_of(path, data, "fail_on", FAIL_ON) or "warning",
        language=_text(path, data, "language"),
        words=HouseWords(
            allow=_texts(path, words.get("allow", []), "words.allow"), flag=_flagged(path, words)
        ),
        silence=_reasons(path, data, "silence"),
        kinds={name: _kind(path, kinds, name) for name in kinds},
    )


def codes_in(names: Iterable[str]) -> Iterator[str]:
    """The codes that `names` stand for; a family stands for all of its codes.

    Raises `KeyError` with the first name that is neither.
    """
    for name in names:
        found = [code for code in catalogue.codes() if code == name or code[:3] == name]
        if not found:
            raise KeyError(name)
        yield from found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongHouse("house.broken", path=str(path), cause=str(error)) from error
    except OSError as error:
        raise WrongHouse("house.unreadable", path=str(path), cause=error.strerror or str(error)) from error


def _known(path: Path, data: Mapping[str, Any], keys: tuple[str, ...], place: str) -> None:
    if odd := [key for key in data if key not in keys]:
        raise WrongHouse("house.key", path=str(path), key=odd[0], place=place, known=keys)


def _table(path: Path, data: Mapping[str, Any], key: str, place: str = "") -> dict[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise WrongHouse("house.value", path=str(path), key=f"{place}{key}", wanted="table")
    return value


def _text(path: Path, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise WrongHouse("house.value", path=str(path), key=key, wanted="text")
    return value


def _one_of(path: Path, data: Mapping[str, Any], key: str, known: tuple[str, ...], place: str = "") -> str:
    value = data.get(key, "")
    if key in data and value not in known:
        raise WrongHouse("house.value", path=str(path), key=f"{place}{key}", wanted="one", known=known)
    return str(value)


def _texts(path: Path, value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise WrongHouse("house.value", path=str(path), key=place, wanted="texts")
    return tuple(value)


def _flagged(path: Path, words: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    flagged = words.get("flag", {})
    if not isinstance(flagged, dict) or not all(word.strip() for word in flagged):
        raise WrongHouse("house.value", path=str(path), key="words.flag", wanted="flag")
    return {word: _texts(path, value, f"words.flag.“{word}”") for word, value in flagged.items()}


def _reasons(path: Path, data: Mapping[str, Any], key: str, place: str = "") -> dict[str, str]:
    reasons: dict[str, str] = {}
    for name, reason in _table(path, data, key, place).items():
        if not isinstance(reason, str) or not reason.strip():
            raise WrongHouse("house.reason", path=str(path), place=f"{place}{key}", code=name)
        try:
            reasons |= {code: reason.strip() for code in codes_in([name])}
        except KeyError as error:
            raise WrongHouse("house.code", path=str(path), place=f"{place}{key}", code=name) from error
    return reasons


def _kind(path: Path, kinds: Mapping[str, Any], name: str) -> _Kind:
    table, place = _table(path, kinds, name, "kinds."), f"kinds.{name}."
    _known(path, table, KIND_KEYS, f"kinds.{name}")
    return _Kind(_one_of(path, table, "fail_on", FAIL_ON, place), _reasons(path, table, "silence", place))
