"""Quotations of whole sentences that no verb introduces."""

from __future__ import annotations

from depeche.desk.attribution.clauses import has_finite_verb, sentence_end
from depeche.desk.attribution.phrases import SUBJECT_PRONOUNS, Range, nominal_group, phrase_end, trimmed
from depeche.desk.attribution.speakers import quality, speaks
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage, Quotation
from depeche.desk.spans import Attribution

_SHORTEST_FREE_SPEECH = 5


def free_speech(
    passage: Passage, found: list[tuple[Attribution, Range]], language: str
) -> list[tuple[Attribution, Range]]:
    """Quotations of whole sentences that no cue of their own introduces."""
    covered = [span for attribution, _ in found for span in attribution.content]
    loose = []
    for quotation in passage.quotations:
        if quotation.depth:
            continue
        start, end = passage.span(quotation.first, quotation.last)
        if 2 * sum(max(0, min(end, last) - max(start, first)) for first, last in covered) > end - start:
            continue
        source = _before_colon(passage, quotation.first, language)
        if not _is_speech(passage, quotation, source):
            continue
        free = Attribution(
            "direct",
            passage.span(*source) if source else None,
            passage.span(quotation.first - 1, quotation.first) if source else None,
            ((start, end),),
            quality(passage, source, language) if source else "none",
            quotes=((start, end),),
        )
        loose.append((free, (quotation.first, quotation.first)))
    return loose


def _before_colon(passage: Passage, quotation: int, language: str) -> Range | None:
    """Whose words follow a colon without a verb of speech: « Le maire : "Non." », or the last subject before."""
    colon = quotation - 1
    if colon < 1 or passage.words[colon] != ":":
        return None
    first = passage.sentence(colon)[0]
    if not has_finite_verb(passage, (first, colon)):
        group = nominal_group(passage, first, colon)
        return group if group and speaks(passage, group, language, documents=False) else None
    subjects = [
        i
        for i in range(first, colon)
        if passage.deps[i].startswith("nsubj") and passage.words[i] not in ("qui", "ce", "c'")
    ]
    for subject in subjects:
        span = trimmed(passage, passage.edges[subject][0], min(passage.edges[subject][1], colon))
        if passage.words[subject] in SUBJECT_PRONOUNS:
            span = (subject, subject + 1)
        if speaks(passage, span, language, documents=False):
            return span
    for i in range(first, colon):
        if passage.tags[i] == "PROPN" or passage.words[i] in load_heads(language).person:
            return i, min(phrase_end(passage, i, colon), colon)
    return None


def _is_speech(passage: Passage, quotation: Quotation, source: Range | None) -> bool:
    """Whether a quotation without a verb of speech is a statement and not a title, a term or irony."""
    first, last = quotation.first, quotation.last
    if source is not None and source[1] == first - 1:
        return True
    if last - first < _SHORTEST_FREE_SPEECH:
        return False
    if not (quotation.opened and quotation.closed):
        return not quotation.opened or _opens_speech(passage, first)
    ends = last >= sentence_end(passage, last - 1) or last >= len(passage) - 1
    return ends and _opens_speech(passage, first) and has_finite_verb(passage, (first, last))


def _opens_speech(passage: Passage, first: int) -> bool:
    return first - passage.sentence(first)[0] <= 1 or passage.words[first - 1] in (":", ",")
