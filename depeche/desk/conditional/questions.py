"""What a clause only asks, or what is said to be unsure: traps T7 and T6 by fixed words."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.scene import Mark, Scene

_QUESTION_REACH = 3
_LONGEST_ASIDE = 7


def left_open(scene: Scene, clause: Clause, earlier: str) -> str:
    """T7 behind « reste à savoir », T6 behind « rien ne dit que », "" elsewhere; `earlier` is the trap of the
    conditional before it in the sentence.
    """
    if clause.opener < 0:
        return ""
    for mark in scene.marks:
        if mark.key == "doubt T6" and _follows(scene, mark, clause) and _is_that(scene, clause):
            return "T6"
        near = -1 <= clause.opener - mark.last <= _QUESTION_REACH
        if mark.key == "question T7" and near and _asks(scene, clause):
            return "T7"
    linked = scene.words[clause.opener - 1] in scene.lists["link words"]
    return "T7" if earlier == "T7" and linked and clause.kind == "asking" else ""


def _follows(scene: Scene, mark: Mark, clause: Clause) -> bool:
    """Whether the clause begins where the phrase ends, or behind a few words between commas."""
    gap = clause.opener - mark.last
    if -1 <= gap <= 2:
        return True
    commas = scene.words[clause.opener - 1] == scene.words[min(mark.last, scene.end - 1)] == ","
    return commas and 0 < gap <= _LONGEST_ASIDE


def _is_that(scene: Scene, clause: Clause) -> bool:
    return scene.words[clause.opener] in scene.lists["that"]


def _asks(scene: Scene, clause: Clause) -> bool:
    """Whether the word that opens the clause can ask: « si », « qui », « à quoi », « ce que »."""
    word, before = scene.words[clause.opener], scene.words[clause.opener - 1]
    if word in scene.lists["that"] or word == "dont":
        return before in scene.lists["antecedents of that"]
    return before != ","
