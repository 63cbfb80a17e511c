"""What a conditional is said of: the noun that is its subject, and whether research tells of it."""

from __future__ import annotations

from functools import cache

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.scene import Scene
from depeche.desk.lexicon import load_groups

_OBJECT_REACH = 9


def subject_noun(scene: Scene, begin: int, end: int) -> int | None:
    """The first noun behind an article between two tokens, past what stands before a comma."""
    for i in range(last_phrase(scene, begin, end), end - 1):
        if scene.words[i] in scene.lists["articles"] | scene.lists["few"]:
            noun = i + 1
            while noun < end - 1 and scene.passage.tags[noun] in ("ADJ", "NUM"):
                noun += 1
            return noun
    return None


def subject_start(scene: Scene, clause: Clause) -> int:
    """Where the words before the verb of a clause begin, behind what opens it."""
    begin = max(clause.opener + 1, scene.part_start(clause.group.first))
    colon = next((i for i in range(clause.group.first - 1, begin, -1) if scene.words[i] == ":"), begin - 1)
    return colon + 1


def last_phrase(scene: Scene, begin: int, end: int) -> int:
    """Where the words behind the last comma between two tokens begin."""
    return next((i + 1 for i in range(end - 1, begin - 1, -1) if scene.words[i] == ","), begin)


def is_person(scene: Scene, i: int) -> bool:
    """Whether the noun at token `i` names a person or an institution."""
    noun = scene.noun_lemma(i)
    return noun in _persons(scene.language) or noun in scene.lists["persons"]


def is_event(scene: Scene, i: int) -> bool:
    """Whether the noun at token `i` is for something that happens."""
    noun, lists = scene.noun_lemma(i), scene.lists
    if noun in lists["event nouns"] | lists["changes"]:
        return True
    return noun.endswith(tuple(lists["event endings"])) and noun not in lists["not events"]


def is_finding(scene: Scene, clause: Clause) -> bool:
    """Whether a clause tells how something in nature works: « Cette molécule bloquerait… »."""
    group, lists = clause.group, scene.lists
    if group.past:
        return False
    subject = subject_noun(scene, subject_start(scene, clause), group.first)
    if subject is None:
        return False
    noun = scene.noun_lemma(subject)
    if noun in lists["agents in nature"]:
        return True
    if noun in lists["plan subjects"] | lists["not yet"] | lists["changes"] | lists["event nouns"]:
        return False
    following = range(group.last, min(group.last + _OBJECT_REACH, scene.end))
    return any(scene.noun_lemma(i) in lists["matters of health"] for i in following)


@cache
def _persons(language: str) -> frozenset[str]:
    groups = load_groups(language, "source_heads.json")
    return frozenset(word for key in ("person", "organisation") for word in groups.get(key, ()))
