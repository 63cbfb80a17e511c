"""Own texts with expected findings and near misses (tests/desk/texts), held against what the desk finds."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from depeche.desk.article import read_article
from depeche.desk.draft import Dossier
from depeche.desk.reading import Reading, read
from depeche.desk.spans import Finding, Span
from scripts.evaluation.conditionals import touch
from scripts.evaluation.measures import NONE, Counts

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Mark:
    """Words of a text for which a code must be found, or must not."""

    code: str
    span: Span
    severity: str = ""
    note: str = ""


@dataclass(frozen=True)
class OwnText:
    """One file: `sort` is clean, ordinary or faulty, the first part of its name."""

    name: str
    sort: str
    language: str
    text: str
    dossier: Dossier
    expected: tuple[Mark, ...]
    near_misses: tuple[Mark, ...]


@dataclass
class TextScore:
    """Sums over texts. A false alarm is a finding on a near miss or, from warning upwards, on words nobody
    marked; infos on unmarked words are `unjudged`.
    """

    by_code: dict[str, Counts] = field(default_factory=dict)
    near_misses: Counter[str] = field(default_factory=Counter)
    unjudged: Counter[str] = field(default_factory=Counter)
    same_severity: Counts = NONE
    errors: Counts = NONE
    texts: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Mistakes:
    """What was missed in one text, and the false alarms with the note of the near miss they fell on."""

    missed: tuple[Mark, ...]
    wrong: tuple[tuple[Finding, str], ...]


class WrongText(ValueError):
    """A file of texts that cannot be used; the message names it and says why."""


def load_texts(folder: Path, numbers: range) -> Iterator[OwnText]:
    """The texts below `folder` whose names end in one of `numbers`, in the order of their names.

    Raises `WrongText`.
    """
    for path in sorted(folder.rglob("*.toml")):
        sort, _, number = path.stem.rpartition("-")
        if number.isdigit() and int(number) in numbers:
            yield _load(path, sort)


def read_text(own: OwnText) -> Reading:
    """The reading of a text, with what its file tells."""
    return read(read_article(own.text, source_format="text", name=own.name), own.language, own.dossier)


def add_text(score: TextScore, own: OwnText, reading: Reading) -> Mistakes:
    """The mistakes made in one text, after its counts have been added to `score`."""
    hits: dict[int, Mark] = {}
    missed = []
    for mark in own.expected:
        n = _hit(mark, reading.findings, hits)
        if n < 0:
            missed.append(mark)
        else:
            hits[n] = mark
            same = mark.severity in ("", reading.findings[n].severity)
            if mark.severity:
                score.same_severity += Counts(right=int(same), wrong=int(not same))
    wrong = list(_false_alarms(score, own, reading, hits))
    for mark in own.near_misses:
        score.near_misses[mark.code] += 1
    _count(score, own, reading, hits, missed, [finding for finding, _ in wrong])
    return Mistakes(tuple(missed), tuple(wrong))


def _load(path: Path, sort: str) -> OwnText:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        text = data["text"]
        told = data.get("date")
        dossier = Dossier(
            kind=data.get("kind", "news"),
            date=date.fromisoformat(told) if isinstance(told, str) and told else told or None,
            byline=data.get("byline"),
            place=data.get("place"),
            sources=tuple(data.get("sources", ())),
            camps={name: tuple(speakers) for name, speakers in data.get("camps", {}).items()},
        )
        expected = tuple(_mark(text, row) for row in data.get("expected", []))
        near = tuple(_mark(text, row) for row in data.get("near_miss", []))
    except (KeyError, ValueError, AttributeError) as error:
        raise WrongText(f"{path}: {error}") from error
    return OwnText(path.stem, sort, path.parent.name, text, dossier, expected, near)


def _mark(text: str, row: dict[str, Any]) -> Mark:
    words, start = row["words"], -1
    for _ in range(row.get("occurrence", 1)):
        start = text.find(words, start + 1)
        if start < 0:
            raise ValueError(f"“{words}” ({row['code']}) does not stand in the text so often.")
    return Mark(row["code"], (start, start + len(words)), row.get("severity", ""), row.get("note", ""))


def _hit(mark: Mark, findings: tuple[Finding, ...], taken: dict[int, Mark]) -> int:
    """The first free finding of this code on these words or, failing that, related to them; -1 for none."""
    free = [n for n, f in enumerate(findings) if n not in taken and f.code == mark.code]
    for n in free:
        if touch(findings[n].span, mark.span):
            return n
    return next((n for n in free if any(touch(span, mark.span) for span in findings[n].related)), -1)


def _false_alarms(
    score: TextScore, own: OwnText, reading: Reading, hits: dict[int, Mark]
) -> Iterator[tuple[Finding, str]]:
    for n, finding in enumerate(reading.findings):
        if n in hits:
            continue
        near = [m for m in own.near_misses if m.code == finding.code and touch(m.span, finding.span)]
        if near:
            yield finding, near[0].note or "near miss"
        elif finding.severity != "info":
            yield finding, ""
        else:
            score.unjudged[finding.code] += 1


def _count(
    score: TextScore,
    own: OwnText,
    reading: Reading,
    hits: dict[int, Mark],
    missed: list[Mark],
    wrong: list[Finding],
) -> None:
    def add(code: str, counts: Counts) -> None:
        score.by_code[code] = score.by_code.get(code, NONE) + counts

    for n in hits:
        add(reading.findings[n].code, Counts(right=1))
        score.errors += Counts(right=int(reading.findings[n].severity == "error"))
    for finding in wrong:
        add(finding.code, Counts(wrong=1))
        score.errors += Counts(wrong=int(finding.severity == "error"))
    for mark in missed:
        add(mark.code, Counts(missed=1))
    score.texts[own.sort] += 1
    score.words[own.sort] += len(_WORD.findall(own.text))
    for finding in reading.findings:
        score.found[own.sort, finding.severity] += 1
