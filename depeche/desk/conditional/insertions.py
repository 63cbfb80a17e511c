"""Words between commas that say who speaks: « …, a indiqué la préfète »."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.scene import Scene


def inserted_verb(scene: Scene, clause: Clause) -> int | None:
    """The verb of « …, a indiqué jeudi la préfète », « …, avance l'institut », anywhere in the sentence of a clause."""
    words = scene.words
    for i in range(scene.start + 1, scene.end):
        form = scene.reading(i)
        if form is None or i in scene.by_token or "q" not in form.frames + "q" * (form.ambiguity == "low"):
            continue
        if clause.kind == "relative" and clause.opener > i:
            continue
        if form.ambiguity == "high" and _has_subject_before(scene, i):
            continue
        first = scene.group_start(i)
        told = i + 1 if words[i + 1 : i + 2] == ("savoir",) else i
        after = words[told + 1] if told + 1 < scene.end else ""
        if first == scene.start or words[first - 1] not in (",", "»", "comme", "–", "("):
            continue
        if after in ("que", "qu'", "", ".", "de", "d'") or (
            form.tense in ("pp", "inf", "ppres") and first == i
        ):
            continue
        inverted = after in ("-t", "-il", "-elle", "-ils", "-elles", "-on", "-je")
        subject = words[i + 1 : i + 3]
        if inverted and "-on" in subject:
            continue
        if inverted or _subject_follows(scene, told + 1):
            return i
    return None


def _has_subject_before(scene: Scene, verb: int) -> bool:
    passage = scene.passage
    return any(child < verb and passage.deps[child].startswith("nsubj") for child in passage.children[verb])


def _subject_follows(scene: Scene, i: int) -> bool:
    """Whether a noun phrase or name begins at token `i`, after days, adverbs or an adjunct."""
    for k in range(i, min(i + 7, scene.end)):
        word, tag = scene.words[k], scene.passage.tags[k]
        if tag == "PROPN" or word in scene.lists["articles"] - {"de", "d'", "du", "au", "aux"}:
            return True
        if word in scene.lists["skipped"] or tag in ("ADV", "ADP", "NUM") or word.endswith("ment"):
            continue
        return False
    return False
