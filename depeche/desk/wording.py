"""Words that take sides, lean on the reader or say nothing: the findings LEX001 to LEX007 and TRN001."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from depeche.desk import shapes, superlatives
from depeche.desk.draft import BlockReading, Draft
from depeche.desk.expressions import Spotted, load_expressions, load_word_group
from depeche.desk.passage import Passage, Quotation
from depeche.desk.spans import Finding, Severity

_FILES = (
    "loaded_words.json",
    "intensifiers.json",
    "cliches.json",
    "translation_artefacts.json",
    superlatives.FILE,
)
_CODES: dict[str, tuple[str, Severity]] = {
    "label": ("LEX001", "warning"),
    "loaded_noun": ("LEX001", "warning"),
    "loaded_verb": ("LEX001", "warning"),
    "evaluative": ("LEX001", "warning"),
    "evaluative_adverb": ("LEX001", "warning"),
    "stance": ("LEX004", "info"),
    "intensifier": ("LEX004", "info"),
    "euphemism": ("LEX005", "warning"),
    "party_word": ("LEX005", "warning"),
    "cliche": ("LEX006", "info"),
    "calque": ("TRN001", "info"),
}
_OWN_VOICE_ONLY = frozenset({"LEX004"})
_OTHERS_WORDS = frozenset({"quotation", "byline", "furniture"})
_EMOTIVE = "manner_emotive"
_WORDS_FOR_ONE_EMOTIVE_VERB = 300
_LONGEST_SCARE_QUOTE = 2
_WORD = re.compile(r"[^\W\d_]+")


def findings(block: BlockReading, language: str) -> list[Finding]:
    """What the wording of one block leaves to ask, in the order of its words; offsets of the block."""
    passage = block.passage
    if passage.kind in _OTHERS_WORDS:
        return []
    spotted, hidden = load_expressions(language, *_FILES).find(passage)
    found = [finding for one in spotted if (finding := _finding(block, one, language))]
    found += superlatives.findings(block, spotted, hidden, language)
    found += _scare_quotes(block, language)
    return list(_apart(sorted(found, key=lambda finding: (finding.span, finding.code))))


def across(draft: Draft) -> list[Finding]:
    """The emotive reporting verbs beyond one in 300 words, in order; offsets of the article."""
    cues = sorted(
        {
            (draft.shifted(n, attribution.cue), attribution.lemma)
            for n, block in enumerate(draft.blocks)
            for attribution in block.attributions
            if attribution.stance == _EMOTIVE and attribution.cue
        }
    )
    words = sum(len(_WORD.findall(block.passage.text)) for block in draft.blocks)
    allowed = max(1, words // _WORDS_FOR_ONE_EMOTIVE_VERB)
    spans = tuple(span for span, _ in cues)
    return [
        Finding(
            "LEX007",
            "info",
            span,
            related=tuple(other for other in spans if other != span),
            values=(("count", str(len(cues))), ("verb", lemma)),
        )
        for span, lemma in cues[allowed:]
    ]


def _apart(found: list[Finding]) -> Iterator[Finding]:
    """Of findings of one code that overlap, the first."""
    reach: dict[str, int] = {}
    for finding in found:
        if finding.span[0] >= reach.get(finding.code, 0):
            reach[finding.code] = finding.span[1]
            yield finding


def _finding(block: BlockReading, one: Spotted, language: str) -> Finding | None:
    expression, passage = one.expression, block.passage
    if expression.kind not in _CODES or not _has_shape(passage, one, language):
        return None
    code, usual = _CODES[expression.kind]
    span = passage.span(one.first, one.last)
    level = block.heard(expression.level or usual, span)
    if level is None or (code in _OWN_VOICE_ONLY and block.voice(span) != "own"):
        return None
    rewrite = one.rewrite
    if rewrite and passage.form(one.first)[0].isupper():
        rewrite = rewrite[0].upper() + rewrite[1:]
    values = (("term", expression.term), ("kind", expression.kind), *expression.hints)
    return Finding(code, level, span, rewrite=rewrite, alternatives=expression.neutral, values=values)


def _has_shape(passage: Passage, one: Spotted, language: str) -> bool:
    shape = _SHAPES.get(one.expression.shape)
    return shape is None or shape(passage, one.first, one.last, language)


def _is_noun(passage: Passage, first: int, last: int, language: str) -> bool:
    return shapes.is_noun(passage, first, last)


def _is_bare(passage: Passage, first: int, last: int, language: str) -> bool:
    """Whether no complement and no adjective follows, which would make another thing of the noun."""
    if last >= len(passage):
        return True
    return passage.tags[last] not in ("ADJ", "ADP") and passage.words[last] != "«"


def _is_of_name(passage: Passage, first: int, last: int, language: str) -> bool:
    """Whether « de » and a name follow."""
    return (
        last + 1 < len(passage) and passage.tags[last] in ("ADP", "") and passage.form(last + 1)[0].isupper()
    )


def _is_national(passage: Passage, first: int, last: int, language: str) -> bool:
    """Whether an adjective of a country seems to follow."""
    endings = tuple(load_word_group(language, "nation_ending"))
    return last < len(passage) and passage.tags[last] == "ADJ" and passage.words[last].endswith(endings)


def _precedes_noun(passage: Passage, first: int, last: int, language: str) -> bool:
    return last < len(passage) and passage.tags[last] == "NOUN"


def _precedes_number(passage: Passage, first: int, last: int, language: str) -> bool:
    return last < len(passage) and (passage.tags[last] == "NUM" or passage.words[last].isdigit())


def _scare_quotes(block: BlockReading, language: str) -> Iterator[Finding]:
    """Quotation marks round a word or two that nobody is said to have used."""
    passage = block.passage
    for quotation in passage.quotations:
        first, last = quotation.first + 1, quotation.last - 1
        whole = quotation.opened and quotation.closed and quotation.depth == 0
        if not whole or not 0 < last - first <= _LONGEST_SCARE_QUOTE:
            continue
        words = [passage.form(i) for i in range(first, last)]
        if all(word.isalpha() and word.islower() for word in words) and not _is_explained(
            block, quotation, language
        ):
            yield Finding(
                "LEX002",
                "info",
                passage.span(quotation.first, quotation.last),
                values=(("term", passage.text[passage.starts[first] : passage.ends[last - 1]]),),
            )


def _is_explained(block: BlockReading, quotation: Quotation, language: str) -> bool:
    """Whether the sentence says whose word it is, or the word is the name of a thing."""
    passage = block.passage
    start, end = passage.sentence(quotation.first)
    left, right = passage.span(start, end)
    for attribution in block.attributions:
        spans = (attribution.cue, *attribution.content)
        if any(span and span[0] < right and left < span[1] for span in spans):
            return True
    others = any(
        other != quotation and start <= other.first < end and other.last - other.first > 4
        for other in passage.quotations
    )
    before = passage.words[quotation.first - 1] if quotation.first > start else ""
    return (
        others
        or not load_word_group(language, "quoting").isdisjoint(passage.words[start:end])
        or before in load_word_group(language, "titled")
        or (before == "" and quotation.last == end)
    )


_SHAPES: dict[str, Callable[[Passage, int, int, str], bool]] = {
    "adjective": shapes.is_attribute,
    "prenominal": shapes.is_prenominal,
    "noun": _is_noun,
    "bare": _is_bare,
    "of_name": _is_of_name,
    "national": _is_national,
    "before_noun": _precedes_noun,
    "before_number": _precedes_number,
}
