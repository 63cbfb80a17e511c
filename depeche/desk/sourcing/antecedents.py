"""ATT006: a pronoun that says something, after a sentence with two people it could stand for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from depeche.desk.draft import BlockReading
from depeche.desk.lexicon import load_groups
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import BODY
from depeche.desk.spans import Finding, Span

_MASCULINE, _FEMININE = "masculine", "feminine"
_OPENING = 2
_SAYS_ITSELF = frozenset({"dit", "disent", "disait", "déclare", "déclarent", "estime", "estiment", "avoue"})


class Person(NamedTuple):
    """Somebody named or titled in the tokens `[first, last)`; `gender` is "" where nothing tells."""

    first: int
    last: int
    gender: str


class _Words(NamedTuple):
    names: dict[str, str]
    titles: dict[str, str]
    articles: dict[str, str]
    pronouns: dict[str, str]


def findings(block: BlockReading, language: str) -> Iterator[Finding]:
    """Each sentence that opens with a pronoun as its source, where two people of the sentence before fit it."""
    words = _words(language)
    if block.passage.kind not in BODY or not words.pronouns:
        return
    passage, told = block.passage, set[int]()
    for source in _pronouns(block):
        at = passage.tokens_in(source)[0]
        people = _candidates(block, at, words, language)
        if len(people) > 1 and at not in told:
            told.add(at)
            spans = tuple(passage.span(p.first, p.last) for p in people)
            named = ", ".join(passage.text[slice(*span)] for span in spans)
            yield Finding("ATT006", "info", source, spans, values=(("candidates", named),))


def _pronouns(block: BlockReading) -> Iterator[Span]:
    """The pronouns that speak, in order: sources of attributions, and those of « elle se dit soulagée »."""
    found = {
        attribution.source
        for attribution in block.attributions
        if attribution.quality == "pronoun" and attribution.source and attribution.parent < 0
    }
    passage = block.passage
    for first, last in passage.sentences:
        words = passage.words[first + 1 : min(first + 3, last)]
        if len(words) == 2 and words[0] in ("se", "s'") and words[1] in _SAYS_ITSELF:
            found.add(passage.span(first, first + 1))
    return iter(sorted(found))


@cache
def _words(language: str) -> _Words:
    groups = load_groups(language, "given_names.json")

    def genders(suffix: str) -> dict[str, str]:
        return {
            word: gender for gender in (_MASCULINE, _FEMININE) for word in groups.get(f"{gender}{suffix}", ())
        }

    return _Words(genders(""), genders(" titles"), genders(" articles"), genders(" pronouns"))


def _candidates(block: BlockReading, at: int, words: _Words, language: str) -> list[Person]:
    passage = block.passage
    sentence = passage.sentence_of[at]
    first = passage.sentences[sentence][0]
    gender = words.pronouns.get(passage.words[at])
    if gender is None or sentence == 0 or at - first > _OPENING or passage.quoted[at]:
        return []
    start, end = passage.sentences[sentence - 1]
    if any(passage.quoted[start:end]) or _has_speaker(block, sentence - 1):
        return []
    return [person for person in _people(passage, start, end, words, language) if person.gender == gender]


def _has_speaker(block: BlockReading, sentence: int) -> bool:
    """Whether somebody speaks in a sentence, so that a pronoun behind it goes on with that voice."""
    first, last = block.passage.sentences[sentence]
    start, end = block.passage.starts[first], block.passage.ends[last - 1]
    return any(a.source and a.cue and start <= a.cue[0] < end for a in block.attributions)


def _people(passage: Passage, first: int, end: int, words: _Words, language: str) -> list[Person]:
    """The people of a sentence, an office and the name beside it taken together."""
    found: list[Person] = []
    persons = load_heads(language).person
    i = first
    while i < end:
        word = passage.words[i]
        if word in words.titles and i + 1 < end and _is_capital(passage, i + 1):
            person = Person(i, _name_end(passage, i + 1, end), words.titles[word])
        elif word in words.names and _is_capital(passage, i) and i + 1 < end and _is_capital(passage, i + 1):
            person = Person(i, _name_end(passage, i, end), words.names[word])
        elif word in persons and (article := _article(passage, i, first)) >= 0:
            person = Person(article, i + 1, words.articles.get(passage.words[article], _gender(passage, i)))
        else:
            i += 1
            continue
        _add(passage, found, person)
        i = max(i + 1, person.last)
    return found


def _add(passage: Passage, found: list[Person], person: Person) -> None:
    """Add a person, or join its name to the office just before it."""
    if found and passage.words[person.first] not in ("le", "la", "l'", "un", "une"):
        before = found[-1]
        between = range(before.last, person.first)
        plain = all(
            passage.tags[k] not in ("VERB", "AUX", "CCONJ") and passage.words[k] not in ("à", "avec")
            for k in between
        )
        if plain and before.gender in ("", person.gender):
            found[-1] = Person(before.first, person.last, person.gender)
            return
    found.append(person)


def _article(passage: Passage, i: int, first: int) -> int:
    for k in (i - 1, i - 2):
        if k >= first and passage.words[k] in ("le", "la", "l'", "un", "une", "son", "sa", "ce", "cette"):
            return k
    return -1


def _gender(passage: Passage, i: int) -> str:
    morph = passage.morphs[i]
    return _FEMININE if "Gender=Fem" in morph else _MASCULINE if "Gender=Masc" in morph else ""


def _is_capital(passage: Passage, i: int) -> bool:
    return passage.form(i)[:1].isupper()


def _name_end(passage: Passage, i: int, end: int) -> int:
    while i < end and (_is_capital(passage, i) or _is_particle(passage, i, end)):
        i += 1
    return i


def _is_particle(passage: Passage, i: int, end: int) -> bool:
    return passage.words[i] in ("de", "le", "la") and i + 1 < end and _is_capital(passage, i + 1)
