"""ATT008 and ATT009: verbs that take sides with a source or against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from depeche.desk import shapes
from depeche.desk.draft import BlockReading, Draft
from depeche.desk.expressions import load_expressions
from depeche.desk.lexicon import load_rows
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import (
    BODY,
    accusing_forms,
    tells_verdict,
    words_of,
)
from depeche.desk.spans import Attribution, Finding, Severity, Span

_DOUBTS = "doubts.json"
_FACTIVE = "factive"
_CONCESSIVE = "factive_concessive"
_EVIDENTIAL = "evidential"
_NOTHING = frozenset({"pas", "plus", "jamais", "rien", "aucun", "aucune"})
_QUE = frozenset({"que", "qu'"})


def findings(block: BlockReading, language: str) -> Iterator[Finding]:
    """Cues that doubt what a party says."""
    yield from _doubts(block, language)


def across(draft: Draft) -> Iterator[Finding]:
    """Factive cues on contestable content, in an article that tells of no verdict."""
    for number in draft.of_kind(*BODY, "standfirst"):
        block = draft.blocks[number]
        for attribution in block.attributions:
            if not attribution.cue or not _is_contestable(block.passage, attribution, draft.language):
                continue
            usual: Severity = "info" if attribution.type == "nominal" else "warning"
            severity = block.heard(usual, attribution.cue)
            if severity and not tells_verdict(draft):
                rewrite = _neutral(block.passage, attribution, draft.language)
                yield Finding("ATT008", severity, draft.shifted(number, attribution.cue), rewrite=rewrite)


def _is_contestable(passage: Passage, attribution: Attribution, language: str) -> bool:
    stance, lemma = attribution.stance, attribution.lemma
    if attribution.negated or not attribution.content or stance not in (_FACTIVE, _CONCESSIVE, _EVIDENTIAL):
        return False
    if attribution.source is None and attribution.type != "nominal":
        return False
    if lemma in words_of(language, "no factives") or _is_court(passage, attribution.source, language):
        return False
    if stance == _EVIDENTIAL and lemma not in words_of(language, "proving"):
        return False
    tokens = [i for span in attribution.content for i in passage.tokens_in(span) if not passage.quoted[i]]
    if any(_accuses(passage, i, language) for i in tokens):
        return True
    if stance == _FACTIVE and lemma not in words_of(language, "revealing"):
        return False
    words = {passage.words[i] for i in tokens}
    if not words_of(language, "misconduct").isdisjoint(words):
        return True
    if stance == _FACTIVE:
        return _is_revelation(passage, attribution, language)
    return stance == _CONCESSIVE and (
        not words_of(language, "failings").isdisjoint(words) or _is_undone(passage, attribution)
    )


def _is_revelation(passage: Passage, attribution: Attribution, language: str) -> bool:
    """« le syndicat révèle que… »: a whole clause, by somebody who may be a party to it."""
    if attribution.source is None or attribution.cue is None or not _says_that(passage, attribution):
        return False
    tokens = passage.tokens_in(attribution.source)[:4]
    someone = words_of(language, "disputants")
    persons = load_heads(language).person
    return any(
        passage.words[i] in someone or passage.words[i] in persons or passage.tags[i] == "PRON"
        for i in tokens
    )


def _says_that(passage: Passage, attribution: Attribution) -> bool:
    if attribution.cue is None:
        return False
    behind = passage.tokens_in(attribution.cue)[-1] + 1
    return not _QUE.isdisjoint(passage.words[behind : behind + 2])


def _is_undone(passage: Passage, attribution: Attribution) -> bool:
    """« reconnaît que les salaires n'ont pas été versés »: what was not done."""
    if not _says_that(passage, attribution):
        return False
    tokens = passage.tokens_in(attribution.content[0])
    return any(
        passage.words[i] in ("ne", "n'")
        and not _NOTHING.isdisjoint(passage.words[i + 1 : i + 5])
        and "été" in passage.words[i + 1 : i + 5]
        for i in tokens
    )


def _accuses(passage: Passage, i: int, language: str) -> bool:
    """Whether token `i` is an accusing verb, done and not denied."""
    for written in accusing_forms(language).get(passage.words[i], ()):
        objects = written.accusation.objects
        if written.kind not in ("pp", "inf") and passage.tags[i] != "VERB":
            continue
        if passage.words[max(0, i - 1)] in ("pas", "jamais", "rien"):
            continue
        if not objects or not objects.isdisjoint(passage.words[i + 1 : i + 8]):
            return True
    return False


def _is_court(passage: Passage, source: Span | None, language: str) -> bool:
    if source is None:
        return False
    judges = words_of(language, "judges")
    return any(passage.words[i] in judges for i in passage.tokens_in(source)[:4])


def _doubts(block: BlockReading, language: str) -> Iterator[Finding]:
    passage, doubting = block.passage, words_of(language, "doubting")
    reach = 0
    for attribution in block.attributions:
        if attribution.stance != "doubt" or attribution.negated or not attribution.cue:
            continue
        if attribution.lemma not in doubting or _speaks_for_itself(passage, attribution):
            continue
        severity = block.heard("info" if attribution.type == "adverbial" else "warning", attribution.cue)
        if severity:
            rewrite = _neutral(passage, attribution, language)
            reach = max(reach, attribution.cue[1])
            yield Finding("ATT009", severity, attribution.cue, rewrite=rewrite)
    yield from _doubting_phrases(block, language, reach)


def _doubting_phrases(block: BlockReading, language: str, reach: int) -> Iterator[Finding]:
    """Phrases that doubt, where no attribution was read up to `reach` (« prétexte », « à l'entendre »)."""
    passage = block.passage
    spotted, _ = load_expressions(language, _DOUBTS).find(passage)
    for one in spotted:
        span = passage.span(one.first, one.last)
        if span[0] < reach or shapes.is_sourced(block, one.first, one.last, language):
            continue
        if one.expression.shape == "human_subject":
            subject = shapes.subject_of(passage, one.first, language)
            if not shapes.is_human(passage, subject, language):
                continue
        yield Finding("ATT009", one.expression.level or "warning", span)


def _speaks_for_itself(passage: Passage, attribution: Attribution) -> bool:
    if attribution.source is None:
        return attribution.type != "adverbial"
    tokens = passage.tokens_in(attribution.source)
    return len(tokens) == 1 and passage.words[tokens[0]] in ("je", "j'", "nous", "tu", "vous", "-je", "-nous")


def _neutral(passage: Passage, attribution: Attribution, language: str) -> str:
    """The cue with a neutral verb in the same form, "" where the words around would have to change."""
    if attribution.cue is None or attribution.type in ("nominal", "adverbial"):
        return ""
    tokens = passage.tokens_in(attribution.cue)
    last = tokens[-1]
    form = _neutral_forms(language).get((attribution.lemma, passage.words[last]))
    before = passage.words[last - 1] if last else ""
    if (
        not _takes_clause(passage, last + 1)
        or form is None
        or before in ("que", "ne", "se", "le", "la", "me")
        or before.endswith("'")
    ):
        return ""
    return passage.text[attribution.cue[0] : passage.starts[last]] + form


def _takes_clause(passage: Passage, i: int) -> bool:
    """Whether a clause, an infinitive or an inverted subject stands at `i`, which the neutral verb takes too."""
    if i >= len(passage):
        return True
    return (
        passage.words[i] in _QUE
        or passage.words[i].startswith("-")
        or passage.tags[i] == "PUNCT"
        or "VerbForm=Inf" in passage.morphs[i]
    )


@cache
def _neutral_forms(language: str) -> Mapping[tuple[str, str], str]:
    """For each form of a verb that takes sides the same form of the neutral verb."""
    neutral = next(iter(sorted(words_of(language, "neutral verb"))), "")
    rows = load_rows(
        language,
        "reporting_verbs.json",
        ("lemma", "class", "frames", "ambiguity", "forms"),
        ("reflexive", "tail"),
    )
    target = next((row["forms"] for row in rows if row["lemma"] == neutral), None)
    if target is None:
        return {}
    forms: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["class"] not in (_CONCESSIVE, _FACTIVE, "doubt") or row.get("reflexive") or row.get("tail"):
            continue
        for tense, words in row["forms"].items():
            theirs, ours = words.split(), target.get(tense, "").split()
            if len(theirs) == len(ours):
                forms |= {(row["lemma"], a): b for a, b in zip(theirs, ours, strict=True)}
    return forms
