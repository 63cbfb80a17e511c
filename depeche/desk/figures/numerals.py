"""Numbers as a language writes them, in figures or in words, with the values they stand for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from depeche.desk.lexicon import Row, load_rows
from depeche.desk.passage import Passage

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]

_FIGURE = re.compile(r"-?(\d+(?:[.,]\d+)*)([^\d\s]*)")
_PART = re.compile(r"[^\s']+'?|'")
_DIGITS = frozenset("0123456789")
_MOST_DIGITS = 15
_GROUP = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the tokens `[first, last)`: any value from `low` to `high`.

    `step` is what the last digit given is worth (0.1 in 18,4), 0 where the number is vague; `scale` the word
    it is multiplied by (1 000 000 in 18,4 millions); `suffix` a unit glued to it; `spelled` if in words.
    """

    first: int
    last: int
    low: float
    high: float
    step: float = 1.0
    scale: float = 1.0
    suffix: str = ""
    spelled: bool = False

    @property
    def exact(self) -> bool:
        """Whether the number names one value."""
        return self.low == self.high and self.step > 0


class Vocabulary:
    """The number words of a language by their kind, and the rows that say more than a word."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.rows[row["kind"]].append(row)
        self.words = defaultdict[str, frozenset[str]](
            frozenset,
            {kind: frozenset(w for row in rows for w in row["words"]) for kind, rows in self.rows.items()},
        )
        self.numerals: dict[str, float] = self._values("numeral")
        self.multiples: dict[str, float] = self._values("multiple")
        self.collective = {word: row for row in self.rows["collective"] for word in row["words"]}
        self.collectives = {word: row for row in self.rows["collectives"] for word in row["words"]}
        self.starts = frozenset({*self.numerals, *self.multiples, *self.collective, *self.collectives})

    def phrases(self, kind: str, *, by_last: bool = False) -> Phrases:
        """The phrases of `kind` cut into words, longest first, by their first word or by their last."""
        return by_word(self.words[kind], by_last=by_last)

    def _values(self, kind: str) -> dict[str, float]:
        return {word: row["value"] for row in self.rows[kind] for word in row["words"]}


@cache
def vocabulary(language: str, name: str = "quantities.json") -> Vocabulary:
    """The words of the file `name` in the pack of `language`; empty where it has none.

    Raises `PackError`.
    """
    optional = ("value", "low", "high", "few", "unit", "name", "acts", "of_anyone", "outcome", "toll")
    return Vocabulary(load_rows(language, name, ("kind", "words"), optional))


def cut(phrase: str) -> tuple[str, ...]:
    """A phrase in the words that tokens have: elided articles stand alone."""
    return tuple(_PART.findall(phrase))


def by_word(phrases: Iterable[str], *, by_last: bool = False) -> Phrases:
    """Phrases cut into words, longest first, by their first word or by their last."""
    index: dict[str, list[tuple[str, ...]]] = {}
    for words in map(cut, phrases):
        index.setdefault(words[-1 if by_last else 0], []).append(words)
    return {word: tuple(sorted(found, key=lambda p: (-len(p), p))) for word, found in index.items()}


def phrase_at(words: tuple[str, ...], i: int, phrases: Phrases) -> int:
    """The number of words of the longest of the phrases that begins at token `i`, 0 for none."""
    for phrase in phrases.get(words[i], ()):
        if words[i : i + len(phrase)] == phrase:
            return len(phrase)
    return 0


def numbers(passage: Passage, vocabulary: Vocabulary) -> list[Number]:
    """Every number of a passage in order; « un » alone is an article, and is none."""
    words, starts = passage.words, vocabulary.starts
    begins = [i for i, word in enumerate(words) if word in starts or word[0] in _DIGITS or "-" in word]
    found: list[Number] = []
    last, reader = 0, _Reader(passage, vocabulary)
    for i in begins:
        if i < last or ("-" in words[i] and not _may_begin(words[i], starts)):
            continue
        number = reader.collective(i) or reader.counted(i)
        if number:
            found.append(number)
        last = number.last if number else reader.skip + 1
    return found


def _may_begin(word: str, starts: frozenset[str]) -> bool:
    """Whether « -3 » or « trente-cinq » may be a number."""
    return word[0] in _DIGITS or word.partition("-")[0] in starts or word[1:2] in _DIGITS


class _Reader:
    """Reads one number; `skip` is the last token known to be no part of one."""

    def __init__(self, passage: Passage, vocabulary: Vocabulary) -> None:
        self.passage = passage
        self.words = passage.words
        self.vocabulary = vocabulary
        self.skip = 0

    def collective(self, i: int) -> Number | None:
        """« une trentaine », « des dizaines de milliers », « quelques millions »."""
        kinds, words, before = self.vocabulary.words, self.words, i - 1
        if i == 0:
            return None
        if words[before] in kinds["about_one_adjective"] and before:
            before -= 1
        one, row = words[before] in kinds["about_one"], self.vocabulary.collective.get(words[i])
        if one and row:
            return self._many(Number(before, i + 1, row["low"], row["high"], 0, row["value"], spelled=True))
        if words[i] in self.vocabulary.multiples and words[before] in kinds["one"]:
            value = self.vocabulary.multiples[words[i]]
            return Number(before, i + 1, value, value, value, value, spelled=True)
        row = self.vocabulary.collectives.get(words[i])
        if row and words[i - 1] in kinds["many"]:
            return self._many(Number(i - 1, i + 1, row["low"], row["high"], 0, row["value"], spelled=True))
        if row and words[i - 1] in kinds["few"]:
            return self._many(Number(i - 1, i + 1, row["low"], row["few"], 0, row["value"], spelled=True))
        return None

    def counted(self, i: int) -> Number | None:
        """A number in figures or in words, with the multiple that follows it (« 18,4 millions »)."""
        self.skip = i
        number = self._figure(i) if not self.words[i][0].isalpha() else self._spelled(i)
        if number is None or number.last >= len(self.words) or number.suffix:
            return number
        word = self.words[number.last]
        row = self.vocabulary.collective.get(word) or self.vocabulary.collectives.get(word)
        scale = self.vocabulary.multiples.get(word) or (row and row["value"])
        if not scale and not number.spelled and self.vocabulary.numerals.get(word, 0) >= 1000:
            scale = self.vocabulary.numerals[word]
        if not scale:
            return number
        vague = word not in self.vocabulary.multiples and bool(row) and scale < 1_000_000 and number.spelled
        return replace(
            number,
            last=number.last + 1,
            low=number.low * scale * (0.9 if vague else 1),
            high=number.high * scale * (1.1 if vague else 1),
            step=0 if vague else number.step * scale,
            scale=scale,
        )

    def _many(self, number: Number) -> Number:
        """`number` with what follows it: « des dizaines » + « de milliers »."""
        words, size = self.words, len(self.words)
        while number.last + 1 < size and words[number.last] in self.vocabulary.words["of"]:
            row = self.vocabulary.collectives.get(words[number.last + 1])
            if not row:
                break
            value = row["value"]
            number = replace(
                number, last=number.last + 2, low=number.low * value, high=number.high * value, scale=value
            )
        return number

    def _figure(self, i: int) -> Number | None:
        words = self.words
        if self._is_telephone(i):
            return None
        match = _FIGURE.fullmatch(words[i])
        if not match:
            return None
        digits, suffix = match.groups()
        last = i + 1
        if digits.isdecimal() and len(digits) <= _GROUP and not suffix:
            while last < len(words) and self._is_group(last):
                digits, last = digits + words[last], last + 1
                if not words[last - 1].isdecimal():
                    break
        value = self._value(digits)
        if value is None:
            return None
        amount, step = value
        return Number(i, last, amount, amount, step, suffix=suffix)

    def _is_group(self, i: int) -> bool:
        word = self.words[i]
        if self.passage.starts[i] != self.passage.ends[i - 1] + 1 or not word[:_GROUP].isdecimal():
            return False
        return len(word) == _GROUP or (
            len(word) > _GROUP + 1 and word[_GROUP] in ",." and word[4:].isdecimal()
        )

    def _is_telephone(self, i: int) -> bool:
        """Pairs of digits in a row, at least three; `skip` is set behind them."""
        last = i
        while last < len(self.words) and len(self.words[last]) == 2 and self.words[last].isdecimal():
            last += 1
        if last - i < 3:
            return False
        self.skip = last - 1
        return True

    def _value(self, digits: str) -> tuple[float, float] | None:
        """What the digits are worth, and their last one; None for a version, a date, a code."""
        decimal = next(iter(self.vocabulary.words["decimal"]), ".")
        whole, _, fraction = digits.partition(decimal)
        groups = re.split(r"[.,]", whole)
        if any(len(group) != _GROUP for group in groups[1:]) or (len(groups) > 1 and len(groups[0]) > _GROUP):
            return None
        whole = "".join(groups)
        if not fraction.isdecimal() and fraction:
            return None
        if len(whole) + len(fraction) > _MOST_DIGITS or (len(whole) > 1 and whole[0] == "0"):
            return None
        return float(f"{whole}.{fraction or 0}"), 10.0 ** -len(fraction)

    def _spelled(self, i: int) -> Number | None:
        numerals, multiples = self.vocabulary.numerals, self.vocabulary.multiples
        total = current = 0.0
        last, i_end = i, len(self.words)
        while last < i_end:
            parts = self._parts(last, joined=current > 0)
            if parts is None:
                break
            for part in parts:
                if (scale := multiples.get(part, 0) or self._plural_multiple(part)) and current + total:
                    total, current = total + current * scale, 0.0
                elif scale:
                    return None
                else:
                    total, current = _added(total, current, part, numerals.get(part, 1.0))
            last += 1
        if last == i:
            return None
        value = total + current
        return Number(i, last, value, value, spelled=True) if value > 1 else None

    def _plural_multiple(self, part: str) -> float:
        row = self.vocabulary.collectives.get(part)
        return float(row["value"]) if row and row["value"] >= 1_000_000 else 0.0

    def _parts(self, i: int, *, joined: bool) -> list[str] | None:
        """The number words in token `i` (« vingt-deux » is two, « et » and hyphens none); None for another
        word.
        """
        word, kinds = self.words[i], self.vocabulary.words
        follower = self.words[i + 1] if i + 1 < len(self.words) else ""
        if joined and (word == "-" or word in kinds["and"]):
            small = self.vocabulary.numerals.get(follower, 0)
            fits = follower in kinds["one"] or (small == 11 if word != "-" else small > 0)
            again = kinds["and_after"].intersection(self.words[i + 2 : i + 3])
            fits = fits or (0 < small < 100 and self.words[i - 1] in kinds["and_after"] and not again)
            return [] if fits else None
        if joined and word in kinds["one"] and self.words[i - 1] in {"-", *kinds["and"]}:
            return [word]
        parts = [part for part in word.split("-") if part and part not in kinds["and"]]
        known = all(
            part in self.vocabulary.numerals
            or part in self.vocabulary.multiples
            or self._plural_multiple(part)
            or (n > 0 and part in kinds["one"])
            for n, part in enumerate(parts)
        )
        return parts if parts and known else None


def _added(total: float, current: float, word: str, value: float) -> tuple[float, float]:
    if value == 1000:
        return total + max(current, 1) * 1000, 0.0
    if value == 100:
        return total, max(current, 1) * 100
    if value == 20 and current % 10 == 4 and current % 100 < 10:
        return total, current + 76
    return total, current + value
