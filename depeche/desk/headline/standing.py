"""In whose voice, and how surely, a word of the text is said."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from depeche.desk.draft import BlockReading
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Attribution, Hedge, Span

Degree = Literal[
    "firm", "attributed", "denied", "doubted", "suspected", "possible", "hearsay", "question", "wanted"
]

UNSURE: frozenset[Degree] = frozenset({"doubted", "suspected", "possible", "hearsay", "question"})
_STANCES: dict[str, Degree] = {"denial_reply": "denied", "doubt": "doubted", "directive_request": "wanted"}
_MODAL_TRAP = "T5"
_LOOSE = frozenset({"impersonal", "adverb"})
_NEGATED_WITHIN = 4


class Standing(NamedTuple):
    """How surely a word is said; `words` is what says so, `attribution` who says it where a source does."""

    degree: Degree
    words: Span | None = None
    attribution: Attribution | None = None


def standing(block: BlockReading, i: int, language: str) -> Standing:
    """How token `i` of a block is said: what makes it least sure counts."""
    passage = block.passage
    span = passage.span(i, i + 1)
    hedge = next((h for h in block.hedges if _weakens(h) and _governs(passage, h, i)), None)
    said = _said(block, span)
    if said and said.stance in _STANCES:
        return Standing(_STANCES[said.stance], said.cue, said)
    if hedge is not None:
        hearsay = hedge.type == "conditional_hearsay"
        return Standing("hearsay" if hearsay else "possible", hedge.span, said)
    first, last = passage.sentence(i)
    suspicion = next((s for s in _suspicions(passage, language) if first <= s[0] < i and s[1] <= last), None)
    if suspicion and not (said and said.source and said.cue and _meet(said.cue, passage.span(*suspicion))):
        return Standing("suspected", passage.span(*suspicion), said)
    if passage.words[last - 1] == "?":
        return Standing("question", passage.span(first, last), said)
    negations = load_groups(language, "headline_words.json").get("negations", ())
    if any(word in negations for word in passage.words[max(first, i - _NEGATED_WITHIN) : i]):
        return Standing("denied", None, said)
    return Standing("attributed", said.cue, said) if said else Standing("firm")


def _weakens(hedge: Hedge) -> bool:
    modal = hedge.type == "conditional_not_hearsay" and hedge.trap == _MODAL_TRAP
    return hedge.type == "conditional_hearsay" or modal or hedge.type in _LOOSE


def _governs(passage: Passage, hedge: Hedge, i: int) -> bool:
    """Whether token `i` belongs to the clause of a hedge, not to one beside or above it."""
    tokens = passage.tokens_in(hedge.span)
    if not tokens or passage.sentence_of[tokens[0]] != passage.sentence_of[i]:
        return False
    if i in tokens or not passage.parsed:
        return True
    verb = tokens[-1]
    while (
        passage.deps[verb].startswith(("aux", "cop", "advmod", "expl", "mark"))
        and passage.heads[verb] != verb
    ):
        verb = passage.heads[verb]
    for node in _up(passage, i):
        if node == verb:
            return True
        beside = passage.deps[node] in ("conj", "parataxis") and passage.tags[node] in ("VERB", "AUX")
        if beside and passage.heads[node] == verb:
            return False
    return False


def _up(passage: Passage, i: int) -> Iterator[int]:
    yield i
    yield from passage.ancestors(i)


def _said(block: BlockReading, span: Span) -> Attribution | None:
    """The innermost attribution to a source that holds `span`; its cue counts as what it says."""
    holding = [
        a
        for a in block.attributions
        if a.type != "conditional" and any(s <= span[0] and span[1] <= e for s, e in a.content)
    ]
    return min(holding, key=lambda a: sum(e - s for s, e in a.content), default=None)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@cache
def _suspicion_index(language: str) -> PhraseIndex[str]:
    words = load_groups(language, "headline_words.json").get("suspicions", ())
    return PhraseIndex((word, word) for word in words)


def _suspicions(passage: Passage, language: str) -> list[tuple[int, int]]:
    return [(match.first, match.last) for match in _suspicion_index(language).find(passage)]
