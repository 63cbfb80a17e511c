"""What stands around a conditional in its sentence: the word that subordinates it, and the verb that governs
that word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from depeche.desk.conditionals import ConditionalGroup, conditional_lemma, finite_lemma, participle_lemma
from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.passage import Passage

Tense = Literal["present", "past", "pluperfect", "future", "conditional", "none"]
OpenerKind = Literal["main", "relative", "que", "asking", "adverbial"]

_AUXILIARIES: Mapping[str, Tense] = {
    **dict.fromkeys(("a", "ont", "ai", "as", "avons", "avez", "ayant", "eu"), "past"),
    **dict.fromkeys(("avait", "avaient", "avais", "avions", "aviez", "eut", "eurent", "eût"), "pluperfect"),
    **dict.fromkeys(("est", "sont", "suis", "sommes", "êtes"), "present"),
    **dict.fromkeys(("était", "étaient", "étais", "fut", "furent"), "past"),
    **dict.fromkeys(("aura", "auront", "sera", "seront"), "future"),
    **dict.fromkeys(("aurait", "auraient", "serait", "seraient"), "conditional"),
}
_TENSES: Mapping[str, Tense] = {
    "pres": "present",
    "imparf": "past",
    "ps": "past",
    "fut": "future",
    "cond": "conditional",
}
_QUE = frozenset({"que", "qu'"})
_CLITICS = frozenset(
    {"se", "s'", "ne", "n'", "l'", "le", "la", "les", "lui", "leur", "y", "en", "m'", "nous"}
)
_NEAR = 6
_TELLING_DISTANCE = 24


class Form(NamedTuple):
    """One reading of a written form of a reporting verb."""

    lemma: str
    stance: str
    frames: str
    ambiguity: str
    tense: str


class Mark(NamedTuple):
    """A phrase of `conditional_traps.json` in the tokens `[first, last)`, with the name of its list."""

    first: int
    last: int
    key: str


@dataclass(frozen=True, slots=True)
class Governor:
    """The verb or noun at token `at` on which a clause depends, "none" its tense where it shows none."""

    at: int
    lemma: str
    tense: Tense
    noun: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause of a conditional: opened by token `opener` (-1 for none), under `governor` where known."""

    group: ConditionalGroup
    kind: OpenerKind
    opener: int
    governor: Governor | None = None


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
        self.marks = marks
        self.words = passage.words
        self.start, self.end = passage.sentences[number]
        self.groups = groups
        self.language = language
        self.lists = {key: frozenset(words) for key, words in trap_lists(language).items()}
        self.forms = reporting_forms(language)
        self.by_finite = {group.finite: group for group in groups}

    def is_finite(self, i: int) -> bool:
        """Whether token `i` is a finite verb, by its form or its tag."""
        if i in self.by_finite:
            return True
        if "VerbForm=Fin" in self.passage.morphs[i]:
            return self.passage.tags[i] in ("VERB", "AUX")
        return not self.passage.parsed and self.words[i] in self.lists["governing finites"]

    def reading(self, i: int) -> Form | None:
        """Token `i` as a form of a reporting verb, the likeliest reading where there are several."""
        readings = self.forms.get(self.words[i], ())
        if not readings or self.passage.tags[i] in ("NOUN", "PROPN", "DET", "ADP", "PRON"):
            return None
        if len(readings) > 1:
            auxiliary = self._auxiliary(i)
            wanted = [r for r in readings if (r.tense == "pp") == bool(auxiliary)]
            readings = tuple(wanted) or readings
        return readings[0]

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
        if i in self.by_finite:
            return "conditional"
        auxiliary = self._auxiliary(i)
        if auxiliary:
            return auxiliary
        form = self.reading(i)
        if form is not None and form.tense in _TENSES:
            return _TENSES[form.tense]
        word, morph = self.words[i], self.passage.morphs[i]
        if form is not None and form.tense in ("inf", "ppres", "pp"):
            return self._tense_before(i)
        if word in _AUXILIARIES and self.is_finite(i):
            return "past" if word in ("avait", "avaient") else _AUXILIARIES[word]
        if "Tense=Fut" in morph:
            return "future"
        if "VerbForm=Fin" in morph and ("Tense=Imp" in morph or "Tense=Past" in morph):
            return "past"
        if word.endswith(("ait", "aient", "èrent", "irent")):
            return "past"
        return "present" if "VerbForm=Fin" in morph else "none"

    def clause(self, group: ConditionalGroup) -> Clause:
        """The clause that `group` is the verb of."""
        opener, kind = self._opener(group)
        governor = self.governor(opener) if kind in ("que", "asking") else None
        if kind == "que" and governor is None:
            kind = "relative"
        return Clause(group, kind, opener, governor)

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

    def noun_lemma(self, i: int) -> str:
        """Token `i` in the form under which lists of nouns have it."""
        word, lemma = self.words[i], self.passage.lemmas[i]
        return lemma if lemma != word else word.removesuffix("s")

    def group_start(self, i: int) -> int:
        """Where the verb group of the verb at token `i` begins, its auxiliaries and clitics included."""
        words, k = self.words, i
        while k > self.start and (
            words[k - 1] in _AUXILIARIES or words[k - 1] in _CLITICS or words[k - 1] in self.lists["skipped"]
        ):
            k -= 1
        return k

    def _auxiliary(self, i: int) -> Tense | None:
        """The tense that an auxiliary gives the participle at `i`, None where there is no auxiliary."""
        words, skipped = self.words, self.lists["skipped"]
        k = i - 1
        start = self.passage.sentence(i)[0]
        lowest = max(start, i - _NEAR)
        while k >= lowest:
            word = words[k]
            if word == "été" or (
                word == "fait" and words[i] in ("savoir", "valoir", "observer", "remarquer")
            ):
                k -= 1
                continue
            if word in _AUXILIARIES:
                if not (participle_lemma(words[i], self.language) or words[i].endswith(("oir", "er"))):
                    return None
                reflexive = k > start and words[k - 1] in ("s'", "se", "m'", "t'")
                past = _AUXILIARIES[word] == "present" and reflexive
                return "past" if past else _AUXILIARIES[word]
            if word not in skipped and not word.endswith("ment"):
                return None
            k -= 1
        return None

    def _tense_before(self, i: int) -> Tense:
        """The tense of the nearest finite verb before the non-finite verb at `i`, of the first after it else."""
        for k in range(i - 1, self.passage.sentence(i)[0] - 1, -1):
            if self.is_finite(k) or self.words[k] in _AUXILIARIES:
                auxiliary = _AUXILIARIES.get(self.words[k])
                compound = k + 1 < i and auxiliary == "past"
                return "past" if compound else (auxiliary or self.tense(k))
        return "none"

    def _opener(self, group: ConditionalGroup) -> tuple[int, OpenerKind]:
        """Walk left from the verb: each subordinating word takes one of the verbs passed, the first without
        a verb is the group's own.
        """
        words, lists, pending = self.words, self.lists, 0
        for i in range(group.first - 1, self.start - 1, -1):
            word = words[i]
            if word in (";", ":") or (word == "»" and not self.passage.quoted[group.finite]):
                return -1, "main"
            kind: OpenerKind | None = None
            if word in _QUE:
                kind = self._que_kind(i)
            elif word in lists["relatives"]:
                kind = "relative"
            elif word in lists["asking"] and self._asks(i):
                kind = "asking"
            elif word in lists["adverbial"]:
                kind = "adverbial"
            if kind is not None:
                if pending == 0:
                    return i, kind
                pending -= 1
            elif self.is_finite(i) and not self._inserted(i, group):
                pending += 1
        return -1, "main"

    def _que_kind(self, i: int) -> OpenerKind | None:
        before = self.words[i - 1] if i > self.start else ""
        if before == "ce":
            return "relative"
        if before in self.lists["before que"]:
            return "adverbial"
        if any(word in ("ne", "n'") for word in self.words[max(self.start, i - 4) : i]) and not self.governor(
            i
        ):
            return None
        return "que"

    def _asks(self, i: int) -> bool:
        word = self.words[i]
        following = self.words[i + 1] if i + 1 < self.end else ""
        if word == "s'":
            return following in ("il", "ils")
        return not (word == "si" and following in ("bien", "ce"))

    def _inserted(self, i: int, group: ConditionalGroup) -> bool:
        """Whether the verb at `i` belongs to words between commas that the clause goes on behind."""
        return i > self.start and self.words[i - 1] == "," and self.reading(i) is not None

    def governor(self, opener: int) -> Governor | None:
        """The verb or noun that takes the clause opened by token `opener`."""
        words, lists = self.words, self.lists
        lowest = max(self.start, opener - _TELLING_DISTANCE)
        before = opener - 1
        while before > self.start and words[before] in self.lists["skipped"]:
            before -= 1
        if before >= self.start:
            noun = self.passage.lemmas[before] if self.passage.parsed else words[before]
            for form in (noun, words[before]):
                if form in lists["future nouns"] | lists["telling nouns"] | lists["hypothesis nouns"] and (
                    self.passage.tags[before] in ("NOUN", "") and self._has_article(before)
                ):
                    return Governor(before, form, "none", noun=True)
        for i in range(opener - 1, lowest - 1, -1):
            if words[i] in (";", ":", "»"):
                return None
            form_read = self.reading(i)
            if form_read is not None and form_read.frames.strip("nac"):
                return Governor(i, form_read.lemma, self.tense(i))
            lemma = self.lemma(i)
            if lemma in lists["future verbs"] and self.passage.tags[i] in ("VERB", "AUX", "ADJ", ""):
                return Governor(i, lemma, self.tense(i))
            if words[i] in lists["relatives"] and i < opener - 1 and words[i] != "où":
                continue
        return None

    def _has_article(self, i: int) -> bool:
        return i > self.start and self.words[i - 1] in self.lists["articles"]


@cache
def trap_lists(language: str) -> Mapping[str, tuple[str, ...]]:
    """The groups of `conditional_traps.json`."""
    return load_groups(language, "conditional_traps.json")


@cache
def reporting_forms(language: str) -> Mapping[str, tuple[Form, ...]]:
    """Every written form of the reporting verbs that are one word, with what it can be."""
    rows = load_rows(
        language,
        "reporting_verbs.json",
        ("lemma", "class", "frames", "ambiguity", "forms"),
        ("reflexive", "tail"),
    )
    forms: dict[str, list[Form]] = {}
    for row in rows:
        for tense, written in row["forms"].items():
            for word in written.split():
                found = Form(row["lemma"], row["class"], row["frames"], row["ambiguity"], tense)
                if found not in forms.setdefault(word, []):
                    forms[word].append(found)
    return {word: tuple(found) for word, found in forms.items()}


def is_conditional(word: str, language: str) -> bool:
    """Whether `word` is a conditional by its form."""
    return bool(conditional_lemma(word, language))
