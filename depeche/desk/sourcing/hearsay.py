"""ATT004 and ATT005: what is told in the conditional, by nobody or by somebody and then hedged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import (
    BODY,
    accusing_forms,
    by_sentence,
    is_name,
    is_party,
    sourced,
    words_of,
)
from depeche.desk.spans import Finding, Hedge, Severity, Span

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:caus")
_SOFTENERS = frozenset({"adverb", "impersonal"})
_TITLES = ("headline", "standfirst", "crosshead")


def findings(block: BlockReading, language: str) -> Iterator[Finding]:
    """One finding for each sentence with hearsay conditionals of nobody, and for each with a source whose
    words are hedged twice.
    """
    if block.passage.kind in BODY:
        yield from _without_source(block, language)
    if block.passage.kind != "quotation":
        yield from _stacked(block)


def across(draft: Draft) -> Iterator[Finding]:
    """Hearsay conditionals of titles, where no source of the article says it in full."""
    titles = draft.of_kind(*_TITLES)
    body = [draft.blocks[n] for n in draft.of_kind(*BODY)]
    for number in titles:
        block = draft.blocks[number]
        for finding in _without_source(block, draft.language) if block.hedges else ():
            said = block.passage.words[block.passage.tokens_in(finding.span)[-1]]
            if any(said in other.passage.words for other in body):
                continue
            related = tuple(draft.shifted(number, span) for span in finding.related)
            yield Finding("ATT004", finding.severity, draft.shifted(number, finding.span), related)


def _without_source(block: BlockReading, language: str) -> Iterator[Finding]:
    passage = block.passage
    hearsay = [h for h in block.hedges if h.type == "conditional_hearsay" and not h.trap]
    for sentence, hedges in groupby(hearsay, key=lambda h: passage.sentence_of[passage.tokens_in(h.span)[0]]):
        spans = [
            hedge.span
            for hedge in hedges
            if not _is_quoted(passage, hedge.span) and not _is_wish(passage, hedge.span)
        ]
        if spans and not _is_explained(passage, sentence, language):
            severity = _severity(passage, sentence, spans, language)
            yield Finding("ATT004", severity, spans[0], tuple(spans[1:]))


def _is_explained(passage: Passage, sentence: int, language: str) -> bool:
    """Whether the text says whose the conditional is (« le bilan l'écrit au conditionnel »)."""
    start = passage.sentences[max(0, sentence - 1)][0]
    end = passage.sentences[min(len(passage.sentences) - 1, sentence + 1)][1]
    return not words_of(language, "conditional explained").isdisjoint(passage.words[start:end])


def _is_wish(passage: Passage, span: Span) -> bool:
    """« on l'écouterait des heures »: a present conditional of « on »."""
    tokens = passage.tokens_in(span)
    words = passage.words[max(0, tokens[0] - 2) : tokens[-1] + 1]
    return "on" in words and passage.words[tokens[-1]].endswith(("rait", "raient"))


def _is_quoted(passage: Passage, span: Span) -> bool:
    return all(passage.quoted[i] for i in passage.tokens_in(span))


def _severity(passage: Passage, sentence: int, spans: Sequence[Span], language: str) -> Severity:
    """An error where words are quoted or somebody is accused in the conditional."""
    first, last = passage.sentences[sentence]
    quoted = any(passage.quoted[first:last])
    for span in spans:
        verb = passage.tokens_in(span)[-1]
        if (quoted or _alleges(passage, verb, last, language)) and _has_suspect(passage, verb, language):
            return "error"
    return "warning"


def _alleges(passage: Passage, verb: int, end: int, language: str) -> bool:
    forms, misconduct = accusing_forms(language), words_of(language, "misconduct")
    for written in forms.get(passage.words[verb], ()):
        objects = written.accusation.objects
        if not objects or not objects.isdisjoint(passage.words[verb + 1 : end]):
            return True
    return not misconduct.isdisjoint(passage.words[verb + 1 : end])


def _has_suspect(passage: Passage, verb: int, language: str) -> bool:
    """Whether the subject is somebody who can be found: a name, a title, « il »."""
    for head in (verb, passage.heads[verb]):
        for child in passage.children[head]:
            if passage.deps[child] in _SUBJECTS:
                if passage.words[child] in ("il", "elle", "ils", "elles"):
                    return True
                first, last = passage.edges[child]
                if any(is_name(passage, i) for i in range(first, last)):
                    return True
                indefinite = passage.words[first] in words_of(language, "open determiners")
                return not indefinite and is_party(passage, child, language)
    return False


def _stacked(block: BlockReading) -> Iterator[Finding]:
    passage = block.passage
    if not block.hedges:
        return
    attributions = by_sentence(passage, [a for a in block.attributions if sourced(a) and not a.mental])
    for sentence, group in groupby(
        block.hedges, key=lambda h: passage.sentence_of[passage.tokens_in(h.span)[0]]
    ):
        contents = [span for a in attributions.get(sentence, ()) for span in a.content]
        hedges = [h for h in group if _within(h.span, contents) and not _is_quoted(passage, h.span)]
        conditionals = [h for h in hedges if h.type == "conditional_hearsay" or h.trap == "T5"]
        softeners = [h for h in hedges if h.type in _SOFTENERS]
        sure = [h for h in conditionals if h.type == "conditional_hearsay"]
        if sure or (conditionals and softeners):
            yield _stack(passage, (sure or conditionals)[0], softeners)


def _stack(passage: Passage, conditional: Hedge, softeners: Iterable[Hedge]) -> Finding:
    others = [h for h in softeners if not _overlap(h.span, conditional.span)]
    inside = [h for h in softeners if _overlap(h.span, conditional.span)]
    words = ", ".join(passage.text[slice(*h.span)] for h in (*inside, *others))
    values = (("hedges", words),) if words else ()
    return Finding("ATT005", "info", conditional.span, tuple(h.span for h in others), values=values)


def _within(span: Span, contents: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in contents)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
