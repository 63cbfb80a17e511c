"""The figures of a passage as intervals, each with what it counts, and whether two of them agree."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

from depeche.desk.figures.counted import Counted, Nouns, counted, ends_at, nouns
from depeche.desk.figures.limits import MORE, is_year, limits, scope, times
from depeche.desk.figures.numerals import Number, Vocabulary, cut, numbers, phrase_at, vocabulary
from depeche.desk.figures.predicates import acted, measured
from depeche.desk.passage import Passage
from depeche.desk.spans import Quantity

_ROUNDED_WITHIN = 0.05
_LEAST_ROUND = 100


class Figure(NamedTuple):
    """A number with what it counts, in the tokens `[first, last)` with the words that widen it."""

    number: Number
    counted: Counted
    first: int
    last: int
    low: float
    high: float
    approximate: bool


class _Approximators:
    """The words that widen a number, with the factors they stand for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.before = vocabulary.phrases("before", by_last=True)
        self.after = vocabulary.phrases("after")
        self.factors = {
            (kind, cut(phrase)): (float(row["low"]), float(row["high"]))
            for kind in ("before", "after")
            for row in vocabulary.rows[kind]
            for phrase in row["words"]
        }


@cache
def _approximators(language: str) -> _Approximators:
    return _Approximators(vocabulary(language))


def quantities(passage: Passage, language: str) -> list[Quantity]:
    """The quantities of `passage` in order, without dates, hours, years, labels, ratios and scores.

    A number whose noun is left out counts what the number before it in the sentence counts. Ages have the
    unit "age". The thing that is measured (in euros, %, km) is named only where the sentence says plainly
    what it is.

    Raises `PackError`.
    """
    found = figures(passage, language)
    return _described(passage, found, language) if found else []


def figures(passage: Passage, language: str) -> list[Figure]:
    """What `quantities` describes, one for one, with the tokens it was read from."""
    known = vocabulary(language)
    found = numbers(passage, known) if known.rows else []
    if not found:
        return []
    found = _ranges(passage, found, known)
    approximators, things = _approximators(language), nouns(language)
    read: list[Figure] = []
    for number in found:
        thing = counted(passage, number, things)
        if thing and not thing.unit and not thing.entity:
            thing = _left_out(passage, number, read, things)
        if thing and thing.signed:
            number = replace(number, first=number.first - 1)
        if thing:
            floor = read[-1].last if read else 0
            read.append(_measuring(passage, _widened(passage, number, thing, approximators), floor, things))
    return read


def compatible(a: Quantity, b: Quantity) -> bool | None:
    """Whether one value could be true to both; None where they don't count the same thing, as far as their
    unit, entity, scope and time tell.

    A figure that rounds the other (200 for 194) agrees with it. A scope or time that only one of them has
    is no hindrance; one that adds to another figure (« 3 000 autres ») is.
    """
    if not a.entity or (a.unit, a.entity) != (b.unit, b.entity):
        return None
    if not _one_within_the_other(a.time, b.time):
        return None
    mine, others = set(a.scope.split()), set(b.scope.split())
    if (MORE in mine) != (MORE in others) or not _one_within_the_other(a.scope, b.scope):
        return None
    return agree((a.low, a.high), (b.low, b.high))


def _one_within_the_other(a: str, b: str) -> bool:
    mine, others = set(a.split()), set(b.split())
    return mine <= others or others <= mine


def agree(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether two intervals meet, or one value rounds the other."""
    if a[0] <= b[1] and b[0] <= a[1]:
        return True
    return (a[0] == a[1] and _rounds(a[0], b)) or (b[0] == b[1] and _rounds(b[0], a))


def _rounds(value: float, other: tuple[float, float]) -> bool:
    low, high = other
    nearest = low if value < low else high
    if abs(nearest - value) > _ROUNDED_WITHIN * max(value, nearest):
        return False
    if low == high and value == round(nearest) != nearest:
        return True
    if value < _LEAST_ROUND or value != int(value):
        return False
    digits = str(int(value))
    zeros = len(digits) - len(digits.rstrip("0"))
    return zeros > 0 and round(nearest, -zeros) == value


def _ranges(passage: Passage, found: list[Number], vocabulary: Vocabulary) -> list[Number]:
    """`found` with « entre 10 et 12 », « de 3 à 5 », « 10-12 » and « deux ou trois » made one each."""
    merged: list[Number] = []
    for number in found:
        joined = _joined(passage, merged[-1], number, vocabulary) if merged else None
        if joined:
            merged[-1] = joined
        else:
            merged.append(number)
    return merged


def _joined(passage: Passage, a: Number, b: Number, vocabulary: Vocabulary) -> Number | None:
    words, kinds, gap = passage.words, vocabulary.words, b.first - a.last
    if gap not in (1, 2) or not a.step or not b.step:
        return None
    link, before = words[b.first - 1], words[a.first - 1] if a.first else ""
    if gap == 2 and (words[a.last] != words[b.last : b.last + 1][0] if b.last < len(words) else True):
        return None
    scale = a.scale
    if a.scale == 1 and b.low >= 1000 * a.high:
        scale = b.scale if b.scale > 1 else 1000
    low, high = a.low * (scale / a.scale), b.high
    if low >= high:
        return None
    between = link in kinds["and"] and before in kinds["between"]
    reaches = link in kinds["to"]
    dashed = link in kinds["dash"] and gap == 1 and passage.ends[a.last - 1] == passage.starts[a.last]
    either = link in kinds["or"] and gap == 1 and high <= 2 * low
    if not (between or reaches or dashed or either):
        return None
    opened = between or (reaches and before in kinds["from"])
    return replace(b, first=a.first - opened, low=low, high=high)


def _measuring(passage: Passage, figure: Figure, floor: int, nouns: Nouns) -> Figure:
    """`figure` with the thing it measures, where the sentence says it plainly."""
    thing = figure.counted
    if not passage.parsed or not thing.unit or thing.entity or thing.unit in nouns.kinds["duration"]:
        return figure
    noun = measured(passage, (figure.first, figure.last), floor, nouns)
    if noun < 0:
        return figure
    return figure._replace(counted=thing._replace(noun=noun, entity=passage.lemmas[noun].lower()))


def _left_out(passage: Passage, number: Number, figures: list[Figure], nouns: Nouns) -> Counted | None:
    """What a bare number counts: what the last figure of its sentence does, where it stands in a list or
    behind a comma, « dont », « contre »… (see `elliptic_after`).
    """
    words, i = passage.words, number.first
    additive = number.last < len(words) and words[number.last] in nouns.kinds["more_alone"]
    last = figures[-1] if figures else None
    if last is None or passage.sentence_of[last.first] != passage.sentence_of[i]:
        return None
    if not additive and (not i or words[i - 1] not in nouns.kinds["elliptic_after"]):
        return None
    if (number.spelled and not additive and not number.exact) or is_year(words[number.last - 1]):
        return None
    if _is_score(passage, number, nouns) and not additive:
        return None
    scale = last.number.scale if last.number.step else 1.0
    factor = 1.0 if number.scale > 1 or scale < 1000 or number.high >= 1000 else scale
    return Counted(number.last + additive, -1, last.counted.unit, last.counted.entity, factor)


def _is_score(passage: Passage, number: Number, nouns: Nouns) -> bool:
    """« 31 | à 27 », « 3 | -1 »."""
    words, last = passage.words, number.last
    if last + 1 >= len(words):
        return False
    if words[last] in nouns.kinds["dash"] and passage.ends[last - 1] == passage.starts[last]:
        return True
    after = words[last + 1]
    return words[last] in nouns.kinds["to"] and (after[0].isdecimal() or after in nouns.vocabulary.numerals)


def _widened(passage: Passage, number: Number, thing: Counted, approximators: _Approximators) -> Figure:
    words, first, last = passage.words, number.first, thing.last
    low, high = number.low * thing.factor, number.high * thing.factor
    approximate = number.low != number.high or not number.step
    if length := ends_at(words, first, approximators.before):
        factors = approximators.factors["before", words[first - length : first]]
        first -= length
        low, high, approximate = low * factors[0], high * factors[1], True
    else:
        for end in (number.last, last):
            if end < len(words) and (length := phrase_at(words, end, approximators.after)):
                factors = approximators.factors["after", words[end : end + length]]
                last = max(last, end + length)
                low, high, approximate = low * factors[0], high * factors[1], True
                break
    return Figure(number, thing, first, last, round(low, 6), round(high, 6), approximate)


def _described(passage: Passage, figures: list[Figure], language: str) -> list[Quantity]:
    known, things = limits(language), nouns(language)
    described = []
    for n, figure in enumerate(figures):
        begin, end = passage.sentence(figure.first)
        previous = max(begin, figures[n - 1].last) if n else begin
        following = min(end, figures[n + 1].first) if n + 1 < len(figures) else end
        time = times(passage, figure.last, following, known) or times(passage, previous, figure.first, known)
        noun = figure.counted.noun
        entity, unit = figure.counted.entity, figure.counted.unit
        limit = scope(passage, noun, (figure.number.last, following), known)
        if noun >= 0 and (group := acted(passage, figure.first, noun, things)) and group != entity:
            if passage.words[noun] not in things.kinds["anyone"]:
                limit = f"{limit} {entity}".strip()
            entity, unit = group, "person"
        described.append(
            Quantity(
                passage.span(figure.first, figure.last),
                figure.low,
                figure.high,
                unit,
                entity,
                limit,
                time,
                figure.approximate,
            )
        )
    return described
