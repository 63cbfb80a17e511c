"""Conditions said or disguised that make a conditional no hearsay: traps T1, T2 and T9."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.forms import infinitives, participle_lemma
from depeche.desk.conditional.scene import Mark, Scene
from depeche.desk.conditional.subjects import is_event, is_finding, subject_noun

_EVERY = "every clause "
_BEFORE, _ANYWHERE, _AFTER = "before T2", "anywhere T2", "after the verb T2"
_BEFORE_PRESENT = "before present T2"
_DONE = ("VERB", "ADJ", "AUX", "NOUN", "")


def has_protasis(scene: Scene, clause: Clause) -> str:
    """The trap of a condition that stands with the clause, "" where none does."""
    if _is_aside(scene, clause):
        return "T1" if _by_if(scene, clause, *_aside(scene, clause)) else ""
    if any(mark.key == "idiom T4" and mark.first <= clause.group.finite < mark.last for mark in scene.marks):
        return "T4"
    marked = next((trap for mark in scene.marks if (trap := _by_mark(scene, clause, mark))), "")
    if marked:
        return marked
    part = scene.part_start(clause.group.first), scene.part_end(clause.group.first)
    if _by_if(scene, clause, *part):
        return "T1"
    tests = (_without, _with, _of_more, _prepared, _even, _by_gerund, _by_infinitive, _by_event)
    return "T2" if any(test(scene, clause) for test in tests) else ""


def _is_aside(scene: Scene, clause: Clause) -> bool:
    """A relative clause between commas about something past: conditions of the sentence do not reach it."""
    aside = clause.kind == "relative" and scene.words[clause.opener - 1] == ","
    return aside and clause.group.past


def _by_mark(scene: Scene, clause: Clause, mark: Mark) -> str:
    group = clause.group
    if not scene.part_start(group.first) <= mark.first < scene.part_end(group.first):
        return ""
    before = mark.first < group.first
    if mark.key.startswith(_EVERY):
        main_event = not before and group.past
        return "" if main_event else mark.key.removeprefix(_EVERY)
    if mark.key == _BEFORE and before and scene.begins(mark.first):
        return "T2"
    if mark.key == _BEFORE_PRESENT and before and not group.past and scene.begins(mark.first):
        return "T2"
    if mark.key == _ANYWHERE:
        return "T2" if before or not group.past else ""
    if mark.key == "near miss T2" and before and group.past:
        return "T2"
    if mark.key == "consequence T2" and mark.first == group.finite:
        return "T2"
    stative = scene.is_stative(group)
    if mark.key == _AFTER and not before and not group.past and not stative:
        return "T2"
    return ""


def _aside(scene: Scene, clause: Clause) -> tuple[int, int]:
    """The tokens of an aside up to the comma that closes it."""
    last, end = clause.group.last, scene.part_end(clause.group.last)
    return clause.opener, next((i for i in range(last, end) if scene.words[i] == ","), end)


def _by_if(scene: Scene, clause: Clause, start: int, end: int) -> bool:
    """Whether a « si » in the tokens `[start, end)` sets a condition for the clause."""
    group, words = clause.group, scene.words
    for i in range(start, end):
        if words[i] not in ("si", "s'") or not _opens_condition(scene, i):
            continue
        if _hangs_on_what_is_said(scene, clause, i):
            continue
        if any(mark.key == "believing" and mark.first == i for mark in scene.marks):
            continue
        verb = scene.finite_after(i + 1)
        if verb < 0 or verb in scene.by_finite:
            continue
        tense = scene.tense(verb)
        concession = i > scene.start and words[i - 1] == "même" and group.past and i > group.first
        if tense in ("past", "pluperfect") and not concession and not _perfect(scene, verb):
            return True
        if tense == "present" and not group.past and not concession:
            return True
    return False


def _hangs_on_what_is_said(scene: Scene, clause: Clause, i: int) -> bool:
    """Whether the « si » at `i` belongs to what somebody would have threatened or promised to do."""
    group = clause.group
    if i < group.last or group.lemma not in scene.lists["threats"]:
        return False
    if group.past and group.lemma in scene.lists["threats without content"]:
        verb = scene.finite_after(i + 1)
        if verb >= 0 and scene.tense(verb) != "pluperfect":
            return True
    if group.passive:
        return False
    known = infinitives(scene.language)
    between = scene.words[group.last : i]
    return any(word in known or word in scene.lists["that"] for word in between)


def _perfect(scene: Scene, verb: int) -> bool:
    return scene.words[verb] in ("a", "ont", "ai", "as", "avons", "avez")


def _opens_condition(scene: Scene, i: int) -> bool:
    words = scene.words
    after = words[i + 1] if i + 1 < scene.end else ""
    if words[i] == "s'":
        return after in ("il", "ils") and words[i - 1] != "comme" and not _asks(scene, i)
    if after in ("bien", "tant") and words[i + 2 : i + 3] == ("que",):
        return False
    before = words[i - 1] if i > scene.start else ""
    if before in ("comme", "aussi", "pas", "un", "une", "le", "la", "les"):
        return before == "pas" and not _asks(scene, i)
    if scene.passage.tags[i + 1 : i + 2] == ("ADJ",) and not scene.begins(i):
        return False
    return not _asks(scene, i)


def _asks(scene: Scene, i: int) -> bool:
    """Whether the « si » at `i` asks: behind a verb of knowing or telling that is near."""
    for k in range(i - 1, max(scene.start, i - 4) - 1, -1):
        if scene.words[k] == ",":
            return False
        held = scene.by_token.get(k)
        if held is not None and held.passive:
            return False
        form = scene.reading(k)
        if scene.lemma(k) in scene.lists["whether verbs"] or (form is not None and "w" in form.frames):
            return True
    return False


def _without(scene: Scene, clause: Clause) -> bool:
    group, words, lists = clause.group, scene.words, scene.lists
    for i in range(scene.part_start(group.first), scene.part_end(group.first) - 2):
        nouns = words[i + 1 : i + 5]
        bare = 1 if nouns[0] in ("un", "une") else 0
        if words[i] != "sans" or nouns[bare] in lists["none after without"]:
            continue
        determined = nouns[0] in lists["determined"]
        if i < group.first:
            infinitive = nouns[0] in infinitives(scene.language)
            if scene.begins(i) and not infinitive and (determined or not group.past):
                return True
        elif determined and any(word in lists["acts after without"] for word in nouns):
            return True
    return False


def _with(scene: Scene, clause: Clause) -> bool:
    group, words, lists = clause.group, scene.words, scene.lists
    for i in range(scene.part_start(group.first), group.first - 2):
        if words[i] not in ("avec", "à", "dans") or not scene.begins(i):
            continue
        phrase = words[i + 1 : min(i + 9, group.first)]
        until = phrase.index(",") if "," in phrase else len(phrase)
        if any(word in lists["added"] for word in phrase[:until]):
            return True
        if words[i] != "avec" or group.past:
            continue
        if any(word in lists["put in force"] and phrase[k] == "en" for k, word in enumerate(phrase[1:until])):
            return True
        if phrase[0] in lists["determined"] and phrase[1:2] and phrase[1] in lists["new"] and "," in phrase:
            return not scene.is_stative(group)
        stative = scene.is_stative(group)
        if phrase[0] in lists["demonstratives"] or (phrase[0] in lists["few"] and not stative):
            return True
    return False


def _of_more(scene: Scene, clause: Clause) -> bool:
    """« deux degrés de moins et… », « une heure de plus, … » before the verb."""
    group, words = clause.group, scene.words
    for i in range(scene.start + 1, group.first - 1):
        if words[i] == "de" and words[i + 1] in scene.lists["of more"]:
            after = words[i + 2]
            if scene.passage.tags[i - 1] in ("NOUN", "NUM", "") and (
                after in (",", "et") or i + 2 == group.first
            ):
                return True
    return False


def _prepared(scene: Scene, clause: Clause) -> bool:
    """« Bien entretenue, la digue… », « Plus d'arbres… » at the head of the sentence."""
    words, start = scene.words, scene.start
    if clause.group.past or clause.group.first < start + 3:
        return False
    if words[start] in scene.lists["more of"] and words[start + 1] in ("de", "d'"):
        return not scene.is_stative(clause.group)
    participle = start + 2 if words[start + 1] == "fois" else start + 1
    done = participle_lemma(words[participle], scene.language)
    return (
        words[start] in scene.lists["prepared"]
        and bool(done)
        and "," in words[participle : min(participle + 8, clause.group.first)]
    )


def _even(scene: Scene, clause: Clause) -> bool:
    """« Même battu, … », « Même sans lui, … », « Réélu, … » before a verb in the present."""
    group, words, lists = clause.group, scene.words, scene.lists
    if group.past or any(word in lists["going on"] for word in words[group.first : group.last + 2]):
        return False
    start = scene.part_start(group.first)
    if words[start] in lists["if it comes to that"] and words[start + 1] == ",":
        return True
    for i in range(start, group.first - 2):
        if words[i] != "même" or not scene.begins(i) or "," not in words[i + 2 : group.first]:
            continue
        after, follows = words[i + 1], words[i + 2]
        if after in ("sans", "avec"):
            return True
        if after == "à" and (follows in lists["numbers of players"] or follows.isdigit()):
            return True
        if after in lists["conditions of being"] or (
            participle_lemma(after, scene.language) and scene.passage.tags[i + 1] in _DONE
        ):
            return True
    return False


def _by_gerund(scene: Scene, clause: Clause) -> bool:
    group, words = clause.group, scene.words
    if group.past and group.lemma not in scene.lists["avoidances"]:
        return False
    for i in range(scene.part_start(group.first), group.first - 2):
        gerund = any(word.endswith("ant") and len(word) > 4 for word in words[i + 1 : i + 4])
        if words[i] == "en" and gerund and scene.begins(i):
            return True
    return False


def _by_infinitive(scene: Scene, clause: Clause) -> bool:
    """Whether the subject is an infinitive: « Remplacer la chaudière permettrait »."""
    group, words, known = clause.group, scene.words, infinitives(scene.language)
    begin = max(clause.opener + 1, scene.part_start(group.first))
    for i in range(begin, group.first):
        if words[i] == ":" or words[i] == "»":
            begin = i + 1
    i = begin
    while i < group.first and words[i] in scene.lists["before infinitives"]:
        i += 1
    if i >= group.first or words[i] not in known:
        return False
    has_object = i == scene.start and words[i + 1] in scene.lists["determined"]
    if not has_object and scene.passage.tags[i] not in ("VERB", "AUX", "", "PROPN"):
        return False
    verbs = [k for k in range(i + 1, group.first) if scene.is_finite(k)]
    subordinated = [k for k in range(i + 1, group.first) if words[k] in ("qui", "que", "qu'", "dont", "où")]
    return len(verbs) <= len(subordinated)


def _by_event(scene: Scene, clause: Clause) -> bool:
    """Whether something that may happen is the subject of what would follow from it."""
    group, lists = clause.group, scene.lists
    if group.past or group.passive or is_finding(scene, clause):
        return False
    begin = max(clause.opener + 1, scene.part_start(group.first))
    words = scene.words
    following = words[begin + 1] if begin + 2 < group.first else ""
    singled = following in lists["singled out"] and words[begin] in ("un", "une")
    if following in lists["least"] or (singled and not scene.is_stative(group)):
        return True
    if group.lemma not in lists["consequences"]:
        return False
    if group.first > begin and words[group.first - 1] in lists["anaphoric"]:
        return True
    caused = lists["sure consequences"] | lists["general consequences"]
    if words[begin] in lists["demonstratives"] and group.lemma in caused:
        return True
    subject = subject_noun(scene, begin, group.first)
    if subject is None:
        return False
    noun, before = scene.noun_lemma(subject), words[begin:subject]
    if noun in lists["things about"]:
        return False
    event = is_event(scene, subject)
    if any(word in lists["few"] for word in before):
        return event or group.lemma in lists["general consequences"]
    return noun in lists["changes"] or (event and group.lemma in lists["sure consequences"])
