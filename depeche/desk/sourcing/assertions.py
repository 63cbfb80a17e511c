"""What a clause asserts: its verb group, whether it is a main clause, and its subject, by arcs and by words."""

from __future__ import annotations

from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import auxiliary, words_of

_WINDOW = 9
_THROUGH = frozenset({"aux", "aux:pass", "aux:tense", "aux:caus", "cop", "conj", "parataxis"})
_SUBORDINATES = frozenset({"qui", "que", "qu'", "dont", "où", "si", "lorsque", "quand", "comme", "afin"})
_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:caus")
_NO_SUBJECT = frozenset({"VERB", "AUX", "SCONJ", "CCONJ", "PUNCT"})


def verb_group(passage: Passage, i: int, kind: str, language: str) -> tuple[int, int, bool] | None:
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
    if kind == "finite" and "VerbForm=Inf" not in passage.morphs[i]:
        return (i, i, False) if tags[i] == "VERB" or stands_as_verb(passage, i) else None
    return None


def stands_as_verb(passage: Passage, i: int) -> bool:
    """Whether a word not tagged as a verb stands like one: behind a noun that opens the sentence, before a
    determiner (« le patron maltraite ses apprentis »).
    """
    if i + 1 >= len(passage) or passage.tags[i + 1] != "DET" or passage.tags[i] == "AUX":
        return False
    return subject_by_words(passage, i) >= 0


def is_negated(passage: Passage, first: int, i: int) -> bool:
    return any(passage.words[k] in ("ne", "n'") for k in range(max(0, first - 3), i))


def near(passage: Passage, i: int, wanted: frozenset[str], passive: bool) -> bool:
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


def is_main(passage: Passage, verb: int) -> bool:
    """Whether the clause of a verb hangs on no other, by the arcs and by the words before it."""
    at = verb
    while passage.heads[at] != at:
        if passage.deps[at] not in _THROUGH and not (
            passage.deps[at] in ("xcomp", "ccomp")
            and passage.words[passage.heads[at]] in ("fait", "va", "vont")
        ):
            return False
        at = passage.heads[at]
    return is_main_by_words(passage, verb)


def is_main_by_words(passage: Passage, verb: int) -> bool:
    """Whether no word before the verb, in its part of the sentence, makes it depend on another clause."""
    first = passage.sentence(verb)[0]
    for k in range(verb - 1, first - 1, -1):
        if passage.words[k] in (",", ";", ":", "et", "mais"):
            return True
        if passage.words[k] in _SUBORDINATES:
            return False
    return True


def subject_of(passage: Passage, verb: int) -> int:
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


def subject_by_words(passage: Passage, verb: int) -> int:
    """The noun or name that opens the sentence, where nothing but its phrase stands before the verb."""
    first = passage.sentence(verb)[0]
    start = max((k + 1 for k in range(first, verb) if passage.words[k] == ","), default=first)
    nouns = [k for k in range(start, verb) if passage.tags[k] in ("NOUN", "PROPN", "PRON")]
    between = passage.tags[start:verb]
    if not nouns or not _NO_SUBJECT.isdisjoint(between):
        return -1
    return nouns[0] if passage.tags[start] in ("DET", "PROPN", "PRON", "NOUN") else -1


def _conditional(word: str) -> bool:
    return word.endswith(("rait", "raient"))
