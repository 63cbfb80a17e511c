"""Figures of one sentence that do not add up (NUM003): parts and totals, shares, growth and its endpoints."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from depeche.desk.figures.numerals import Number, Vocabulary, cut, numbers, phrase_at, vocabulary
from depeche.desk.figures.predicates import change_before
from depeche.desk.figures.quantities import Figure, agree, figures
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding

_THINGS = frozenset({"", "person"})
_WHOLE = 100.0
_SLACK_POINTS = 1.0
_SLACK_SHARE = 0.05


class _Words:
    """The words of one language that make figures parts, shares or endpoints."""

    def __init__(self, language: str) -> None:
        rules: Vocabulary = vocabulary(language, "figures.json")
        self.numerals: Vocabulary = vocabulary(language)
        self.kinds = defaultdict[str, frozenset[str]](frozenset, self.numerals.words | rules.words)
        self.multiple_answers = rules.phrases("multiple_answers")
        self.growth = rules.phrases("growth")
        self.growing = frozenset(self.growth) | {"%"}
        self.factors = {
            cut(phrase): (float(row["low"]), float(row["high"]))
            for row in rules.rows["growth"]
            for phrase in row["words"]
        }
        self.sides = [
            {word: side for side, words in enumerate(row["words"]) for word in words.split()}
            for row in rules.rows["exclusive"]
        ]


class _List(NamedTuple):
    """A total and what is listed as its parts; `link` is the word between them."""

    total: Figure
    parts: tuple[Figure, ...]
    link: str


@cache
def _words(language: str) -> _Words:
    return _Words(language)


def may_miscount(passage: Passage, figures: int, language: str) -> bool:
    """Whether a passage with so many figures is worth `miscounts`: it costs little to know that it is not."""
    if figures > 2:
        return True
    known = _words(language)
    return figures > 0 and not known.growing.isdisjoint(passage.words)


def miscounts(passage: Passage, language: str) -> Iterator[Finding]:
    """A finding for each total that is not its parts, each set of shares that is not 100 %, and each growth
    that its endpoints belie. Figures within quotation marks are left alone.
    """
    known = _words(language)
    inside: defaultdict[int, list[Figure]] = defaultdict(list)
    for figure in figures(passage, language):
        if not passage.quoted[figure.number.first]:
            inside[passage.sentence_of[figure.first]].append(figure)
    read: list[Number] = []
    for number, found in inside.items():
        words = passage.words[slice(*passage.sentences[number])]
        if not known.growing.isdisjoint(words):
            read = read or numbers(passage, known.numerals)
            yield from _growth(passage, number, found, read, known)
        if len(found) > 2:
            yield from _totals(passage, passage.sentences[number], found, known)
            yield from _shares(passage, number, found, known)


def _totals(
    passage: Passage, sentence: tuple[int, int], found: Sequence[Figure], known: _Words
) -> Iterator[Finding]:
    done = 0
    for n, total in enumerate(found[:-2]):
        if n < done:
            continue
        listed = _listed(passage, total, found[n + 1 :], known)
        if listed is None or not total.number.exact or total.approximate:
            continue
        done = n + 1 + len(listed.parts)
        if not known.kinds["rest"].isdisjoint(passage.words[listed.parts[0].first : sentence[1]]):
            continue
        low, high = sum(part.low for part in listed.parts), sum(part.high for part in listed.parts)
        too_much = low > total.high and not agree((low, high), (total.low, total.high))
        alone = known.kinds["one"].isdisjoint(passage.words[listed.parts[0].first : sentence[1]])
        too_little = alone and high < total.low and not agree((low, high), (total.low, total.high))
        exhaustive = listed.link in {":", ","}
        if (too_much and (exhaustive or _exclusive(passage, listed, known))) or (too_little and exhaustive):
            yield _finding(passage, total, listed.parts, (low, total.low), known)


def _listed(passage: Passage, total: Figure, after: Sequence[Figure], known: _Words) -> _List | None:
    """The figures listed behind `total` as its parts, at least two."""
    words, first = passage.words, after[0].first
    link = words[first - 1]
    over = not known.kinds["out_of"].isdisjoint(words[max(0, total.first - 2) : total.first])
    between = set(words[total.last : first])
    if over:
        link = "over"
    elif link in known.kinds["among"]:
        link = "among"
    elif link != ":" and (link != "," or after[0].counted.noun >= 0 or total.last == total.number.last):
        return None
    if link != "over" and ";" in between:
        return None
    parts: list[Figure] = []
    for figure in after:
        if (
            figure.counted.unit != total.counted.unit
            and not {figure.counted.unit, total.counted.unit} <= _THINGS
        ):
            break
        if parts and not _continues(passage, parts[-1], figure, link, known):
            break
        parts.append(figure)
    if len(parts) < 2 or (len(parts) < len(after) and link != "among"):
        return None
    if link != "over" and words[parts[-1].first - 1] not in known.kinds["and"]:
        return None
    if link == "," and not all(_is_split(passage, part, known) for part in parts):
        return None
    return _List(total, tuple(parts), link)


def _continues(passage: Passage, part: Figure, following: Figure, link: str, known: _Words) -> bool:
    joint = passage.words[following.first - 1]
    return joint in known.kinds["list_joiner"] or (link == "over" and joint in known.kinds["and"])


def _is_split(passage: Passage, part: Figure, known: _Words) -> bool:
    return part.last < len(passage) and passage.words[part.last] in known.kinds["split_by"]


def _exclusive(passage: Passage, listed: _List, known: _Words) -> bool:
    """Whether nothing can be counted in two of the parts, or one of them alone is more than all."""
    if any(part.low > listed.total.high for part in listed.parts):
        return True
    ends = [part.first for part in listed.parts[1:]] + [listed.parts[-1].last + 4]
    after = [
        passage.words[part.last - 1 : min(end, part.last + 4)]
        for part, end in zip(listed.parts, ends, strict=True)
    ]
    for sides in known.sides:
        met = [{sides[word] for word in words if word in sides} for words in after]
        if all(len(side) == 1 for side in met) and len(set.union(*met)) == len(met):
            return True
    return listed.link == "among" and all(_is_split(passage, part, known) for part in listed.parts)


def _shares(passage: Passage, sentence: int, found: Sequence[Figure], known: _Words) -> Iterator[Finding]:
    first, last = passage.sentences[sentence]
    words = passage.words[first:last]
    shares = [figure for figure in found if figure.counted.unit == "%"]
    if len(shares) < 3 or any(figure.approximate or not figure.number.exact for figure in shares):
        return
    if shares != [figure for figure in found if shares[0].first <= figure.first <= shares[-1].first]:
        return
    if not known.kinds["among"].isdisjoint(words) or _answers_are_many(passage, sentence, known):
        return
    bases = {
        figure.counted.entity
        for figure in shares
        if _word(passage, figure.number.last + 1) in known.kinds["of_the"]
    }
    if len(bases) > 1:
        return
    votes = any(word in known.kinds["votes"] for word in words)
    stances = known.kinds["stance"].intersection(words)
    partition = not known.kinds["partition"].isdisjoint(words)
    if not (partition or votes or len(stances) >= 2):
        return
    low = sum(figure.low - figure.number.step / 2 for figure in shares)
    high = sum(figure.high + figure.number.step / 2 for figure in shares)
    complete = partition or not known.kinds["stance_last"].isdisjoint(words)
    if low > _WHOLE or (high < _WHOLE and complete):
        yield _finding(passage, shares[0], shares, (sum(figure.low for figure in shares), _WHOLE), known)


def _word(passage: Passage, i: int) -> str:
    return passage.words[i] if i < len(passage) else ""


def _answers_are_many(passage: Passage, sentence: int, known: _Words) -> bool:
    """Whether the sentence, or one beside it that gives no shares, says that one could choose several."""
    beside = range(max(0, sentence - 1), min(len(passage.sentences), sentence + 2))
    return any(
        phrase_at(passage.words, i, known.multiple_answers)
        for number in beside
        if number == sentence or "%" not in passage.words[slice(*passage.sentences[number])]
        for i in range(*passage.sentences[number])
    )


def _growth(
    passage: Passage, number: int, found: Sequence[Figure], read: Sequence[Number], known: _Words
) -> Iterator[Finding]:
    """« a doublé, de 300 à 450 », « en hausse de 20 %, de 100 à 150 »."""
    sentence = passage.sentences[number]
    told = _told_growth(passage, sentence, found, known)
    if told is None:
        return
    from_here = bisect_left(read, sentence[0], key=lambda number: number.first)
    until = bisect_left(read, sentence[1], key=lambda number: number.first)
    ends = _endpoints(passage, read[from_here:until], known)
    if ends is None:
        return
    (low, high), span = told
    before, after = ends
    least = (after.low - after.step / 2) / (before.low + before.step / 2)
    most = (after.low + after.step / 2) / max(before.low - before.step / 2, 1e-9)
    if most < low or least > high:
        related = (passage.span(before.first, before.last), passage.span(after.first, after.last))
        yield Finding("NUM003", "error", span, related=related)


def _told_growth(
    passage: Passage, sentence: tuple[int, int], found: Sequence[Figure], known: _Words
) -> tuple[tuple[float, float], tuple[int, int]] | None:
    """The factors between which the sentence says that something grew, and where it says so."""
    words, told = passage.words, []
    for i in range(*sentence):
        if words[i] in known.growth and (length := phrase_at(words, i, known.growth)):
            if words[i - 1] in known.kinds["nearly"]:
                return None
            told.append((known.factors[words[i : i + length]], passage.span(i, i + length)))
    for figure in found:
        if figure.counted.unit == "%" and (change := change_before(passage, figure.first, known.kinds)) >= 0:
            if figure.approximate:
                return None
            sign = 1 if words[change] in known.kinds["rise"] else -1
            slack = figure.number.step / 2 + max(_SLACK_POINTS, _SLACK_SHARE * figure.high)
            bounds = sorted(1 + sign * (figure.low + way * slack) / 100 for way in (-1, 1))
            told.append(((bounds[0], bounds[1]), passage.span(figure.first, figure.last)))
    return told[0] if len(told) == 1 else None


def _endpoints(passage: Passage, read: Sequence[Number], known: _Words) -> tuple[Number, Number] | None:
    """The one « de 300 à 450 euros » among the numbers of a sentence."""
    words, kinds = passage.words, known.kinds
    found: list[tuple[Number, Number]] = []
    for a, b in pairwise(read):
        gap = words[a.last : b.first]
        unit = words[b.last : b.last + 1]
        if not gap or gap[-1] not in kinds["to"] or len(gap) > 3 or not a.first:
            continue
        if words[a.first - 1] not in kinds["from"] or "%" in (*gap, *unit) or not a.exact or not b.exact:
            continue
        if set(unit) & (kinds["month"] | kinds["clock_unit"] | kinds["age_unit"]):
            continue
        low = a.low * b.scale if a.scale == 1 < b.scale and a.low < 1000 else a.low
        step = a.step * (low / a.low) if a.low else a.step
        found.append((replace(a, low=low, high=low, step=step), b))
    return found[0] if len(found) == 1 and found[0][0].low else None


def _finding(
    passage: Passage, at: Figure, parts: Sequence[Figure], sums: tuple[float, float], known: _Words
) -> Finding:
    whole = at is parts[0]
    last = parts[-1].last if whole else at.last
    related = tuple(passage.span(part.first, part.last) for part in parts if part is not at)
    values = (("sum", _shown(sums[0], known)), ("total", _shown(sums[1], known)))
    return Finding("NUM003", "error", passage.span(at.first, last), related=related, values=values)


def _shown(value: float, known: _Words) -> str:
    """A number with its thousands parted, as the language does it."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    if "," in known.numerals.words["decimal"]:
        text = text.translate({ord(","): "\u202f", ord("."): ","})
    return text
