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
from depeche.desk.wordings import SourceText, departures

_SPOKEN = ("standfirst", "paragraph", "list_item")
_SPOKEN_ANYWAY = frozenset({"interview"})
_ELSEWHERE = frozenset({"vague_collective", "vague_document"})
_UNNAMED = _ELSEWHERE | {"none", "pronoun", "anonymous_described"}
_STOPS = frozenset({".", "!", "?", "…", "...", "?!", "!?"})
_LEADING = frozenset({",", ":", ";", "(", "–", "—"})
_BRACKET = re.compile(r"(\w*['’]?)\[([^\[\]]{1,80})\](\w*)")
_CUT = re.compile(r"[\[(]\s*(?:…|\.\.\.)\s*[\])]")
_LONGEST_FRAGMENT = 8
_LONGEST_COMMENT = 4
_LONGEST_NAME = 6
_TITLES = frozenset({"M."})
_SIGNING = frozenset({"–", "—", "-", ","})


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
        found += _speakerless(draft)
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


def _speakerless(draft: Draft) -> list[Finding]:
    numbers = draft.of_kind(*_SPOKEN)
    rows = _rows(draft)
    row_of = {row: k for k, row in enumerate(rows)}
    speaking = frozenset(load_groups(draft.language, "quotation_words.json").get("speaking", ()))
    found = []
    for number in numbers:
        block = draft.blocks[number]
        for quotation in block.passage.quotations:
            if not _is_whole(block.passage, quotation) or _is_interrupted(block, quotation):
                continue
            if _is_signed(block.passage, quotation) or _has_just_acted(block.passage, quotation):
                continue
            sentence_of = block.passage.sentence_of
            first = row_of[number, sentence_of[quotation.first]]
            last = row_of[number, sentence_of[quotation.last - 1]]
            opens = block.passage.sentence(quotation.first)[0] == quotation.first
            around = rows[max(0, first - opens) : last + 2]
            if not any(s >= 0 and _has_speaker(draft.blocks[n], s, speaking) for n, s in around):
                span = block.passage.span(quotation.first, quotation.last)
                found.append(Finding("QUO003", "warning", draft.shifted(number, span)))
    return found


def _rows(draft: Draft) -> list[tuple[int, int]]:
    """The (block, sentence) pairs of the body in order; -1 is a crosshead, beyond which nobody speaks on."""
    rows: list[tuple[int, int]] = []
    for number in draft.of_kind(*_SPOKEN, "crosshead"):
        passage = draft.blocks[number].passage
        crosshead = passage.kind == "crosshead"
        rows += [(number, -1)] if crosshead else [(number, s) for s in range(len(passage.sentences))]
    return rows


def _is_whole(passage: Passage, quotation: Quotation) -> bool:
    """Whether a quotation is one or more whole sentences, with nothing of ours in them."""
    if quotation.depth or not quotation.opened or not quotation.closed:
        return False
    first = passage.sentence(quotation.first)[0]
    last = passage.sentence(quotation.last - 1)[1]
    if quotation.first and _ends_a_name(passage.form(quotation.first - 1)):
        first = quotation.first
    ours = [*range(first, quotation.first), *range(quotation.last, last)]
    stopped = passage.words[quotation.last - 2] in _STOPS or any(passage.words[i] in _STOPS for i in ours)
    return stopped and all(passage.words[i] in _STOPS for i in ours)


def _ends_a_name(word: str) -> bool:
    """Whether a letter and its stop may end a sentence: « la ligne B. »"""
    return len(word) == 2 and word[0].isupper() and word[1] == "." and word not in _TITLES


def _is_interrupted(block: BlockReading, quotation: Quotation) -> bool:
    """Whether an aside within the marks says who speaks: « On tient, poursuit l'ingénieur. On verra. »"""
    around = block.passage.span(quotation.first, quotation.last)
    return any(
        _within(a.cue, around) and _within(a.source, around) and a.cue[0] < a.source[1]
        for a in block.attributions
        if a.cue and a.source and a.type == "direct"
    )


def _is_signed(passage: Passage, quotation: Quotation) -> bool:
    """Whether a name behind a dash or comma signs the quotation: « Le pain se mérite. » — Paul Ney."""
    after = quotation.last
    return (
        after + 1 < len(passage)
        and passage.words[after] in _SIGNING
        and (passage.tags[after + 1] in ("PROPN", "DET") or passage.form(after + 1).istitle())
    )


def _has_just_acted(passage: Passage, quotation: Quotation) -> bool:
    """Whether the sentence before, of the same paragraph, is about one person whom it names, and nobody else:
    « Nathalie Roperch s'est inscrite. « … » »
    """
    number = passage.sentence_of[quotation.first]
    if not number or not passage.parsed:
        return False
    first, last = passage.sentences[number - 1]
    doers = [i for i in range(first, last) if passage.deps[i].startswith("nsubj")]
    return any(_is_person(passage, i) for i in doers if passage.heads[i] >= i and not passage.quoted[i])


def _is_person(passage: Passage, i: int) -> bool:
    """Whether token `i` begins or ends a name of two words (« Paul Ney », « Mme Roy »), or stands for one."""
    if passage.tags[i] not in ("PROPN", "NOUN"):
        return False
    first, last = passage.subtree(i)
    return any(
        passage.form(k)[0].isupper() and passage.tags[k + 1] == "PROPN" and passage.form(k + 1)[0].isupper()
        for k in range(first, min(last, first + _LONGEST_NAME) - 1)
        if passage.tags[k] in ("PROPN", "NOUN")
    )


def _has_speaker(block: BlockReading, sentence: int, speaking: frozenset[str]) -> bool:
    passage = block.passage
    first, last = passage.sentences[sentence]
    start, end = passage.span(first, last)
    ours = [i for i in range(first, last) if not passage.quoted[i]]
    if any(passage.words[i] in speaking for i in ours) or (ours and passage.words[last - 1] == ":"):
        return True
    return any(
        _within(part, (start, end))
        for attribution in block.attributions
        if attribution.source and attribution.quality not in _ELSEWHERE
        for part in (attribution.cue, attribution.source)
        if part and not all(passage.quoted[i] for i in passage.tokens_in(part))
    )


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
    return not any(_within(a.source_ref or a.source, sentence) for a in named if a.source)


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
    return bool(attribution.source and _within(attribution.source, sentence))


def _said_nearby(block: BlockReading, quotation: Quotation, language: str) -> bool:
    passage = block.passage
    speaking = frozenset(load_groups(language, "quotation_words.json").get("speaking", ()))
    number = passage.sentence_of[quotation.first]
    start, end = passage.span(*passage.sentence(quotation.first))
    if any(a.source and a.cue and start <= a.cue[0] < end for a in block.attributions):
        return True
    around: Iterable[int] = range(number, min(len(passage.sentences), number + 2))
    return any(_has_speaker(block, s, speaking) for s in around)


def _within(span: Span, around: Span) -> bool:
    return around[0] <= span[0] and span[1] <= around[1]


def _trimmed(text: str, span: Span) -> Span:
    words = text[slice(*span)]
    left = len(words) - len(words.lstrip())
    return span[0] + left, span[0] + left + len(words.strip())
