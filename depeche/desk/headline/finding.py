"""Findings about the headline and the crossheads, held against the text under them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from depeche.desk.draft import Draft
from depeche.desk.headline import facts, names, places
from depeche.desk.headline.claims import surer
from depeche.desk.headline.events import unsupported
from depeche.desk.headline.promises import promised
from depeche.desk.headline.titles import Title, titles
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Finding

_RULES: tuple[Callable[[Title], list[Finding]], ...] = (
    unsupported,
    surer,
    promised,
    facts.figures,
    facts.persons,
    facts.dates,
    places.countries,
    places.directions,
    places.towns,
    names.things,
    names.towns,
)
_ASKING_ANYWAY = frozenset({"service", "interview", "opinion"})


def compare(draft: Draft) -> list[Finding]:
    """HED001 to HED004 and ATT010, in offsets of the article: the headline against the whole text, each
    crosshead against what stands under it.
    """
    found = _teasing(draft)
    for title in titles(draft):
        for rule in _RULES if title.passage.parsed else ():
            found += rule(title)
    return sorted(found, key=lambda finding: (finding.span, finding.code))


def _teasing(draft: Draft) -> list[Finding]:
    """HED004 for titles that ask or hold back, but for service pieces, interviews and opinion."""
    if draft.dossier.kind in _ASKING_ANYWAY:
        return []
    return [
        Finding("HED004", "info", draft.shifted(n, (0, len(draft.blocks[n].passage.text))))
        for n in draft.of_kind("headline", "crosshead")
        if len(draft.blocks[n].passage) and _teases(draft.blocks[n].passage, draft.language)
    ]


def _teases(passage: Passage, language: str) -> bool:
    if passage.words[-1] in load_groups(language, "headline_words.json").get("questions", ()):
        return not _is_service(passage, language)
    return bool(_phrases(language, "teasers").find(passage))


def _is_service(passage: Passage, language: str) -> bool:
    """Whether a question is one that readers ask themselves: « Comment voter par procuration ? »"""
    starts = {0, *(i + 1 for i, word in enumerate(passage.words) if word == ":")}
    asks = any(match.first in starts for match in _phrases(language, "service_questions").find(passage))
    return asks and (not passage.parsed or any("VerbForm=Inf" in morph for morph in passage.morphs))


@cache
def _phrases(language: str, group: str) -> PhraseIndex[str]:
    phrases = load_groups(language, "headline_words.json").get(group, ())
    return PhraseIndex((phrase, phrase) for phrase in phrases)
