"""The attributions of a passage without grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depeche.desk.passage import Passage, Quotation
from depeche.desk.spans import Attribution, AttributionType, Span
from depeche.desk.unparsed.cues import Cue, Preposition, cues, load_prepositions
from depeche.desk.unparsed.quality import quality
from depeche.desk.unparsed.reports import Report, Reports
from depeche.desk.unparsed.sources import (
    STOPS,
    Range,
    noun_phrase,
    phrase_right,
    with_apposition,
)
from depeche.desk.unparsed.words import load_never, load_small

_SHORTEST_FREE_SPEECH = 5
_QUOTED_SHARE = 0.9
_MENTAL = frozenset({"belief_state"})
_SOURCE_KINDS = frozenset({"source", "opinion"})
_ENDS = frozenset({".", "!", "?", "…", "...", ","})


def attributions(passage: Passage, language: str) -> list[Attribution]:
    """The attributions of a passage without grammar, in the order of their cues or contents.

    Found are quotations with a reporting verb or a colon beside them, quotations of whole sentences on
    their own, “according to”, and what somebody says without quotation marks where the verb is sure or
    “that” follows it. No parents are set.

    Raises `PackError`.
    """
    if not load_small(language).pronouns:
        return []
    reports = Reports(passage, language)
    found: list[tuple[Attribution, int]] = []
    before: tuple[int, Range] | None = None
    for cue in cues(passage, language):
        report = reports.of(cue, before)
        if report:
            before = passage.sentence_of[cue.first], report.source
            found.append((_from_verb(passage, cue, report, language), cue.first))
    found += _adverbial(passage, language)
    found += _loose(passage, [item for item, _ in found], language)
    return [item for item, _ in sorted(found, key=lambda entry: (entry[1], entry[0].content))]


def _from_verb(passage: Passage, cue: Cue, report: Report, language: str) -> Attribution:
    return Attribution(
        type="naming" if report.naming else _type(passage, report.content),
        source=passage.span(*report.source),
        cue=passage.span(cue.first, cue.last),
        content=tuple(passage.span(*span) for span in report.content),
        quality=quality(passage, report.source, language),
        stance=cue.verb.stance,
        lemma=cue.verb.lemma,
        quotes=_quotes_in(passage, report.content),
        negated=cue.negated,
        mental=cue.verb.stance in _MENTAL,
    )


def _type(passage: Passage, content: Sequence[Range]) -> AttributionType:
    tokens = [i for span in content for i in range(*span)]
    total = sum(len(passage.words[i]) for i in tokens)
    inside = sum(len(passage.words[i]) for i in tokens if passage.quoted[i])
    if inside >= _QUOTED_SHARE * total:
        return "direct"
    return "mixed" if inside else "indirect"


def _quotes_in(passage: Passage, content: Sequence[Range]) -> tuple[Span, ...]:
    return tuple(
        passage.span(q.first, q.last)
        for q in passage.quotations
        if any(first <= q.first and q.last <= last for first, last in content)
    )


# “According to”


def _adverbial(passage: Passage, language: str) -> Iterator[tuple[Attribution, int]]:
    for first, last, entry in load_prepositions(language).find(passage):
        if entry.kind not in _SOURCE_KINDS or passage.quoted[first]:
            continue
        start, end = passage.sentence(first)
        opens = first == start or passage.words[first - 1] in ("–", "—", ";")
        source = _prepositional_source(passage, (last, end), language, opens=opens)
        content = _around(passage, (first, source[1]), (start, end)) if source else ()
        if source and content:
            yield _from_preposition(passage, (first, last), entry, source, content), first


def _from_preposition(
    passage: Passage, cue: Range, entry: Preposition, source: Range, content: tuple[Range, ...]
) -> Attribution:
    return Attribution(
        type="adverbial",
        source=passage.span(*source),
        cue=passage.span(*cue),
        content=tuple(passage.span(*span) for span in content),
        quality=quality(passage, source, entry.language),
        stance="doubt" if entry.strength == "doubt" else "",
        lemma=entry.cue,
        quotes=_quotes_in(passage, content),
    )


def _prepositional_source(passage: Passage, within: Range, language: str, *, opens: bool) -> Range | None:
    """The noun phrase behind a preposition: any that no list says can be no source."""
    first, end = within
    never = load_never(language)
    source = phrase_right(passage, first, end, language) or noun_phrase(passage, first, end, language)
    if source is None or any(word in never for word in passage.words[slice(*source)][:3]):
        return None
    return with_apposition(passage, source, end, language, closed=opens)


def _around(passage: Passage, phrase: Range, sentence: Range) -> tuple[Range, ...]:
    """What the sentence says besides the phrase, in one or two spans, up to semicolons."""
    words, (first, last), (start, end) = passage.words, phrase, sentence
    while end > last and words[end - 1] in STOPS - {"»"}:
        end -= 1
    for i in range(start, end):
        if words[i] == ";" and not passage.quoted[i]:
            start, end = (i + 1, end) if i < first else (start, min(end, i))
    right = last
    while right < end and words[right] in (",", ")"):
        right += 1
    left = first
    while left > start and words[left - 1] in (",", "("):
        left -= 1
    inside = [(start, left)] if left > start else []
    if right < end and (not inside or words[last] == ","):
        inside.append((right, max(end, _quotation_end(passage, right, end))))
    return tuple(inside)


def _quotation_end(passage: Passage, first: int, end: int) -> int:
    return max((q.last for q in passage.quotations if first <= q.first < end), default=end)


# Quotations that no verb introduces


def _loose(
    passage: Passage, found: Sequence[Attribution], language: str
) -> Iterator[tuple[Attribution, int]]:
    """Quotations with a name and a colon before them, and whole sentences that nobody is said to say."""
    covered = [span for item in found for span in item.content]
    for quotation in passage.quotations:
        span = passage.span(quotation.first, quotation.last)
        if quotation.depth or any(a < span[1] and span[0] < b for a, b in covered):
            continue
        source = _before_colon(passage, quotation, language)
        if source:
            cue = passage.span(quotation.first - 1, quotation.first)
            kind = quality(passage, source, language)
            spoken = Attribution("direct", passage.span(*source), cue, (span,), kind, quotes=(span,))
            yield spoken, quotation.first
        elif _is_speech(passage, quotation):
            yield Attribution("direct", None, None, (span,), quotes=(span,)), quotation.first


def _before_colon(passage: Passage, quotation: Quotation, language: str) -> Range | None:
    """Who is named before the colon of « Anna Reed: “No.” »."""
    colon = quotation.first - 1
    if colon < 1 or passage.words[colon] != ":":
        return None
    first = passage.sentence(colon)[0]
    source = phrase_right(passage, first, colon, language)
    if source is None:
        return None
    source = with_apposition(passage, source, colon + 1, language, closed=False)
    return source if source[1] == colon else None


def _is_speech(passage: Passage, quotation: Quotation) -> bool:
    """Whether a quotation is one or more sentences, nothing but a colon before them."""
    first, last = quotation.first, quotation.last
    if last - first < _SHORTEST_FREE_SPEECH:
        return False
    opens = passage.sentence(first)[0] == first or passage.words[first - 1] == ":"
    return opens and (not quotation.closed or passage.words[last - 2] in _ENDS)
