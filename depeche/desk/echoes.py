"""Where the words of a headline come back in the text, in whatever form or by whatever word of their kind."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from depeche.desk.draft import Draft
from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex

_SHORTEST_STEM = 4
_SHORTEST_WORD = 3
_OPTIONAL = ("claims", "idioms", "figurative", "loose", "mild")
_EMPTY_TAGS = frozenset({"DET", "ADP", "CCONJ", "SCONJ", "PUNCT", "AUX"})


class Topic(NamedTuple):
    """A kind of happening, « arrest » or « theft »; `accuses` where it is held against whoever does it,
    `figurative` where its words are used of other things too (« le stade s'embrase »).
    """

    name: str
    accuses: bool = False
    figurative: bool = False


class Touch(NamedTuple):
    """A topic in a passage: tokens `[first, last)`; `asserts` where these words say that it happened,
    and not only touch on it; `loose` where they are said of other things as well (« les secours »).
    """

    first: int
    last: int
    topic: Topic
    asserts: bool = False
    loose: bool = False


class Wordbook:
    """The topics of a language: what a headline can claim, and the words that would bear it out."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._phrases: dict[str, list[tuple[tuple[str, ...], Topic, bool, bool]]] = defaultdict(list)
        claims: list[tuple[str, tuple[Topic, bool]]] = []
        idioms: list[tuple[str, str]] = []
        for row in load_rows(language, "events.json", ("event", "words"), _OPTIONAL):
            topic = Topic(row["event"], figurative=row.get("figurative", False))
            idioms += [(phrase, phrase) for phrase in row.get("idioms", [])]
            self._enter(row["words"], topic, "events.json", loose=frozenset(row.get("loose", [])))
            for key in ("claims", "mild"):
                self._enter(row.get(key, []), topic, "events.json", asserts=True)
                claims += [(phrase, (topic, key == "mild")) for phrase in row.get(key, [])]
        for row in load_rows(language, "accusations.json", ("group", "charges", "also")):
            topic = Topic(row["group"], accuses=True)
            self._enter(row["also"], topic, "accusations.json")
            self._enter(row["charges"], topic, "accusations.json", asserts=True)
        self._claims = PhraseIndex(claims)
        self._idioms = PhraseIndex(idioms)
        self._beginnings = frozenset(key.lstrip("=") for key in self._phrases)

    def claims(self, passage: Passage) -> list[Touch]:
        """What a headline announces in so many words: deaths, arrests, fires…, but for set phrases; `loose`
        where the words may be meant otherwise.
        """
        idle = {i for idiom in self._idioms.find(passage) for i in range(idiom.first, idiom.last)}
        found = self._claims.find(passage)
        return [
            Touch(first, last, topic, loose=mild) for first, last, (topic, mild) in found if first not in idle
        ]

    def touches(self, passage: Passage, tokens: Iterable[int] | None = None) -> list[Touch]:
        """The topics that the `tokens` of a passage (all where none are given) touch on, in order."""
        found: list[Touch] = []
        for i in range(len(passage)) if tokens is None else tokens:
            if not self._may_begin(passage, i):
                continue
            for stem in _keys(passage, i, self._language):
                for phrase, topic, asserts, loose in self._phrases.get(stem, ()):
                    last = self._end(passage, i, phrase)
                    if last:
                        found.append(Touch(i, last, topic, asserts, loose))
        return list(dict.fromkeys(found))

    def _may_begin(self, passage: Passage, i: int) -> bool:
        if stem_of(passage.words[i], self._language) in self._beginnings:
            return True
        return passage.parsed and stem_of(passage.lemmas[i], self._language) in self._beginnings

    def _end(self, passage: Passage, first: int, phrase: tuple[str, ...]) -> int:
        """The token after `phrase` at `first`, 0 where other words stand there."""
        if first + len(phrase) > len(passage):
            return 0
        for k, expected in enumerate(phrase[1:], first + 1):
            if expected not in _keys(passage, k, self._language):
                return 0
        return first + len(phrase)

    def _enter(
        self,
        phrases: object,
        topic: Topic,
        name: str,
        *,
        asserts: bool = False,
        loose: frozenset[str] = frozenset(),
    ) -> None:
        if not isinstance(phrases, list) or not all(isinstance(p, str) and p.strip() for p in phrases):
            path = LANGUAGES / self._language / name
            raise PackError(f"{path}: {topic.name} must have lists of texts, none of them empty.")
        for phrase in phrases:
            words = phrase.replace("'", "' ").split()
            keys = tuple(_key(word, self._language) for word in words)
            self._phrases[keys[0]].append((keys, topic, asserts, phrase in loose))


def _key(word: str, language: str) -> str:
    """The stem of a listed word; a short one (« coup ») is no stem of others (« coupé »)."""
    stem = stem_of(word, language)
    return f"={stem}" if stem == folded(word) and len(stem) <= _SHORTEST_STEM else stem


@cache
def wordbook(language: str) -> Wordbook:
    """The wordbook of `language`, empty where it has none.

    Raises `PackError`.
    """
    return Wordbook(language)


def _keys(passage: Passage, i: int, language: str) -> Iterator[str]:
    """What a listed word may be entered under that token `i` is a form of."""
    for stem in stems(passage, i, language):
        yield stem
        if len(stem) <= _SHORTEST_STEM and stem in (
            _singular(passage.words[i], language),
            folded(passage.lemmas[i]),
        ):
            yield f"={stem}"


def stems(passage: Passage, i: int, language: str) -> tuple[str, ...]:
    """The stems of token `i`: of the word as it stands, and of its lemma where that is another."""
    form = stem_of(passage.words[i], language)
    lemma = stem_of(passage.lemmas[i], language) if passage.parsed else form
    return (form,) if form == lemma else (form, lemma)


@lru_cache(maxsize=60_000)
def stem_of(word: str, language: str) -> str:
    """`word` without accents, plural and the longest ending, as long as four letters are left."""
    plain = _singular(word, language)
    _, endings, longest = _endings(language)
    for length in range(min(longest, len(plain) - _SHORTEST_STEM), 0, -1):
        if plain[-length:] in endings:
            plain = plain[:-length]
            break
    while len(plain) > _SHORTEST_STEM and (plain[-1] in "eiu" or plain[-1] == plain[-2]):
        plain = plain[:-1]
    return plain


def _singular(word: str, language: str) -> str:
    plain = folded(word)
    return plain[:-1] if len(plain) > _SHORTEST_WORD and plain[-1] in _endings(language)[0] else plain


def folded(word: str) -> str:
    """`word` in lower case, without accents or ligatures."""
    plain = word.lower()
    if plain.isascii():
        return plain
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


@cache
def _endings(language: str) -> tuple[frozenset[str], frozenset[str], int]:
    groups = load_groups(language, "word_endings.json")
    endings = groups.get("endings", ())
    return frozenset(groups.get("plural", ())), frozenset(endings), max(map(len, endings), default=0)


class Echoes:
    """The words of some blocks of a draft by their stems: where each comes back, in order; and the topics
    that each block touches on, looked for once.
    """

    def __init__(self, draft: Draft, numbers: Sequence[int]) -> None:
        self._draft = draft
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._touches: dict[int, list[Touch]] = {}
        for number in numbers:
            passage = draft.blocks[number].passage
            for i, word in enumerate(passage.words):
                if len(word) >= _SHORTEST_WORD and passage.tags[i] not in _EMPTY_TAGS:
                    for stem in stems(passage, i, draft.language):
                        self._places[stem].append((number, i))

    def of(self, passage: Passage, i: int, within: range | None = None) -> list[tuple[int, int]]:
        """The (block, token) places where token `i` of `passage` comes back, in the blocks `within`."""
        found = [
            place
            for stem in stems(passage, i, self._draft.language)
            for place in self._places.get(stem, ())
            if within is None or place[0] in within
        ]
        return sorted(set(found))

    def touches(self, number: int) -> list[Touch]:
        """The topics that block `number` touches on."""
        found = self._touches.get(number)
        if found is None:
            passage = self._draft.blocks[number].passage
            found = self._touches[number] = wordbook(self._draft.language).touches(passage)
        return found
