"""Why a conditional is no hearsay: the traps T1 to T13 (T10, a source in the sentence, is for `certainty`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from depeche.desk.conditional_clause import Clause
from depeche.desk.conditional_hypotheses import depends_on_hypothesis
from depeche.desk.conditional_protasis import has_protasis
from depeche.desk.conditional_reports import lies_in_the_future_of_a_past
from depeche.desk.conditional_scene import Scene


@dataclass(frozen=True, slots=True)
class Judged:
    """A conditional clause and what was found: its trap, "" for hearsay."""

    clause: Clause
    trap: str


def trap_of(scene: Scene, clause: Clause, earlier: Judged | None, announced: bool) -> str:
    """The trap of a conditional, "" where it is hearsay.

    `earlier` is the conditional before it in the sentence, `announced` says that the sentence before tells
    of a plan or promise.
    """
    tests: tuple[Callable[[], str], ...] = (
        lambda: "T8" if scene.passage.quoted[clause.group.finite] else "",
        lambda: _asked(scene, clause),
        lambda: _seeming(scene, clause),
        lambda: _modal(scene, clause),
        lambda: has_protasis(scene, clause),
        lambda: _wished(scene, clause),
        lambda: depends_on_hypothesis(scene, clause, earlier.trap if earlier else ""),
        lambda: lies_in_the_future_of_a_past(scene, clause, announced),
        lambda: _inherited(scene, clause, earlier),
    )
    return next((trap for test in tests if (trap := test())), "")


def is_weak(scene: Scene, clause: Clause) -> bool:
    """Whether nothing but its ending makes a conditional hearsay: a main clause with a verb of what may come
    of something, and not a word of what goes on already.
    """
    group, lists = clause.group, scene.lists
    if group.past or scene.is_stative(group) or clause.kind != "main":
        return False
    if any(word in lists["going on"] for word in scene.words[group.first : scene.part_end(group.last)]):
        return False
    if any(mark.key == "formula" for mark in scene.marks):
        return False
    rumoured = group.lemma in lists["rumoured"]
    if group.passive:
        return not rumoured
    if group.lemma == "faire" and scene.words[group.first] in lists["reflexives"]:
        return False
    return not rumoured and group.lemma in lists["consequences"] | lists["eventual"]


def coordinated(scene: Scene, clause: Clause, earlier: Clause) -> bool:
    """Whether a clause goes on at the level of an earlier one: linked by « et », or one item after another."""
    if clause.opener > earlier.group.first:
        return False
    between = range(earlier.group.last, clause.group.first)
    if any(scene.is_finite(i) for i in between):
        return False
    words = [scene.words[i] for i in between]
    if any(word in scene.lists["link words"] for word in words):
        return True
    own_comma = [word for word in words if word in (",", ";")]
    listed = any(scene.words[i] == ":" for i in range(scene.start, earlier.group.first))
    return bool(own_comma) and (listed or ";" in own_comma)


def _asked(scene: Scene, clause: Clause) -> str:
    words, group = scene.words, clause.group
    last = scene.end - 1
    while last > group.last and words[last] in ("»", ")", "!", "…", "..."):
        last -= 1
    if words[last] in ("?", "?!", "??", "!?") and not scene.passage.quoted[last]:
        return "T7"
    after = words[group.finite + 1] if group.finite + 1 < scene.end else ""
    if after in scene.lists["inverted"] and group.lemma not in scene.lists["modal"]:
        first = words[scene.start]
        if group.first > scene.start and words[group.first - 1] in (",", "»"):
            return "T13" if after == "-on" else ""
        if first not in scene.lists["inverting"] and not _introduced(scene, clause):
            return "T7"
    asks = clause.kind == "asking" and clause.governor is not None and not group.past
    wonders = clause.governor is not None and clause.governor.lemma in scene.lists["wondering"]
    present = clause.governor is not None and clause.governor.tense == "present"
    return "T7" if (asks and present) or (clause.kind == "asking" and wonders and present) else ""


def _introduced(scene: Scene, clause: Clause) -> bool:
    """Whether an adverb that inverts stands right before the verb (« peut-être serait-il »)."""
    before = scene.words[clause.group.first - 1] if clause.group.first > scene.start else ""
    return before in scene.lists["inverting"]


def _seeming(scene: Scene, clause: Clause) -> str:
    group, words, lists = clause.group, scene.words, scene.lists
    before = words[max(scene.start, group.first - 2) : group.first]
    after = words[group.finite + 1 : group.finite + 2]
    if group.lemma in lists["seeming"] and ("on" in before or "-on" in after):
        return "T13"
    if group.lemma in ("dire", "écrire") and any(word in lists["likewise"] for word in before):
        return "T13"
    if words[group.finite + 1 : group.finite + 3] == ("-ce", "que") and words[group.first] in ("ne", "n'"):
        return "T13"
    inside = " ".join(words[group.finite : group.last + 2])
    denied = any(word in lists["negations"] for word in words[group.first : group.last + 2])
    sure = any(adverb in inside for adverb in lists["surely"])
    return "T13" if denied and sure and group.past else ""


def _modal(scene: Scene, clause: Clause) -> str:
    group = clause.group
    if group.past and group.lemma in scene.lists["modal past"]:
        return "T11"
    if not group.past and not group.passive and group.lemma in scene.lists["modal"]:
        return "T5"
    if not group.past and group.lemma in scene.lists["modal before a predicate"]:
        tag = scene.passage.tags[group.last] if group.last < scene.end else ""
        follows = scene.words[group.last] if group.last < scene.end else ""
        return "T5" if tag in ("ADJ", "VERB", "AUX", "ADV") or follows in ("que", "qu'") else ""
    return ""


def _wished(scene: Scene, clause: Clause) -> str:
    group, words, lists = clause.group, scene.words, scene.lists
    refused = group.past and group.lemma == "vouloir" and words[group.first] in ("ne", "n'")
    if group.lemma in lists["wish"] and not group.passive and not refused:
        return "T4"
    if any(word in lists["willing"] for word in words[group.finite : group.last + 2]):
        return "T4"
    if group.lemma == "être" and _impersonal(scene, clause):
        following = [word for word in words[group.last : group.last + 4] if word not in lists["articles"]]
        if any(word in lists["evaluations"] for word in following[:3]):
            return "T4"
    if group.personal and clause.governor is None:
        alleged = clause.opener >= 0 and clause.kind == "adverbial"
        return "" if alleged and group.past else "T4"
    return ""


def _impersonal(scene: Scene, clause: Clause) -> bool:
    group = clause.group
    near = scene.words[max(scene.start, group.first - 1) : group.finite + 2]
    return any(word in scene.lists["impersonal"] for word in near)


def _inherited(scene: Scene, clause: Clause, earlier: Judged | None) -> str:
    if earlier is None:
        return ""
    trap = earlier.trap
    if clause.governor is not None and clause.governor == earlier.clause.governor and not clause.group.past:
        return trap if trap == "T3" else ""
    if not coordinated(scene, clause, earlier.clause):
        return ""
    if trap in ("T5", "T11", "T4", "T13", "T7"):
        return "" if clause.group.past or trap in ("T7", "T13") else "T6"
    return trap
