"""What is called what: S qualifie X de Y, juge X Y; X est considéré comme Y; ce que S appelle Y."""

from __future__ import annotations

from depeche.desk.attribution.clauses import QUE, enclosing, quotation_at, sentence_end
from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.objects import object_end, past_bracket
from depeche.desk.attribution.phrases import Range, nominal_group, trimmed
from depeche.desk.attribution.reports import Report
from depeche.desk.attribution.speakers import speaks
from depeche.desk.attribution.subjects import agent, source_after, source_before
from depeche.desk.passage import Passage


def labelled(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S qualifie X de Y, juge X Y; X est considéré comme Y; ce que S appelle Y."""
    if "c" not in cue.verb.frames or cue.verb.lemma == "voir":
        return None
    words = passage.words
    end = sentence_end(passage, cue.at)
    named = _named_by(passage, cue, end, language)
    if named is not None:
        return named
    if cue.verb.lemma in ("se dire", "se déclarer") and cue.last < end:
        described = (
            passage.tags[cue.last] in ("ADJ", "VERB", "ADV")
            and "VerbForm=Inf" not in passage.morphs[cue.last]
        )
        source = source_before(passage, cue, language)
        if described and source and speaks(passage, source, language):
            return Report(cue, source, ((cue.last, _label_end(passage, cue.last, end)),), "c")
    judged = _judged(passage, cue, end, language)
    if judged is not None:
        return judged
    link = ("comme",) if cue.verb.lemma not in ("qualifier", "traiter", "taxer") else ("de", "d'")
    for i in range(cue.last, min(end, cue.last + 20)):
        if words[i] in link and i + 1 < end:
            label = (i + 1, _label_end(passage, i + 1, end))
            by = next((k for k in range(*label) if words[k] == "par" and not passage.quoted[k]), -1)
            if cue.voice == "passive" and by > i + 1:
                subject = source_before(passage, cue, language)
                told = (i + 1, by)
                return Report(
                    cue, nominal_group(passage, by + 1, end), (subject, told) if subject else (told,), "c"
                )
            if cue.voice == "passive":
                subject = source_before(passage, cue, language)
                content = (subject, label) if subject else (label,)
                return Report(cue, agent(passage, cue), content, "c")
            source = source_before(passage, cue, language)
            if source is None or not speaks(passage, source, language):
                return None
            content = ((cue.last, label[1]),) if i > cue.last else (label,)
            return Report(cue, source, content, "c", naming=False)
        if words[i] in (";", ":", ".", "?") or words[i] in QUE:
            break
    return None


def _judged(passage: Passage, cue: Cue, end: int, language: str) -> Report | None:
    """S juge la dette trop lourde; S juge inacceptable la décision."""
    if (
        cue.verb.lemma not in ("juger", "estimer", "trouver", "considérer", "croire")
        or cue.voice == "passive"
    ):
        return None
    tags = passage.tags
    first = cue.last
    while first < end and tags[first] == "ADV":
        first += 1
    if first < end and tags[first] == "ADJ":
        stop = object_end(passage, first, end)
        return _small_clause(passage, cue, (first, stop), language) if stop > first + 1 else None
    i = first
    while i < end and tags[i] in ("DET", "NOUN", "ADJ", "PROPN", "ADP", "NUM"):
        i += 1
    graded = i < end and passage.words[i] in (
        "trop",
        "très",
        "plus",
        "peu",
        "assez",
        "insuffisamment",
        "bien",
        "mal",
        "si",
    )
    if graded and i > first + 1:
        return _small_clause(passage, cue, (first, _label_end(passage, i, end)), language)
    return None


def _small_clause(passage: Passage, cue: Cue, content: Range, language: str) -> Report | None:
    source = source_before(passage, cue, language)
    return Report(cue, source, (content,), "c") if source and speaks(passage, source, language) else None


_NAMING = frozenset(
    [
        "appeler",
        "nommer",
        "baptiser",
        "surnommer",
        "qualifier",
        "décrire",
        "considérer",
        "juger",
        "présenter comme",
    ]
)


def _named_by(passage: Passage, cue: Cue, end: int, language: str) -> Report | None:
    """« ce que S appelle Y », « qu'il qualifie de Y »."""
    if cue.verb.lemma not in _NAMING:
        return None
    words = passage.words
    sentence = passage.sentence(cue.at)[0]
    que = next(
        (k for k in range(cue.first - 1, max(sentence, cue.first - 12) - 1, -1) if words[k] in QUE), -1
    )
    if (
        que < 1
        or words[que - 1] in ("tandis", "alors", "lors", "bien", "parce", "pour", "afin")
        or any(passage.tags[k] == "VERB" for k in range(que + 1, cue.first))
    ):
        return None
    start = cue.last
    while start < end and (passage.tags[start] == "ADV" or words[start] in ("aujourd'hui", "hier")):
        start += 1
    if start < end and words[start] in ("de", "d'", "comme"):
        start += 1
    source = source_before(passage, cue, language)
    name = cue.last
    while name < end and passage.tags[name] == "PROPN":
        name += 1
    if name > cue.last:
        return (
            Report(cue, (cue.last, name), ((name, _label_end(passage, name, end)),), "c", naming=True)
            if name < end
            else None
        )
    if source is None or source[0] <= que:
        source = source_after(passage, cue) if source is None else (que + 1, cue.first)
        if source is not None and source[0] >= cue.last:
            start = source[1]
    if start >= end:
        return None
    return Report(cue, source, ((start, _label_end(passage, start, end)),), "c", naming=True)


def _label_end(passage: Passage, start: int, end: int) -> int:
    quotation = quotation_at(passage, start) or enclosing(passage, start)
    if quotation is not None:
        return min(quotation.last, end + 1)
    i = start
    while i < end and passage.words[i] not in (",", ";", ":", ")"):
        if passage.words[i] == "(":
            if (past := past_bracket(passage, i, end)) < 0:
                break
            i = past
            continue
        if passage.words[i] in ("qui", "que", "qu'", "dont", "mais") and i > start:
            break
        if "VerbForm=Fin" in passage.morphs[i]:
            break
        i += 1
    return trimmed(passage, start, i)[1] if i > start else start + 1
