"""The codes of findings and what is said of each: to an editor, to the reporter, and in the reference.

The sentences are data, `catalogue.json` in each language's folder. In a template, `{words}` are the words
found, `{alternatives}` neutral words, any other name a value of the finding; `[…]` is left out where one of
its values is missing, and `[…|…]` then says what follows the bar.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.spans import Finding, Severity

_FALLBACK = "en"
_LONGEST_WORDS = 70
_SEVERITIES: dict[str, tuple[Severity, ...]] = {
    "ATT": (
        *("warning", "warning", "info", "warning", "info", "info"),
        *("info", "warning", "warning", "error", "warning"),
    ),
    "LEX": ("warning", "info", "warning", "info", "warning", "info", "info"),
    "INF": ("warning", "warning", "warning", "info", "warning", "info"),
    "NUM": ("error", "info", "error", "warning", "info", "info"),
    "QUO": ("error", "error", "warning", "warning", "warning"),
    "HED": ("error", "warning", "error", "info"),
    "BAL": ("info", "warning", "info"),
    "STR": ("info", "warning"),
    "TRN": ("info",),
}
_CODES: dict[str, Severity] = {
    f"{family}{number:03}": severity
    for family, severities in _SEVERITIES.items()
    for number, severity in enumerate(severities, 1)
}
_TEMPLATES = ("message", "question")
_KEYS = {"findings", "quoted", "inner_marks", "and", "or", "values"}
_OPTIONAL = re.compile(r"\[([^\[\]|]*\{\w+\}[^\[\]|]*)(?:\|([^\[\]]*))?\]")
_NAME = re.compile(r"\{(\w+)\}")
_BREAKING_SPACES = re.compile(r"[ \t\r\n]+")
_OUTER_MARKS = ' \u00a0\u202f«»“”„"'
_OPENING_MARK = re.compile(r"[«“„]\s?|(?<!\S)\"(?=\S)")
_CLOSING_MARK = re.compile(r"\s?[»”]|\"")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one language says of a code: templates `message` (what is wrong) and `question` (to the reporter),
    why it matters, an example that fires, a near miss that must not, and how to silence it.

    `severity` is the usual one; a rule may raise or lower it by where the words stand.
    """

    code: str
    severity: Severity
    title: str
    message: str
    question: str
    why: str
    example: str
    near_miss: str
    silence: str

    @property
    def family(self) -> str:
        """The first three letters of the code: ATT, LEX, INF…"""
        return self.code[:3]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    entries: Mapping[str, Entry]
    quoted: str
    inner_marks: tuple[str, str]
    conjunctions: tuple[str, str]
    values: Mapping[str, str]


def codes() -> tuple[str, ...]:
    """All codes, families in the order of the reference."""
    return tuple(_CODES)


def families() -> tuple[str, ...]:
    """The families: ATT, LEX, INF…"""
    return tuple(_SEVERITIES)


def languages() -> tuple[str, ...]:
    """The languages that messages are written in."""
    return tuple(_catalogues(LANGUAGES))


def entry(code: str, language: str) -> Entry:
    """What `language` says of `code`; in English where that language has no catalogue.

    Raises `KeyError` for a code that is none, `PackError` for a wrong catalogue.
    """
    return _catalogue(language).entries[code]


def message(finding: Finding, words: str, language: str) -> str:
    """What is wrong with `words`, in one sentence of `language`.

    Raises `KeyError` for a code that is none.
    """
    return _filled(entry(finding.code, language).message, finding, words, _catalogue(language))


def question(finding: Finding, words: str, language: str) -> str:
    """What to ask the reporter about `words`, in `language`.

    Raises `KeyError` for a code that is none.
    """
    return _filled(entry(finding.code, language).question, finding, words, _catalogue(language))


def _filled(template: str, finding: Finding, words: str, catalogue: _Catalogue) -> str:
    shown = _shown(words, catalogue)
    said = {name: _said(value, catalogue) for name, value in finding.values if value.strip()}
    values = {name: value for name, value in said.items() if value != shown} | {"words": shown}
    if alternatives := dict.fromkeys([*filter(None, [finding.rewrite]), *finding.alternatives]):
        quoted = [catalogue.quoted.format(_shown(word, catalogue)) for word in alternatives]
        values["alternatives"] = _listed(quoted, catalogue.conjunctions[1])

    def chosen(found: re.Match[str]) -> str:
        is_known = all(name in values for name in _NAME.findall(found[1]))
        return found[1] if is_known else found[2] or ""

    return _NAME.sub(lambda found: values.get(found[1], ""), _OPTIONAL.sub(chosen, template))


def _said(value: str, catalogue: _Catalogue) -> str:
    """A value as a sentence has it: names that the catalogue knows become words, the rest stays."""
    parts = [part.strip() for part in value.split(",")]
    if all(part in catalogue.values for part in parts):
        return _listed([catalogue.values[part] for part in parts], catalogue.conjunctions[0])
    return _shown(value, catalogue)


def _listed(words: list[str], conjunction: str) -> str:
    return conjunction.join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _shown(words: str, catalogue: _Catalogue) -> str:
    """`words` on one line, not too long, without marks at the edges and with inner ones within."""
    line = _BREAKING_SPACES.sub(" ", words).strip(_OUTER_MARKS)
    if not line:
        return words.strip()
    opening, closing = catalogue.inner_marks
    line = _CLOSING_MARK.sub(closing, _OPENING_MARK.sub(opening, line))
    if len(line) > _LONGEST_WORDS:
        line = line[:_LONGEST_WORDS].rpartition(" ")[0].rstrip(" ,;:") or line[:_LONGEST_WORDS]
        line += "…"
    return line


def _catalogue(language: str) -> _Catalogue:
    known = _catalogues(LANGUAGES)
    return known.get(language) or known[_FALLBACK]


@cache
def _catalogues(folder: Path) -> Mapping[str, _Catalogue]:
    """The catalogue of each language in `folder`; all have the same codes and the same placeholders."""
    paths = sorted(folder.glob("*/catalogue.json"))
    if not (folder / _FALLBACK / "catalogue.json").exists():
        raise PackError(f"{folder} has no {_FALLBACK}/catalogue.json.")
    known = {path.parent.name: _loaded(path) for path in paths}
    for path in paths:
        for code, theirs in known[_FALLBACK].entries.items():
            _refuse_other_names(path, known[path.parent.name].entries[code], theirs)
    return known


def _refuse_other_names(path: Path, ours: Entry, theirs: Entry) -> None:
    for field in _TEMPLATES:
        names, known = (set(_NAME.findall(getattr(one, field))) for one in (ours, theirs))
        if odd := sorted(names ^ known):
            raise PackError(
                f"{path}: {ours.code}.{field} and that of {_FALLBACK} differ in {{{odd[0]}}}: both need it."
            )


def _loaded(path: Path) -> _Catalogue:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(data, dict) or set(data) != _KEYS:
        raise PackError(f"{path} must be an object with exactly these keys: {', '.join(sorted(_KEYS))}.")
    findings = data["findings"]
    if not isinstance(findings, dict) or set(findings) != set(_CODES):
        odd = sorted(set(findings if isinstance(findings, dict) else {}) ^ set(_CODES))
        raise PackError(f"{path}: findings must have every code and no other; look at {odd[0]}.")
    for name, value in data["values"].items():
        _refuse_no_text(path, f"values.{name}", value)
    for name in ("quoted", "and", "or"):
        _refuse_no_text(path, name, data[name])
    opening, closing = data["inner_marks"]
    return _Catalogue(
        {code: _entry(path, code, row) for code, row in findings.items()},
        data["quoted"],
        (opening, closing),
        (data["and"], data["or"]),
        data["values"],
    )


def _entry(path: Path, code: str, row: Any) -> Entry:
    wanted = {field.name for field in fields(Entry)} - {"code", "severity"}
    if not isinstance(row, dict) or set(row) != wanted:
        raise PackError(f"{path}: {code} must have exactly these keys: {', '.join(sorted(wanted))}.")
    for name, value in row.items():
        _refuse_no_text(path, f"{code}.{name}", value)
        if name not in _TEMPLATES and _NAME.search(value):
            raise PackError(f"{path}: {code}.{name} is no template; only message and question are.")
    return Entry(code=code, severity=_CODES[code], **row)


def _refuse_no_text(path: Path, place: str, value: Any) -> None:
    if not (isinstance(value, str) and value.strip()):
        raise PackError(f"{path}: {place} must be a text and not empty.")
