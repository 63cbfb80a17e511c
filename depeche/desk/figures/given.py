"""A figure as an article gives it: what is said of it, within which limits, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from depeche.desk.draft import BlockReading
from depeche.desk.figures.counted import Nouns, nouns
from depeche.desk.figures.limits import Limits, limits, modifiers, places
from depeche.desk.figures.numerals import Phrases, Vocabulary, phrase_at, vocabulary
from depeche.desk.figures.predicates import governor, participle, top, verb_of
from depeche.desk.figures.quantities import Figure
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Quantity, Span


class GivenWords:
    """The words of one language that tell figures apart."""

    def __init__(self, language: str) -> None:
        rules: Vocabulary = vocabulary(language, "figures.json")
        self.kinds = rules.words
        self.contrast = rules.phrases("contrast")
        self.anew = rules.phrases("anew")
        self.supposing = rules.phrases("supposing")
        self.here = rules.phrases("here")
        self.nouns: Nouns = nouns(language)
        self.limits: Limits = limits(language)
        self.frames = {
            word: row["name"] for row in self.nouns.vocabulary.rows["frame"] for word in row["words"]
        }
        self.outcomes = {row["name"] for row in self.nouns.vocabulary.rows["entity"] if row.get("outcome")}


@cache
def given_words(language: str) -> GivenWords:
    return GivenWords(language)


@dataclass(frozen=True, eq=False)
class Given:
    """A figure as an article gives it; `parts` are the figures it is the sum of."""

    block: int
    reading: BlockReading
    figure: Figure
    quantity: Quantity
    low: float
    high: float
    known: GivenWords
    parts: tuple[Given, ...] = ()

    @property
    def passage(self) -> Passage:
        return self.reading.passage

    @property
    def is_measured(self) -> bool:
        """Whether the figure measures a thing named before it (« le budget atteint 3 millions »)."""
        return 0 <= self.figure.counted.noun < self.figure.first

    @cached_property
    def sentence(self) -> tuple[int, int]:
        return self.passage.sentence(self.figure.first)

    @cached_property
    def frame(self) -> tuple[str, str]:
        """What is said of what is counted, and by whom or what it was done; "" for what is not known."""
        return _frame(self)

    @cached_property
    def scope(self) -> frozenset[str]:
        """The words that limit the figure, without places that the article has named before."""
        noun, known = self.figure.counted.noun, self.known
        last = self.sentence[1]
        found = set(modifiers(self.passage, noun, last, known.limits) if noun >= 0 else ()) - {self.frame[1]}
        if not self.parts:
            found |= phrases_in(self.passage, self.sentence, known.limits.scopes)
        if noun >= 0 and self.quantity.entity in known.nouns.groups:
            word = self.passage.words[noun]
            named = known.nouns.entities.get(word, {}).get("name") == self.quantity.entity
            if not named and word not in known.nouns.kinds["anyone"]:
                found.add(self.passage.lemmas[noun])
        here = phrases_in(self.passage, self.sentence, known.here)
        named_places = set(self.places)
        return frozenset(found - here - named_places - known.kinds["event"] - {w.split()[-1] for w in here})

    @cached_property
    def places(self) -> frozenset[str]:
        return frozenset(places(self.passage, *self.sentence, self.known.limits))

    @cached_property
    def clause(self) -> tuple[int, int]:
        """The tokens behind the figure, to the end of its clause."""
        passage, end = self.passage, self.figure.last
        while end < self.sentence[1] and passage.words[end] not in self.known.kinds["clause_end"]:
            if passage.tags[end] == "VERB" and "VerbForm=Inf" in passage.morphs[end]:
                break
            end += 1
        return self.figure.last, end

    @cached_property
    def setting(self) -> frozenset[str]:
        """The nouns of the clause behind the figure: in what, for whom, among which."""
        if whole_of(self):
            return frozenset()
        known, passage, noun = self.known, self.passage, self.figure.counted.noun
        first, last = max(self.clause[0], noun + 1), self.clause[1]
        fixed = phrases_in(passage, (first, last), known.here)
        fixed |= phrases_in(passage, (first, last), known.limits.scopes)
        ignored = known.kinds["event"].union(*(phrase.split() for phrase in fixed))
        return frozenset(
            passage.lemmas[i].lower()
            for i in range(first, last)
            if passage.tags[i] == "NOUN"
            and passage.words[i] not in known.limits.times
            and passage.words[i] not in ignored
            and passage.lemmas[i] not in ignored
        )

    @cached_property
    def opening(self) -> frozenset[str]:
        """The nouns of the adverbial that opens the sentence (« Après les travaux, … »)."""
        first, passage = self.sentence[0], self.passage
        if passage.tags[first] != "ADP" or passage.words[first] in self.known.kinds["source_cue"]:
            return frozenset()
        end = first
        while end < self.figure.first and passage.words[end] != ",":
            end += 1
        return frozenset(
            passage.lemmas[i].lower()
            for i in range(first, end)
            if passage.tags[i] in ("NOUN", "PROPN") and passage.words[i] not in self.known.limits.times
        )

    @cached_property
    def tense(self) -> frozenset[str]:
        """The auxiliaries around the figure that say when or how surely; for what is measured, the tense."""
        first, last = max(self.sentence[0], self.figure.first - 4), self.figure.last + 4
        found = self.known.kinds["tense"].intersection(self.passage.words[first:last])
        if not self.is_measured:
            return found
        morphs = (morph for morph in self.passage.morphs[first:last] if "VerbForm=Fin" in morph)
        return found | {mark for morph in morphs for mark in morph.split("|") if mark.startswith("Tense=")}

    @cached_property
    def near_places(self) -> frozenset[str]:
        """The places named with the figure itself, before its clause ends."""
        return frozenset(places(self.passage, self.clause[0] - 1, self.clause[1], self.known.limits))

    @cached_property
    def time(self) -> str:
        return "" if self.parts else self.quantity.time

    @cached_property
    def source(self) -> tuple[frozenset[str], str]:
        """The words that name who gives the figure, none in our own voice, and how well they name it."""
        attribution = _attribution(self.reading, self.quantity.span, self.sentence)
        if attribution is None or attribution.source is None:
            return frozenset(), "none"
        tokens = self.passage.tokens_in(attribution.source_ref or attribution.source)
        return frozenset(
            w for w in (self.passage.words[i] for i in tokens) if len(w) > 3
        ), attribution.quality


def _frame(said: Given) -> tuple[str, str]:
    passage, known, noun = said.passage, said.known, said.figure.counted.noun
    if noun < 0:
        return "", ""
    if said.is_measured:
        definite = noun > 0 and passage.words[noun - 1] in known.nouns.kinds["the_one"]
        return ("m", said.quantity.entity) if definite else ("", "")
    entity, word = said.quantity.entity, passage.words[noun]
    named = known.nouns.entities.get(word, {}).get("name") == entity
    i = top(passage, said.figure.first, noun)
    verb = verb_of(passage, i)
    owner = governor(passage, verb) if verb >= 0 and passage.deps[i] == "obj" else ""
    if entity in known.nouns.groups:
        if participle(passage, noun, known.nouns) >= 0:
            return "is", ""
        if not named:
            return "is", owner
    if whole := whole_of(said):
        return "o:total", whole
    if (told := _told(passage, noun)) >= 0:
        return f"o:{_verb_name(passage, told, known)}", ""
    if verb < 0:
        copula = any(passage.deps[child] == "cop" for child in passage.children[i])
        return ("is", governor(passage, i)) if copula and entity in known.outcomes else ("", "")
    name = _verb_name(passage, verb, known)
    if passage.deps[i] == "nsubj":
        return f"s:{name}", ""
    return ("is" if name == "total" and entity in known.outcomes else f"o:{name}"), owner


def whole_of(said: Given) -> str:
    """What « les 6 500 visiteurs du festival » are all of, "" for others."""
    first, noun, passage = said.figure.first, said.figure.counted.noun, said.passage
    if not 0 < first <= noun or passage.words[first - 1] not in said.known.kinds["definite"]:
        return ""
    limiting = modifiers(passage, noun, said.sentence[1], said.known.limits)
    return limiting[0] if len(limiting) == 1 else ""


def _told(passage: Passage, noun: int) -> int:
    """The participle right behind the noun (« emplois supprimés »), -1 for none."""
    i = noun + 1
    if i < len(passage) and passage.tags[i] == "VERB" and "VerbForm=Part" in passage.morphs[i]:
        return i
    return -1


def _verb_name(passage: Passage, verb: int, known: GivenWords) -> str:
    return (
        known.frames.get(passage.lemmas[verb])
        or known.frames.get(passage.words[verb])
        or (passage.lemmas[verb])
    )


def phrases_in(passage: Passage, tokens: tuple[int, int], phrases: Phrases) -> set[str]:
    words, found = passage.words, set()
    for i in range(*tokens):
        if words[i] in phrases and (length := phrase_at(words, i, phrases)):
            found.add(" ".join(words[i : i + length]))
    return found


def _attribution(reading: BlockReading, span: Span, sentence: tuple[int, int]) -> Attribution | None:
    """The innermost attribution that says the words of `span`, else one of the same sentence."""
    covering = [
        item
        for item in reading.attributions
        if item.source and any(first <= span[0] and span[1] <= last for first, last in item.content)
    ]
    if covering:
        return min(covering, key=lambda item: sum(last - first for first, last in item.content))
    start, end = reading.passage.span(*sentence)
    for item in reading.attributions:
        if item.source and item.cue and start <= item.cue[0] < end:
            return item
    return None
