"""What is only imagined, or was kept from happening: trap T13."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.forms import infinitives
from depeche.desk.conditional.scene import Mark, Scene
from depeche.desk.conditional.subjects import is_person, subject_noun, subject_start

_SUBJECT_REACH = 5
_OBJECT_REACH = 14
_NOMINAL = ("NOUN", "PROPN")


def is_imagined(scene: Scene, clause: Clause) -> bool:
    """Whether a clause is a set phrase, or tells what nobody would have thought."""
    return (
        any(_is_idiom(scene, clause, mark) for mark in scene.marks)
        or _seems(scene, clause)
        or _was_unexpected(scene, clause)
        or _is_denied(scene, clause)
    )


def was_prevented(scene: Scene, clause: Clause, *, given_up_before: bool) -> bool:
    """Whether a clause tells what would have come of something given up, avoided or refused.

    `given_up_before` says so of the sentence before.
    """
    group = clause.group
    if not group.past:
        return False
    if clause.kind == "relative":
        return _is_thing(scene, clause.opener) and _given_up_in(scene, clause.opener)
    if clause.kind != "main" or group.lemma not in scene.lists["effects"]:
        return False
    begin = next((i + 1 for i in range(group.first - 1, scene.start, -1) if scene.words[i] == ":"), 0)
    if begin:
        given_up_before = gives_up(scene, scene.start, begin)
    subject = scene.words[max(begin, scene.start) : group.first]
    return given_up_before and len(subject) == 1 and subject[0] in scene.lists["taken up"]


def would_have_helped(scene: Scene, clause: Clause, *, reproached: bool) -> bool:
    """Whether a past conditional tells what something that was not done would have done: « une inspection
    l'aurait montré », « n'aurait fait que » behind a sentence that has `reproached` somebody.
    """
    group, words, lists = clause.group, scene.words, scene.lists
    if not group.past or group.passive or clause.kind == "relative":
        return False
    begin = subject_start(scene, clause)
    only = (
        group.lemma == "faire" and words[group.first] in ("ne", "n'") and words[group.last] in lists["that"]
    )
    noun = subject_noun(scene, begin, group.first)
    person = noun is not None and is_person(scene, noun)
    if only and not person and (reproached or _is_infinitive(scene, begin, clause)):
        return True
    if noun is None:
        return False
    article = next((words[i] for i in range(noun - 1, begin - 1, -1) if words[i] in lists["articles"]), "")
    abstract = scene.noun_lemma(noun) in lists["precautions"] and article in ("un", "une", "des")
    if not abstract:
        return False
    shown = group.lemma in lists["showing"] and words[group.first] == "l'"
    simple = any(words[i] in lists["singled out"] for i in range(begin, min(noun + 2, group.first)))
    return only or shown or simple or group.lemma in lists["keeping from"] | lists["sparing"]


def _is_infinitive(scene: Scene, begin: int, clause: Clause) -> bool:
    return begin < clause.group.first and scene.words[begin] in infinitives(scene.language)


def gives_up(scene: Scene, start: int, end: int) -> bool:
    """Whether a verb in the tokens `[start, end)`, in the past, gives something up or keeps it from happening."""
    verbs = scene.lists["giving up"] | scene.lists["keeping from"]
    return any(
        scene.passage.tags[i] in ("VERB", "AUX", "")
        and scene.lemma(i) in verbs
        and scene.tense(i) in ("past", "pluperfect")
        for i in range(start, end)
    )


def _is_idiom(scene: Scene, clause: Clause, mark: Mark) -> bool:
    group = clause.group
    if not mark.first <= group.finite < mark.last:
        return False
    said_of_all = group.first > scene.start and scene.words[group.first - 1] == "on"
    return mark.key == "idiom T13" or (mark.key == "idiom of on" and said_of_all)


def _seems(scene: Scene, clause: Clause) -> bool:
    group, words, lists = clause.group, scene.words, scene.lists
    before = words[max(scene.start, group.first - 2) : group.first]
    after = words[group.finite + 1 : group.finite + 2]
    if group.lemma in lists["seeming"] and ("on" in before or "-on" in after):
        return True
    if group.lemma in ("dire", "écrire") and any(word in lists["likewise"] for word in before):
        return True
    return words[group.finite + 1 : group.finite + 3] == ("-ce", "que") and words[group.first] in ("ne", "n'")


def _was_unexpected(scene: Scene, clause: Clause) -> bool:
    """« Personne n'aurait parié », « qui l'aurait cru », « peu de gens auraient misé »."""
    group, lists = clause.group, scene.lists
    if not group.past or group.lemma not in lists["expecting"]:
        return False
    subject = scene.words[max(scene.start, group.first - _SUBJECT_REACH) : group.first]
    if subject and subject[-1] == "qui":
        return len(subject) == 1 or subject[-2] in lists["places to begin"]
    return any(word in lists["nobody"] for word in subject)


def _is_denied(scene: Scene, clause: Clause) -> bool:
    """« n'aurait sans doute pas »."""
    group, words, lists = clause.group, scene.words, scene.lists
    inside = " ".join(words[group.finite : group.last + 2])
    denied = any(word in lists["negations"] for word in words[group.first : group.last + 2])
    return denied and group.past and any(adverb in inside for adverb in lists["surely"])


def _given_up_in(scene: Scene, opener: int) -> bool:
    """Whether the noun before a relative clause belongs to what a verb or noun near says was given up."""
    lists, passage = scene.lists, scene.passage
    end = opener - 1 if scene.words[opener - 1] in (",", "(", "–") else opener
    for i in range(end - 1, max(scene.start, opener - _OBJECT_REACH) - 1, -1):
        if scene.words[i] in (",", ";", ":", "»", "que", "qu'"):
            return False
        if passage.tags[i] == "NOUN" and scene.noun_lemma(i) in lists["nouns of giving up"]:
            return scene.words[i + 1] in ("de", "du", "d'", "des")
        if passage.tags[i] not in ("VERB", "AUX", "ADJ", ""):
            continue
        lemma = scene.lemma(i)
        if lemma in lists["giving up"] | lists["keeping from"]:
            return True
        if scene.is_finite(i) and scene.words[i] not in scene.auxiliaries:
            return False
    return False


def _is_thing(scene: Scene, opener: int) -> bool:
    """Whether the noun before a relative clause names no person or institution."""
    passage = scene.passage
    for i in range(opener - 1, max(scene.start, opener - _SUBJECT_REACH) - 1, -1):
        if passage.tags[i] in _NOMINAL:
            return passage.tags[i] == "NOUN" and not is_person(scene, i)
    return False
