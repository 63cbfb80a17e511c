"""What a text says, in passing, that somebody failed to do, did against the rules, or felt."""

from __future__ import annotations

from collections.abc import Iterator

from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import auxiliary, is_party, words_of
from depeche.desk.verbs import load_verbs

_NEVER = frozenset({"pas", "jamais", "rien"})
_TOO, _LATE = "trop", "tard"
_NEAR_VERB = 4
_VERBS = frozenset({"VERB", "AUX", "SCONJ"})


def faults(passage: Passage, language: str) -> Iterator[int]:
    """The tokens at which a fault, a mood or a judgement is stated: a duty not done (« n'avait pas prévenu »),
    something done too late or knowingly against the rules, « la grogne monte », « Indéniablement, … ».
    """
    guilt, omissions = words_of(language, "guilt"), words_of(language, "omissions")
    duties, moods = words_of(language, "duties"), words_of(language, "moods")
    adverbs, assured = words_of(language, "faults"), words_of(language, "assured")
    for i, word in enumerate(passage.words):
        if word in duties:
            if _is_neglected(passage, i, language):
                yield i
        elif word in moods:
            if _spreads(passage, i, language):
                yield i
        elif word in guilt:
            if _is_guilty(passage, i, language):
                yield i
        elif word in omissions:
            if _lets_happen(passage, i, language):
                yield i
        elif word in assured:
            if i == passage.sentence(i)[0]:
                yield i
        elif word in adverbs:
            if _is_done(passage, i, language, late=False):
                yield i
        elif word == _LATE and passage.words[i - 1] == _TOO and _is_done(passage, i, language, late=True):
            yield i


def _is_neglected(passage: Passage, i: int, language: str) -> bool:
    """« la société n'avait pas prévenu »: negated, in a past tense, of a party."""
    at, passive = auxiliary(passage, i, language)
    if at < 1 or passive or passage.words[at - 1] not in ("n'", "ne"):
        return False
    if _NEVER.isdisjoint(passage.words[at:i]) or passage.words[at].endswith(("rait", "raient")):
        return False
    subject = at - 2
    while subject >= 0 and passage.tags[subject] in ("PUNCT", "ADV", "ADJ") and passage.words[subject] != ",":
        subject -= 1
    return subject >= 0 and is_party(passage, subject, language)


def _spreads(passage: Passage, i: int, language: str) -> bool:
    """« la grogne gagne »: a mood with an article, and right behind it a verb that lets it grow."""
    if i == 0 or passage.words[i - 1] not in ("la", "le", "l'"):
        return False
    verbs = words_of(language, "mood verbs")
    for k in range(i + 1, min(i + _NEAR_VERB, len(passage))):
        if passage.words[k] in verbs and (k == i + 1 or passage.tags[k] == "VERB"):
            return True
    return False


def _is_done(passage: Passage, i: int, language: str, *, late: bool) -> bool:
    """« ont été ouvertes trop tard »: near a past participle, for lateness one in the passive."""
    first, last = passage.sentence(i)
    for k in range(max(first, i - _NEAR_VERB), min(i + _NEAR_VERB, last)):
        at, passive = auxiliary(passage, k, language)
        done = "VerbForm=Part" in passage.morphs[k] or passage.words[k - 1] == "été"
        if at >= 0 and done and passage.words[k] != "été":
            return passive and "été" in passage.words[at:k] if late else True
    return False


def _is_guilty(passage: Passage, i: int, language: str) -> bool:
    """« était complice des voleurs », « est l'auteur du vol », « est un escroc »: said of a definite party."""
    be, words = load_verbs(language).be, passage.words
    first, last = passage.sentence(i)
    at = i - 1
    while at > first and words[at] in words_of(language, "before guilt"):
        at -= 1
    if at <= first or words[at] not in be or words[at] in ("être", "étant") or words[at].endswith("rait"):
        return False
    wanted = words_of(language, f"guilt {words[i]}")
    if wanted and wanted.isdisjoint(words[i + 1 : min(i + 6, last)]):
        return False
    return _has_definite_subject(passage, at, language)


def _lets_happen(passage: Passage, i: int, language: str) -> bool:
    """« a laissé faire », « n'a rien fait pour empêcher »: in a past tense, of a definite party."""
    pairs = words_of(language, "omission pairs")
    if pairs.isdisjoint((" ".join(passage.words[i : i + 2]), " ".join(passage.words[max(0, i - 1) : i + 1]))):
        return False
    done = i + 1 if passage.words[i] == "rien" else i
    if passage.words[done] == "fait" and "VerbForm=Inf" in "".join(passage.morphs[done + 1 : done + 2]):
        return False
    at, passive = auxiliary(passage, i if passage.words[i - 1] != "rien" else i - 1, language)
    if at < 1 or passive:
        return False
    if passage.words[at - 1] in ("n'", "ne"):
        at -= 1
    return _has_definite_subject(passage, at, language)


def _has_definite_subject(passage: Passage, verb: int, language: str) -> bool:
    """Whether the words before `verb` are a definite party that opens the sentence or a clause."""
    first = passage.sentence(verb)[0]
    start = max((k + 1 for k in range(first, verb) if passage.words[k] in (",", ";", ":")), default=first)
    if start >= verb or passage.words[start] in words_of(language, "open determiners"):
        return False
    parties = [k for k in range(start, min(start + 4, verb)) if is_party(passage, k, language)]
    if not parties or not _VERBS.isdisjoint(passage.tags[start:verb]):
        return False
    return parties[0] == start or passage.words[parties[0] - 1] not in ("de", "du", "des", "d'")
