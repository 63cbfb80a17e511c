"""What the rules on sources share: the words that accuse, and who vouches for a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from depeche.desk.draft import Draft
from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Span
from depeche.desk.verbs import Form, load_verbs

BODY = ("paragraph", "list_item", "caption")

_ADVERBS = 4
_FARTHEST_VERB = 5
_LONGEST_TAIL = 6
_NO_GAP = frozenset({"VERB", "NOUN", "PROPN", "PUNCT", "SCONJ"})
_REFLEXIVES = frozenset({"se", "s'", "me", "m'", "te", "t'"})


class Accusation(NamedTuple):
    """A verb that accuses its subject: `kind` is deception, crime, death, misconduct or harm; `objects` the
    words one of which must stand near it (none: any will do).
    """

    lemma: str
    kind: str
    grave: bool
    objects: frozenset[str]
    reflexive: bool


class Written(NamedTuple):
    """A form of an accusing verb; `kind` is finite, inf, pp or ppres."""

    accusation: Accusation
    kind: str


@cache
def word_sets(language: str) -> Mapping[str, frozenset[str]]:
    """The named sets of words that the rules on sources read."""
    return {key: frozenset(words) for key, words in load_groups(language, "sourcing_words.json").items()}


def words_of(language: str, key: str) -> frozenset[str]:
    """One set of words, empty where the language has none of that name."""
    return word_sets(language).get(key, frozenset())


@cache
def accusing_forms(language: str) -> Mapping[str, tuple[Written, ...]]:
    """The accusing verbs of a language by written form.

    Raises `PackError`.
    """
    rows = load_rows(
        language, "accusing_verbs.json", ("lemma", "kind", "weight", "forms"), ("objects", "reflexive")
    )
    forms: dict[str, tuple[Written, ...]] = {}
    for row in rows:
        named = row.get("objects", "")
        key = named if named in ("", "people") else f"objects {named}"
        accusation = Accusation(
            row["lemma"],
            row["kind"],
            row["weight"] == "grave",
            words_of(language, key) if key else frozenset(),
            bool(row.get("reflexive")),
        )
        for tense, words in row["forms"].items():
            kind = tense if tense in ("inf", "pp", "ppres") else "finite"
            for word in words.split():
                forms[word] = (*forms.get(word, ()), Written(accusation, kind))
    return forms


def sourced(attribution: Attribution) -> bool:
    """Whether somebody is named who answers for what is said."""
    return attribution.source is not None and not attribution.negated


def tells_verdict(draft: Draft) -> bool:
    """Whether the article says that somebody was condemned or found guilty."""
    verdicts, sentencing = words_of(draft.language, "verdicts"), words_of(draft.language, "sentencing")
    for number in draft.of_kind(*BODY):
        passage = draft.blocks[number].passage
        if not verdicts.isdisjoint(passage.words):
            return True
        if not sentencing.isdisjoint(passage.words):
            for i, word in enumerate(passage.words):
                if word in sentencing and _sentences(passage, i, draft.language):
                    return True
    return False


def _sentences(passage: Passage, i: int, language: str) -> bool:
    """« a été condamné », « condamné à trois mois », not « a condamné ces propos »."""
    following = passage.words[i + 1] if i + 1 < len(passage) else ""
    return following in words_of(language, "after a sentence") or auxiliary(passage, i, language)[1]


def by_sentence(passage: Passage, attributions: Iterable[Attribution]) -> dict[int, list[Attribution]]:
    """The attributions that touch each sentence, by the sentence's number."""
    found: dict[int, list[Attribution]] = {}
    for attribution in attributions:
        spans = [span for span in (attribution.source, attribution.cue, *attribution.content) if span]
        numbers = {n for span in spans for n in sentences_of(passage, span)}
        for n in sorted(numbers):
            found.setdefault(n, []).append(attribution)
    return found


def sentences_of(passage: Passage, span: Span) -> range:
    """The numbers of the sentences that a span lies in."""
    tokens = passage.tokens_in(span)
    if not tokens:
        return range(0)
    return range(passage.sentence_of[tokens[0]], passage.sentence_of[tokens[-1]] + 1)


def auxiliary(passage: Passage, i: int, language: str) -> tuple[int, bool]:
    """The finite auxiliary of the participle at `i` (-1 for none), and whether the group is passive."""
    verbs, words = load_verbs(language), passage.words

    def before(at: int) -> int:
        lowest = max(0, at - _ADVERBS)
        while at >= lowest and (
            words[at] in verbs.adverbs or words[at] in verbs.negations or passage.tags[at] == "ADV"
        ):
            at -= 1
        return at

    at = before(i - 1)
    if at < 0:
        return -1, False
    if words[at] == "été":
        have = before(at - 1)
        return (have, True) if have >= 0 and words[have] in verbs.have else (-1, False)
    if words[at] in verbs.have:
        return at, False
    if words[at] in verbs.be:
        return at, not (at and words[at - 1] in _REFLEXIVES)
    return -1, False


def is_reflexive(passage: Passage, first: int) -> bool:
    """Whether a reflexive pronoun stands right before the verb group that begins at `first`."""
    return not _REFLEXIVES.isdisjoint(passage.words[max(0, first - 2) : first])


def is_name(passage: Passage, i: int) -> bool:
    """Whether token `i` is a proper name by its tag or its capital inside a sentence."""
    return passage.tags[i] == "PROPN" or (
        i > passage.sentence(i)[0] and passage.form(i)[:1].isupper() and passage.words[i][:1].isalpha()
    )


def is_party(passage: Passage, i: int, language: str) -> bool:
    """Whether the noun or name at `i` is somebody who can be accused: a person, a body, a company."""
    heads, word = load_heads(language), passage.words[i]
    if word in heads.person or word in heads.organisation or word in words_of(language, "parties"):
        return True
    return passage.tags[i] == "PROPN"


def reporting_stance(
    passage: Passage, subject: tuple[int, int], language: str, extra: frozenset[str] = frozenset()
) -> str | None:
    """The class of the verb that reports and has the tokens of `subject` right before it, "" for one of the
    `extra` forms; None where there is none, or a preposition makes these tokens a complement.
    """
    first, last = subject
    verbs = load_verbs(language)
    if first and passage.tags[first - 1] == "ADP":
        return None
    for k in range(last, min(last + _FARTHEST_VERB, passage.sentence(first)[1])):
        word, tag = passage.words[k], passage.tags[k]
        if _is_small_talk(passage, k, language):
            return None
        if word in extra and tag in ("VERB", "AUX", ""):
            return ""
        if word in verbs.forms and tag in ("VERB", ""):
            if k > last and (passage.words[k - 1] in verbs.be or passage.words[k - 1] == "été"):
                return None
            stances = (form.verb.stance for form in verbs.forms[word] if _fits(passage, k, form))
            return next(stances, None)
        if tag in _NO_GAP or word in (",", "."):
            return None
    return None


def _is_small_talk(passage: Passage, k: int, language: str) -> bool:
    """« parlent anglais », « disent merci », « racontent leur voyage »: words that report nothing."""
    word, after = passage.words[k], passage.words[k + 1 : k + 2]
    if word in words_of(language, "talking"):
        return not after or after[0] not in words_of(language, "talking of")
    return (
        word in words_of(language, "telling") and bool(after) and after[0] in words_of(language, "small talk")
    )


def _fits(passage: Passage, i: int, form: Form) -> bool:
    """Whether the verb at `i` is this form, with the words that belong to it (« mettent *en garde* »)."""
    if form.verb.ambiguity == "high" or form.kind == "inf" or form.verb.reflexive != is_reflexive(passage, i):
        return False
    tail = form.verb.tail
    after = passage.words[i + 1 : i + 1 + _LONGEST_TAIL]
    return not tail or any(after[k : k + len(tail)] == tail for k in range(len(after)))
