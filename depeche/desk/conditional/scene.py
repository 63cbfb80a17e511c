"""A sentence that holds conditionals, as the rules for them look at it: verbs by their forms, word lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, cast

from depeche.desk.conditional.forms import (
    ConditionalGroup,
    finite_lemma,
    infinitives,
    participle_lemma,
)
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.verbs import reporting_verbs

Tense = Literal["present", "past", "pluperfect", "future", "conditional", "none"]

_TENSES: Mapping[str, Tense] = {
    "pres": "present",
    "imparf": "past",
    "ps": "past",
    "fut": "future",
    "cond": "conditional",
}
_AUXILIARIES = "auxiliaries "
_CONTENT_NOUNS = ("future nouns", "telling nouns", "hypothesis nouns")
_ALONE: Mapping[Tense, Tense] = {"past": "present", "pluperfect": "past"}
_NO_VERBS = frozenset({"NOUN", "PROPN", "DET", "ADP", "PRON"})
_NEAR = 6
_TAIL_REACH = 4


class Form(NamedTuple):
    """One reading of a written form of a reporting verb."""

    lemma: str
    stance: str
    frames: str
    ambiguity: str
    tense: str
    tail: tuple[str, ...]
    reflexive: bool


class Mark(NamedTuple):
    """A phrase of `conditional_traps.json` in the tokens `[first, last)`, with the name of its list."""

    first: int
    last: int
    key: str


class Scene:
    """A sentence that holds conditionals: token range `[start, end)`, its finite verbs, its word lists."""

    def __init__(
        self,
        passage: Passage,
        number: int,
        groups: Sequence[ConditionalGroup],
        marks: Sequence[Mark],
        language: str,
    ) -> None:
        self.passage = passage
        self.number = number
        self.marks = marks
        self.words = passage.words
        self.start, self.end = passage.sentences[number]
        self.groups = groups
        self.language = language
        self.lists = trap_lists(language)
        self.forms = reporting_forms(language)
        self.auxiliaries = auxiliary_tenses(language)
        self.by_finite = {group.finite: group for group in groups}
        self._readings: dict[int, Form | None] = {}
        self._tenses: dict[int, Tense] = {}
        self.by_token = {i: group for group in groups for i in range(group.first, group.last)}

    def is_finite(self, i: int) -> bool:
        """Whether token `i` is a finite verb, by its form or its tag."""
        if i in self.by_finite:
            return True
        if "VerbForm=Fin" in self.passage.morphs[i]:
            return self.passage.tags[i] in ("VERB", "AUX")
        if self.words[i].endswith(("ait", "aient")) and finite_lemma(self.words[i], self.language):
            return True
        return not self.passage.parsed and self.words[i] in self.lists["governing finites"]

    def reading(self, i: int) -> Form | None:
        """Token `i` as a form of a reporting verb, the likeliest reading where there are several."""
        if i not in self._readings:
            self._readings[i] = self._read(i)
        return self._readings[i]

    def _read(self, i: int) -> Form | None:
        readings = self.forms.get(self.words[i], ())
        if not readings or (self.passage.tags[i] in _NO_VERBS and not self._is_inserted(i)):
            return None
        readings = tuple(reading for reading in readings if self._has_tail(i, reading.tail))
        if len(readings) > 1:
            start = self.group_start(i)
            reflexive = any(word in self.lists["reflexives"] for word in self.words[start:i])
            readings = tuple(r for r in readings if r.reflexive == reflexive) or readings
            auxiliary = self._auxiliary(i)
            wanted = [r for r in readings if (r.tense == "pp") == bool(auxiliary)]
            readings = tuple(wanted) or readings
        return max(readings, key=lambda reading: len(reading.tail), default=None)

    def _is_inserted(self, i: int) -> bool:
        """Whether token `i` stands where a verb does that says who spoke: « …, souffle un élu »."""
        if not self.start < i < self.end - 2 or self.words[i - 1] not in (",", "»"):
            return False
        return self.words[i + 1] in self.lists["articles"] | self.lists["inverted"]

    def _has_tail(self, i: int, tail: tuple[str, ...]) -> bool:
        return not tail or any(
            self.words[k : k + len(tail)] == tail for k in range(i + 1, min(i + 1 + _TAIL_REACH, self.end))
        )

    def lemma(self, i: int) -> str:
        """The infinitive of the verb at token `i`, as near as form and parser tell."""
        if i in self.by_finite:
            return self.by_finite[i].lemma
        form = self.reading(i)
        if form is not None:
            return form.lemma
        word = self.words[i]
        return (
            finite_lemma(word, self.language)
            or participle_lemma(word, self.language)
            or self.passage.lemmas[i]
        )

    def tense(self, i: int) -> Tense:
        """The tense of the verb at token `i`, that of its auxiliary where it has one."""
        if i not in self._tenses:
            self._tenses[i] = self._tense(i)
        return self._tenses[i]

    def _tense(self, i: int) -> Tense:
        if i in self.by_finite:
            return "conditional"
        auxiliary = self._auxiliary(i)
        if auxiliary:
            return auxiliary
        form = self.reading(i)
        if form is not None and form.tense in _TENSES:
            return _TENSES[form.tense]
        word, morph = self.words[i], self.passage.morphs[i]
        if word in infinitives(self.language) or (form is not None and form.tense in ("ppres", "pp")):
            return self._tense_before(i)
        if word in self.auxiliaries and self.is_finite(i):
            tense = self.auxiliaries[word]
            return tense if word in self.lists["past alone"] else _ALONE.get(tense, tense)
        if "Tense=Fut" in morph:
            return "future"
        if "VerbForm=Fin" in morph and ("Tense=Imp" in morph or "Tense=Past" in morph):
            return "past"
        if word.endswith(("ait", "aient", "èrent", "irent")):
            return "past"
        return "present" if "VerbForm=Fin" in morph else "none"

    def is_stative(self, group: ConditionalGroup) -> bool:
        """Whether a conditional tells how things are, not what happens."""
        if group.lemma in self.lists["stative with de"]:
            return self.words[group.last : group.last + 1] in (("de",), ("d'",), ("du",), ("des",))
        return group.lemma in self.lists["states" if group.passive else "stative"]

    def is_formula(self, i: int) -> bool:
        """Whether token `i` belongs to a formula without a speaker (« la rumeur veut que »)."""
        return any(mark.key == "formula" and mark.first <= i < mark.last for mark in self.marks)

    def part_start(self, i: int) -> int:
        """Where the part of the sentence begins that holds token `i`, after a semicolon."""
        return next((k + 1 for k in range(i - 1, self.start - 1, -1) if self.words[k] == ";"), self.start)

    def part_end(self, i: int) -> int:
        """Where the part of the sentence ends that holds token `i`, at a semicolon."""
        return next((k for k in range(i, self.end) if self.words[k] == ";"), self.end)

    def begins(self, i: int) -> bool:
        """Whether a clause may begin with token `i`."""
        return i == self.start or self.words[i - 1] in self.lists["places to begin"]

    def finite_after(self, i: int) -> int:
        """The first finite verb from token `i` on, -1 where the sentence has none."""
        return next((k for k in range(i, self.end) if self.is_finite(k)), -1)

    def future(self, i: int) -> bool:
        """Whether token `i` is a verb in the future."""
        word = self.words[i]
        if not word.endswith(("ra", "ront", "rons", "rai")):
            return False
        return "Tense=Fut" in self.passage.morphs[i] or bool(finite_lemma(word, self.language))

    def noun_lemma(self, i: int) -> str:
        """Token `i` in the form under which lists of nouns have it."""
        word, lemma = self.words[i], self.passage.lemmas[i]
        if lemma != word or "Number=Sing" in self.passage.morphs[i]:
            return lemma
        return word.removesuffix("s")

    def group_start(self, i: int) -> int:
        """Where the verb group of the verb at token `i` begins, its auxiliaries and clitics included."""
        words, k = self.words, i
        while k > self.start and (
            words[k - 1] in self.auxiliaries
            or words[k - 1] in self.lists["clitics"]
            or words[k - 1] in self.lists["skipped"]
        ):
            k -= 1
        return k

    def _auxiliary(self, i: int) -> Tense | None:
        """The tense that an auxiliary gives the participle at `i`, None where there is no auxiliary."""
        words, lists = self.words, self.lists
        start = self.passage.sentence(i)[0]
        for k in range(i - 1, max(start, i - _NEAR) - 1, -1):
            word = words[k]
            tense = self.auxiliaries.get(word) or ("past" if word in lists["past infinitives"] else None)
            if tense is not None:
                if not participle_lemma(words[i], self.language) and words[i] not in infinitives(
                    self.language
                ):
                    return None
                reflexive = k > start and words[k - 1] in lists["reflexives"]
                return "past" if tense == "present" and reflexive else tense
            passed = word in lists["skipped"] or word in lists["within groups"] or word.endswith("ment")
            if not passed and word not in lists["heads of expressions"]:
                return None
        return None

    def _tense_before(self, i: int) -> Tense:
        """The tense of the nearest finite verb before the verb at `i`, which is not finite."""
        for k in range(i - 1, self.passage.sentence(i)[0] - 1, -1):
            tense = self.auxiliaries.get(self.words[k])
            if tense is not None:
                return tense
            if self.is_finite(k):
                return self.tense(k)
        return "none"


@cache
def trap_lists(language: str) -> Mapping[str, frozenset[str]]:
    """The groups of `conditional_traps.json`, and all nouns that have a clause for their content."""
    groups = load_groups(language, "conditional_traps.json")
    lists = {key: frozenset(words) for key, words in groups.items()}
    nouns = (words for key, words in lists.items() if key in _CONTENT_NOUNS)
    return {**lists, "content nouns": frozenset[str]().union(*nouns)}


@cache
def documents(language: str) -> frozenset[str]:
    """Nouns for what is written or measured and can be quoted as a source."""
    return frozenset(load_groups(language, "source_heads.json").get("document", ()))


@cache
def auxiliary_tenses(language: str) -> Mapping[str, Tense]:
    """The auxiliaries by form, with the tense that they give a participle."""
    groups = load_groups(language, "conditional_traps.json")
    return {
        word: cast(Tense, key.removeprefix(_AUXILIARIES))
        for key, words in groups.items()
        if key.startswith(_AUXILIARIES)
        for word in words
    }


@cache
def reporting_forms(language: str) -> Mapping[str, tuple[Form, ...]]:
    """Every written form of the reporting verbs that are one word, with what it can be."""
    forms: dict[str, list[Form]] = {}
    for verb, tenses in reporting_verbs(language):
        for tense, written in tenses.items():
            found = Form(
                verb.lemma, verb.stance, verb.frames, verb.ambiguity, tense, verb.tail, verb.reflexive
            )
            for word in written.split():
                if found not in forms.setdefault(word, []):
                    forms[word].append(found)
    return {word: tuple(found) for word, found in forms.items()}
