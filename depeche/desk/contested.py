"""ATT001: what a party could dispute, said in our own voice and vouched for by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.faults import faults
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Finding, Severity, Span
from depeche.desk.testimony import (
    BODY,
    Accusation,
    Written,
    accusing_forms,
    auxiliary,
    by_sentence,
    is_party,
    is_reflexive,
    sourced,
    tells_verdict,
    words_of,
)

_WINDOW = 9
_SCARE_QUOTES = 5
_THROUGH = frozenset({"aux", "aux:pass", "aux:tense", "aux:caus", "cop", "conj", "parataxis"})
_SUBORDINATES = frozenset({"qui", "que", "qu'", "dont", "où", "si", "lorsque", "quand", "comme", "afin"})
_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:caus")
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
    article says the same elsewhere.
    """
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
        claim = Claim(_clause(passage, sentence), False, sentence, passage.words[i])
        own = not passage.quoted[i] and _is_main_words(passage, i) and block.voice(claim.span) == "own"
        if own and sentence not in told:
            told.add(sentence)
            yield claim


def _claim(passage: Passage, i: int, written: Written, language: str) -> Claim | None:
    accusation = written.accusation
    group = _group(passage, i, written.kind, language)
    if group is None:
        return None
    head, first, passive = group
    main = _is_main(passage, head) or _is_main(passage, first)
    if is_reflexive(passage, first) != accusation.reflexive or _is_negated(passage, first, i):
        return None
    if accusation.objects and not _near(passage, i, accusation.objects, passive):
        return None
    if _near(passage, i, words_of(language, "harmless"), passive) or not main:
        return None
    subject = _subject(passage, head)
    if subject < 0:
        subject = _subject_by_words(passage, first)
    if subject < 0 or not _accuses(passage, subject, accusation, passive, language):
        return None
    sentence = passage.sentence_of[i]
    return Claim(_clause(passage, sentence), accusation.grave, sentence, passage.words[i], accusation.lemma)


def _group(passage: Passage, i: int, kind: str, language: str) -> tuple[int, int, bool] | None:
    """The head of the clause, where the verb group begins, and whether it is passive; None for no group
    that asserts.
    """
    words, tags = passage.words, passage.tags
    if kind == "pp":
        at, passive = auxiliary(passage, i, language)
        if at < 0 or words[at] in ("avoir", "être", "ayant", "étant") or _conditional(words[at]):
            return None
        return i, at, passive
    if kind == "inf":
        if i and words[i - 1] in words_of(language, "causatives"):
            at, _ = auxiliary(passage, i - 1, language)
            return (passage.heads[i] if at < 0 else i - 1), (at if at >= 0 else i - 1), False
        if i and words[i - 1] in ("va", "vont"):
            return i - 1, i - 1, False
        return None
    if kind == "finite" and tags[i] == "VERB" and "VerbForm=Inf" not in passage.morphs[i]:
        return i, i, False
    return None


def _conditional(word: str) -> bool:
    return word.endswith(("rait", "raient"))


def _is_negated(passage: Passage, first: int, i: int) -> bool:
    return any(passage.words[k] in ("ne", "n'") for k in range(max(0, first - 3), i))


def _near(passage: Passage, i: int, wanted: frozenset[str], passive: bool) -> bool:
    """Whether one of the words stands behind the verb, or before it in the passive, with no clause between."""
    first, last = passage.sentence(i)
    if passive:
        return not wanted.isdisjoint(passage.words[max(first, i - _WINDOW) : i])
    for k in range(i + 1, min(i + 1 + _WINDOW, last)):
        if passage.words[k] in wanted:
            return True
        if passage.words[k] in (",", ";", ":", "qui", "que", "pour"):
            return False
    return False


def _is_main(passage: Passage, verb: int) -> bool:
    """Whether the clause of a verb hangs on no other, by the arcs and by the words before it."""
    at = verb
    while passage.heads[at] != at:
        if passage.deps[at] not in _THROUGH and not (
            passage.deps[at] in ("xcomp", "ccomp")
            and passage.words[passage.heads[at]] in ("fait", "va", "vont")
        ):
            return False
        at = passage.heads[at]
    return _is_main_words(passage, verb)


def _is_main_words(passage: Passage, verb: int) -> bool:
    """Whether no word before the verb, in its part of the sentence, makes it depend on another clause."""
    first = passage.sentence(verb)[0]
    for k in range(verb - 1, first - 1, -1):
        if passage.words[k] in (",", ";", ":", "et", "mais"):
            return True
        if passage.words[k] in _SUBORDINATES:
            return False
    return True


def _subject(passage: Passage, verb: int) -> int:
    """The subject of a verb or of the one it is coordinated with, -1 where the parser has none."""
    at = verb
    for _ in range(4):
        for child in passage.children[at]:
            if passage.deps[child] in _SUBJECTS:
                return child
        if passage.deps[at] not in _THROUGH or passage.heads[at] == at:
            return -1
        at = passage.heads[at]
    return -1


def _subject_by_words(passage: Passage, verb: int) -> int:
    """The noun or name that opens the sentence, where nothing but its phrase stands before the verb."""
    first = passage.sentence(verb)[0]
    start = max((k + 1 for k in range(first, verb) if passage.words[k] == ","), default=first)
    nouns = [k for k in range(start, verb) if passage.tags[k] in ("NOUN", "PROPN", "PRON")]
    between = passage.tags[start:verb]
    if not nouns or any(tag in ("VERB", "AUX", "SCONJ", "CCONJ", "PUNCT") for tag in between):
        return -1
    return nouns[0] if passage.tags[start] in ("DET", "PROPN", "PRON", "NOUN") else -1


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
