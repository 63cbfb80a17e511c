"""The clause of a conditional: the word that subordinates it, and the verb or noun that governs that word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from depeche.desk.conditional.forms import ConditionalGroup
from depeche.desk.conditional.scene import Scene, Tense

OpenerKind = Literal["main", "relative", "that", "asking", "adverbial"]

_NEAR = 6
_LONGEST_CLAUSE = 120
_NOMINAL = ("NOUN", "PROPN", "PRON", "ADJ", "NUM")
_TAIL_REACH = 4
_TELLING_DISTANCE = 24
_OBJECT_FRAMES = "nac"


@dataclass(frozen=True, slots=True)
class Governor:
    """The verb or noun at token `at` on which a clause depends; `tense` is "none" where it shows none."""

    at: int
    lemma: str
    tense: Tense
    noun: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause of a conditional, opened by token `opener` (-1 for none), under `governor` where known."""

    group: ConditionalGroup
    kind: OpenerKind
    opener: int
    governor: Governor | None = None


def clause_of(scene: Scene, group: ConditionalGroup) -> Clause:
    """The clause that `group` is the verb of."""
    opener, kind = _opener(scene, group)
    if kind == "that" and _is_pronoun(scene, opener, group):
        kind = "relative"
    if kind == "relative" and scene.words[opener] == "qui" and _knows(scene, opener - 1):
        kind = "asking"
    governor = governor_of(scene, opener) if kind in ("that", "asking") else None
    if kind == "that" and governor is None and _may_be_pronoun(scene, opener - 1):
        kind = "relative"
    return Clause(group, kind, opener, governor)


def governor_of(scene: Scene, opener: int) -> Governor | None:
    """The verb or noun that takes the clause opened by token `opener`, None where it finds none."""
    noun = _governing_noun(scene, opener)
    if noun is not None:
        return noun
    for i in range(opener - 1, max(scene.start, opener - _TELLING_DISTANCE) - 1, -1):
        if scene.words[i] in (";", ":", "»"):
            return None
        form = scene.reading(i)
        if form is None or not form.tail:
            headed = _headed(scene, i)
            if headed is not None:
                return headed
        if form is not None and form.frames.strip(_OBJECT_FRAMES):
            return Governor(i, form.lemma, scene.tense(i))
        if scene.passage.tags[i] in ("VERB", "AUX", "ADJ", ""):
            lemma = scene.lemma(i)
            if lemma in scene.lists["future verbs"]:
                return Governor(i, lemma, scene.tense(i))
    return None


def noun_of_content(scene: Scene, clause: Clause) -> str | None:
    """The noun whose content « selon lequel » introduces (« la promesse selon laquelle »), None for others."""
    opener, lists = clause.opener, scene.lists
    if clause.kind != "relative" or opener - 2 < scene.start:
        return None
    if scene.words[opener - 1] not in lists["according to"] or scene.words[opener] not in lists["relatives"]:
        return None
    for i in range(opener - 2, max(scene.start, opener - 2 - _NEAR) - 1, -1):
        for noun in (scene.noun_lemma(i), scene.words[i]):
            if noun in lists["content nouns"]:
                return noun
    return None


def _governing_noun(scene: Scene, opener: int) -> Governor | None:
    """The noun right before a clause that may say what it holds (« la promesse que »)."""
    before = opener - 1
    while before > scene.start and scene.words[before] in scene.lists["skipped"]:
        before -= 1
    if before <= scene.start or scene.words[before - 1] not in scene.lists["articles"]:
        return None
    for noun in (scene.noun_lemma(before), scene.words[before]):
        if noun in scene.lists["content nouns"]:
            return Governor(before, noun, "none", noun=True)
    return None


def _headed(scene: Scene, i: int) -> Governor | None:
    """The fixed expression of which token `i` is the rest (« a fait *savoir* »)."""
    for k in range(i - 1, max(scene.start, i - _TAIL_REACH) - 1, -1):
        form = scene.reading(k)
        if form is not None and scene.words[i] in form.tail:
            return Governor(k, form.lemma, scene.tense(k))
    return None


def _opener(scene: Scene, group: ConditionalGroup) -> tuple[int, OpenerKind]:
    """Walk left from the verb: each subordinating word takes one of the verbs passed, and the first that
    finds none is the group's own.
    """
    pending = 0
    for i in range(group.first - 1, max(scene.start, group.first - _LONGEST_CLAUSE) - 1, -1):
        word = scene.words[i]
        if word in (";", ":") or (word == "»" and not scene.passage.quoted[group.finite]):
            break
        kind = None if _picks_out(scene, i, group) else _kind(scene, i)
        if kind is None:
            pending += scene.is_finite(i) and not _inserted(scene, i)
        elif pending:
            pending -= 1
        else:
            return i, kind
    return -1, "main"


def _picks_out(scene: Scene, i: int, group: ConditionalGroup) -> bool:
    """Whether token `i` is a « dont » without a verb: « dix blessés, dont un grave, »."""
    if scene.words[i] != "dont":
        return False
    following = scene.words[i + 1]
    few = following in scene.lists["few"] or following.isdigit()
    return few and "," in scene.words[i + 1 : group.first]


def _kind(scene: Scene, i: int) -> OpenerKind | None:
    """What kind of clause token `i` opens, None where it opens none."""
    word, lists = scene.words[i], scene.lists
    if word in lists["that"]:
        return _kind_of_that(scene, i)
    if word in lists["relatives"]:
        return "relative"
    if word in lists["asking"]:
        return "asking" if _asks(scene, i) else None
    noun = i > scene.start and scene.words[i - 1] in lists["articles"]  # « le car »
    return "adverbial" if word in lists["adverbial"] and not noun else None


def _kind_of_that(scene: Scene, i: int) -> OpenerKind | None:
    before = scene.words[i - 1] if i > scene.start else ""
    if before in scene.lists["antecedents of that"]:
        return "that" if i - 2 > scene.start and scene.words[i - 2] == "à" else "relative"
    told = before == "alors" and i - 2 >= scene.start and scene.reading(i - 2) is not None
    if before in scene.lists["before que"] and not told:
        return "adverbial"
    denied = any(word in scene.lists["denying"] for word in scene.words[max(scene.start, i - 4) : i])
    return None if denied and governor_of(scene, i) is None else "that"


def _asks(scene: Scene, i: int) -> bool:
    word = scene.words[i]
    following = scene.words[i + 1] if i + 1 < scene.end else ""
    if word == "s'":
        return following in ("il", "ils")
    return not (word == "si" and following in ("bien", "ce"))


def _inserted(scene: Scene, i: int) -> bool:
    """Whether the verb at `i` belongs to words between commas that the clause goes on behind."""
    return i > scene.start and scene.words[i - 1] == "," and scene.reading(i) is not None


def _is_pronoun(scene: Scene, opener: int, group: ConditionalGroup) -> bool:
    """Whether « que » stands for the noun before it: the verb comes first, or the parser hangs it there."""
    passage, before = scene.passage, opener - 1
    if before < scene.start or passage.tags[before] not in _NOMINAL:
        return False
    if scene.words[before] in scene.lists["time words"]:
        return False
    if group.first == opener + 1 and group.last < scene.end:
        return True
    if scene.noun_lemma(before) in scene.lists["content nouns"]:
        return False
    near = scene.words[max(scene.start, before - 3) : before]
    told = any(word in scene.lists["addressees"] for word in near)
    if told and not any(word in scene.lists["indefinite"] for word in near):
        return False
    verb = group.last - 1
    if passage.deps[verb].startswith(("aux", "cop")):
        verb = passage.heads[verb]
    return passage.deps[verb].startswith("acl") and opener - _NEAR < passage.heads[verb] < opener


def _may_be_pronoun(scene: Scene, before: int) -> bool:
    """Whether a noun or a comma stands before a « que » that no verb takes."""
    if before < scene.start:
        return False
    return scene.passage.tags[before] in _NOMINAL or scene.words[before] == ","


def _knows(scene: Scene, i: int) -> bool:
    """Whether the verb at token `i` may have a question behind it (« ignore qui »)."""
    return i >= scene.start and scene.lemma(i) in scene.lists["whether verbs"]
