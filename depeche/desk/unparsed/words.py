"""The small words, heads and vague phrases of a language that is read without a parser."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from depeche.desk.lexicon import load_groups
from depeche.desk.passage import ATOM
from depeche.desk.spans import SourceQuality


class Small(NamedTuple):
    """The groups of `small_words.json`: the words a language has few of, by what they do."""

    pronouns: frozenset[str]
    some: frozenset[str]
    nobody: frozenset[str]
    that: frozenset[str]
    who: frozenset[str]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    infinitive: frozenset[str]
    negations: frozenset[str]
    adverbs: frozenset[str]
    definite: frozenset[str]
    indefinite: frozenset[str]
    inner: frozenset[str]
    joining: frozenset[str]
    boundaries: frozenset[str]
    subordinators: frozenset[str]
    unreported: frozenset[str]
    finite: frozenset[str]
    openers: frozenset[str]
    adjunct_openers: frozenset[str]
    time: frozenset[str]
    addressees: frozenset[str]
    no_report: frozenset[str]
    matters: frozenset[str]
    linking: frozenset[str]
    titles: frozenset[str]


class Vague(NamedTuple):
    """Nouns and fixed phrases for sources that are nobody in particular, with their kind."""

    nouns: dict[str, SourceQuality]
    phrases: dict[str, tuple[tuple[str, ...], ...]]

    def opens(self, words: tuple[str, ...], i: int) -> bool:
        """Whether one of the phrases begins at token `i`."""
        return any(words[i : i + len(phrase)] == phrase for phrase in self.phrases.get(words[i], ()))


@cache
def load_small(language: str) -> Small:
    """The small words of `language`; a group it lacks is empty.

    Raises `PackError`.
    """
    groups = load_groups(language, "small_words.json")
    return Small(*(frozenset(groups.get(name.replace("_", " "), ())) for name in Small._fields))


@cache
def load_vague(language: str) -> Vague:
    """The vague sources of `language`.

    Raises `PackError`.
    """
    groups = load_groups(language, "vague_sources.json")
    nouns: dict[str, SourceQuality] = {
        noun.lower(): "vague_document" if key.startswith("document") else "vague_collective"
        for key, words in groups.items()
        if key.endswith(" nouns")
        for noun in words
    }
    fixed = ("collective_expert", "document_vague", "generic_people", "generic_power")
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in (tuple(ATOM.findall(p.lower())) for key in fixed for p in groups.get(key, ())):
        phrases[phrase[0]] = (*phrases.get(phrase[0], ()), phrase)
    return Vague(nouns, phrases)


@cache
def load_never(language: str) -> frozenset[str]:
    """The nouns that say nothing though they stand behind “according to”."""
    return frozenset(load_groups(language, "source_heads.json").get("never", ()))
