"""What would come of something that is not there yet: a measure, a plan, a question put (traps T2 and T6)."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.forms import infinitives
from depeche.desk.conditional.insertions import inserted_verb
from depeche.desk.conditional.scene import Scene
from depeche.desk.conditional.subjects import (
    is_event,
    is_finding,
    is_person,
    last_phrase,
    subject_noun,
    subject_start,
)

_PHRASE_REACH = 9
_NOMINAL = ("NOUN", "ADJ", "NUM", "")


def effect_of(scene: Scene, clause: Clause, *, discussed: bool) -> str:
    """The trap of an effect, whoever foretells it: T2 of something indefinite, T6 of what is `discussed` in
    the sentence before, "" for what is told as a fact.
    """
    group = clause.group
    if group.past or group.passive or clause.kind == "relative" or is_going_on(scene, clause):
        return ""
    if any(mark.key == "formula" for mark in scene.marks):
        return ""
    begin = subject_start(scene, clause)
    if _is_such(scene, begin, clause) and not scene.is_stative(group):
        return "T2"
    if _is_foreseen_event(scene, begin, clause):
        return "T2"
    if group.lemma not in scene.lists["foreseen effects"] or is_finding(scene, clause):
        return ""
    if _is_indefinite(scene, begin, clause):
        return "T2"
    phrase = last_phrase(scene, begin, group.first)
    taken_up = discussed and group.first - phrase == 1 and _takes_up(scene, phrase, group.lemma)
    return "T6" if taken_up or _is_plan(scene, phrase, clause, discussed=discussed) else ""


def is_effect_of_plan(scene: Scene, clause: Clause) -> bool:
    """Whether a relative clause in the present conditional tells what something not yet there would do:
    « le projet de loi, qui obligerait… », « ce métal, dont l'exploitation bouleverserait… ».
    """
    group, lists, opener = clause.group, scene.lists, clause.opener
    if group.past or group.passive:
        return False
    stative = scene.is_stative(group)
    effect = group.lemma in lists["foreseen effects"] | lists["effects"] | lists["effects of plans"]
    if scene.words[opener] == "dont":
        subject = subject_noun(scene, opener + 1, group.first)
        done = subject is not None and scene.noun_lemma(subject) in lists["changes"] | lists["undertakings"]
        return done and not stative and (effect or group.lemma in lists["consequences"])
    if stative and not effect:
        return False
    first, nouns = _antecedent(scene, opener)
    if any(word in lists["such"] | lists["to come"] for word in scene.words[first:opener]):
        return True
    if not effect and group.lemma not in lists["consequences"]:
        return False
    if not nouns or of_person(scene, opener):
        return False
    not_yet = lists["not yet"] | lists["changes"]
    return any(scene.noun_lemma(i) in not_yet for i in (nouns[0], nouns[-1]))


def of_person(scene: Scene, opener: int) -> bool:
    """Whether a relative clause tells of a person: « le directeur du projet, qui »."""
    nouns = _antecedent(scene, opener)[1]
    return bool(nouns) and is_person(scene, nouns[0])


def is_argued(scene: Scene, clause: Clause) -> bool:
    """« L'impôt rapporterait peu, plaide l'élue », « Une grève paralyserait le port, avertit la région »: what
    somebody foretells, not what they say is so.
    """
    group, lists = clause.group, scene.lists
    if group.past or clause.kind != "main":
        return False
    verb = inserted_verb(scene, clause)
    if verb is None:
        return False
    lemma = scene.lemma(verb)
    if lemma in lists["arguing"]:
        return True
    phrase = last_phrase(scene, subject_start(scene, clause), group.first)
    anything = scene.words[phrase] in ("un", "une", "quiconque")
    return lemma in lists["warning"] and (anything or not scene.is_stative(group))


def raises(scene: Scene, start: int, end: int) -> bool:
    """Whether the sentence of the tokens `[start, end)` puts something up for discussion: « Faut-il… ? »,
    « propose de… ».
    """
    words, known = scene.words, infinitives(scene.language)
    if words[end - 1] == "?" and any(word in known or word == "pourquoi" for word in words[start:end]):
        return True
    return any(
        scene.passage.tags[i] in ("VERB", "AUX", "")
        and scene.lemma(i) in scene.lists["raising"]
        and not scene.passage.quoted[i]
        and any(word in known for word in words[i + 1 : min(i + 6, end)])
        for i in range(start, end)
    )


def is_going_on(scene: Scene, clause: Clause) -> bool:
    """Whether a word behind the verb says that what is told lasts or returns."""
    following = scene.words[clause.group.first : scene.part_end(clause.group.last)]
    return any(word in scene.lists["going on"] for word in following)


def _is_such(scene: Scene, begin: int, clause: Clause) -> bool:
    """« Une telle taxe », « de tels travaux », « ce type de péage »."""
    words, lists = scene.words, scene.lists
    phrase = last_phrase(scene, begin, clause.group.first)
    near = words[phrase : min(phrase + 3, clause.group.first)]
    if near[:1] and near[0] in lists["before such"] and any(word in lists["such"] for word in near[1:]):
        return True
    kind = near[:1] and near[0] in lists["demonstratives"] and near[1:2] and near[1] in lists["kinds"]
    return bool(kind) and near[2:3] in (("de",), ("d'",))


def _is_indefinite(scene: Scene, begin: int, clause: Clause) -> bool:
    """Whether the subject is some thing of a kind: « une centrale procurerait »."""
    phrase = last_phrase(scene, begin, clause.group.first)
    if scene.words[phrase] not in ("un", "une", "des"):
        return False
    noun = subject_noun(scene, phrase, clause.group.first)
    if noun is None or scene.passage.tags[noun] not in _NOMINAL:
        return False
    lemma, lists = scene.noun_lemma(noun), scene.lists
    if is_person(scene, noun) or lemma in lists["things about"]:
        return False
    return clause.group.lemma not in lists["harms"] or lemma in lists["not yet"] | lists["changes"]


def _is_foreseen_event(scene: Scene, begin: int, clause: Clause) -> bool:
    """« un réchauffement ferait disparaître », or anything indefinite that somebody warns of."""
    group, lists = clause.group, scene.lists
    phrase = last_phrase(scene, begin, group.first)
    if scene.words[phrase] not in ("un", "une", "des") or is_finding(scene, clause):
        return False
    noun = subject_noun(scene, phrase, group.first)
    if noun is None or is_person(scene, noun) or scene.noun_lemma(noun) in lists["things about"]:
        return False
    effect = group.lemma in lists["foreseen effects"] | lists["effects"] | lists["consequences"]
    warned = any(scene.lemma(i) in lists["warning"] for i in range(scene.start, phrase))
    if warned and (effect or not scene.is_stative(group)):
        return True
    if scene.noun_lemma(noun) in lists["changes"]:
        return effect or not scene.is_stative(group)
    return effect and group.lemma not in lists["harms"] and is_event(scene, noun)


def _takes_up(scene: Scene, i: int, lemma: str) -> bool:
    """Whether token `i` is a pronoun for what the sentence before discusses; not « il » for one who harms."""
    word, lists = scene.words[i], scene.lists
    return word in lists["anaphoric"] or (word in lists["taken up"] and lemma not in lists["harms"])


def _is_plan(scene: Scene, first: int, clause: Clause, *, discussed: bool) -> bool:
    """Whether the subject, from token `first` on, is no more than « la mesure », « ce projet »."""
    group, lists = clause.group, scene.lists
    if group.first - first != 2:
        return False
    noun = scene.noun_lemma(first + 1)
    if discussed and noun in lists["not yet"]:
        return True
    decided = scene.words[first] in lists["demonstratives"] and noun in lists["event nouns"]
    return (decided or noun in lists["plan subjects"]) and (discussed or not scene.is_stative(group))


def _antecedent(scene: Scene, opener: int) -> tuple[int, list[int]]:
    """Where the noun phrase before a relative clause begins, and its nouns."""
    last = opener - 2 if scene.words[opener - 1] == "," else opener - 1
    first, nouns = last + 1, list[int]()
    for i in range(last, max(scene.start, last - _PHRASE_REACH) - 1, -1):
        word, tag = scene.words[i], scene.passage.tags[i]
        if tag in ("NOUN", "PROPN"):
            nouns.insert(0, i)
        elif tag not in ("ADJ", "DET", "NUM", "") and word not in scene.lists["articles"]:
            if scene.words[i - 1] not in scene.lists["such"] | scene.lists["to come"]:
                break
            nouns.insert(0, i)
        first = i
    return first, nouns
