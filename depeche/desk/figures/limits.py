"""What limits a figure: the words, the places and the times it is given for."""

from __future__ import annotations

from functools import cache

from depeche.desk.figures.numerals import Vocabulary, phrase_at, vocabulary
from depeche.desk.passage import Passage

MORE = "+"
"""The first word of a scope that adds to another figure (« 3 000 autres »)."""

_FARTHEST_MODIFIER = 6
_STOPS = frozenset({";", ":", "(", ")"})


class Limits:
    """The words of scope and time of one language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.kinds = vocabulary.words
        self.scopes = vocabulary.phrases("scope")
        self.more = vocabulary.phrases("more")
        self.times = self.kinds["day"] | self.kinds["month"] | self.kinds["period"]
        self.articles = self.kinds["the"] | self.kinds["of_the"] | self.kinds["one"]
        self.predicates = (
            frozenset(act for row in vocabulary.rows["entity"] for act in row.get("acts", ()))
            | (self.kinds["frame"])
        )


@cache
def limits(language: str) -> Limits:
    """The words of scope and time of `language`.

    Raises `PackError`.
    """
    return Limits(vocabulary(language))


def times(passage: Passage, first: int, last: int, limits: Limits) -> str:
    """The time that the tokens `[first, last)` give, in few words (« depuis janvier », « mardi »), or ""."""
    words, found = passage.words, list[str]()
    for i in range(first, last):
        word = words[i]
        if word not in limits.times:
            if is_year(word) or (word in limits.kinds["span_alone"]):
                found += _markers(words, first, i, limits)
                found.append(word)
            continue
        if word in limits.kinds["summer"] and (i == 0 or words[i - 1] not in limits.kinds["summer_before"]):
            continue
        found += _markers(words, first, i, limits)
        if word in limits.kinds["month"] and i > first and words[i - 1][:1].isdecimal():
            found.append(words[i - 1])
        found.append(word)
        if i + 1 < last and words[i + 1] in limits.kinds["span"]:
            found.append(words[i + 1])
    return " ".join(dict.fromkeys(found))


def _markers(words: tuple[str, ...], first: int, i: int, limits: Limits) -> list[str]:
    return [word for word in words[max(first, i - 3) : i] if word in limits.kinds["span"]]


def is_year(word: str) -> bool:
    """Whether a word is a year of the last two centuries or of this one."""
    return len(word) == 4 and word.isascii() and word.isdecimal() and "1800" <= word <= "2100"


def scope(passage: Passage, noun: int, window: tuple[int, int], limits: Limits) -> str:
    """The words that limit what is counted: of the noun at token `noun` (-1 for none), and in the tokens of
    `window` after it set phrases and places.
    """
    first, last = window
    found = modifiers(passage, noun, last, limits) if noun >= 0 else []
    i = first
    while i < last:
        if passage.words[i] in limits.scopes and (length := phrase_at(passage.words, i, limits.scopes)):
            found.append(" ".join(passage.words[i : i + length]))
            i += length
        else:
            i += 1
    found += places(passage, first, last, limits)
    end = min(last, noun + 2 if noun >= 0 else first + 1)
    more = any(phrase_at(passage.words, k, limits.more) for k in range(first, end))
    return " ".join(dict.fromkeys([MORE, *found] if more else found))


def modifiers(passage: Passage, noun: int, last: int, limits: Limits) -> list[str]:
    """The lemmas of the words that limit the noun at token `noun`: adjectives before and behind it, and what
    follows « de » or « à ».
    """
    words, tags = passage.words, passage.tags
    found: list[str] = []
    if noun and tags[noun - 1] == "ADJ" and words[noun - 1] not in limits.kinds["more_alone"]:
        found.append(passage.lemmas[noun - 1].lower())
    i, end = noun + 1, min(last, noun + 1 + _FARTHEST_MODIFIER)
    while i < end:
        word = words[i]
        if word in limits.times or word in limits.kinds["more_alone"]:
            break
        if word in limits.predicates or passage.lemmas[i] in limits.predicates:
            break
        if tags[i] == "ADJ" or (tags[i] == "VERB" and "VerbForm=Part" in passage.morphs[i]):
            found.append(passage.lemmas[i].lower())
            i += 1
        elif word in limits.kinds["noun_joiner"] and (after := _noun_after(passage, i, end, limits)):
            found.append(passage.lemmas[after].lower())
            i = after + 1
        else:
            break
    return found


def _noun_after(passage: Passage, i: int, end: int, limits: Limits) -> int:
    """The token of the noun that the preposition at token `i` leads to, 0 for none and for a time."""
    i += 1
    if i < end and passage.words[i] in limits.articles:
        i += 1
    if i < end and passage.tags[i] in {"NOUN", "PROPN"} and passage.words[i] not in limits.times:
        return i
    return 0


def places(passage: Passage, first: int, last: int, limits: Limits) -> list[str]:
    """The names behind « à », « dans », « de »… in the tokens `[first, last)`, up to a colon or bracket."""
    words, found = passage.words, []
    for i in range(first + 1, last):
        if words[i] in _STOPS:
            break
        if not passage.text[passage.starts[i]].isupper() or words[i] in limits.times:
            continue
        before = i - 1
        if before > first and words[before] in limits.articles:
            before -= 1
        if words[before] in limits.kinds["place_before"]:
            found.append(words[i])
    return found
