"""Findings about quotations: marks that do not match, nobody speaking, brackets that turn the meaning, words
that a source does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.lexicon import load_groups
from depeche.desk.marks import marks_of
from depeche.desk.marks_across import QUOTING_MARKS, unbalanced
from depeche.desk.passage import Passage, Quotation
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Attribution, Finding, Span
from depeche.desk.speakers import ELSEWHERE, has_speaker, speakerless, within
from depeche.desk.wordings import SourceText, departures

_SPOKEN_ANYWAY = frozenset({"interview"})
_UNNAMED = ELSEWHERE | {"none", "pronoun", "anonymous_described"}
_BRACKET = re.compile(r"(\w*['’]?)\[([^\[\]]{1,80})\](\w*)")
_CUT = re.compile(r"[\[(]\s*(?:…|\.\.\.)\s*[\])]")
_LONGEST_FRAGMENT = 8
_LONGEST_COMMENT = 4


def findings(block: BlockReading, language: str) -> list[Finding]:
    """What one block shows: QUO002 for marks of two styles, QUO004, QUO005. Offsets are the block's."""
    if not block.passage.quotations and not any(mark in block.passage.text for mark in QUOTING_MARKS):
        return []
    marks = marks_of(block.passage.text)
    found = [Finding("QUO002", "error", span) for span in marks.mixed]
    for quotation in block.passage.quotations:
        if quotation.depth == 0 and quotation.opened and quotation.closed:
            found += _bracketed(block.passage, quotation, language)
            found += _partial(block, quotation, language)
    return sorted(found, key=lambda finding: finding.span)


def across(draft: Draft) -> list[Finding]:
    """What only the whole article shows: QUO002 for a mark that no later paragraph closes, and QUO003."""
    found = unbalanced(draft)
    if draft.dossier.kind not in _SPOKEN_ANYWAY:
        found += speakerless(draft)
    return sorted(found, key=lambda finding: finding.span)


def against_sources(draft: Draft) -> list[Finding]:
    """QUO001 for every quotation that is nearly what a text of the dossier has, and not quite."""
    if not draft.dossier.sources:
        return []
    sources = [SourceText(text) for text in draft.dossier.sources]
    negations = _negations(draft.language)
    found = []
    for number, block in enumerate(draft.blocks):
        passage = block.passage
        for quotation in passage.quotations:
            if quotation.depth:
                continue
            start, end = passage.span(quotation.first, quotation.last)
            for departure in departures(passage.text[start:end], sources, negations):
                span = start + departure.span[0], start + departure.span[1]
                values = (
                    ("original", departure.original),
                    ("distance", str(departure.distance)),
                    ("quoted", passage.text[slice(*span)]),
                )
                found.append(Finding("QUO001", "error", draft.shifted(number, span), values=values))
    return found


def _negations(language: str) -> frozenset[str]:
    """Words that negate and mean nothing else, as `wordings` cuts them."""
    words = load_groups(language, "quotation_words.json")
    negating = (*words.get("negation_opening", ()), *words.get("negation_closing", ()))
    return frozenset(word.rstrip("'") for word in negating).difference(words.get("negation_ambiguous", ()))


def _bracketed(passage: Passage, quotation: Quotation, language: str) -> list[Finding]:
    start, end = passage.span(quotation.first, quotation.last)
    text = passage.text[start:end]
    if "[" not in text and "(" not in text:
        return []
    words = load_groups(language, "quotation_words.json")
    turns = any(_turns(match, words) for match in _BRACKET.finditer(text))
    if turns or _cut_at_verb(passage, quotation):
        inner = start + 1, end - 1
        return [Finding("QUO004", "warning", _trimmed(passage.text, inner))]
    return []


def _turns(match: re.Match[str], words: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a bracket puts in or takes out a negation, a modal verb or a bare subject (« [On] criait »)."""
    before, inserted, _ = match.groups()
    put_in = inserted.lower().replace("’", "'").replace("'", "' ").split()
    negations = {*words.get("negation_opening", ()), *words.get("negation_closing", ())}
    if not put_in or put_in[0] in words.get("determiners", ()):
        return False
    if len(put_in) > 3:
        return False
    if len(put_in) == 1 and put_in[0] in words.get("subject_pronouns", ()) and not before:
        return True
    turning = (negations - {"que", "qu'", "personne", "point"}) | set(words.get("modals", ()))
    return any(word in turning for word in put_in) and not before


def _cut_at_verb(passage: Passage, quotation: Quotation) -> bool:
    """Whether what is left out stood right before a verb that carries a bracket itself, where a negation
    may have been.
    """
    start, end = passage.span(quotation.first, quotation.last)
    text = passage.text[start:end]
    mended = [_BRACKET.match(text, cut.end() + 1) for cut in _CUT.finditer(text)]
    return any(bracket is not None and bracket.group(1) for bracket in mended)


@cache
def _formulas(language: str) -> PhraseIndex[str]:
    groups = load_groups(language, "hearsay_formulas.json")
    return PhraseIndex((phrase, phrase) for phrases in groups.values() for phrase in phrases)


def _partial(block: BlockReading, quotation: Quotation, language: str) -> list[Finding]:
    passage = block.passage
    inside = range(quotation.first + 1, quotation.last - 1)
    if not 0 < len(inside) <= _LONGEST_FRAGMENT or passage.kind in ("headline", "crosshead", "caption"):
        return []
    opens = passage.sentence(quotation.first)[0] == quotation.first
    if not opens and not passage.form(inside[0])[0].islower():
        return []
    if not opens and _rumoured(block, quotation, language):
        return [Finding("QUO005", "warning", passage.span(quotation.first, quotation.last))]
    if opens and _is_apposed(passage, quotation) and not _said_nearby(block, quotation, language):
        return [Finding("QUO005", "warning", passage.span(quotation.first, quotation.last))]
    if not opens and len(inside) <= _LONGEST_COMMENT and _is_label(block, quotation, language):
        return [Finding("QUO005", "warning", passage.span(quotation.first, quotation.last))]
    return []


def _is_label(block: BlockReading, quotation: Quotation, language: str) -> bool:
    """Whether unnamed people give somebody the label: « on le dit « fini » », « des collègues la décrivent
    comme « impossible » »."""
    passage = block.passage
    first = passage.sentence(quotation.first)[0]
    if not any(first <= match.first < quotation.first for match in _labelling(language).find(passage)):
        return False
    sentence = passage.span(first, passage.sentence(quotation.first)[1])
    named = (a for a in block.attributions if a.source and a.quality not in _UNNAMED)
    return not any(within(a.source_ref or a.source, sentence) for a in named if a.source)


@cache
def _labelling(language: str) -> PhraseIndex[str]:
    phrases = load_groups(language, "quotation_words.json").get("labelling", ())
    return PhraseIndex((phrase, phrase) for phrase in phrases)


def _is_apposed(passage: Passage, quotation: Quotation) -> bool:
    """Whether a word or two in quotation marks open a sentence as its comment: « "Exemplaire", l'opération
    a duré six heures ».
    """
    inside = range(quotation.first + 1, quotation.last - 1)
    after = quotation.last + 1
    if len(inside) > _LONGEST_COMMENT or passage.words[quotation.last : after] != (",",):
        return False
    finite = any("VerbForm=Fin" in passage.morphs[i] for i in inside)
    return not finite and after < len(passage) and passage.tags[after] not in ("VERB", "AUX")


def _rumoured(block: BlockReading, quotation: Quotation, language: str) -> bool:
    """Whether the sentence of a quotation is hearsay: a conditional before it, or « paraît-il »."""
    passage = block.passage
    first, last = passage.sentence(quotation.first)
    start, end = passage.span(first, last)
    at = passage.starts[quotation.first]
    for hedge in block.hedges:
        if hedge.type == "conditional_hearsay" and hedge.trap != "T10" and start <= hedge.span[0] < at:
            return True
    if any(_names_a_source(a, (start, end)) for a in block.attributions):
        return False
    return any(first <= match.first < last for match in _formulas(language).find(passage))


def _names_a_source(attribution: Attribution, sentence: Span) -> bool:
    return bool(attribution.source and within(attribution.source, sentence))


def _said_nearby(block: BlockReading, quotation: Quotation, language: str) -> bool:
    passage = block.passage
    speaking = frozenset(load_groups(language, "quotation_words.json").get("speaking", ()))
    number = passage.sentence_of[quotation.first]
    start, end = passage.span(*passage.sentence(quotation.first))
    if any(a.source and a.cue and start <= a.cue[0] < end for a in block.attributions):
        return True
    around: Iterable[int] = range(number, min(len(passage.sentences), number + 2))
    return any(has_speaker(block, s, speaking) for s in around)


def _trimmed(text: str, span: Span) -> Span:
    words = text[slice(*span)]
    left = len(words) - len(words.lstrip())
    return span[0] + left, span[0] + left + len(words.strip())
