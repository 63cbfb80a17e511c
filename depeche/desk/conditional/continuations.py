"""What a sentence has from the one before: a hypothesis that goes on, a plan that is spelled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.counterfactuals import gives_up
from depeche.desk.conditional.doubts import plans, speaks_of_rumour
from depeche.desk.conditional.effects import raises
from depeche.desk.conditional.protasis import has_protasis
from depeche.desk.conditional.reports import announces, narrates
from depeche.desk.conditional.scene import Mark, Scene

_HYPOTHETICAL = ("T1", "T2", "T6", "T9")
_MODAL = ("T4", "T5")
_COUNTERFACTUAL = ("T1", "T2", "T11", "T13")
_FACT_REACH = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A conditional clause and what was found: its trap, "" for hearsay, whether its sentence names a source,
    and whether it supposes a case in which the next sentence may go on.
    """

    clause: Clause
    trap: str
    sourced: bool = False
    supposes: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What the sentence before does: `announced` a plan or promise, `supposed` a case, `allowed` for
    something that may be, `weighed` something in a present conditional or `regretted` it in a past one,
    `heard` something, `given_up` something, `discussed` something proposed or asked, `reproached` somebody
    with what was not done, `planned` something that a word of the next may take up, `narrated` a story of
    the past, `rumoured` in a word of its own.
    """

    announced: bool = False
    supposed: bool = False
    allowed: bool = False
    weighed: bool = False
    regretted: bool = False
    heard: bool = False
    given_up: bool = False
    discussed: bool = False
    reproached: bool = False
    planned: bool = False
    narrated: bool = False
    rumoured: bool = False


def before(scene: Scene, number: int, judged: Sequence[Judged], marks: Sequence[Mark]) -> Before:
    """What sentence `number` leaves to the next, whose `scene` it is; `judged` and `marks` are its own."""
    if number < 0:
        return Before()
    last = next((item for item in reversed(judged) if item.trap != "T8"), None)
    start, end = scene.passage.sentences[number]
    return Before(
        announces(scene.passage, number, scene),
        (last is not None and last.supposes) or _imagines(scene, start, end, marks),
        last is not None and last.trap == "T5",
        last is not None and not last.clause.group.past,
        last is not None and last.clause.group.past,
        any(not item.trap for item in judged),
        gives_up(scene, start, end),
        raises(scene, start, end),
        any(item.trap in _COUNTERFACTUAL and item.clause.group.past for item in judged)
        or scene.words[end - 1] == "?",
        plans(scene, start, end),
        narrates(scene, start, end),
        speaks_of_rumour(scene, start, end),
    )


def supposes(scene: Scene, clause: Clause, trap: str) -> bool:
    """Whether a clause with `trap` is a case in which the next sentence may go on."""
    return trap in _HYPOTHETICAL or (trap in _MODAL and bool(has_protasis(scene, clause)))


def goes_on(scene: Scene, clause: Clause, earlier: Before) -> bool:
    """Whether a clause without a source belongs to what the sentence before supposes."""
    group = clause.group
    if not (earlier.supposed or earlier.weighed) or clause.kind not in ("main", "relative"):
        return False
    if any(mark.key == "formula" for mark in scene.marks):
        return False
    if group.past and not _follows_from_it(scene, clause):
        return False
    if clause.kind == "relative" and scene.words[clause.opener - 1] == ",":
        return False
    if not earlier.supposed:
        return clause.kind == "main" and _counts(scene, clause)
    if earlier.regretted and scene.is_stative(group) and not _follows_from_it(scene, clause):
        return False
    return not _is_fact(scene, clause)


def _imagines(scene: Scene, start: int, end: int, marks: Sequence[Mark]) -> bool:
    """« Imaginez… », « Et si… ? » without a conditional of its own."""
    if any(mark.key == "scene opener" and mark.first - start < 2 for mark in marks):
        return True
    return scene.words[start : start + 2] in (("et", "si"), ("et", "s'")) and scene.words[end - 1] == "?"


def _follows_from_it(scene: Scene, clause: Clause) -> bool:
    group = clause.group
    near = scene.words[max(scene.start, group.first - 3) : group.last]
    return any(word in scene.lists["following from it"] for word in near)


def _counts(scene: Scene, clause: Clause) -> bool:
    """« L'économie serait de… »: an amount worked out from what the sentence before weighs."""
    subject = scene.words[scene.part_start(clause.group.first) : clause.group.first]
    return len(subject) == 2 and subject[1] in scene.lists["worked out"]


def _is_fact(scene: Scene, clause: Clause) -> bool:
    """Whether a clause tells what is so already, whatever is supposed: somebody's age, a quarrel going on."""
    group, lists = clause.group, scene.lists
    following = scene.words[group.finite : scene.part_end(group.last)]
    if any(word in lists["going on"] for word in following):
        return True
    if group.passive:
        return group.lemma in lists["done to persons"]
    if group.lemma in ("être", "avoir"):
        return any(word in lists["facts of persons"] for word in following[: _FACT_REACH + 1])
    return group.lemma in lists["doings of persons"]
