"""Whether a sentence names the source of a conditional in it: trap T10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from depeche.desk.conditional.clause import Clause, governor_of, noun_of_content
from depeche.desk.conditional.insertions import inserted_verb
from depeche.desk.conditional.scene import Scene
from depeche.desk.conditional.subjects import last_phrase, subject_start
from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Span

_SOURCE_KINDS = ("source", "opinion", "parenthetical")


class Sources:
    """The attributions of a passage that name a source, by the sentences that their contents touch."""

    def __init__(self, passage: Passage, attributions: Sequence[Attribution]) -> None:
        self._by_sentence: dict[int, list[tuple[Span, Attribution]]] = {}
        for attribution in attributions:
            if attribution.source is None or attribution.type == "conditional":
                continue
            for content in attribution.content:
                self._enter(passage, content, attribution)

    def over(self, number: int, span: Span) -> Iterator[Attribution]:
        """The attributions with `span`, which lies in sentence `number`, in their content."""
        for content, attribution in self._by_sentence.get(number, ()):
            if content[0] <= span[0] and span[1] <= content[1]:
                yield attribution

    def _enter(self, passage: Passage, content: Span, attribution: Attribution) -> None:
        tokens = passage.tokens_in(content)
        if tokens:
            first, last = passage.sentence_of[tokens[0]], passage.sentence_of[tokens[-1]]
            for number in range(first, last + 1):
                self._by_sentence.setdefault(number, []).append((content, attribution))


def has_source(scene: Scene, clause: Clause, sources: Sources) -> bool:
    """Whether somebody is said to say what the clause says."""
    return (
        _attributed(scene, clause, sources)
        or _by_verb(scene, clause)
        or by_preposition(scene, clause)
        or any(mark.key == "believing" for mark in scene.marks)
        or inserted_verb(scene, clause) is not None
    )


def is_alleged(scene: Scene, clause: Clause) -> bool:
    """« les rumeurs selon lesquelles… »: whether a noun for what is told stands for the source."""
    noun = noun_of_content(scene, clause)
    return noun in scene.lists["telling nouns"] and not scene.passage.quoted[clause.group.finite]


def told_by_other(scene: Scene, clause: Clause, sources: Sources) -> bool:
    """Whether somebody else says what the subject of the clause would like."""
    group, passage = clause.group, scene.passage
    if group.personal or group.lemma not in scene.lists["wish"] or clause.kind not in ("main", "that"):
        return False
    subject = range(last_phrase(scene, subject_start(scene, clause), group.first), group.first)
    if (
        not subject
        or scene.words[group.first - 1] in scene.lists["taken up"] | scene.lists["persons of wishes"]
    ):
        return False
    own = {scene.words[i] for i in subject if passage.tags[i] in ("NOUN", "PROPN")}
    for attribution in sources.over(scene.number, passage.span(group.first, group.last)):
        tokens = passage.tokens_in(attribution.source or (0, 0))
        names = {scene.words[i] for i in tokens if passage.tags[i] in ("NOUN", "PROPN")}
        if names and not names & own:
            return True
    himself = any(word in scene.lists["inverted"] for word in scene.words[group.last : scene.end])
    return not himself and inserted_verb(scene, clause) is not None


def _attributed(scene: Scene, clause: Clause, sources: Sources) -> bool:
    span = scene.passage.span(clause.group.first, clause.group.last)
    return any(
        attribution.cue != span and not _is_nobody(scene, clause, attribution)
        for attribution in sources.over(scene.number, span)
    )


def _is_nobody(scene: Scene, clause: Clause, attribution: Attribution) -> bool:
    """Whether an attribution has no real source, or one that only names whom the clause tells of."""
    lists, tokens = scene.lists, scene.passage.tokens_in(attribution.source or (0, 0))
    if len(tokens) == 1:
        word = scene.words[tokens[0]]
        if word in lists["not sources"]:
            return True
        if word in lists["relatives"] and noun_of_content(scene, clause) is not None:
            return True
    amount = clause.kind == "relative" and clause.group.lemma in lists["amounts"]
    return amount and scene.words[clause.opener] == "dont" and attribution.type == "speech_act"


def _by_verb(scene: Scene, clause: Clause) -> bool:
    """Whether a reporting verb with « que » governs the clause, or one around it."""
    governor = clause.governor
    if governor is not None and not governor.noun:
        return _has_speaker(scene, governor.at)
    if clause.kind in ("relative", "adverbial"):
        for i in range(clause.opener - 1, scene.part_start(clause.group.first), -1):
            if scene.words[i] in ("que", "qu'"):
                outer = governor_of(scene, i)
                if outer is not None and not outer.noun:
                    return _has_speaker(scene, outer.at)
    return False


def _has_speaker(scene: Scene, verb: int) -> bool:
    """Whether the reporting verb at `verb` is no formula without a speaker (« on raconte que »)."""
    if scene.is_formula(verb):
        return False
    form = scene.reading(verb)
    if form is None or not set(form.frames) & set("qsai"):
        return False
    near = scene.words[max(scene.start, verb - 4) : verb + 3]
    return not any(word in scene.lists["not sources"] for word in near)


def by_preposition(scene: Scene, clause: Clause) -> bool:
    """Whether a phrase such as « selon » names a source anywhere in the sentence."""
    words, phrases = scene.words, _prepositions(scene.language)
    for i in range(scene.start, scene.end - 1):
        for phrase in phrases.get(words[i], ()):
            last = i + len(phrase)
            if words[i:last] != phrase or last >= scene.end or i == clause.group.first:
                continue
            if scene.is_formula(i):
                continue
            if phrase in (("pour",), ("suivant",)):
                if i == scene.start and phrase == ("pour",) and _opinion(scene, i):
                    return True
                continue
            follows = words[last : last + 2]
            unsaid = scene.lists["prepositions not sources"]
            if follows[0] in unsaid or " ".join(follows) in unsaid or follows[0] in scene.lists["relatives"]:
                continue
            return True
    return False


def _opinion(scene: Scene, i: int) -> bool:
    """« Pour la préfète, … » at the head of a sentence: somebody, up to a comma that is near."""
    comma = next((k for k in range(i + 1, min(i + 10, scene.end)) if scene.words[k] == ","), None)
    if comma is None or scene.words[i + 1] not in scene.lists["articles"]:
        return scene.passage.tags[i + 1] == "PROPN" and comma is not None
    subject = next((k for k in range(i + 1, comma) if scene.passage.tags[k] in ("NOUN", "PROPN")), None)
    return subject is not None and scene.noun_lemma(subject) in _speakers(scene.language)


@cache
def _speakers(language: str) -> frozenset[str]:
    """Nouns for persons and institutions that speak."""
    return frozenset(word for words in load_groups(language, "source_heads.json").values() for word in words)


@cache
def _prepositions(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases that name a source, as tokens, by their first."""
    rows = load_rows(language, "prepositional_cues.json", ("cue", "kind", "strength"))
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for row in rows:
        if row["kind"] not in _SOURCE_KINDS:
            continue
        tokens = tuple(row["cue"].replace("'", "' ").split())
        forms = [tokens]
        if tokens[-1] == "de":
            forms += [(*tokens[:-1], article) for article in ("d'", "du", "des")]
        for form in forms:
            found[form[0]] = (*found.get(form[0], ()), form)
    return found
