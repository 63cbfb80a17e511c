"""Who says what in a passage: reporting verbs, prepositions such as « selon », nouns, and free quotations."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

from depeche.desk import clauses, unparsed
from depeche.desk.clauses import sentence_end
from depeche.desk.cues import cues
from depeche.desk.frames import Report, reported
from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.passage import Passage, Quotation
from depeche.desk.phrases import PhraseIndex
from depeche.desk.sources import (
    SUBJECT_PRONOUNS,
    Range,
    load_heads,
    nominal_group,
    phrase_end,
    quality,
    speaks,
    trimmed,
    with_apposition,
    without_preposition,
)
from depeche.desk.spans import Attribution, AttributionType, Span

_MENTAL = frozenset({"belief_state"})
_MENTAL_LEMMAS = frozenset(
    ["croire", "craindre", "vouloir", "penser", "espérer", "souhaiter", "redouter", "imaginer"]
)
_SHORTEST_FREE_SPEECH = 5
_QUOTED_SHARE = 0.9


def attributions(passage: Passage, language: str) -> list[Attribution]:
    """All attributions of a passage but hearsay conditionals, in the order of their cues or contents.

    Offsets count from the start of the passage's text; `parent` is an index into the list.
    """
    if not passage.parsed:
        return _nested(unparsed.attributions(passage, language))
    found: list[tuple[Attribution, Range]] = []
    for cue in cues(passage, language):
        report = reported(passage, cue, language)
        if report is not None:
            if found and cue.first <= found[-1][1][0] and found[-1][1][1] <= cue.last:
                found.pop()  # « voulait dire »: one group
            found.append((_from_verb(passage, report, language), (cue.first, cue.last)))
    found += _adverbial(passage, language)
    found += _nominal(passage, language)
    found += _free_speech(passage, found, language)
    found.sort(key=lambda item: (item[1], item[0].content))
    return _nested([attribution for attribution, _ in found])


def _from_verb(passage: Passage, report: Report, language: str) -> Attribution:
    content = tuple(_tight(passage, span) for span in report.content)
    source = without_preposition(passage, report.source) if report.source else None
    return Attribution(
        type=_type(passage, report, content),
        source=_without_hyphen(passage, source) if source else None,
        cue=passage.span(report.cue.first, report.cue.last),
        content=tuple(passage.span(*span) for span in content),
        quality=quality(passage, source, language) if source else "none",
        stance=report.cue.verb.stance,
        lemma=report.cue.verb.lemma,
        quotes=_quotes_in(passage, content),
        negated=report.cue.negated,
        mental=report.cue.verb.stance in _MENTAL or report.cue.verb.lemma in _MENTAL_LEMMAS,
    )


def _without_hyphen(passage: Passage, source: Range) -> Span:
    start, end = passage.span(*source)
    return (start + 1, end) if passage.text[start : start + 1] in ("-", "‑", "‐") else (start, end)


def _type(passage: Passage, report: Report, content: tuple[Range, ...]) -> AttributionType:
    if report.naming:
        return "naming"
    if not content:
        return "direct" if report.frame == "q" else "speech_act"
    share = _quoted_share(passage, content)
    if share >= _QUOTED_SHARE:
        return "direct"
    if share > 0:
        return "mixed"
    return "speech_act" if report.topic else "indirect"


def _quoted_share(passage: Passage, content: tuple[Range, ...]) -> float:
    tokens = [i for span in content for i in range(*span)]
    total = sum(len(passage.words[i]) for i in tokens)
    inside = sum(len(passage.words[i]) for i in tokens if passage.quoted[i])
    around = clauses.enclosing(passage, content[0][0]) if content else None
    if around is not None and around.last > content[-1][1] and around.first < content[0][0]:
        return 0.0
    return inside / total if total else 0.0


def _tight(passage: Passage, span: Range) -> Range:
    """`span` without commas and stops at its edges."""
    first, last = span
    while first < last - 1 and passage.words[first] in (",", ":", ";", "–", "—"):
        first += 1
    while last > first + 1 and passage.words[last - 1] in (",", ":", ";", "–", "—"):
        last -= 1
    return first, last


def _quotes_in(passage: Passage, content: tuple[Range, ...]) -> tuple[Span, ...]:
    return tuple(
        passage.span(q.first, q.last)
        for q in passage.quotations
        if any(first <= q.first and q.last <= last for first, last in content)
    )


class _Preposition(NamedTuple):
    cue: str
    kind: str
    strength: str


@cache
def _prepositions(language: str) -> PhraseIndex[_Preposition]:
    rows = load_rows(language, "prepositional_cues.json", ("cue", "kind", "strength"))
    return PhraseIndex((row["cue"], _Preposition(row["cue"], row["kind"], row["strength"])) for row in rows)


@cache
def _never(language: str) -> frozenset[str]:
    return frozenset(load_groups(language, "source_heads.json").get("never", ()))


_SOURCE_KINDS = frozenset({"source", "opinion"})


def _adverbial(passage: Passage, language: str) -> list[tuple[Attribution, Range]]:
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
            quotes=_quotes_in(passage, content),
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
        return (
            group
            if _opens(passage, first, group[1]) and speaks(passage, group, language, documents=False)
            else None
        )
    if entry.cue == "suivant":
        return None
    if speaks(passage, group, language):
        return group
    return (
        group
        if entry.cue in ("selon", "d'après", "à en croire")
        and _opens(passage, first, group[1])
        and _plural(words[group[0]])
        else None
    )


_TERMS = frozenset(
    [
        "termes",
        "mots",
        "dires",
        "propos",
        "déclarations",
        "estimations",
        "calculs",
        "chiffres",
        "informations",
        "conclusions",
        "données",
        "dernières",
        "premières",
    ]
)


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
    leading = first - sentence <= 1 or all(
        passage.words[k] in ("«", "mais", "or", "et", "–") for k in range(sentence, first)
    )
    return leading and end < len(passage) and passage.words[end] in (",", "«")


def _plural(word: str) -> bool:
    return word in ("les", "des", "ces", "plusieurs", "certains", "certaines")


def _around(passage: Passage, first: int, after: int, past: int) -> tuple[Range, ...]:
    """What « selon S » covers: the clause around it, in one or two spans."""
    words = passage.words
    sentence = max(passage.sentence(first)[0], past)
    end = sentence_end(passage, first)
    around = clauses.enclosing(passage, first)
    if around is not None and around.closed and around.opened:
        sentence, end = max(sentence, around.first), min(end, around.last)
    left_end = first
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
    if right < end and passage.words[right] == "«" and (opened := clauses.quotation_at(passage, right)):
        right_end = max(right_end, opened.last) if opened.last >= right_end else right_end
    if right_end > right and (not spans or _goes_on(passage, right, right_end, spans[0])):
        spans.append((right, right_end))
    return tuple(_tight(passage, span) for span in spans)


def _clause_before(passage: Passage, start: int, end: int, cue: int) -> int:
    """Where the clause begins that a preposition after it is about."""
    words = passage.words
    for i in range(end - 1, start, -1):
        if words[i] == ";":
            return i + 1
        if (
            words[i] in ("mais", "or", "et")
            and words[i - 1] == ","
            and clauses.has_finite_verb(passage, (i, end))
        ):
            return i + 1
        if words[i] == "qui" and words[i - 1] == "," and clauses.has_finite_verb(passage, (i, end)):
            return i
        if words[i] in ("que", "qu'") and clauses.has_finite_verb(passage, (i, end)) and end - i > 3:
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
                and clauses.has_finite_verb(passage, (start, i))
            )
        ):
            return i
        if (
            words[i] == "et"
            and _starts_clause(passage, i + 1, end)
            and clauses.has_finite_verb(passage, (start, i))
        ):
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
        if passage.words[i] in (",", ";", ":") or tag == "SCONJ":
            return False
    return False


def _goes_on(passage: Passage, start: int, end: int, left: Range) -> bool:
    """Whether the words behind an inserted « selon S » belong to the clause before it."""
    if not clauses.has_finite_verb(passage, left):
        return True
    if passage.words[start] == "«":
        return True
    word = passage.words[start]
    if word in ("tandis", "alors", "mais", "et", "or"):
        return False
    return (
        passage.tags[start] in ("ADP", "SCONJ", "ADV", "DET", "ADJ", "PRON", "CCONJ")
        and word not in ("mais", "et", "or")
    ) or passage.tags[start] == "VERB"


@cache
def _nouns(language: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    for family, nouns in load_groups(language, "nominal_cues.json").items():
        for noun in nouns:
            forms[noun] = family
            forms[noun + ("" if noun.endswith(("s", "x")) else "s")] = family
    return forms


def _nominal(passage: Passage, language: str) -> list[tuple[Attribution, Range]]:
    """« la déclaration du porte-parole », « l'annonce que P », « la promesse de P »."""
    nouns = _nouns(language)
    found = []
    for i, word in enumerate(passage.words):
        family = nouns.get(word)
        if family is None or passage.tags[i] not in ("NOUN", "X"):
            continue
        end = sentence_end(passage, i)
        source, content = _noun_complements(passage, i, end, language)
        if source is None and not content:
            continue
        attribution = Attribution(
            type="nominal",
            source=passage.span(*source) if source else None,
            cue=passage.span(i, i + 1),
            content=tuple(passage.span(*span) for span in content),
            quality=quality(passage, source, language) if source else "none",
            stance=family,
            lemma=word,
            quotes=_quotes_in(passage, content),
        )
        found.append((attribution, (i, i + 1)))
    return found


def _noun_complements(
    passage: Passage, noun: int, end: int, language: str
) -> tuple[Range | None, tuple[Range, ...]]:
    words = passage.words
    source: Range | None = None
    i = noun + 1
    while i < end and passage.tags[i] == "ADJ":
        i += 1
    if i < end and words[i] in ("de", "du", "des", "d'"):
        start = i if words[i] in ("du", "des") else i + 1
        group = nominal_group(passage, i + 1, end)
        if group is not None and speaks(passage, group, language, documents=False):
            source = (start + 1 if words[i] in ("du", "des") else start), group[1]
            i = group[1]
    if source is not None and words[i : i + 1] == (":",) and i + 1 < end:
        return source, ((i + 1, end),)
    if i < end and words[i] in ("que", "qu'", "selon") and passage.tags[i] == "SCONJ":
        return source, ((i + 1, end),)
    if (
        source is not None
        and i < end
        and words[i] in ("de", "d'")
        and i + 1 < end
        and "VerbForm=Inf" in passage.morphs[i + 1]
    ):
        return source, ((i + 1, end),)
    return source, ()


def _free_speech(
    passage: Passage, found: list[tuple[Attribution, Range]], language: str
) -> list[tuple[Attribution, Range]]:
    """Quotations of whole sentences that no cue of their own introduces."""
    covered = [span for attribution, _ in found for span in attribution.content]
    loose = []
    for quotation in passage.quotations:
        if quotation.depth:
            continue
        start, end = passage.span(quotation.first, quotation.last)
        if any(min(end, last) - max(start, first) > (end - start) // 2 for first, last in covered):
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
    if not clauses.has_finite_verb(passage, (first, colon)):
        group = nominal_group(passage, first, colon)
        return group if group and speaks(passage, group, language, documents=False) else None
    subjects = [
        i
        for i in range(first, colon)
        if passage.deps[i].startswith("nsubj") and passage.words[i] not in ("qui", "ce", "c'")
    ]
    for subject in reversed(subjects):
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
    return ends and _opens_speech(passage, first) and clauses.has_finite_verb(passage, (first, last))


def _opens_speech(passage: Passage, first: int) -> bool:
    return first - passage.sentence(first)[0] <= 1 or passage.words[first - 1] in (":", ",")


def _nested(attributions: list[Attribution]) -> list[Attribution]:
    """The attributions with `parent` set to the smallest one whose content holds their cue."""
    contents = sorted((*span, index) for index, item in enumerate(attributions) for span in item.content)
    cues = sorted(
        (at, index)
        for index, item in enumerate(attributions)
        if (at := item.cue or (item.content[0] if item.content else None))
    )
    nested = list(attributions)
    around: list[tuple[int, int, int]] = []
    seen = 0
    for (start, end), index in cues:
        while seen < len(contents) and contents[seen][0] <= start:
            around.append(contents[seen])
            seen += 1
        around = [span for span in around if span[1] > start]
        outer = [
            (last - first, other)
            for first, last, other in around
            if end <= last and attributions[other].content != attributions[index].content
        ]
        nested[index] = replace(attributions[index], parent=min(outer)[1] if outer else -1)
    return nested
