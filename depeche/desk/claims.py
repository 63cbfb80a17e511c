"""What a block puts forward, in whose voice and how sure: the ledger that an editor checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from depeche.desk.conditional.scene import trap_lists
from depeche.desk.draft import BlockReading
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Attribution, Claim, Hedge, Span

_STATUS_BY_QUALITY = {
    "named": "attributed_named",
    "pronoun": "attributed_named",
    "institution": "attributed_institution",
    "metonymy": "attributed_institution",
    "anonymous_described": "attributed_anonymous",
}
_TYPE_BY_STANCE = {
    "accusation_criticism": "accusation",
    "opinion": "opinion",
    "support_praise": "opinion",
    "prediction_commitment": "prediction",
    "warning": "prediction",
    "belief_state": "mental_state",
}
_DEGREE_BY_TRAP = {
    "T1": "hypothetical",
    "T2": "hypothetical",
    "T6": "hypothetical",
    "T9": "hypothetical",
    "T13": "hypothetical",
    "T7": "question",
    "T5": "possible",
    "T10": "reported_uncommitted",
}
_DEGREE_BY_HEDGE = {
    "modal": "possible",
    "impersonal": "possible",
    "adverb": "probable",
    "adjective": "probable",
}
_UNSURE = ("question", "hypothetical", "reported_uncommitted", "possible", "probable")
_UNCHECKABLE_TYPES = frozenset({"opinion", "mental_state", "prediction"})
_FINAL = frozenset({".", "!", "?", "…", "...", ";", ",", ":", "–", "—"})
_QUESTIONS = frozenset({"?", "??", "?!", "!?"})


class _Kind(NamedTuple):
    degree: str
    type: str


def claims(block: BlockReading, language: str = "fr") -> list[Claim]:
    """One claim for each proposition: what sources say, hearsay, and the newsroom's own sentences, in order.

    What is asked for, or denied to have been said, is no claim.
    """
    marks = [
        (block.passage.starts[match.first], match.entry) for match in _index(language).find(block.passage)
    ]
    found = [*_of_sources(block, marks), *_of_newsroom(block, marks, language)]
    return sorted(found, key=lambda claim: (claim.span, claim.attribution))


@cache
def _index(language: str) -> PhraseIndex[str]:
    groups = load_groups(language, "claim_words.json")
    return PhraseIndex((phrase, kind) for kind, phrases in groups.items() for phrase in phrases)


def _of_sources(block: BlockReading, marks: Sequence[tuple[int, str]]) -> Iterator[Claim]:
    for number, attribution in enumerate(block.attributions):
        if attribution.negated or attribution.stance == "directive_request" or not attribution.content:
            continue
        span = attribution.content[0][0], attribution.content[-1][1]
        kind = _kind(block, span, marks)
        if attribution.type == "conditional":
            yield _claim(
                span, "hearsay", _Kind("reported_uncommitted", kind.type), "hearsay_no_source", number
            )
        else:
            kind = _as_said(attribution, kind)
            yield _claim(span, "source", kind, _status(attribution, kind), number)


def _as_said(attribution: Attribution, kind: _Kind) -> _Kind:
    if attribution.mental and attribution.stance not in _TYPE_BY_STANCE:
        return _Kind(kind.degree, "mental_state")
    degree = (
        "denied" if attribution.stance == "denial_reply" and attribution.type != "direct" else kind.degree
    )
    return _Kind(degree, _TYPE_BY_STANCE.get(attribution.stance, kind.type))


def _status(attribution: Attribution, kind: _Kind) -> str:
    if kind.degree in ("denied", "hypothetical", "question"):
        return kind.degree
    if attribution.type == "speech_act":
        return "speech_act_reported"
    return _STATUS_BY_QUALITY.get(attribution.quality, "attributed_vague")


def _of_newsroom(block: BlockReading, marks: Sequence[tuple[int, str]], language: str) -> Iterator[Claim]:
    """The sentences, or their parts, that nobody but the newsroom says."""
    passage = block.passage
    if not passage.parsed:
        return
    dangling = trap_lists(language).get("dangling", frozenset())
    spoken, reporting = _spoken(block), _reporting(block)
    for first, last in passage.sentences:
        for start, end in _propositions(passage, first, last, language):
            own = [i for i in range(start, end) if not spoken[i]]
            while own and passage.words[own[-1]] in dangling:
                own.pop()
            if reporting & set(range(start, end)):
                continue
            if not any(_is_finite(passage, i) for i in own) and passage.kind != "headline":
                continue
            if not own or any(passage.quoted[i] for i in (own[0], own[-1])):
                continue
            span = passage.span(own[0], own[-1] + 1)
            kind = _kind(block, span, marks)
            hedged = kind.degree in ("possible", "probable")
            status = "hedged_newsroom" if hedged else "asserted_unattributed"
            if kind.degree in ("hypothetical", "question"):
                status = kind.degree
            yield _claim(span, "newsroom", kind, status, -1)


def _spoken(block: BlockReading) -> list[bool]:
    """For each token whether it belongs to a source: said, or the words that say who said it."""
    passage = block.passage
    spoken = [word in _FINAL for word in passage.words]
    for attribution in block.attributions:
        for span in (*attribution.content, attribution.cue, attribution.source):
            for i in passage.tokens_in(span) if span else ():
                spoken[i] = True
    return spoken


def _reporting(block: BlockReading) -> set[int]:
    """The finite verbs by which the newsroom only says that somebody says something."""
    passage = block.passage
    return {
        i
        for attribution in block.attributions
        if attribution.type != "conditional" and attribution.cue is not None
        for i in passage.tokens_in(attribution.cue)
        if _is_finite(passage, i)
    }


def _propositions(passage: Passage, first: int, last: int, language: str) -> list[tuple[int, int]]:
    """A sentence cut at semicolons and at links between two clauses, each with a finite verb and a subject."""
    links = trap_lists(language).get("link words", frozenset())
    cuts = [
        i
        for i in range(first + 1, last - 1)
        if passage.words[i] == ";" or (passage.words[i] in links and _joins_clauses(passage, i))
    ]
    return list(zip([first, *(cut + 1 for cut in cuts)], [*cuts, last], strict=True))


def _joins_clauses(passage: Passage, link: int) -> bool:
    """Whether the parser has a verb with its own subject behind the link, joined to the main verb."""
    head = passage.heads[link]
    if passage.deps[link] != "cc" or passage.deps[head] != "conj" or head < link:
        return False
    upper = passage.heads[head]
    main = passage.deps[upper] == "ROOT" and passage.tags[head] in ("VERB", "AUX")
    return main and any(
        passage.deps[child].startswith("nsubj") and child > link for child in passage.children[head]
    )


def _is_finite(passage: Passage, i: int) -> bool:
    return passage.tags[i] in ("VERB", "AUX") and "VerbForm=Fin" in passage.morphs[i]


def _kind(block: BlockReading, span: Span, marks: Sequence[tuple[int, str]]) -> _Kind:
    """How sure a stretch of text is, the least sure of its hedges, and what it tells of."""
    passage = block.passage
    tokens = passage.tokens_in(span)
    end = passage.sentence(tokens[-1])[1] if tokens else 0
    degrees = {_degree(hedge) for hedge in block.hedges if span[0] <= hedge.span[0] < span[1]}
    if tokens and any(passage.words[i] in _QUESTIONS for i in range(tokens[-1], end)):
        degrees.add("question")
    degree = next((degree for degree in _UNSURE if degree in degrees), "certain")
    told = [kind for at, kind in marks if span[0] <= at < span[1]]
    if told:
        return _Kind(degree, told[0])
    if any("Tense=Fut" in passage.morphs[i] for i in tokens):
        return _Kind(degree, "prediction")
    counted = any(passage.words[i][0].isdigit() for i in tokens)
    return _Kind(degree, "quantity_event" if counted else "event")


def _degree(hedge: Hedge) -> str:
    if hedge.type == "conditional_hearsay":
        return "reported_uncommitted"
    if hedge.type == "conditional_not_hearsay":
        return _DEGREE_BY_TRAP.get(hedge.trap, "")
    return _DEGREE_BY_HEDGE.get(hedge.type, "")


def _claim(span: Span, voice: str, kind: _Kind, status: str, attribution: int) -> Claim:
    unsure = kind.degree in ("question", "hypothetical")
    checkable = kind.type not in _UNCHECKABLE_TYPES and not unsure
    return Claim(span, voice, kind.degree, status, kind.type, attribution, checkable)
