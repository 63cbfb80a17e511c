"""« Selon S, P », « P, d’après S », « Pour S, P »."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from depeche.desk.attribution.clauses import enclosing, has_finite_verb, quotation_at, sentence_end
from depeche.desk.attribution.phrases import (
    Range,
    nominal_group,
    phrase_end,
    with_apposition,
    without_preposition,
)
from depeche.desk.attribution.speakers import quality, speaks
from depeche.desk.attribution.spoken import quotes_in, tight
from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Attribution

_SOURCE_KINDS = frozenset({"source", "opinion"})


class _Preposition(NamedTuple):
    cue: str
    kind: str
    strength: str


@cache
def _prepositions(language: str) -> PhraseIndex[_Preposition]:
    rows = load_rows(language, "prepositional_cues.json", ("cue", "kind", "strength"))
    return PhraseIndex(
        (spelled, _Preposition(row["cue"], row["kind"], row["strength"]))
        for row in rows
        for spelled in _spelled(row["cue"])
    )


def _spelled(cue: str) -> tuple[str, ...]:
    """A cue that ends in « de » with its contractions and elision."""
    if not cue.endswith(" de"):
        return (cue,)
    stem = cue[:-2]
    return cue, stem + "du", stem + "des", stem + "d'"


@cache
def _never(language: str) -> frozenset[str]:
    return frozenset(load_groups(language, "source_heads.json").get("never", ()))


def adverbial(passage: Passage, language: str) -> list[tuple[Attribution, Range]]:
    found: list[tuple[Attribution, Range]] = []
    past = 0
    for first, last, entry in _prepositions(language).find(passage):
        if entry.kind not in _SOURCE_KINDS:
            continue
        source = _prepositional_source(passage, (first, last), entry, language)
        if source is None:
            continue
        content = _around(passage, first, source[1], past)
        past = source[1]
        if not content:
            continue
        bare = without_preposition(passage, source)
        attribution = Attribution(
            type="adverbial",
            source=passage.span(*bare),
            cue=passage.span(first, min(last, bare[0]) if bare[0] > first else last),
            content=tuple(passage.span(*span) for span in content),
            quality=quality(passage, bare, language),
            stance="doubt" if entry.strength == "doubt" else "",
            lemma=entry.cue,
            quotes=quotes_in(passage, content),
        )
        found.append((attribution, (first, last)))
    return found


def _prepositional_source(passage: Passage, cue: Range, entry: _Preposition, language: str) -> Range | None:
    words = passage.words
    first, last = cue
    end = sentence_end(passage, first)
    if last >= end or words[last] in ("que", "qu'", "si"):
        return None
    if entry.cue.startswith("de source") or entry.cue.startswith("de bonne source"):
        return first + 1, phrase_end(passage, last - 1, end)
    start = last
    while start < end and words[start] in ("«", "les", "termes") and words[start] != "les":
        start += 1
    if start >= end:
        return None
    if passage.tags[start] == "PRON" or words[start] in (
        "lui",
        "elle",
        "eux",
        "elles",
        "moi",
        "nous",
        "vous",
        "certains",
        "certaines",
        "toi",
        "beaucoup",
    ):
        if words[start] in ("cela", "ça", "ce", "ceci", "qui", "quoi", "celui", "celle", "ceux"):
            return None
        return (start, start + 1) if entry.cue != "pour" or _opens(passage, first, start + 1) else None
    group = nominal_group(passage, start, end)
    if group is None:
        return None
    group = _past_terms(passage, group, end)
    group = with_apposition(passage, group, end)
    head = next((words[i] for i in range(*group) if passage.tags[i] in ("NOUN", "PROPN")), "")
    if head in _never(language):
        return None
    if entry.cue == "pour":
        return group if _opens(passage, first, group[1]) and _all_speak(passage, group, language) else None
    if entry.cue == "suivant":
        return None
    return group if speaks(passage, group, language) else None


def _all_speak(passage: Passage, group: Range, language: str) -> bool:
    """Whether each member of « pour A et B » can have an opinion (« pour deux enfants et 140 jours » cannot)."""
    at, last = group
    if passage.tags[at] == "NUM" and passage.words[min(at + 1, last - 1)] in ("de", "d'"):
        return False  # « pour onze de ces enfants »
    for i in range(*group):
        if passage.words[i] == "et" and at < i:
            if not speaks(passage, (at, i), language, documents=False):
                return False
            at = i + 1
    return at < last and speaks(passage, (at, last), language, documents=False)


def _past_terms(passage: Passage, group: Range, end: int) -> Range:
    """« selon les termes de l'accord »: the source is the agreement."""
    words = passage.words
    for i in range(*group):
        if (
            words[i] in ("termes", "mots", "dires", "propos", "déclarations")
            and i + 1 < end
            and words[i + 1] in ("de", "du", "des", "d'")
        ):
            return (i + 1 if words[i + 1] in ("du", "des") else i + 2), group[1]
    return group


def _opens(passage: Passage, first: int, end: int) -> bool:
    """Whether a phrase stands at the head of its sentence, or of a quotation, with a comma behind it."""
    sentence = passage.sentence(first)[0]
    words = passage.words
    leading = (
        first - sentence <= 1
        or words[first - 1] == "«"
        or all(words[k] in ("«", "mais", "or", "et", "–") for k in range(sentence, first))
    )
    behind_adverb = (
        words[first - 1] == "," and first - sentence <= 4 and not has_finite_verb(passage, (sentence, first))
    )
    return (leading or behind_adverb) and end < len(passage) and words[end] in (",", "«")


def _around(passage: Passage, first: int, after: int, past: int) -> tuple[Range, ...]:
    """What « selon S » covers: the clause around it, in one or two spans."""
    words = passage.words
    sentence = max(passage.sentence(first)[0], past)
    end = sentence_end(passage, first)
    around = enclosing(passage, first)
    if around is not None and around.closed and around.opened:
        sentence, end = max(sentence, around.first), min(end, around.last)
    left_end = first
    learnt = next((k for k in range(first - 1, sentence, -1) if words[k] == "-on"), -1)
    if learnt > 0 and "," in words[sentence:learnt]:
        left_end = max(k for k in range(sentence, learnt) if words[k] == ",")
    while left_end > sentence and (
        words[left_end - 1] in (",", "(", "–", "—")
        or passage.tags[left_end - 1] == "CCONJ"
        or words[left_end - 1] in ("mais",)
    ):
        left_end -= 1
    right = after
    while right < end and words[right] in (",", ")", "–", "—"):
        right += 1
    left_start = _clause_before(passage, sentence, left_end, first)
    right_end = _clause_after(passage, right, end, first)
    spans = []
    trivial = all(passage.tags[k] in ("CCONJ", "ADV", "PUNCT") for k in range(left_start, left_end))
    if left_end > left_start and not trivial:
        spans.append((left_start, left_end))
    if right < end and passage.words[right] == "«" and (opened := quotation_at(passage, right)):
        right_end = max(right_end, opened.last) if opened.last >= right_end else right_end
    if right_end > right and (not spans or _goes_on(passage, right, right_end, spans[0])):
        spans.append((right, right_end))
    return tuple(tight(passage, span) for span in spans)


def _clause_before(passage: Passage, start: int, end: int, cue: int) -> int:
    """Where the clause begins that a preposition after it is about."""
    words = passage.words
    for i in range(end - 1, start, -1):
        if words[i] == ";":
            return i + 1
        if words[i] in ("mais", "or", "et") and words[i - 1] == "," and has_finite_verb(passage, (i, end)):
            return i + 1
        if words[i] == "qui" and words[i - 1] == "," and has_finite_verb(passage, (i, end)):
            return i
        if words[i] in ("que", "qu'") and has_finite_verb(passage, (i, end)) and end - i > 3:
            return i + 1 if passage.tags[i] == "SCONJ" else start
    return start


def _clause_after(passage: Passage, start: int, end: int, cue: int) -> int:
    """Where the clause ends that a preposition before it is about."""
    words = passage.words
    for i in range(start + 3, end):
        following = words[i + 1] if i + 1 < end else ""
        if words[i] == ";":
            return i
        if (
            words[i] == ","
            and following in ("mais", "et", "or", "tandis", "alors")
            and (
                following in ("mais", "et", "or")
                and _starts_clause(passage, i + 2, end)
                and has_finite_verb(passage, (start, i))
            )
        ):
            return i
        if words[i] == "et" and _starts_clause(passage, i + 1, end) and has_finite_verb(passage, (start, i)):
            subject = passage.edges[i]
            if (
                subject
                and passage.deps[passage.heads[i]] == "conj"
                and passage.tags[passage.heads[i]] in ("VERB", "AUX")
            ):
                return i
    return end


def _starts_clause(passage: Passage, start: int, end: int) -> bool:
    """Whether a clause with a subject of its own begins at `start`: a noun phrase or pronoun, then a verb."""
    for i in range(start, min(end, start + 12)):
        tag = passage.tags[i]
        if tag in ("VERB", "AUX") and "VerbForm=Fin" in passage.morphs[i]:
            return i > start
        if passage.words[i] in (",", ";", ":", "qui", "que", "dont") or tag == "SCONJ":
            return False
    return False


def _goes_on(passage: Passage, start: int, end: int, left: Range) -> bool:
    """Whether the words behind an inserted « selon S » belong to the clause before it."""
    if not has_finite_verb(passage, left):
        return True
    if passage.words[start] == "«":
        return True
    word = passage.words[start]
    if word in ("tandis", "alors", "mais", "et", "or") or word.endswith("ant"):
        return False
    return (
        passage.tags[start] in ("ADP", "SCONJ", "ADV", "DET", "ADJ", "PRON", "CCONJ")
        and word not in ("mais", "et", "or")
    ) or passage.tags[start] == "VERB"
