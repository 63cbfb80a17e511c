"""The words of vague sources, as the rule for them (ATT002) reads them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from depeche.desk.lexicon import load_groups
from depeche.desk.phrases import PhraseIndex

AGENTLESS = "agentless"


class VagueWords(NamedTuple):
    """Nouns, phrases and small words of `vague_sources.json`, by what they are looked up for."""

    nouns: Mapping[str, str]
    singular: Mapping[str, str]
    phrases: PhraseIndex[str]
    determiners: frozenset[str]
    before: frozenset[str]
    quantifiers: tuple[tuple[str, ...], ...]
    some: tuple[tuple[str, ...], ...]
    complements: frozenset[str]
    defining: frozenset[str]
    indefinite: frozenset[str]
    verbs: frozenset[str]
    reflexives: frozenset[str]
    circle: frozenset[str]
    owners: frozenset[str]
    some_people: frozenset[str]
    sides: frozenset[str]
    reasons: frozenset[str]


@cache
def vague_words(language: str) -> VagueWords:
    """What a language has of them, empty where it has none.

    Raises `PackError`.
    """
    groups = load_groups(language, "vague_sources.json")

    def ending(suffix: str) -> dict[str, str]:
        return {
            word.lower(): key.removesuffix(suffix)
            for key, words in groups.items()
            if key.endswith(suffix)
            for word in words
        }

    def tuples(key: str) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted((tuple(words.split()) for words in groups.get(key, ())), key=len, reverse=True))

    fixed = ("collective_expert", "document_vague", "generic_people", "generic_power", AGENTLESS)
    return VagueWords(
        ending(" nouns"),
        ending(" singular"),
        PhraseIndex((phrase, key) for key in fixed for phrase in groups.get(key, ())),
        frozenset(groups.get("determiners", ())),
        frozenset(groups.get("adjectives before", ())),
        tuples("quantifiers"),
        tuples("some"),
        frozenset(groups.get("generic complements", ())),
        frozenset(groups.get("defining complements", ())),
        frozenset(groups.get("only indefinite", ())),
        frozenset(groups.get("opinion verbs", ())),
        frozenset(groups.get("reflexive opinion verbs", ())),
        frozenset(groups.get("circle", ())),
        frozenset(groups.get("owners", ())),
        frozenset(groups.get("some people", ())),
        frozenset(groups.get("sides", ())),
        frozenset(groups.get("announcing", ())),
    )
