"""Verbs inserted into what is said: « P », a déclaré S; P, affirme-t-il, P; comme l’a dit S, P."""

from __future__ import annotations

from depeche.desk.attribution.clauses import (
    clause_start,
    enclosing,
    has_finite_verb,
    quotation_at,
    quotation_ending,
    sentence_end,
)
from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.phrases import SUBJECT_PRONOUNS, Range
from depeche.desk.attribution.reports import Report
from depeche.desk.attribution.speakers import speaks
from depeche.desk.attribution.subjects import source_after, source_before
from depeche.desk.passage import Passage

_INSERTING = frozenset({",", "»", "?", "!", "…", "–", "—", "-", "...", "("})

_RESUMING = frozenset(
    [
        "pour",
        "après",
        "avant",
        "dans",
        "en",
        "malgré",
        "avec",
        "sans",
        "contre",
        "depuis",
        "dès",
        "ce",
        "alors",
        "tandis",
    ]
)


def inserted(passage: Passage, cue: Cue, language: str) -> Report | None:
    """« P », a déclaré S; P, affirme-t-il, P."""
    if not is_inserted(passage, cue, language):
        return None
    before = cue.first - 1
    source = source_after(passage, cue) or source_before(passage, cue, language)
    if source is not None and source[0] < cue.first - 1 and passage.words[before] != "»":
        source = source_after(passage, cue)
    after = max(source[1] if source else cue.last, cue.last)
    left = _left_of_insertion(passage, before)
    if left is None:
        return None
    content = [left]
    right = _right_of_insertion(passage, cue, after, left)
    if right is not None:
        content.append(right)
    return Report(cue, source, tuple(content), "q")


def taken_up(passage: Passage, cue: Cue, language: str) -> Report | None:
    """P, ce que souligne S."""
    words = passage.words
    if words[cue.first - 2 : cue.first] not in (("ce", "que"), ("ce", "qu'")) or cue.first < 4:
        return None
    source = source_after(passage, cue)
    before = cue.first - 2
    sentence = passage.sentence(before)[0]
    if source is None or words[before - 1] != "," or not speaks(passage, source, language):
        return None
    return Report(cue, source, ((sentence, before - 1),), "q")


def compared(passage: Passage, cue: Cue, language: str) -> Report | None:
    """Comme l'a dit S, P; P, comme le rappelle S."""
    words = passage.words
    comme = next((k for k in range(cue.first, max(cue.first - 3, -1), -1) if words[k] == "comme"), -1)
    beside = words[cue.first - 2 : cue.first - 1] == ("comme",) and words[cue.first - 1] in SUBJECT_PRONOUNS
    if beside and "s" in cue.verb.frames and words[cue.first] in ("l'", "le") and cue.first > 4:
        sentence, comma = passage.sentence(cue.at)[0], cue.first - 3
        return (
            Report(cue, (cue.first - 1, cue.first), ((sentence, comma),), "q")
            if words[comma] == ","
            else None
        )
    if (
        comme < 0
        or not {"q", "s"} & set(cue.verb.frames)
        or any(w not in ("l'", "le", "l'") for w in words[comme + 1 : cue.first])
    ):
        return None
    source = source_after(passage, cue) or source_before(passage, cue, language)
    if source is None or source[0] < comme or not speaks(passage, source, language):
        return None
    sentence, end = passage.sentence(comme)[0], sentence_end(passage, comme)
    after = next((k for k in range(source[1], end) if words[k] == ","), end)
    if after + 1 < end and comme - sentence < 3:
        return Report(cue, source, ((after + 1, end),), "q")
    before = comme - 1 if words[comme - 1] == "," else comme
    return Report(cue, source, ((sentence, before),), "q") if before > sentence + 2 else None


def is_inserted(passage: Passage, cue: Cue, language: str) -> bool:
    """Whether the verb stands in an inserted clause, its subject behind it."""
    words = passage.words
    before = cue.first - 1
    if (
        before < 0
        or "q" not in cue.verb.frames
        or cue.kind not in ("finite", "inf")
        or cue.voice == "passive"
    ):
        return False
    if words[cue.last : cue.last + 1] == ("par",):
        return False
    inverted = any(
        words[i].startswith("-") and words[i] in SUBJECT_PRONOUNS
        for i in range(cue.finite + 1, min(cue.last + 2, len(words)))
    )
    if words[before] == "comme" or (words[before] in ("l'", "le") and words[before - 1] == "comme"):
        return False
    if words[before] not in _INSERTING:
        return inverted and before > passage.sentence(cue.at)[0] and words[before] in (".", '"')
    if inverted:
        return True
    if cue.kind == "inf":
        return False
    after = source_after(passage, cue)
    quote = (
        words[before] == "»" or (before > 0 and words[before - 1] == "»") or words[before] in ("?", "!", "…")
    )
    if after is None:
        return False
    if quote:
        return True
    both_sides = passage.words[after[1] : after[1] + 1] == (",",) and passage.words[before] == ","
    alone = both_sides and before - passage.sentence(before)[0] <= 4
    return speaks(passage, after, language, documents=True) and (alone or _stands_alone(passage, cue, before))


def _stands_alone(passage: Passage, cue: Cue, before: int) -> bool:
    """Whether what stands before an insertion is a clause that does not need this verb."""
    sentence = passage.sentence(cue.at)[0]
    subject = next(
        (c for c in passage.children[cue.at] if passage.deps[c].startswith("nsubj") and c < before), None
    )
    if subject is not None and passage.words[before] == "," and not _set_off(passage, subject, before):
        return True
    if subject is not None and passage.edges[subject][1] >= before - 1:
        return False
    return has_finite_verb(passage, (sentence, before)) or before - sentence >= 6


def _set_off(passage: Passage, subject: int, comma: int) -> bool:
    """Whether the comma before a verb closes something set off from its subject (« Le maire, élu hier, … »)."""
    return any(
        passage.words[k] in (",", "(", "–", "—", "qui", "dont", "où", "que", "qu'")
        for k in range(subject, comma)
    )


def _left_of_insertion(passage: Passage, before: int) -> Range | None:
    words = passage.words
    end = before if words[before] in (",", "–", "—", "-", "(") else before + 1
    closing = end - 1 if end > 0 and words[end - 1] == "»" else -1
    quotation = quotation_ending(passage, closing) if closing >= 0 else None
    around = enclosing(passage, before)
    if quotation is not None:
        sentence = passage.sentence(quotation.first)[0]
        head = passage.words[sentence : quotation.first]
        if quotation.first == sentence or not head or head[-1] == "." or len(head) > 25:
            return quotation.first, quotation.last
        if ":" in head and not {"on", "nous", "je", "j'"} & set(head):
            return quotation.first, quotation.last
        return sentence, quotation.last
    start = _past_dateline(passage, passage.sentence(max(end - 1, 0))[0], end)
    start = around.first if around is not None else clause_start(passage, end, start)
    if end <= start:
        return None
    first, last = start, end
    while first < last - 1 and passage.tags[first] == "CCONJ":
        first += 1
    return first, last


def _past_dateline(passage: Passage, start: int, end: int) -> int:
    """The token after « SAINT-AUBERT, 12 mars – » at the head of a sentence."""
    if not passage.form(start).isupper() or len(passage.words[start]) < 2:
        return start
    dash = next(
        (k for k in range(start + 1, min(end, start + 10)) if passage.words[k] in ("-", "–", "—")), -1
    )
    return dash + 1 if 0 < dash < end - 1 else start


def _right_of_insertion(passage: Passage, cue: Cue, after: int, left: Range) -> Range | None:
    words = passage.words
    end = sentence_end(passage, cue.at)
    i = after
    while i < end and words[i] not in (",", "«", "»", "–", "—", ":", ")"):
        i += 1
    around = enclosing(passage, cue.at)
    if around is not None and around.first <= left[0]:
        if i < around.last - 1 and words[i] in (",", "–", "—"):
            return i + 1, around.last
        return None
    if i >= end:
        return None
    start = i + 1 if words[i] in (",", "–", "—", ":") else i
    if start < end and words[start] == "«":
        quotation = quotation_at(passage, start)
        return (quotation.first, quotation.last) if quotation else None
    if words[i] != "," or start >= end:
        return None
    opening = words[start]
    if opening in ("avant", "après", "sans", "pour") and "VerbForm=Inf" in "".join(
        passage.morphs[start + 1 : start + 3]
    ):
        return None
    if (
        words[left[0]] == "«"
        and words[left[1] - 1] == "»"
        and words[start] not in _RESUMING
        and passage.tags[start] not in ("CCONJ", "SCONJ")
    ):
        return None
    if not has_finite_verb(passage, left):
        return start, end
    if opening in _RESUMING or passage.tags[start] in ("CCONJ", "SCONJ"):
        if "VerbForm=Part" in passage.morphs[start + 1 if start + 1 < end else start]:
            return None
        return (
            (start, end) if has_finite_verb(passage, (start, end)) or passage.tags[start] == "ADP" else None
        )
    return None
