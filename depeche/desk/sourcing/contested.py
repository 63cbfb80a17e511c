"""ATT001: what a party could dispute, said in our own voice and vouched for by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.passage import Passage
from depeche.desk.sourcing.assertions import (
    is_main,
    is_main_by_words,
    is_negated,
    near,
    subject_by_words,
    subject_of,
    verb_group,
)
from depeche.desk.sourcing.faults import faults
from depeche.desk.sourcing.testimony import (
    BODY,
    Accusation,
    Written,
    accusing_forms,
    by_sentence,
    is_party,
    is_reflexive,
    sourced,
    tells_verdict,
    words_of,
)
from depeche.desk.spans import Attribution, Finding, Severity, Span

_SCARE_QUOTES = 5
_PERSONS = frozenset({"il", "elle", "ils", "elles", "celui-ci", "celle-ci", "ceux-ci", "celles-ci"})


class Claim(NamedTuple):
    """A contestable clause, the sentence it stands in, the word that makes it contestable, and the verb where
    it accuses ("" where it does not).
    """

    span: Span
    grave: bool
    sentence: int
    word: str
    lemma: str = ""

    @property
    def accuses(self) -> bool:
        """Whether somebody is said to have done wrong."""
        return bool(self.lemma)


def across(draft: Draft) -> Iterator[Finding]:
    """An error for an unmistakable accusation without a source, a warning for other contestable clauses.

    An article that tells of a verdict accuses nobody by itself; one level lower where a source of the
    article says the same elsewhere. The answers of an interview are nobody's but the speaker's.
    """
    if draft.dossier.kind == "interview":
        return
    body = draft.of_kind(*BODY)
    said: frozenset[str] | None = None
    for number in [*body, *draft.of_kind("standfirst")]:
        block = draft.blocks[number]
        attributions: dict[int, list[Attribution]] | None = None
        for claim in _claims(block, draft.language):
            if number not in body and any(claim.word in draft.blocks[n].passage.words for n in body):
                continue
            if attributions is None:
                attributions = by_sentence(block.passage, block.attributions)
            severity = _severity(block, claim, attributions, draft.language)
            if severity is None or (claim.accuses and tells_verdict(draft)):
                continue
            said = _said(draft) if said is None else said
            if claim.lemma in said:
                if severity == "warning":
                    continue
                severity = "warning"
            yield Finding("ATT001", severity, draft.shifted(number, claim.span))


def _said(draft: Draft) -> frozenset[str]:
    """What the sources of the article accuse somebody of, as verbs."""
    forms = accusing_forms(draft.language)
    return frozenset(
        written.accusation.lemma
        for block in draft.blocks
        for attribution in block.attributions
        if sourced(attribution)
        for span in attribution.content
        for i in block.passage.tokens_in(span)
        for written in forms.get(block.passage.words[i], ())
    )


def _severity(
    block: BlockReading, claim: Claim, attributions: dict[int, list[Attribution]], language: str
) -> Severity | None:
    passage = block.passage
    first, last = passage.sentences[claim.sentence]
    here = attributions.get(claim.sentence, ())
    if any(a.source and not a.mental and not _is_about(a) for a in here) or _cites(passage, first, last):
        return None
    if passage.words[last - 1] == "?" or sum(passage.quoted[first:last]) > _SCARE_QUOTES:
        return None
    before = [a for a in attributions.get(claim.sentence - 1, ()) if sourced(a)]
    if before and _carries_on(passage, first, language):
        return None
    if not words_of(language, "court").isdisjoint(passage.words[first:last]):
        return None
    start = passage.sentences[max(0, claim.sentence - 1)][0]
    authorities = words_of(language, "court") | words_of(language, "police")
    if not authorities.isdisjoint(passage.words[start:first]):
        return None
    return "error" if claim.grave else "warning"


def _is_about(attribution: Attribution) -> bool:
    """Whether an attribution rests on the accusing verb itself (« a minimisé le risque »)."""
    return attribution.type == "speech_act" and not attribution.content


def _cites(passage: Passage, first: int, last: int) -> bool:
    words = passage.words[first:last]
    return "selon" in words or any(a == "d'" and b == "après" for a, b in pairwise(words))


def _carries_on(passage: Passage, first: int, language: str) -> bool:
    """Whether a sentence keeps to the voice of the one before: it opens with a pronoun or a link to it."""
    return passage.words[first] in words_of(language, "links")


def _claims(block: BlockReading, language: str) -> Iterator[Claim]:
    passage = block.passage
    if not passage.parsed:
        return
    forms = accusing_forms(language)
    told: set[int] = set()
    for i, word in enumerate(passage.words):
        if word in forms and not passage.quoted[i] and passage.sentence_of[i] not in told:
            for written in forms[word]:
                if claim := _claim(passage, i, written, language):
                    if block.voice(claim.span) == "own":
                        told.add(claim.sentence)
                        yield claim
                    break
    for i in faults(passage, language):
        sentence = passage.sentence_of[i]
        guilty = passage.words[i] if passage.words[i] in words_of(language, "guilt") else ""
        claim = Claim(_clause(passage, sentence), False, sentence, passage.words[i], guilty)
        own = not passage.quoted[i] and is_main_by_words(passage, i) and block.voice(claim.span) == "own"
        if own and sentence not in told:
            told.add(sentence)
            yield claim


def _claim(passage: Passage, i: int, written: Written, language: str) -> Claim | None:
    accusation = written.accusation
    group = verb_group(passage, i, written.kind, language)
    if group is None:
        return None
    head, first, passive = group
    main = is_main(passage, head) or is_main(passage, first)
    if written.kind == "finite" and passage.tags[i] != "VERB":
        main = is_main_by_words(passage, i)
    if is_reflexive(passage, first) != accusation.reflexive or is_negated(passage, first, i):
        return None
    if accusation.objects and not near(passage, i, accusation.objects, passive):
        return None
    if near(passage, i, words_of(language, "harmless"), passive) or not main:
        return None
    subject = subject_of(passage, head)
    if subject < 0:
        subject = subject_by_words(passage, first)
    if subject < 0 or not _accuses(passage, subject, accusation, passive, language):
        return None
    sentence = passage.sentence_of[i]
    return Claim(_clause(passage, sentence), accusation.grave, sentence, passage.words[i], accusation.lemma)


def _accuses(passage: Passage, subject: int, accusation: Accusation, passive: bool, language: str) -> bool:
    """Whether a definite party does it; in the passive, whether somebody is said to have been deceived."""
    word = passage.words[subject]
    if passive:
        return accusation.kind == "deception" and not accusation.objects and word not in ("qui", "on")
    if passage.tags[subject] == "PRON" or word in _PERSONS:
        return word in _PERSONS
    if not is_party(passage, subject, language):
        return False
    first = passage.edges[subject][0]
    return passage.words[first] not in words_of(language, "open determiners") and passage.tags[first] != "NUM"


def _clause(passage: Passage, sentence: int) -> Span:
    first, last = passage.sentences[sentence]
    while last > first + 1 and passage.tags[last - 1] == "PUNCT":
        last -= 1
    return passage.span(first, last)
