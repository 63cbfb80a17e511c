"""Reporting verbs and prepositions in a passage that no parser read, by their forms and neighbours alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from depeche.desk.lexicon import load_rows
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.unparsed.words import Small, load_small
from depeche.desk.verbs import Form, ReportingVerb, load_verbs

_PARTICIPLES = frozenset({"pp"})
_GOING_ON = "ppres"


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb in the tokens `[first, last)`, its auxiliaries and tail included.

    Adverbs before it begin at token `opening`. `participle` says that it has no tense of its own (« adding »).
    """

    opening: int
    first: int
    last: int
    verb: ReportingVerb
    participle: bool
    negated: bool


class Preposition(NamedTuple):
    """What is known of a phrase such as “according to”."""

    cue: str
    kind: str
    strength: str
    language: str


@cache
def load_prepositions(language: str) -> PhraseIndex[Preposition]:
    """The prepositional cues of `language`.

    Raises `PackError`.
    """
    rows = load_rows(language, "prepositional_cues.json", ("cue", "kind", "strength"))
    entries = [Preposition(row["cue"], row["kind"], row["strength"], language) for row in rows]
    return PhraseIndex((entry.cue, entry) for entry in entries)


def cues(passage: Passage, language: str) -> list[Cue]:
    """The reporting verbs outside quotation marks, in order, but no passives, infinitives and nouns."""
    forms, small = load_verbs(language).forms, load_small(language)
    found = []
    for i, word in enumerate(passage.words):
        if word in forms and not passage.quoted[i]:
            for form in sorted(forms[word], key=_by_preference):
                cue = _cue(passage, i, form, small)
                if cue:
                    found.append(cue)
                    break
    return found


def _by_preference(form: Form) -> tuple[int, bool]:
    """Longer expressions first, then forms that have a tense."""
    return -len(form.verb.tail), form.kind in _PARTICIPLES


def _cue(passage: Passage, i: int, form: Form, small: Small) -> Cue | None:
    words, start = passage.words, passage.sentence(i)[0]
    last = i + 1 + len(form.verb.tail)
    if words[i + 1 : last] != form.verb.tail:
        return None
    helpers = small.auxiliaries | small.passive | small.negations
    opening = i
    while opening > start and (words[opening - 1] in helpers or words[opening - 1] in small.adverbs):
        opening -= 1
    group = words[opening:i]
    before = words[opening - 1] if opening > start else ""
    being = not small.passive.isdisjoint(group)
    helped = being or not small.auxiliaries.isdisjoint(group)
    if before in small.infinitive or (being and form.kind != _GOING_ON):
        return None
    if form.kind in _PARTICIPLES and not helped:
        return None
    if not helped and (before in small.definite or before in small.indefinite):
        return None
    first = next((n for n in range(opening, i) if words[n] not in small.adverbs), i)
    negated = not small.negations.isdisjoint(group)
    return Cue(opening, first, last, form.verb, form.kind == _GOING_ON and not being, negated)
