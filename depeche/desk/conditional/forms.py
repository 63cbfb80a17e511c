"""Conditional verb groups, found by their forms alone: a tagger takes half of the rare ones for imperfects.

A conditional is an ending behind an infinitive of the language's list, or behind an irregular stem. The group
runs from the clitics before the finite verb to its last participle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage

_LONGEST_ASIDE = 9
_FARTHEST_ARC = 7
_GRAVE = re.compile(r"[eé](?=(?:[bcdfgjklmnpqrstvxz]|ch|gn|gu|qu|[bcdfgpt][lr]|vr)er$)")
_AGREEMENT = ("es", "s", "e", "")


@dataclass(frozen=True, slots=True)
class ConditionalGroup:
    """A conditional in the tokens `[first, last)`, its finite verb at `finite`.

    `lemma` is the infinitive of the verb that says what happens, the auxiliary's own where no participle
    follows. `past` and `passive` go by the auxiliaries, `personal` is true for the first and second persons.
    """

    first: int
    last: int
    finite: int
    lemma: str
    past: bool = False
    passive: bool = False
    personal: bool = False


def conditional_groups(passage: Passage, language: str = "fr") -> list[ConditionalGroup]:
    """The conditionals of a passage, in order; none in a language without `conditional_forms.json`."""
    forms = load_groups(language, "conditional_forms.json")
    if not forms:
        return []
    endings = tuple(f"r{ending}" for ending in forms["endings"])
    groups = []
    for i, word in enumerate(passage.words):
        if word.endswith(endings) and (lemma := conditional_lemma(word, language)):
            if word.endswith(tuple(forms["endings_that_need_a_pronoun"])) and not _has_pronoun(
                passage, i, forms
            ):
                continue
            groups.append(_group(passage, i, lemma, language))
    return groups


def conditional_lemma(word: str, language: str = "fr") -> str:
    """The infinitive that `word` (lower case, no clitic) is a conditional of, "" where it is none."""
    stems = _stems(language)
    for ending in load_groups(language, "conditional_forms.json")["endings"]:
        if word.endswith(ending) and (lemma := stems.get(word[: -len(ending)])):
            return lemma
    return ""


@lru_cache(maxsize=8_192)
def participle_lemma(word: str, language: str = "fr") -> str:
    """The infinitive that `word` (lower case) may be a past participle of, "" where it is none."""
    known = infinitives(language)
    for agreement in _AGREEMENT:
        if not word.endswith(agreement):
            continue
        base = word[: len(word) - len(agreement)]
        for participle, infinitive in _irregular_participles(language):
            if base.endswith(participle):
                lemma = base[: len(base) - len(participle)] + infinitive
                if lemma in known:
                    return lemma
        for vowel, ending in (("é", "er"), ("i", "ir"), ("u", "re")):
            if base.endswith(vowel) and (lemma := base[:-1] + ending) in known:
                return lemma
    return ""


@lru_cache(maxsize=8_192)
def finite_lemma(word: str, language: str = "fr") -> str:
    """The infinitive that `word` (lower case) may be a finite form of, "" where none is known."""
    listed = _listed_forms(language).get(word)
    if listed:
        return listed
    known = infinitives(language)
    for infinitive_ending, endings in load_groups(language, "finite_endings.json").items():
        for ending in endings:
            if (
                word.endswith(ending)
                and (lemma := word[: len(word) - len(ending)] + infinitive_ending) in known
            ):
                return lemma
    return ""


@cache
def _listed_forms(language: str) -> Mapping[str, str]:
    groups = load_groups(language, "irregular_verbs.json")
    return {form: infinitive for infinitive, forms in groups.items() for form in forms}


@cache
def infinitives(language: str) -> frozenset[str]:
    """The infinitives of `infinitives.json`, where each line begins with what its stems begin with."""
    known: set[str] = set()
    for ending, lines in load_groups(language, "infinitives.json").items():
        for line in lines:
            start, *rests = line.split()
            known.update(start + ("" if rest == "-" else rest) + ending for rest in rests)
    return frozenset(known)


@cache
def _stems(language: str) -> Mapping[str, str]:
    irregular = load_groups(language, "conditional_stems.json")
    stems = {}
    for infinitive in infinitives(language) - set(irregular):
        for stem in _regular_stems(infinitive):
            stems[stem] = infinitive
    stems |= {infinitive: infinitive for infinitive in infinitives(language) - set(irregular)}
    return stems | {stem: infinitive for infinitive, found in irregular.items() for stem in found}


def _regular_stems(infinitive: str) -> list[str]:
    """What the conditional's ending is put behind, old spelling and new."""
    if infinitive.endswith("re"):
        return [infinitive[:-1]]
    if infinitive.endswith("yer"):
        return [infinitive[:-3] + "ier"]
    if not infinitive.endswith("er"):
        return []
    grave = _GRAVE.sub("è", infinitive)
    doubled = infinitive[:-2] + infinitive[-3:] if infinitive.endswith(("eter", "eler")) else infinitive
    return [grave, doubled]


@cache
def _irregular_participles(language: str) -> Sequence[tuple[str, str]]:
    groups = load_groups(language, "participles.json")
    return [(participle, infinitive) for infinitive, found in groups.items() for participle in found]


@cache
def _between(language: str) -> tuple[frozenset[str], Mapping[str, tuple[tuple[str, ...], ...]]]:
    """The adverbs a verb group may hold, and the locutions by their first word."""
    forms = load_groups(language, "conditional_forms.json")
    locutions: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in forms["between_phrases"]:
        words = tuple(re.findall(r"[\w-]+'?", phrase))
        locutions[words[0]] = (*locutions.get(words[0], ()), words)
    return frozenset(forms["between"] + forms["inverted_subjects"]), locutions


def _has_pronoun(passage: Passage, i: int, forms: Mapping[str, tuple[str, ...]]) -> bool:
    start, end = passage.sentence(i)
    return any(word in forms["pronouns_needed"] for word in passage.words[start : min(i + 2, end)])


def _group(passage: Passage, finite: int, lemma: str, language: str) -> ConditionalGroup:
    forms = load_groups(language, "conditional_forms.json")
    first, reflexive = _clitics(passage, finite, forms)
    personal = passage.words[finite].endswith(forms["endings_of_first_persons"])
    last, past, passive = finite + 1, False, False
    if lemma in ("être", "avoir"):
        auxiliary = lemma
        found = _participle(passage, finite + 1, finite, language)
        if found is not None and participle_lemma(passage.words[found], language) == "être":
            past, lemma, last = True, "être", found + 1
            auxiliary = "été"
            found = _participle(passage, found + 1, finite, language)
        if found is not None:
            lemma = participle_lemma(passage.words[found], language)
            perfect = auxiliary == "être" and (reflexive or lemma in forms["perfect_with_être"])
            past = past or auxiliary == "avoir" or perfect
            passive = auxiliary != "avoir" and not perfect
            last = found + 1
    return ConditionalGroup(first, last, finite, lemma, past, passive, personal)


def _clitics(passage: Passage, finite: int, forms: Mapping[str, tuple[str, ...]]) -> tuple[int, bool]:
    """Where the group begins, and whether its verb is reflexive."""
    start = passage.sentence(finite)[0]
    first, reflexive, i = finite, False, finite - 1
    while i >= start:
        word = passage.words[i]
        if word in forms["clitics_within"]:
            first = i
            reflexive = reflexive or word in forms["reflexive"]
        elif word not in forms["clitics_between"]:
            break
        i -= 1
    return first, reflexive


def _participle(passage: Passage, i: int, finite: int, language: str) -> int | None:
    """The participle that goes with the auxiliary at `finite`, looked for from token `i` on."""
    words, end = passage.words, passage.sentence(finite)[1]
    single, locutions = _between(language)
    here = i
    if here < end and words[here] == ",":
        closing = next((k for k in range(here + 1, min(here + _LONGEST_ASIDE, end)) if words[k] == ","), None)
        here = here if closing is None else closing + 1
    while here < end:
        word = words[here]
        length = next(
            (
                len(p)
                for p in locutions.get(word, ())
                if words[here : here + len(p)] == p and here + len(p) <= end
            ),
            0,
        )
        if length:
            here += length
        elif word in single or (word.endswith("ment") and not participle_lemma(word, language)):
            here += 1
        else:
            break
    if here < end and here > finite and participle_lemma(words[here], language):
        return here
    return _participle_by_arc(passage, i, finite, language)


def _participle_by_arc(passage: Passage, i: int, finite: int, language: str) -> int | None:
    """The participle the parser gives the auxiliary, where only plain words stand between them."""
    head = passage.heads[finite]
    if not (i <= head <= finite + _FARTHEST_ARC and passage.deps[finite].startswith("aux")):
        return None
    between = passage.words[i:head]
    if any(not word[0].isalnum() and word[0] != "-" for word in between) or not participle_lemma(
        passage.words[head], language
    ):
        return None
    return head
