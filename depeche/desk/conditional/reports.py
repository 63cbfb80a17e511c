"""The future seen from a past: trap T3, and what in a sentence announces it for the next."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause, Governor, governor_of, noun_of_content
from depeche.desk.conditional.forms import infinitives
from depeche.desk.conditional.insertions import inserted_verb
from depeche.desk.conditional.scene import Scene
from depeche.desk.passage import Passage

_LIVING_MEMORY = 1930


def lies_in_the_future_of_a_past(
    scene: Scene, clause: Clause, announced: bool, *, narrated: bool = False
) -> str:
    """T3 where the clause tells what was to come, "" where not; `announced` says that the sentence before
    tells of a promise or plan, `narrated` that it tells a story of the past.
    """
    if clause.governor is not None:
        return "T3" if _governed(scene, clause, clause.governor) else ""
    if clause.group.past:
        return ""
    if clause.kind == "relative":
        return "T3" if _later_of_it(scene, clause) or _in_life(scene, clause) else ""
    spelled_out = _after_colon(scene, clause)
    part = scene.part_start(clause.group.first)
    announced = announced or any(_commits(scene, i) for i in range(scene.start, part))
    if spelled_out or _narrated(scene, clause) or (announced and _goes_on(scene, clause)):
        return "T3"
    narrated = narrated or narrates(scene, scene.start, clause.group.first)
    if _in_life(scene, clause) or (narrated and _happens(scene, clause)) or _was_foretold(scene, clause):
        return "T3"
    return ""


def narrates(scene: Scene, start: int, end: int) -> bool:
    """Whether a verb in the tokens `[start, end)` is in the tense of stories, the passé simple."""
    passage, endings = scene.passage, tuple(scene.lists["endings of stories"])
    return any(
        passage.words[i].endswith(endings)
        and passage.words[i] not in scene.lists["no tense of stories"]
        and not passage.quoted[i]
        and _is_of_stories(scene, i)
        for i in range(start, end)
    )


def _is_of_stories(scene: Scene, i: int) -> bool:
    """Whether token `i`, which ends as the passé simple may, is one by its tag or, in -a and -èrent, by its verb."""
    tag, morph = scene.passage.tags[i], scene.passage.morphs[i]
    if "Tense=Past" in morph and "VerbForm=Fin" in morph:
        return True
    if tag not in ("VERB", "AUX", "ADJ"):
        return False
    word, known = scene.words[i], infinitives(scene.language)
    return word.removesuffix("èrent") + "er" in known or (word.endswith("a") and word[:-1] + "er" in known)


def by_time(scene: Scene, clause: Clause, earlier: str) -> str:
    """The trap of the clause around a « dès que », « lorsque », « une fois que » with a conditional of its own:
    what is not yet in what was, or will be, told. `earlier` is the trap of the conditional before it.
    """
    opener, words = clause.opener, scene.words
    if opener < 0 or clause.kind == "relative":
        return ""
    before = words[opener - 1] if opener > scene.start else ""
    compound = words[opener] in scene.lists["that"] and before in scene.lists["temporal before que"]
    if not compound and words[opener] not in scene.lists["temporal"]:
        return ""
    if earlier in ("T3", "T6"):
        return earlier
    if earlier in ("T1", "T2", "T5"):
        return "T6"
    return "T3" if _told_before(scene, opener) else ""


def by_noun(scene: Scene, clause: Clause) -> str:
    """The trap of « la promesse selon laquelle », « l'hypothèse selon laquelle », "" for other nouns."""
    noun = noun_of_content(scene, clause)
    lists = scene.lists
    if noun is None or (clause.group.past and not _by_deadline(scene, clause)):
        return ""
    if noun in lists["hypothesis nouns"] and noun not in lists["promises"]:
        return "T6"
    return "T3" if noun in lists["future nouns"] else ""


def _told_before(scene: Scene, opener: int) -> bool:
    """Whether a « que » before token `opener` hangs on a verb that foretold something in the past."""
    for i in range(opener - 1, scene.start, -1):
        if scene.words[i] in scene.lists["that"]:
            governor = governor_of(scene, i)
            if governor is not None:
                return governor.tense in ("past", "pluperfect") and scene.reading(governor.at) is not None
    return False


def announces(passage: Passage, number: int, scene: Scene) -> bool:
    """Whether sentence `number` tells, in the past, of something promised, decided or planned."""
    start, end = passage.sentences[number]
    return any(_commits(scene, i) for i in range(start, end))


def _governed(scene: Scene, clause: Clause, governor: Governor) -> bool:
    group, lists = clause.group, scene.lists
    if scene.is_formula(governor.at):
        return False
    if governor.noun:
        return governor.lemma in lists["future nouns"] and (not group.past or _by_deadline(scene, clause))
    held = scene.by_token.get(governor.at)
    past = governor.tense in ("past", "pluperfect") or (held is not None and held.past)
    if not past:
        return False
    predicts = governor.lemma in lists["future verbs"]
    if group.past:
        return predicts and _by_deadline(scene, clause)
    if _is_alleged_state(scene, clause, governor):
        return False
    if clause.kind == "asking" or predicts or governor.tense == "pluperfect":
        return True
    return not scene.is_stative(group) or _is_event(scene, clause) or _by_deadline(scene, clause)


def _is_alleged_state(scene: Scene, clause: Clause, governor: Governor) -> bool:
    """« assuraient que la source serait polluée »: a state said to be, by a verb that may also promise."""
    group, lists = clause.group, scene.lists
    if not group.passive or governor.lemma not in lists["asserting"] or governor.tense != "past":
        return False
    some = scene.words[clause.opener + 1] in lists["few"]
    return (some or scene.is_stative(group)) and not _by_deadline(scene, clause)


def _happens(scene: Scene, clause: Clause) -> bool:
    """Whether a clause tells of an event, not of what goes on now."""
    group = clause.group
    following = scene.words[group.first : scene.part_end(group.last)]
    return not scene.is_stative(group) and not any(word in scene.lists["going on"] for word in following)


def _in_life(scene: Scene, clause: Clause) -> bool:
    """« Né en 1921, il fonderait… », « Entrée à l'usine à douze ans, elle y passerait… »"""
    words, start, lists = scene.words, scene.start, scene.lists
    if clause.group.past or words[start] not in lists["turns of a life"]:
        return False
    lived = words[start] not in lists["turns of a thing"]
    if lived and any(
        word.isdigit() and 1000 <= int(word) < _LIVING_MEMORY for word in words[start : clause.group.first]
    ):
        return True
    if not _happens(scene, clause):
        return False
    return _has_year(scene) or "ans" in words[start : clause.group.first]


def _was_foretold(scene: Scene, clause: Clause) -> bool:
    """« …, avait juré l'ancienne équipe », « …, promettait le maire »: a plan, told of in between commas."""
    verb = inserted_verb(scene, clause)
    if verb is None:
        return False
    form, lists = scene.reading(verb), scene.lists
    promised = form is not None and clause.group.passive and form.lemma in lists["promising"]
    if not promised and not _happens(scene, clause):
        return False
    if form is None or form.lemma in lists["revealing"]:
        return False
    imperfect = form.tense == "imparf" and form.lemma in lists["future verbs"] | lists["commitments"]
    return imperfect or scene.tense(verb) == "pluperfect"


def _is_event(scene: Scene, clause: Clause) -> bool:
    """« aurait lieu », « se tiendrait », or a date to come, but nothing that goes on or returns."""
    group, words, lists = clause.group, scene.words, scene.lists
    following = words[group.finite : scene.part_end(group.last)]
    if any(word in lists["going on"] for word in following):
        return False
    takes_place = group.lemma == "avoir" and "lieu" in words[group.last : group.last + 3]
    is_held = group.lemma == "tenir" and words[group.finite - 1] in lists["reflexives"]
    subject = words[clause.opener + 1 : group.finite]
    if group.lemma == "être" and any(word in lists["to come of a past"] for word in following[:4]):
        return True
    return takes_place or is_held or any(word in lists["dates to come"] for word in (*subject, *following))


def _by_deadline(scene: Scene, clause: Clause) -> bool:
    """Whether a term is set in the clause: « avant la rentrée », « d'ici à juin »."""
    end = scene.part_end(clause.group.last)
    return any(mark.key == "deadline" and clause.group.first < mark.first < end for mark in scene.marks)


def _later_of_it(scene: Scene, clause: Clause) -> bool:
    """« un comité qui deviendrait un parti »: what came of something in a past that is told."""
    group, lists = clause.group, scene.lists
    verbs = [i for i in range(scene.start, clause.opener) if scene.is_finite(i)]
    if group.lemma in lists["turning"] and _has_year(scene):
        return True
    if any(mark.key == "later" and mark.first > clause.opener for mark in scene.marks):
        return True
    told = any(scene.tense(i) in ("past", "pluperfect") for i in verbs)
    if not told:
        return False
    if group.lemma in lists["turning"]:
        return True
    stative = scene.is_stative(group)
    return not stative and all(scene.words[i] not in ("a", "ont") for i in verbs)


def _after_colon(scene: Scene, clause: Clause) -> bool:
    group, lists = clause.group, scene.lists
    colon = next((i for i in range(group.first - 1, scene.start, -1) if scene.words[i] == ":"), None)
    if colon is None:
        return False
    if any(_commits(scene, i) for i in range(scene.start, colon)):
        return not scene.is_stative(group)
    verbs = [i for i in range(scene.start, colon) if scene.passage.tags[i] in ("VERB", "AUX")]
    if any(scene.lemma(i) in lists["unaware"] and "Tense=Imp" in scene.passage.morphs[i] for i in verbs):
        return True
    return not scene.is_stative(group) and any(scene.tense(i) in ("past", "pluperfect") for i in verbs)


def _narrated(scene: Scene, clause: Clause) -> bool:
    group = clause.group
    if any(mark.key == "later" and mark.first < group.first for mark in scene.marks):
        return True
    if not scene.is_stative(group) and any(mark.key == "later" for mark in scene.marks):
        return True
    return group.lemma in scene.lists["turning"] and _has_year(scene)


def _has_year(scene: Scene) -> bool:
    """Whether the sentence names a year of a century past."""
    return any(
        word.isdigit() and len(word) == 4 and word.startswith(("17", "18", "19"))
        for word in scene.words[scene.start : scene.end]
    )


def _goes_on(scene: Scene, clause: Clause) -> bool:
    """Whether a main clause can be the rest of what the sentence before promises."""
    return clause.kind == "main" and not scene.is_stative(clause.group)


def _commits(scene: Scene, i: int) -> bool:
    """Whether token `i` is a verb, in the past, of promising, deciding or setting out a plan."""
    passage, lists = scene.passage, scene.lists
    if passage.tags[i] not in ("VERB", "AUX", "") or passage.quoted[i]:
        return False
    lemma = scene.lemma(i)
    if lemma not in lists["commitments"]:
        return False
    tense = scene.tense(i)
    if tense not in ("past", "pluperfect"):
        return False
    if lemma in lists["presentations"] and tense == "past":
        start, end = passage.sentence(i)
        near = range(max(start, i - 8), min(i + 12, end))
        return any(scene.noun_lemma(k) in lists["commitment nouns"] for k in near)
    return True
