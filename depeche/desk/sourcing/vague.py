"""ATT002: sources that are nobody in particular (« les spécialistes », « des études », « on dit que »)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import BODY, is_name, is_reflexive, reporting_stance
from depeche.desk.sourcing.vague_words import AGENTLESS, VagueWords, vague_words
from depeche.desk.spans import Finding, Severity

_SEVERITY: Mapping[str, Severity] = {"generic_power": "info"}
_ADJECTIVES = 3
_DEFINITE = frozenset({"les"})
_OF = frozenset({"de", "d'", "des", "du"})
_CLITICS = frozenset({"le", "la", "les", "l'", "lui", "leur", "y", "en"})
_CLAUSE_STARTS = frozenset({",", ";", ":", "et", "mais", "or", "car", "ou", "–", "—", "aussi", "donc"})


class Vague(NamedTuple):
    """A vague phrase in the tokens `[first, last)`; `noun` is its head, "" for a fixed phrase."""

    first: int
    last: int
    category: str
    noun: str = ""


def across(draft: Draft) -> Iterator[Finding]:
    """A warning for every vague collective or document that is made to speak, an info for a vague power.

    A group that the article has presented before is no longer vague.
    """
    words = vague_words(draft.language)
    introduced: set[str] = set()
    body = draft.of_kind(*BODY)
    for number in [*body, *draft.of_kind("standfirst")]:
        block = draft.blocks[number]
        for vague in _candidates(block.passage, words, draft.language, introduced):
            if not _speaks(block, vague, words, draft.language):
                continue
            span = block.passage.span(vague.first, vague.last)
            severity = block.heard(_SEVERITY.get(vague.category, "warning"), span)
            if severity:
                yield Finding("ATT002", severity, draft.shifted(number, span))


def _candidates(passage: Passage, words: VagueWords, language: str, introduced: set[str]) -> Iterator[Vague]:
    """The vague phrases of a passage, in order; adds to `introduced` the groups it presents."""
    taken = -1
    persons, singles = load_heads(language).person, _singles(words)
    fixed = {match.first: match for match in words.phrases.find(passage)}
    for i, word in enumerate(passage.words):
        if i in fixed and i > taken and (i + 1 == len(passage) or not _heads_noun(passage, i, fixed[i].last)):
            yield Vague(i, fixed[i].last, fixed[i].entry)
            taken = fixed[i].last - 1
        elif i > taken and word in words.circle and (vague := _circle(passage, i, words)):
            yield vague
        elif i > taken and (category := words.nouns.get(word)) and passage.tags[i] in ("NOUN", "PROPN", ""):
            vague = _collective(passage, i, category, words, language)
            if vague and not (passage.words[vague.first] in _DEFINITE and word in introduced):
                yield vague
            elif not vague:
                introduced.add(word)
        elif i > taken and word in words.singular:
            yield from _document(passage, i, words)
        elif i > taken and word in words.some_people and (vague := _some_people(passage, i, words, language)):
            yield vague
        elif i > taken and (word in persons or (passage.words[i - 1] in singles and is_name(passage, i))):
            yield from _some(passage, i, words, language)


def _heads_noun(passage: Passage, i: int, last: int) -> bool:
    """Whether a phrase of one word goes with the noun behind it (« certains élus »)."""
    bare = last == i + 1 or passage.words[last - 1] == "autres"
    return bare and passage.tags[last] in ("NOUN", "ADJ", "ADP", "PROPN")


def _collective(passage: Passage, i: int, category: str, words: VagueWords, language: str) -> Vague | None:
    first = _opening(passage, i, words, words.quantifiers)
    if first == i - 1 and passage.words[first] in _DEFINITE and passage.words[i] in words.indefinite:
        return None  # « selon les sources » says that they differ
    if first < 0 or _is_defined(passage, i, category, words, language):
        return None
    return Vague(first, _bare_complement(passage, i), category, passage.words[i])


def _bare_complement(passage: Passage, i: int) -> int:
    """The token after the noun at `i` and a complement without an article (« rapports de presse »)."""
    if i + 2 < len(passage) and passage.words[i + 1] in ("de", "d'", "en") and passage.tags[i + 2] == "NOUN":
        return i + 3
    return i + 1


def _circle(passage: Passage, i: int, words: VagueWords) -> Vague | None:
    """« son entourage », « ses anciens collègues »: the people round somebody, none of them named."""
    at = i - 1
    while at >= 0 and i - at <= _ADJECTIVES and passage.words[at] in words.before:
        at -= 1
    if at < 0 or passage.words[at] not in words.owners:
        return None
    if (passage.words[at] == "l'") != (i + 1 < len(passage) and passage.words[i + 1] in _OF):
        return None  # « l'entourage du maire », but not « l'entourage » alone
    k = i + 1
    while k < len(passage) and passage.tags[k] == "ADJ":
        k += 1
    named = k < len(passage) and (is_name(passage, k) or passage.words[k] in (",", "(", ":", "qui"))
    return None if named else Vague(at, i + 1, "circle", passage.words[i])


def _some_people(passage: Passage, i: int, words: VagueWords, language: str) -> Vague | None:
    """« des collègues », « d'anciens élèves »: only some of them, and not « les élèves »."""
    at = i - 1
    while at >= 0 and i - at <= _ADJECTIVES and passage.words[at] in words.before:
        at -= 1
    partitive = at >= 0 and passage.words[at] in ("de", "d'") and at + 1 < i
    if at < 0 or not (passage.words[at] == "des" or partitive) or not _opens(passage, at):
        return None
    if _is_defined(passage, i, "some", words, language):
        return None
    return Vague(at, i + 1, "some", passage.words[i])


def _opens(passage: Passage, at: int) -> bool:
    """Whether a phrase begins a clause at `at`, or is what « selon » names."""
    before = passage.words[at - 1] if at > passage.sentence(at)[0] else ""
    return before in _CLAUSE_STARTS or before in ("", "selon", "où", "que", "qu'", "«")


def _some(passage: Passage, i: int, words: VagueWords, language: str) -> Iterator[Vague]:
    """« certains élus », « de nombreux parents »: whoever they are, they are only some."""
    at = i - 1
    while at >= 0 and i - at <= _ADJECTIVES and passage.words[at] in words.before:
        at -= 1
    opening = passage.words[at + 1 : i]
    some = _singles(words)
    many = bool(opening) and opening[0] in some and at >= 0 and passage.words[at] in ("de", "d'")
    if many or (at >= 0 and passage.words[at] in some):
        first = at
    elif at > 0 and passage.words[at] in _OF and (start := _quantifier(passage, at, words.some)) >= 0:
        first = start
    else:
        return
    if not _is_defined(passage, i, "generic_people", words, language):
        yield Vague(first, i + 1, "generic_people", passage.words[i])


def _singles(words: VagueWords) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in words.some if len(phrase) == 1)


def _opening(passage: Passage, i: int, words: VagueWords, quantifiers: tuple[tuple[str, ...], ...]) -> int:
    """Where the indefinite or bare plural phrase of the noun at `i` begins, -1 where it is none."""
    at = i - 1
    while at >= 0 and i - at <= _ADJECTIVES and passage.words[at] in words.before:
        at -= 1
    bare = at + 1 == i
    if at < 0 or passage.words[at] not in words.determiners:
        return at + 1 if (bare and at < 0) or not passage.parsed else -1
    word = passage.words[at]
    start = _quantifier(passage, at, quantifiers)
    if start >= 0:
        return start
    follows_noun = bool(at) and passage.tags[at - 1] in ("NOUN", "PROPN", "ADJ")
    if word in ("de", "d'"):
        return -1 if bare else at + follows_noun  # « de l'avis de nombreux experts »
    return at + 1 if word == "des" and follows_noun else at


def _quantifier(passage: Passage, at: int, quantifiers: tuple[tuple[str, ...], ...]) -> int:
    """Where a quantifier begins that ends right before the token `at`, -1 where none does."""
    for phrase in quantifiers:
        start = at - len(phrase)
        if start >= 0 and passage.words[start:at] == phrase:
            return start
    return -1


def _is_defined(passage: Passage, i: int, category: str, words: VagueWords, language: str) -> bool:
    """Whether what follows the noun at `i` says who they are: a name, a body, a clause, a figure."""
    end = passage.sentence(i)[1]
    k = i + 1
    if k < end and passage.words[k] in ("présents", "présentes"):
        return True
    while k < end and passage.tags[k] == "ADJ" and not is_name(passage, k):
        k += 1
    if k >= end:
        return False
    word, tag = passage.words[k], passage.tags[k]
    if word in ("qui", "que", "qu'", "dont", "où", "(") or is_name(passage, k):
        return True
    if tag == "VERB" and "VerbForm=Part" in passage.morphs[k]:
        return True
    if word == ",":
        return _names_follow(passage, k + 1, end)
    if tag == "ADP" or word in _OF:
        return _complement_defines(passage, range(k + 1, min(k + 6, end)), category, words, language)
    return False


def _names_follow(passage: Passage, first: int, end: int) -> bool:
    for k in range(first, min(first + 6, end)):
        if passage.tags[k] in ("VERB", "AUX") or passage.words[k] == ",":
            return passage.words[k - 1] in ("qui", "dont")
        if is_name(passage, k):
            return True
    return False


def _complement_defines(
    passage: Passage, complement: range, category: str, words: VagueWords, language: str
) -> bool:
    heads = load_heads(language)
    for k in complement:
        word, tag = passage.words[k], passage.tags[k]
        if is_name(passage, k) or tag == "NUM":
            return True
        if tag in ("NOUN", "X"):
            if word in words.complements:
                return False
            if category == "generic_power" and passage.words[complement.start - 2] in words.sides:
                return False  # « les partisans du projet »
            if category in ("generic_people", "generic_power"):
                return True
            return word in heads.organisation or word in heads.person or word in words.defining
        if tag not in ("DET", "ADJ", "ADP"):
            return False
    return False


def _document(passage: Passage, i: int, words: VagueWords) -> Iterator[Vague]:
    """« une étude », with nothing that says whose or of when."""
    at = i - 1
    while (
        at > 0 and i - at <= _ADJECTIVES and (passage.tags[at] == "ADJ" or passage.words[at] in words.before)
    ):
        at -= 1
    if at < 0 or passage.words[at] not in ("un", "une"):
        return
    k = i + 1
    while k < len(passage) and passage.tags[k] == "ADJ" and not is_name(passage, k):
        k += 1
    following = passage.words[k] if k < len(passage) else ""
    if following in ("(", "«", "qui", "que", "dont", "intitulé", "intitulée") or following in _OF:
        return
    if k < len(passage) and (
        passage.tags[k] in ("ADP", "PROPN", "NOUN", "NUM") or "VerbForm=Part" in passage.morphs[k]
    ):
        return
    yield Vague(at, i + 1, words.singular[passage.words[i]], passage.words[i])


def _speaks(block: BlockReading, vague: Vague, words: VagueWords, language: str) -> bool:
    """Whether the phrase is the source of an attribution, or the subject of a verb that reports."""
    passage = block.passage
    if vague.category == AGENTLESS:
        first, last = passage.sentence(vague.first)
        opens = vague.first == first or passage.words[vague.first - 1] in _CLAUSE_STARTS
        return opens and not any(passage.quoted[first:last])
    if _is_announced(passage, vague.first, words):
        return False
    start, end = passage.starts[vague.first], passage.ends[vague.last - 1]
    for attribution in block.attributions:
        source = attribution.source
        if source and start <= source[0] < end and attribution.quality != "named":
            return passage.parsed or attribution.quality.startswith("vague")
    if not passage.parsed:
        return False
    following = passage.words[vague.last : vague.last + 2]
    if len(following) == 2 and following[0] in _CLITICS and following[1] in words.verbs:
        return True
    if reporting_stance(passage, (vague.first, vague.last), language, words.verbs) is not None:
        return True
    after = passage.words[vague.last + 1 : vague.last + 3]
    return is_reflexive(passage, vague.last + 1) and not words.reflexives.isdisjoint(after)


def _is_announced(passage: Passage, i: int, words: VagueWords) -> bool:
    """Whether a colon before token `i` gives somebody's reasons (« a donné ses raisons : les riverains… »)."""
    first = passage.sentence(i)[0]
    before = passage.words[first:i]
    return ":" in before and not words.reasons.isdisjoint(before)
