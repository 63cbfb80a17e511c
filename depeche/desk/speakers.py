"""QUO003: quotations of whole sentences that nobody round them is said to speak."""

from __future__ import annotations

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage, Quotation
from depeche.desk.spans import Finding, Span

ELSEWHERE = frozenset({"vague_collective", "vague_document"})
STOPS = frozenset({".", "!", "?", "…", "...", "?!", "!?"})

_SPOKEN = ("standfirst", "paragraph", "list_item")
_LONGEST_NAME = 6
_TITLES = frozenset({"M."})
_SIGNING = frozenset({"–", "—", "-", ","})


def speakerless(draft: Draft) -> list[Finding]:
    """QUO003 for each quotation of whole sentences with no speaker in the sentences round it."""
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
            if not any(s >= 0 and has_speaker(draft.blocks[n], s, speaking) for n, s in around):
                span = block.passage.span(quotation.first, quotation.last)
                found.append(Finding("QUO003", "warning", draft.shifted(number, span)))
    return found


def has_speaker(block: BlockReading, sentence: int, speaking: frozenset[str]) -> bool:
    """Whether our own words in a sentence say who speaks, by a source or by one of the words `speaking`."""
    passage = block.passage
    first, last = passage.sentences[sentence]
    start, end = passage.span(first, last)
    ours = [i for i in range(first, last) if not passage.quoted[i]]
    if any(passage.words[i] in speaking for i in ours) or (ours and passage.words[last - 1] == ":"):
        return True
    return any(
        within(part, (start, end))
        for attribution in block.attributions
        if attribution.source and attribution.quality not in ELSEWHERE
        for part in (attribution.cue, attribution.source)
        if part and not all(passage.quoted[i] for i in passage.tokens_in(part))
    )


def within(span: Span, around: Span) -> bool:
    """Whether one span lies in another."""
    return around[0] <= span[0] and span[1] <= around[1]


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
    stopped = passage.words[quotation.last - 2] in STOPS or any(passage.words[i] in STOPS for i in ours)
    return stopped and all(passage.words[i] in STOPS for i in ours)


def _ends_a_name(word: str) -> bool:
    """Whether a letter and its stop may end a sentence: « la ligne B. »"""
    return len(word) == 2 and word[0].isupper() and word[1] == "." and word not in _TITLES


def _is_interrupted(block: BlockReading, quotation: Quotation) -> bool:
    """Whether an aside within the marks says who speaks: « On tient, poursuit l'ingénieur. On verra. »"""
    around = block.passage.span(quotation.first, quotation.last)
    return any(
        within(a.cue, around) and within(a.source, around) and a.cue[0] < a.source[1]
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
