"""Conditionals in the present that only their ending makes hearsay, and what speaks for it or against."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.effects import of_person
from depeche.desk.conditional.forms import infinitives
from depeche.desk.conditional.scene import Scene
from depeche.desk.conditional.subjects import (
    is_finding,
    is_person,
    last_phrase,
    subject_noun,
    subject_start,
)

_PLAN_REACH = 12


def is_doubtful(scene: Scene, clause: Clause) -> bool:
    """Whether nothing but its ending makes a conditional hearsay: one in the present with a verb of what
    happens, no rumour in its sentence, and not a word of what goes on already.
    """
    group, lists = clause.group, scene.lists
    if group.past or scene.is_stative(group) or is_finding(scene, clause):
        return False
    if clause.kind not in ("main", "relative") or any(other.past for other in scene.groups):
        return False
    if _lasts(scene, clause) or any(mark.key == "formula" for mark in scene.marks):
        return False
    if speaks_of_rumour(scene, scene.start, scene.end):
        return False
    if any(group.lemma in lists[key] for key in ("rumoured", "observed", "alleged")):
        return False
    if clause.kind == "relative":
        told = of_person(scene, clause.opener) or group.lemma in lists["told in asides"]
        return scene.words[clause.opener - 1] == "," and not told
    if group.passive:
        return not (group.last < scene.end and scene.words[group.last] in lists["ways and doers"])
    reflexive = scene.words[group.first] in lists["reflexives"]
    if reflexive and group.lemma in lists["alleged of oneself"]:
        return False
    return not _is_said_of_person(scene, clause)


def speaks_of_rumour(scene: Scene, start: int, end: int) -> bool:
    """Whether a word in the tokens `[start, end)` tells of a rumour or a secret."""
    return any(word in scene.lists["words of rumour"] for word in scene.words[start:end])


def plans(scene: Scene, start: int, end: int) -> bool:
    """Whether the tokens `[start, end)` tell of something decided, voted, created or proposed."""
    passage, lists = scene.passage, scene.lists
    return any(
        (passage.tags[i] in ("VERB", "AUX", "") and scene.lemma(i) in lists["planning"])
        or (passage.tags[i] == "NOUN" and scene.noun_lemma(i) in lists["named plans"])
        for i in range(start, end)
        if not passage.quoted[i]
    )


def unfolds(scene: Scene, clause: Clause, *, planned: bool) -> bool:
    """Whether a clause is part of a case: « … aurait alors peu de chances », or « celui-ci », « le dispositif »
    behind a sentence that has `planned` something.
    """
    group, words, lists = clause.group, scene.words, scene.lists
    if group.past or clause.kind != "main":
        return False
    near = range(group.finite + 1, min(group.last + 1, scene.end - 1))
    denied = words[group.first] in lists["denying"]
    if any(words[i] in lists["then"] and (denied or words[i + 1] not in lists["that"]) for i in near):
        return True
    if not planned or group.lemma in lists["doings of persons"] | lists["hiding"]:
        return False
    following = words[group.first : scene.part_end(group.last)]
    if any(word in lists["going on"] | lists["facts of persons"] for word in following[:_PLAN_REACH]):
        return False
    begin = last_phrase(scene, subject_start(scene, clause), group.first)
    subject = words[begin : group.first]
    if len(subject) == 1 and subject[0] in lists["pointing back"]:
        return True
    if len(subject) == 1 and subject[0] in lists["taken up"] and group.lemma in lists["what buildings do"]:
        return group.last < scene.end and words[group.last] not in infinitives(scene.language)
    if len(subject) < 2 or subject[0] not in lists["determined"]:
        return False
    noun = subject_noun(scene, begin, group.first)
    if subject[-1] in lists["last named"] and len(subject) == 2:
        return True
    return len(subject) <= 3 and noun is not None and scene.noun_lemma(noun) in lists["nouns taken up"]


def disliked(scene: Scene, clause: Clause) -> bool:
    """« Le ministre n'aurait pas apprécié », « La direction aurait préféré un autre nom »: taste alleged."""
    group, words, lists = clause.group, scene.words, scene.lists
    if not group.past or group.personal or group.lemma not in lists["taste"]:
        return False
    begin = last_phrase(scene, subject_start(scene, clause), group.first)
    subject = words[begin : group.first]
    if not subject or any(word in lists["nobody in particular"] for word in subject):
        return False
    definite = subject[0] in lists["determined"] and subject[0] not in lists["few"]
    named = any(scene.passage.tags[i] == "PROPN" for i in range(begin, group.first))
    if not (definite or named or subject[-1] in lists["taken up"]):
        return False
    inside = words[group.first : group.last]
    after = words[group.last : group.last + 2]
    if any(word in infinitives(scene.language) or word in lists["that"] for word in after):
        return False
    if group.lemma == "préférer":
        several = words[group.finite].endswith("aient") or subject[-1] in lists["taken up"]
        return not several and after[:1] != (".",)
    return any(word in lists["hardly"] for word in inside)


def _lasts(scene: Scene, clause: Clause) -> bool:
    """Whether a word behind the verb says that it goes on; not « chaque » of things (« chaque quartier »)."""
    words, lists = scene.words, scene.lists
    return any(
        words[i] in lists["going on"]
        and (words[i] not in lists["generic determiners"] or words[i + 1] in lists["times of habit"])
        for i in range(clause.group.first, min(scene.part_end(clause.group.last), scene.end - 1))
    )


def _is_said_of_person(scene: Scene, clause: Clause) -> bool:
    """Whether a clause tells of somebody what is told of people only, or of « des cadres » what is no effect."""
    group, lists = clause.group, scene.lists
    begin = last_phrase(scene, subject_start(scene, clause), group.first)
    subject = subject_noun(scene, begin, group.first)
    person = subject is not None and is_person(scene, subject)
    named = any(scene.passage.tags[i] == "PROPN" for i in range(begin, group.first))
    if group.lemma in lists["alleged of persons"]:
        return named or person
    some = begin < group.first and scene.words[begin] in lists["few"]
    return some and person and group.lemma not in lists["consequences"] | lists["eventual"]
