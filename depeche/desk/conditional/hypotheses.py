"""Conditionals within something only thought of, proposed or ruled: trap T6."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.effects import is_effect_of_plan, is_going_on, of_person
from depeche.desk.conditional.scene import Scene, documents

_PLAN_REACH = 8
_NEAR = 6


def depends_on_hypothesis(scene: Scene, clause: Clause, earlier: str) -> str:
    """T6 where the clause belongs to a hypothesis, plan or rule, "" where not; `earlier` is the trap of the
    conditional before it in the sentence.
    """
    group = clause.group
    if clause.kind == "relative":
        return "T6" if _relative(scene, clause, earlier) else ""
    if clause.kind in ("that", "asking"):
        return "T6" if _complement(scene, clause) else ""
    if _plan_is_subject(scene, clause) or _after_colon(scene, clause):
        return "T6"
    if group.past:
        return ""
    return "T6" if any(mark.key == "left T6" and mark.first < group.first for mark in scene.marks) else ""


def _complement(scene: Scene, clause: Clause) -> bool:
    governor = clause.governor
    if governor is None or scene.is_formula(governor.at):
        return False
    if governor.noun:
        lists = scene.lists
        unsure = governor.lemma in lists["hypothesis nouns"] and governor.lemma not in lists["future nouns"]
        return unsure and not clause.group.past
    if governor.tense in ("future", "conditional") and not clause.group.past:
        held = scene.by_token.get(governor.at)
        return held is None or not held.past
    if governor.lemma in scene.lists["suggesting"] and _finds(scene, clause, governor.at):
        return False
    return governor.tense == "present" and governor.lemma in scene.lists["supposing"]


def _finds(scene: Scene, clause: Clause, verb: int) -> bool:
    """Whether « suggère que » tells a finding, not a proposal: of a document, or of how things are."""
    if clause.group.past or scene.is_stative(clause.group):
        return True
    for i in range(verb - 1, scene.start - 1, -1):
        if scene.words[i] in (",", ";", ":") or scene.words[i] in scene.lists["that"]:
            break
        if scene.noun_lemma(i) in documents(scene.language):
            return True
    return False


def _relative(scene: Scene, clause: Clause, earlier: str) -> bool:
    group, words, lists = clause.group, scene.words, scene.lists
    opener = clause.opener
    defines = (
        words[opener] in ("que", "qu'") and group.first == opener + 1 and group.lemma in lists["defining"]
    )
    if defines and not group.past:
        return True
    aside = opener > scene.start and words[opener - 1] in (",", "et", "mais", "–", "(")
    if not aside and _generic(scene, opener):
        return True
    stative = scene.is_stative(group)
    if _for_instance(scene, clause):
        return True
    if group.past:
        ruled = _ruled(scene, opener, earlier) or _ruled_after(scene, group.last, opener)
        return not aside and ruled
    if any(word in ("selon", "d'après") for word in words[opener : group.first]):
        return False
    if is_effect_of_plan(scene, clause) or (not aside and _ruled_after(scene, group.last, opener)):
        return True
    told = aside and (is_going_on(scene, clause) or of_person(scene, opener))
    if not told and _plan_before(scene, opener, stative or aside):
        return True
    if earlier and earlier != "T8" and opener > _first_group(scene):
        return True
    if not aside and not stative and _is_new_object(scene, opener):
        return True
    strong, weak = _hypothetical_before(scene, opener)
    described = aside and stative and not _is_asked_for(scene, opener)
    return (strong and not described) or (weak and not stative)


def _for_instance(scene: Scene, clause: Clause) -> bool:
    """« pas par rue, où l'on reconnaîtrait »: what would come of something the sentence sets aside."""
    group, words, lists = clause.group, scene.words, scene.lists
    if group.past or scene.is_stative(group) or words[group.first - 1] != "on":
        return False
    near = range(max(scene.start, clause.opener - _NEAR), clause.opener - 2)
    return any(words[i] in lists["bare negations"] and scene.passage.tags[i + 1] == "ADP" for i in near)


def _first_group(scene: Scene) -> int:
    return scene.groups[0].first


def _generic(scene: Scene, opener: int) -> bool:
    """Whether the antecedent is anyone of a kind: « tout candidat qui », « ceux qui »."""
    near = scene.words[max(scene.start, opener - 4) : opener]
    if scene.words[opener] == "quiconque":
        return True
    return any(word in scene.lists["generic"] for word in near[-1:]) or any(
        word in scene.lists["generic determiners"] for word in near
    )


def _plan_before(scene: Scene, opener: int, nearest_only: bool) -> bool:
    last = opener - 2 if scene.words[opener - 1] == "," else opener - 1
    if scene.noun_lemma(last) in scene.lists["named hypotheses"]:
        return True
    if nearest_only:
        return False
    for i in range(last, max(scene.start, opener - _PLAN_REACH) - 1, -1):
        if scene.is_finite(i):
            return False
        thought_of = scene.lists["hypothesis nouns"] | scene.lists["future nouns"]
        if scene.noun_lemma(i) in thought_of and scene.passage.tags[i] != "VERB":
            return True
    return False


def _hypothetical_before(scene: Scene, opener: int) -> tuple[bool, bool]:
    """Whether a verb before the clause wishes, plans or forbids (first), or only weighs (second)."""
    weak = False
    if any(mark.key == "left T6" and mark.first < opener for mark in scene.marks):
        return True, True
    for i in range(opener - 1, scene.start - 1, -1):
        if scene.words[i] in (";", "»"):
            break
        tag = scene.passage.tags[i]
        if tag not in ("VERB", "AUX", "ADJ", "") or i in scene.by_finite:
            continue
        if scene.future(i):
            return True, True
        lemma = scene.lemma(i)
        if lemma in scene.lists["hypothetical verbs"]:
            return True, True
        weak = weak or lemma in scene.lists["weighing verbs"]
    return False, weak


def _is_new_object(scene: Scene, opener: int) -> bool:
    """Whether the antecedent is something new that a verb in the present has for its object: « veut un pont
    qui », « songe à une taxe que ».
    """
    i = opener - 1
    while i > scene.start and not scene.is_finite(i):
        if scene.words[i] in (",", ";", ":", "»"):
            return False
        i -= 1
    if i <= scene.start or scene.tense(i) != "present" or scene.lemma(i) in scene.lists["being"]:
        return False
    return any(word in ("un", "une", "des") for word in scene.words[i + 1 : opener])


def _is_asked_for(scene: Scene, opener: int) -> bool:
    """« réclame une commission, qui serait composée de… »"""
    return _is_new_object(scene, opener - 1 if scene.words[opener - 1] == "," else opener)


def _ruled(scene: Scene, opener: int, earlier: str) -> bool:
    """Whether what is said of a past is a case that a rule to come provides for."""
    for i in range(opener - 1, scene.start - 1, -1):
        if scene.passage.tags[i] not in ("VERB", "AUX", "NOUN", ""):
            continue
        if scene.future(i) or (earlier == "T5" and i in scene.by_finite):
            return _many(scene, opener)
        if scene.lemma(i) in scene.lists["norms"] and scene.is_finite(i):
            return _many(scene, opener)
    return False


def _ruled_after(scene: Scene, after: int, opener: int) -> bool:
    """Whether a rule to come is the main clause behind: « les communes qui refuseraient devront payer »."""
    verb = next((i for i in range(after, scene.end) if scene.is_finite(i) or scene.future(i)), None)
    if verb is None or not _many(scene, opener):
        return False
    return scene.future(verb) or scene.lemma(verb) in ("devoir", "pouvoir")


def _many(scene: Scene, opener: int) -> bool:
    """Whether the antecedent is more than one: « les exploitations qui »."""
    for i in range(opener - 1, max(scene.start, opener - 6) - 1, -1):
        if scene.words[i] in ("les", "des", "aux", "ces", "leurs"):
            return True
        if scene.words[i] in scene.lists["articles"] and scene.words[i] not in ("de", "d'"):
            return False
    return False


def _plan_is_subject(scene: Scene, clause: Clause) -> bool:
    """« L'idée serait de… », « la réforme priverait… »: what a plan would come to."""
    group, lists, words = clause.group, scene.lists, scene.words
    if group.past or group.passive:
        return False
    begin = max(clause.opener + 1, scene.part_start(group.first))
    subject = next(
        (i for i in range(begin, group.first) if scene.noun_lemma(i) in lists["plan subjects"]), None
    )
    if subject is None or not (scene.words[subject - 1] in lists["articles"] or subject - begin < 3):
        return False
    if any(word in (",", ":") for word in words[subject : group.first]):
        return False
    if group.lemma in lists["amounting"]:
        following = words[group.last : group.last + 2]
        return any(word in ("de", "d'", "à", "que", "qu'") for word in following)
    return group.lemma in lists["sure consequences"]


def _after_colon(scene: Scene, clause: Clause) -> bool:
    """Whether the clause spells out what is feared, proposed or imagined before a colon."""
    group = clause.group
    colon = next((i for i in range(group.first - 1, scene.start, -1) if scene.words[i] == ":"), None)
    if colon is None or group.past or any(g.past and g.first < colon for g in scene.groups):
        return False
    verbs = [i for i in range(scene.start, colon) if scene.passage.tags[i] in ("VERB", "AUX", "")]
    if any(scene.lemma(i) in scene.lists["hypothetical verbs"] for i in verbs):
        return not any(scene.tense(i) == "past" for i in verbs)
    if any(scene.tense(i) in ("past", "pluperfect") for i in verbs if scene.is_finite(i)):
        return False
    nouns = [i for i in range(scene.start, colon) if scene.passage.tags[i] in ("NOUN", "")]
    return any(scene.noun_lemma(i) in scene.lists["hypothesis nouns"] for i in nouns)
