"""Django's one door to the desk: a manuscript in, a reading out, made by the desk process of this machine."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path as File
from typing import Any

from depeche.desk import catalogue
from depeche.desk.packs import LANGUAGES
from depeche.desk.spans import Finding as DeskFinding

from . import desk_seam
from .desk_seam import DeskUnreachable
from .manuscript import Manuscript, Path, Zone

_FORMAT = 1
_PLAIN = ("manuscript_sha256", "language", "is_read", "words", "desk")

_SENTENCE_END = re.compile(r"(?<=[.!?…])[»”\"’)\]\s]*\s+(?=[«“\"(\[—–-]?\s?[^\W\d_a-zà-ÿ])")
_LONGEST_ABBREVIATION = 8
_ABBREVIATION = re.compile(
    r"\b(?:[A-ZÀ-Þ]|MM|M(?:mes?|lles?|e|gr|rs?|s)|D[Rr]s?|Prs?|Prof|Gal|Ste?s?|art|al|av|bd|cf|chap|éd|env|"
    r"fig|n|p|pp|sq|tél|vol|vs|Jr|Sr|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Rev|Inc|Ltd|Corp)\.\Z"
)
_FOLDED = str.maketrans({"’": "'", "ʼ": "'", "«": '"', "»": '"', "“": '"', "”": '"', "\u00ad": None})


@dataclass(frozen=True)
class Place:
    """Words in a zone of the manuscript: `zone` is its number, offsets are code points of the zone's text.

    `occurrence` counts the same words before it in the same field, from 0.
    """

    zone: int
    start: int
    end: int
    path: Path
    words: str
    occurrence: int


@dataclass(frozen=True)
class Finding:
    """What the desk would ask about some words; `key` stays the same while their sentence and the words
    they are held against do.
    """

    key: str
    code: str
    severity: str
    kind: str
    place: Place
    related: tuple[Place, ...] = ()
    rewrite: str = ""
    alternatives: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    def message(self, language: str) -> str:
        """What is wrong, in one sentence of `language`."""
        return catalogue.message(self._as_desk(), self.place.words, language)

    def question(self, language: str) -> str:
        """What to ask the reporter, in `language`."""
        return catalogue.question(self._as_desk(), self.place.words, language)

    def title(self, language: str) -> str:
        """The name of its rule, in `language`."""
        return catalogue.entry(self.code, language).title

    def why(self, language: str) -> str:
        """Why its rule matters, in `language`."""
        return catalogue.entry(self.code, language).why

    def _as_desk(self) -> DeskFinding:
        return DeskFinding(
            self.code,
            self.severity,  # type: ignore[arg-type]
            (self.place.start, self.place.end),
            rewrite=self.rewrite,
            alternatives=self.alternatives,
            values=self.values,
        )


@dataclass(frozen=True)
class Claim:
    """One thing the article puts forward: who says it by which cue ("" for nobody), how sure, of what type.

    `voice`, `degree`, `status` and `type` are the desk's names. `key` stays the same while its sentence does.
    `quality` says how well its source is named, "" for none.
    """

    key: str
    kind: str
    place: Place
    sentence: str
    source: str
    cue: str
    voice: str
    degree: str
    status: str
    type: str
    checkable: bool
    quality: str = ""


@dataclass(frozen=True)
class Reading:
    """What the desk found in exactly the manuscript of this digest.

    `is_read` is false for a language the desk does not read; nothing is known then. `voices` are sources
    with the share of what is attributed, from 0 to 1, the loudest first.
    """

    manuscript_sha256: str
    language: str
    is_read: bool
    words: int = 0
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    voices: tuple[tuple[str, float], ...] = ()
    desk: str = field(default="", compare=False)

    @cached_property
    def unattributed_share(self) -> float:
        """The share of checkable claims that nobody is named for, from 0 to 1."""
        checkable = [claim for claim in self.claims if claim.checkable]
        bare = [claim for claim in checkable if claim.status == "asserted_unattributed"]
        return len(bare) / len(checkable) if checkable else 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain data that `reading_from_json` takes back: paths and sentences once, the rest rows of values."""
        rows = _Rows()
        return {
            "format": _FORMAT,
            **{name: getattr(self, name) for name in _PLAIN},
            "findings": [rows.of_finding(finding) for finding in self.findings],
            "claims": [rows.of_claim(claim) for claim in self.claims],
            "voices": [list(voice) for voice in self.voices],
            "paths": [list(path) for path in rows.paths],
            "sentences": list(rows.sentences),
        }


def reading_from_json(data: dict[str, Any]) -> Reading:
    """The reading that `as_json` gave.

    Raises:
        ValueError: the data have another format than this release writes.
    """
    if data.get("format") != _FORMAT:
        raise ValueError(f"not a reading of format {_FORMAT}")
    paths = [tuple(path) for path in data["paths"]]
    sentences = data["sentences"]

    def place(row: list[Any]) -> Place:
        zone, start, end, path, words, occurrence = row
        return Place(zone, start, end, paths[path], words, occurrence)

    def finding(row: list[Any]) -> Finding:
        key, code, severity, kind, at, related, rewrite, alternatives, values = row
        others, pairs = tuple(map(place, related)), tuple((name, value) for name, value in values)
        return Finding(key, code, severity, kind, place(at), others, rewrite, tuple(alternatives), pairs)

    def claim(row: list[Any]) -> Claim:
        key, kind, at, sentence, *rest = row
        return Claim(key, kind, place(at), sentences[sentence], *rest)

    return Reading(
        **{name: data[name] for name in _PLAIN},
        findings=tuple(map(finding, data["findings"])),
        claims=tuple(map(claim, data["claims"])),
        voices=tuple((source, share) for source, share in data["voices"]),
    )


class _Rows:
    """Findings and claims as rows of values; what several share stands once, by its number."""

    def __init__(self) -> None:
        self.paths: dict[Path, int] = {}
        self.sentences: dict[str, int] = {}

    def of_finding(self, found: Finding) -> list[Any]:
        related = [self._of_place(place) for place in found.related]
        values = [list(pair) for pair in found.values]
        head = [found.key, found.code, found.severity, found.kind, self._of_place(found.place)]
        return [*head, related, found.rewrite, list(found.alternatives), values]

    def of_claim(self, claim: Claim) -> list[Any]:
        sentence = self.sentences.setdefault(claim.sentence, len(self.sentences))
        rest = [getattr(claim, field.name) for field in fields(Claim)[4:]]
        return [claim.key, claim.kind, self._of_place(claim.place), sentence, *rest]

    def _of_place(self, place: Place) -> list[Any]:
        path = self.paths.setdefault(place.path, len(self.paths))
        return [place.zone, place.start, place.end, path, place.words, place.occurrence]


def key_of(code: str, words: str, sentence: str, others: Iterable[str] = ()) -> str:
    """16 hexadecimal digits: the same question about the same words of the same sentence, however typed."""
    parts = [code, *(_folded(part) for part in (words, sentence, *others))]
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:16]


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence, or the sentences, that the words `[start, end)` of `text` stand in."""
    first, last = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text, max(0, match.start() - _LONGEST_ABBREVIATION), match.start()):
            continue
        if match.end() <= start:
            first = match.end()
        elif match.end() >= end:
            last = match.end()
            break
    return text[first:last].strip()


def _folded(text: str) -> str:
    return " ".join(text.translate(_FOLDED).casefold().split())


@cache
def desk_version() -> str:
    """12 hexadecimal digits over what decides on a reading: the desk's code and words, and our way to them."""
    digest = hashlib.sha256()
    for folder in (LANGUAGES.parent, File(__file__).parent / "desk_process"):
        for file in sorted(file for kind in ("*.py", "*.json") for file in folder.rglob(kind)):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def rules(language: str) -> list[catalogue.Entry]:
    """All rules of the desk in the order of the reference, as `language` says them."""
    return [catalogue.entry(code, language) for code in catalogue.codes()]


def languages() -> frozenset[str]:
    """The languages the desk reads."""
    return frozenset(file.parent.name for file in LANGUAGES.glob("*/reporting_verbs.json"))


def read(manuscript: Manuscript, *, timeout_s: float = 20.0) -> Reading:
    """The reading of `manuscript`; the desk process is started where it does not run yet.

    Raises:
        DeskUnreachable: there is no answer within `timeout_s`, or the desk failed.
    """
    if manuscript.language not in languages():
        return Reading(manuscript.sha256, manuscript.language, is_read=False, desk=desk_version())
    question = json.dumps({"read": manuscript.as_json()}, separators=(",", ":"))
    answer = json.loads(desk_seam.ask(question.encode(), timeout_s=timeout_s))
    if "error" in answer:
        raise DeskUnreachable(f"the desk failed: {answer['error']}")
    if answer.get("format") != _FORMAT or answer.get("manuscript_sha256") != manuscript.sha256:
        raise DeskUnreachable("the desk process is of another release: it ends with what started it")
    return reading_from_json(answer)


def warm_up(language: str) -> None:
    """Start the desk process and load what `language` needs, without waiting for it."""
    first_words = Manuscript(language, "reportage", (Zone((), "paragraph", "…"),))

    def ask() -> None:
        with suppress(DeskUnreachable):
            read(first_words, timeout_s=60)

    threading.Thread(target=ask, name="desk warm-up", daemon=True).start()
