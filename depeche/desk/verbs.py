"""Verbs that report: the words of a language by what each written form can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from depeche.desk.lexicon import load_groups, load_rows

_PERSONS = {  # what the other persons end in, where the third of that tense ends so
    "ait": ("ais", "ions", "iez", "aient"),
    "ra": ("rai", "ras", "rons", "rez"),
    "ent": ("ons", "ez"),
}


@dataclass(frozen=True, slots=True)
class ReportingVerb:
    """A verb that reports speech or thought: its class, and in which frames it does.

    `frames` holds letters: q a quotation or inserted clause, s a clause with « que », i an infinitive, n a
    noun as object, c an object with its attribute, w an indirect question, a a person addressed. `tail` are
    the words that make a fixed expression of it (« faire *savoir* »).
    """

    lemma: str
    stance: str
    frames: str
    ambiguity: str
    reflexive: bool
    tail: tuple[str, ...]


class Form(NamedTuple):
    """What one written form can be: of which verb, and whether it is finite, inf, pp or ppres."""

    verb: ReportingVerb
    kind: str


class Lexicon(NamedTuple):
    """The reporting verbs of a language by written form, and the small words of their groups."""

    forms: dict[str, tuple[Form, ...]]
    have: frozenset[str]
    be: frozenset[str]
    adverbs: frozenset[str]
    semi: dict[str, frozenset[str]]
    negations: frozenset[str]


@cache
def load_verbs(language: str) -> Lexicon:
    """The reporting verbs of `language`.

    Raises `PackError`.
    """
    forms: dict[str, list[Form]] = {}
    for verb, tenses in reporting_verbs(language):
        for word, kind in _written(tenses):
            entries = forms.setdefault(word, [])
            if Form(verb, kind) not in entries:
                entries.append(Form(verb, kind))
    groups = load_groups(language, "verb_groups.json")
    semi = {key[5:]: frozenset(words) for key, words in groups.items() if key.startswith("semi ")}
    return Lexicon(
        {word: tuple(entries) for word, entries in forms.items()},
        frozenset(groups.get("have", ())),
        frozenset(groups.get("be", ())),
        frozenset(groups.get("adverbs", ())),
        semi,
        frozenset(groups.get("negations", ())),
    )


@cache
def reporting_verbs(language: str) -> tuple[tuple[ReportingVerb, Mapping[str, str]], ...]:
    """The reporting verbs of `language`, each with its written forms by tense, several in one string.

    Raises `PackError`.
    """
    rows = load_rows(
        language,
        "reporting_verbs.json",
        ("lemma", "class", "frames", "ambiguity", "forms"),
        ("reflexive", "tail"),
    )
    return tuple(
        (
            ReportingVerb(
                row["lemma"],
                row["class"],
                row["frames"],
                row["ambiguity"],
                bool(row.get("reflexive")),
                tuple(row.get("tail", "").replace("'", "' ").split()),
            ),
            row["forms"],
        )
        for row in rows
    )


def _written(tenses: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    kinds = {"inf": "inf", "pp": "pp", "ppres": "ppres"}
    for tense, words in tenses.items():
        for word in words.split():
            yield word, kinds.get(tense, "finite")
            if tense in kinds:
                continue
            if tense == "pres" and word[-1:] in ("t", "d"):
                yield {"t": word[:-1] + "s", "d": word + "s"}[word[-1]], "finite"
            for ending, others in _PERSONS.items():
                if word.endswith(ending) and tense in ("imparf", "fut", "cond", "pres"):
                    stem = word[: -len(ending)]
                    yield from ((stem + other, "finite") for other in others)
            if tense in ("fut", "cond", "pres") and "é" in word:  # the spelling of 1990
                yield word[::-1].replace("é", "è", 1)[::-1], "finite"
    infinitive = tenses.get("inf", "")
    if infinitive.endswith("er"):
        yield infinitive[:-2] + "ai", "finite"
