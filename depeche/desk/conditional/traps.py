"""Why a conditional is no hearsay: the traps T1 to T13 (T10, a source in the sentence, is for `certainty`)."""

from __future__ import annotations

from collections.abc import Callable

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.continuations import Before, Judged
from depeche.desk.conditional.counterfactuals import (
    is_imagined,
    was_prevented,
    would_have_helped,
)
from depeche.desk.conditional.doubts import disliked, unfolds
from depeche.desk.conditional.effects import effect_of, is_argued
from depeche.desk.conditional.forms import infinitives
from depeche.desk.conditional.hypotheses import depends_on_hypothesis
from depeche.desk.conditional.protasis import has_protasis
from depeche.desk.conditional.questions import left_open
from depeche.desk.conditional.reports import by_noun, by_time, lies_in_the_future_of_a_past
from depeche.desk.conditional.scene import Scene
from depeche.desk.conditional.subjects import is_person, subject_noun, subject_start

_INFINITIVE_REACH = 4


def trap_of(scene: Scene, clause: Clause, earlier: Judged | None, before: Before) -> str:
    """The trap of a conditional, "" where it is hearsay.

    `earlier` is the conditional before it in the sentence, `before` what the sentence before leaves to this.
    """
    tests: tuple[Callable[[], str], ...] = (
        lambda: "T8" if scene.passage.quoted[clause.group.finite] else "",
        lambda: left_open(scene, clause, earlier.trap if earlier else ""),
        lambda: _asked(scene, clause),
        lambda: "T13" if is_imagined(scene, clause) else "",
        lambda: _modal(scene, clause),
        lambda: has_protasis(scene, clause),
        lambda: _wished(scene, clause, before),
        lambda: "T2" if would_have_helped(scene, clause, reproached=before.reproached) else "",
        lambda: effect_of(scene, clause, discussed=before.discussed or before.allowed),
        lambda: "T13" if was_prevented(scene, clause, given_up_before=before.given_up) else "",
        lambda: by_time(scene, clause, earlier.trap if earlier else ""),
        lambda: by_noun(scene, clause),
        lambda: "T6" if unfolds(scene, clause, planned=before.planned and not before.heard) else "",
        lambda: depends_on_hypothesis(scene, clause, earlier.trap if earlier else ""),
        lambda: lies_in_the_future_of_a_past(scene, clause, before.announced, narrated=before.narrated),
        lambda: "T2" if is_argued(scene, clause) else "",
        lambda: _inherited(scene, clause, earlier),
    )
    return next((trap for test in tests if (trap := test())), "")


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


def _modal(scene: Scene, clause: Clause) -> str:
    group = clause.group
    for trap in ("T11", "T5"):
        if any(m.key == f"idiom {trap}" and m.first <= group.finite < m.last for m in scene.marks):
            return trap
    if group.past and group.lemma in scene.lists["modal past"]:
        return "T11"
    if _may_not(scene, clause):
        return "T5"
    if not group.past and not group.passive and group.lemma in scene.lists["modal"]:
        return "T5"
    if not group.past and group.lemma in scene.lists["modal before a predicate"]:
        tag = scene.passage.tags[group.last] if group.last < scene.end else ""
        follows = scene.words[group.last] if group.last < scene.end else ""
        return "T5" if tag in ("ADJ", "VERB", "AUX", "ADV") or follows in ("que", "qu'") else ""
    return ""


def _may_not(scene: Scene, clause: Clause) -> bool:
    """« ne saurait tarder », not « ne saurait pas nager »."""
    group, words = clause.group, scene.words
    if group.lemma != "savoir" or group.past or not {"ne", "n'"} & set(words[group.first : group.finite]):
        return False
    following = words[group.last : min(group.last + _INFINITIVE_REACH, scene.end)]
    known = infinitives(scene.language)
    infinitive = next((k for k, word in enumerate(following) if word in known), None)
    return infinitive is not None and not {"pas", "rien", "où", "comment"} & set(following[:infinitive])


def _wished(scene: Scene, clause: Clause, before: Before) -> str:
    group, words, lists = clause.group, scene.words, scene.lists
    refused = group.past and group.lemma == "vouloir" and words[group.first] in ("ne", "n'")
    if group.lemma in lists["wish"] and not group.passive and not refused:
        return "" if disliked(scene, clause) or _wanted(scene, clause, before) else "T4"
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


def _wanted(scene: Scene, clause: Clause, before: Before) -> bool:
    """Whether a clause alleges what somebody was after: « L'ancien gendarme aurait voulu se venger »."""
    group, words, known = clause.group, scene.words, infinitives(scene.language)
    if not group.past or group.personal or group.lemma not in scene.lists["aims"]:
        return False
    if any(mark.key == "idiom T4" and mark.first <= group.finite < mark.last for mark in scene.marks):
        return False
    at = next((i for i in range(group.last, min(group.last + 3, scene.end)) if words[i] in known), None)
    if at is None or words[at] in ("être", "avoir"):
        return False
    begin = subject_start(scene, clause)
    if clause.kind == "relative" or words[begin : group.first][-1:] in (("il",), ("elle",)):
        return before.heard or clause.kind == "relative"
    subject = subject_noun(scene, begin, group.first)
    named = any(scene.passage.tags[i] == "PROPN" for i in range(begin, group.first))
    return named or (subject is not None and is_person(scene, subject))


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
