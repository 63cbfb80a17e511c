"""Expressions of a language pack, with the company in which they count: found in one walk over a block.

A file of expressions is a list of objects. `words` are the phrases meant, one per inflected form; in them
`~tirer` stands for every form of that verb in `verb_forms.json`. `kind` is what a family takes them for; an
expression of kind "silent" finds nothing and hides what it overlaps (« régime des retraites »). `term` is the
dictionary form where it isn't the first of `words`, `level` a severity other than usual, `neutral` other
words (in brackets: what to do instead), `shape` a test the family makes of the grammar. `rewrite` gives, word for word, what may stand in the
same place (a list beside `words`, or `~verb` for the same form of that verb).

Conditions are lists of words, of which one must occur: `before` and `after` on the spot, `left` and `right`
within six words, `around` on either side, `near` in the sentence, `topic` in the block; `not_…` forbids
them. « @name » stands for a group of `word_groups.json`, « ^ » for the start of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from depeche.desk.lexicon import Row, load_groups, load_rows
from depeche.desk.packs import PackError
from depeche.desk.passage import Passage
from depeche.desk.phrases import Match, PhraseIndex
from depeche.desk.spans import Severity

SILENT = "silent"

_PLACES = ("before", "after", "left", "right", "around", "near", "topic")
_CONDITIONS = (*_PLACES, *(f"not_{place}" for place in _PLACES))
_OPTIONAL = ("term", "level", "neutral", "shape", "rewrite", *_CONDITIONS)
_LEVELS = ("info", "warning", "error")
_WINDOW = 6
_VERB = re.compile(r"~([^\W\d_]+)")
_START = "^"
_OPENS = frozenset({"«", ":", "–", "—", "-", "(", "•", '"'})


class Condition(NamedTuple):
    """Words of which one must occur at `place` (`wanted`), or none."""

    place: str
    words: frozenset[str]
    wanted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One entry of a file: what it is called, taken for, replaced by, and where it counts."""

    kind: str
    term: str
    level: Severity | None
    shape: str
    neutral: tuple[str, ...]
    hints: tuple[tuple[str, str], ...]
    conditions: tuple[Condition, ...]


class Spotted(NamedTuple):
    """An expression in a block: tokens `[first, last)`, and the words that may stand in their place."""

    first: int
    last: int
    expression: Expression
    rewrite: str


class Expressions:
    """All expressions of some files of a language, to be looked for together."""

    def __init__(self, entries: Iterable[tuple[str, tuple[Expression, str]]]) -> None:
        self._index = PhraseIndex(entries)

    def find(self, passage: Passage) -> tuple[list[Spotted], Collection[int]]:
        """The expressions that count, in order, and the tokens that silent ones cover.

        Of two expressions one of which lies within the other, the longer counts.
        """
        matches = self._index.find(passage)
        if not matches:
            return [], ()
        hidden = {i for m in matches if m.entry[0].kind == SILENT for i in range(m.first, m.last)}
        topic = frozenset(passage.words)
        found: list[Spotted] = []
        for match in matches:
            expression, rewrite = match.entry
            if expression.kind == SILENT or not hidden.isdisjoint(range(match.first, match.last)):
                continue
            if not _is_name(passage, match) and _fits(expression, passage, match, topic):
                found.append(Spotted(match.first, match.last, expression, rewrite))
        return list(_outermost(found)), hidden


@cache
def load_expressions(language: str, *names: str) -> Expressions:
    """The expressions in the files `names` of `language`; a file that is missing adds none.

    Raises `PackError`, naming the file, the row and the cause.
    """
    return Expressions(entry for name in names for entry in _entries(language, name))


@cache
def load_word_group(language: str, name: str) -> frozenset[str]:
    """The group `name` of `word_groups.json`, its verbs in all their forms; empty where there is none."""
    words = load_groups(language, "word_groups.json").get(name, ())
    return frozenset(form for word in words for form in _spelled(language, word))


def _entries(language: str, name: str) -> Iterator[tuple[str, tuple[Expression, str]]]:
    for number, row in enumerate(load_rows(language, name, ("words", "kind"), _OPTIONAL), 1):
        place = f"{name}, row {number} ({row['words'][:1]}, {language})"
        if row.get("level", "info") not in _LEVELS:
            raise PackError(f"{place}: “{row['level']}” is no level; give one of {', '.join(_LEVELS)}.")
        expression = Expression(
            kind=row["kind"],
            term=row.get("term") or row["words"][0].replace("~", ""),
            level=row.get("level"),
            shape=row.get("shape", ""),
            neutral=tuple(word for word in row.get("neutral", ()) if not word.startswith("(")),
            hints=tuple(
                ("hint", word.strip("()")) for word in row.get("neutral", ()) if word.startswith("(")
            ),
            conditions=tuple(_conditions(language, row, place)),
        )
        for phrase, rewrite in _phrases(language, row, place):
            yield phrase, (expression, rewrite)


def _conditions(language: str, row: Row, place: str) -> Iterator[Condition]:
    for key in _CONDITIONS:
        words: set[str] = set()
        for word in row.get(key, ()):
            if word.startswith("@"):
                group = load_word_group(language, word[1:])
                if not group:
                    raise PackError(f"{place}: there is no group “{word[1:]}” in word_groups.json.")
                words |= group
            else:
                words.update(_spelled(language, word))
        if words:
            yield Condition(key.removeprefix("not_"), frozenset(words), not key.startswith("not_"))


def _phrases(language: str, row: Row, place: str) -> Iterator[tuple[str, str]]:
    rewrite = row.get("rewrite", ())
    if isinstance(rewrite, list) and len(rewrite) not in (0, len(row["words"])):
        raise PackError(f"{place}: give as many rewrites as words.")
    for n, phrase in enumerate(row["words"]):
        forms = _spelled(language, phrase, unique=False)
        if isinstance(rewrite, str):
            others = _spelled(language, rewrite, unique=False)
        else:
            others = (rewrite[n],) * len(forms) if rewrite else ("",) * len(forms)
        yield from dict(zip(forms, others, strict=True)).items()


def _spelled(language: str, phrase: str, unique: bool = True) -> tuple[str, ...]:
    """`phrase` once for each form of the verb written in it with a tilde."""
    verb = _VERB.search(phrase)
    if not verb:
        return (phrase,)
    forms = _verb_forms(language).get(verb[1])
    if forms is None:
        raise PackError(f"{language}/verb_forms.json lacks “{verb[1]}”, which “{phrase}” needs.")
    return tuple(phrase.replace(verb[0], form) for form in (dict.fromkeys(forms) if unique else forms))


@cache
def _verb_forms(language: str) -> Mapping[str, tuple[str, ...]]:
    rows = load_rows(language, "verb_forms.json", ("verb", "forms"))
    return {row["verb"]: tuple(row["forms"].split()) for row in rows}


def _is_name(passage: Passage, match: Match[tuple[Expression, str]]) -> bool:
    """Whether a single word is written as a name: with a capital, though it begins nothing."""
    first = match.first
    if match.last - first > 1 or not passage.form(first)[0].isupper():
        return False
    return passage.sentence(first)[0] < first and passage.words[first - 1] not in _OPENS


def _fits(
    expression: Expression,
    passage: Passage,
    match: Match[tuple[Expression, str]],
    topic: frozenset[str],
) -> bool:
    for place, words, wanted in expression.conditions:
        met = (
            not words.isdisjoint(topic)
            if place == "topic"
            else any(word in words for word in _seen(passage, match, place))
        )
        if met != wanted:
            return False
    return True


def _seen(passage: Passage, match: Match[tuple[Expression, str]], place: str) -> Iterator[str]:
    """The words that stand at `place` of a match."""
    start, end = passage.sentence(match.first)
    first, last = match.first, match.last
    if place == "near":
        yield from passage.words[start:end]
    elif place in ("before", "after"):
        i = first - 1 if place == "before" else last
        if start <= i < end:
            yield passage.words[i]
        elif place == "before":
            yield _START
    else:
        if place in ("left", "around"):
            yield from passage.words[max(start, first - _WINDOW) : first]
        if place in ("right", "around"):
            yield from passage.words[last : min(end, last + _WINDOW)]


def _outermost(found: list[Spotted]) -> Iterator[Spotted]:
    reach, widest = 0, None
    for spotted in found:
        same = widest is not None and (spotted.first, spotted.last) == widest
        if spotted.last > reach or same:
            yield spotted
            if not same:
                reach, widest = spotted.last, (spotted.first, spotted.last)
