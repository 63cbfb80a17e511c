"""Nouns that speak, of each kind, and phrases of vague sources."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from depeche.desk.lexicon import load_groups
from depeche.desk.phrases import PhraseIndex


class Heads(NamedTuple):
    """Nouns by what they can be the source of, singular and plural, and the phrases of vague sources.

    `office` holds those of `person` that name one position (« le maire »): whoever holds it is known.
    """

    person: frozenset[str]
    organisation: frozenset[str]
    document: frozenset[str]
    never: frozenset[str]
    office: frozenset[str]
    vague: PhraseIndex[str]


@cache
def load_heads(language: str) -> Heads:
    """The nouns of `language` that speak, and those that never do.

    Raises `PackError`.
    """
    groups = load_groups(language, "source_heads.json")
    vague = load_groups(language, "vague_sources.json")
    return Heads(
        _numbers(groups.get("person", ())),
        _numbers(groups.get("organisation", ())),
        _numbers(groups.get("document", ())),
        _numbers(groups.get("never", ())),
        frozenset(noun.lower() for noun in groups.get("office", ())),
        PhraseIndex((phrase, kind) for kind, phrases in vague.items() for phrase in phrases),
    )


def _numbers(nouns: tuple[str, ...]) -> frozenset[str]:
    forms = set()
    for noun in nouns:
        low = noun.lower()
        forms.add(low)
        if not low.endswith(("s", "x", "z")):
            forms.add(low[:-2] + "aux" if low.endswith("al") else low + ("x" if low.endswith("eau") else "s"))
    return frozenset(forms)
