"""What is said in a noun: S annonce la fermeture de N, critique le plan, fait état de N."""

from __future__ import annotations

from depeche.desk.attribution.clauses import QUE, quotation_at, sentence_end
from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.phrases import SUBJECT_PRONOUNS, Range, after_complement, nominal_group, trimmed
from depeche.desk.attribution.reports import AFTER, Report
from depeche.desk.attribution.speakers import speaks
from depeche.desk.attribution.subjects import antecedent, source_before
from depeche.desk.passage import Passage

_REPORTED_AS_AIM = frozenset(
    {"directive_request", "neutral", "accusation_criticism", "denial_reply", "support_praise"}
)

_TOLD_BY_PEOPLE = frozenset(["décrire", "raconter", "résumer", "expliquer", "exprimer", "citer"])

_EVENTS_BY_STANCE = frozenset(
    [
        "directive_request",
        "prediction_commitment",
        "denial_reply",
        "factive_concessive",
        "factive",
        "assertive",
        "warning",
        "evidential",
    ]
)

_TOPICS = frozenset(
    [
        "saluer",
        "féliciter",
        "remercier",
        "applaudir",
        "critiquer",
        "fustiger",
        "exprimer",
        "évoquer",
        "aborder",
        "commenter",
        "publier",
    ]
)

_TAKING_A = frozenset(["conclure", "s'en prendre", "réagir", "croire", "s'opposer"])
_GOVERNED = frozenset(["de", "d'", "du", "sur", "contre", "pour"])

_RELATIVES = QUE | {"qui", "dont", "où"}


def objects(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S annonce la fermeture de N, critique le plan, fait état de N."""
    if "n" not in cue.verb.frames or cue.verb.ambiguity == "high":
        return None
    if cue.voice == "passive" or cue.kind == "pp":
        return None
    if cue.kind == "inf" and cue.verb.stance not in _REPORTED_AS_AIM:
        return None
    end = sentence_end(passage, cue.at)
    start = cue.last
    while start < end and (passage.tags[start] == "ADV" or passage.words[start] in SUBJECT_PRONOUNS):
        start += 1
    if passage.words[start : start + 2] == ("d'", "ailleurs"):
        start += 2
    start = _past_insertion(passage, start, end)
    if start < end and passage.words[start] in ("à", "au", "aux"):
        told = after_complement(passage, start, end)
        if told < end and passage.tags[told] in ("DET", "NUM", "ADJ"):
            start = told
        elif cue.verb.lemma not in _TAKING_A:
            return None
    elif start < end and passage.words[start] in ("après", "avant") and passage.words[start - 1] == "peu":
        start += 1
    elif start < end and passage.tags[start] == "ADP" and passage.words[start] not in _GOVERNED:
        start = after_complement(passage, start, end)
        if start >= end or passage.tags[start] not in ("DET", "NUM"):
            return None
    governed = start < end and passage.words[start] in (
        "de",
        "d'",
        "du",
        "à",
        "au",
        "aux",
        "sur",
        "contre",
        "pour",
    )
    if cue.verb.lemma == "parler" and not (governed and passage.words[start] in ("de", "d'", "du")):
        return None
    start += governed
    if start >= end or passage.words[start] in QUE:
        return None
    source = source_before(passage, cue, language)
    if source is None or (passage.words[source[0]] == "on" and cue.verb.ambiguity != "low"):
        return None
    if not speaks(
        passage,
        source,
        language,
        documents=cue.verb.lemma not in _TOLD_BY_PEOPLE and cue.verb.ambiguity == "low",
    ):
        return None
    if cue.verb.stance == "support_praise" and (reason := _reason(passage, start, end)):
        return Report(cue, source, (reason,), "n", topic=True)
    if cue.verb.lemma == "remercier" or (
        cue.kind == "ppres" and cue.verb.stance in ("evidential", "factive")
    ):
        return None
    group = nominal_group(passage, start, end)
    if group is None:
        return None
    limit = object_end(passage, group[0], end)
    topic = cue.verb.stance not in _EVENTS_BY_STANCE or cue.verb.lemma in _TOPICS
    return Report(cue, source, ((group[0], limit),), "n", topic=topic)


def recommended(passage: Passage, cue: Cue, language: str) -> Report | None:
    """« un restaurant que je conseille »: what is said stands before, as the antecedent."""
    if cue.verb.lemma not in _OF_ANTECEDENTS or cue.kind != "finite":
        return None
    pronoun = cue.first - 1
    if pronoun < 1 or passage.words[pronoun] not in SUBJECT_PRONOUNS or passage.words[pronoun - 1] not in QUE:
        return None
    if passage.tags[pronoun - 1] != "PRON":
        return None
    if passage.words[cue.last : cue.last + 1] and passage.words[cue.last] in ("de", "d'", "à"):
        return None
    content = antecedent(passage, pronoun - 1)
    return Report(cue, (pronoun, pronoun + 1), (content,), "n", topic=True) if content else None


_OF_ANTECEDENTS = frozenset(
    [
        "recommander",
        "conseiller",
        "déconseiller",
        "dénoncer",
        "critiquer",
        "condamner",
        "saluer",
        "réclamer",
        "exiger",
    ]
)


def _reason(passage: Passage, start: int, end: int) -> Range | None:
    """What somebody is thanked or praised for."""
    for i in range(start, min(end, start + 14)):
        if (
            passage.words[i] in ("pour", "d'")
            and i + 1 < end
            and (passage.words[i] == "pour" or passage.words[i + 1] == "avoir")
        ):
            return i + 1, object_end(passage, i + 1, end) if "VerbForm=Inf" not in passage.morphs[
                i + 1
            ] else end
        if passage.words[i] in (";", ":", ","):
            return None
    return None


def _past_insertion(passage: Passage, start: int, end: int) -> int:
    """The token after a date, or after what two commas set off between a verb and its object."""
    while start < end and passage.words[start] in AFTER:
        start += 1
    if start < end and passage.words[start] == ",":
        closing = next((k for k in range(start + 1, min(end, start + 14)) if passage.words[k] == ","), -1)
        return closing + 1 if 0 < closing < end - 1 else start
    return start


def object_end(passage: Passage, start: int, end: int) -> int:
    """The token after an object that begins at `start`: its complements and relative clauses, up to a comma,
    a finite verb or another clause.
    """
    words, tags, morphs = passage.words, passage.tags, passage.morphs
    if start >= end:
        return start
    if start < end and words[start] == "«" and (quotation := quotation_at(passage, start)):
        return min(quotation.last, end)
    i, relative = start, False
    while i < end:
        word = words[i]
        follows = words[i + 1] if i + 1 < end else ""
        if word == "«" and (quotation := quotation_at(passage, i)):
            i = min(quotation.last, end)
            continue
        if word == "(":
            if (past := past_bracket(passage, i, end)) < 0:
                break
            i = past
            continue
        if word in (";", ":", "»", ")") or (word == "," and not _goes_on(passage, i, end)):
            break
        if word in _RELATIVES and i > start and words[i - 1] != "," and tags[i] != "SCONJ":
            relative = True
        elif not relative and i > start:
            purpose = word in ("pour", "afin") and follows in QUE
            clause = word in _RELATIVES or word in ("mais", "tandis", "lorsque", "car", "parce", "puisque")
            gerund = word == "en" and follows.endswith("ant")
            coordinated = tags[i] == "CCONJ" and tags[min(i + 1, end - 1)] in ("VERB", "AUX")
            coordinated = coordinated and "VerbForm=Inf" not in morphs[min(i + 1, end - 1)]
            if purpose or clause or gerund or coordinated or "VerbForm=Fin" in morphs[i]:
                break
        i += 1
    return trimmed(passage, start, i)[1] if i > start else start


def past_bracket(passage: Passage, i: int, end: int) -> int:
    """The token after a short bracket (an abbreviation, a number), -1 where it is a remark."""
    closing = next((k for k in range(i, min(end, i + 5)) if passage.words[k] == ")"), -1)
    return closing + 1 if closing > 0 else -1


def _goes_on(passage: Passage, comma: int, end: int) -> bool:
    """Whether an object goes on behind a comma: with an apposition, a second adjective or infinitive, or an
    enumeration that « et » will end.
    """
    words, tags = passage.words, passage.tags
    follows = comma + 1
    if follows >= end:
        return False
    if tags[follows] in ("NOUN", "PROPN") and tags[comma - 1] == "PROPN":
        return True
    if tags[follows] == "ADJ" and tags[comma - 1] == "ADJ":
        return True
    if words[follows] in ("de", "d'") and follows + 1 < end and "VerbForm=Inf" in passage.morphs[follows + 1]:
        return True
    for i in range(follows, min(end, comma + 9)):
        if words[i] in ("et", "ou"):
            return True
        if tags[i] not in ("DET", "NOUN", "ADJ", "NUM", "PROPN", "ADP") and words[i] != ",":
            return False
    return False
