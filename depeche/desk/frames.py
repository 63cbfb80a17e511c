"""What a reporting verb says, in each of the frames it may stand in.

Each function looks at one cue and gives what it found, or None. The order of trying is in `reported`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from depeche.desk import clauses
from depeche.desk.clauses import QUE, clause_end, que_after, quotation_at, quotation_ending, sentence_end
from depeche.desk.cues import Cue
from depeche.desk.passage import Passage
from depeche.desk.sources import (
    SUBJECT_PRONOUNS,
    Range,
    after_complement,
    agent,
    nominal_group,
    source_after,
    source_before,
    speaks,
    trimmed,
)

_INSERTING = frozenset({",", "»", "?", "!", "…", "–", "—", "-", "...", "("})
_REPORTED_AS_AIM = frozenset(
    {"directive_request", "neutral", "accusation_criticism", "denial_reply", "support_praise"}
)
_TOLD_BY_PEOPLE = frozenset(["décrire", "raconter", "résumer", "expliquer", "exprimer", "citer"])
_AFTER = frozenset(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "matin", "soir"])
_RESUMING = frozenset(
    [
        "pour",
        "après",
        "avant",
        "dans",
        "en",
        "malgré",
        "avec",
        "sans",
        "contre",
        "depuis",
        "dès",
        "ce",
        "alors",
        "tandis",
    ]
)
_ASKING = frozenset(
    [
        "si",
        "pourquoi",
        "comment",
        "où",
        "quand",
        "combien",
        "quel",
        "quelle",
        "quels",
        "quelles",
        "lequel",
        "laquelle",
    ]
)
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


@dataclass(frozen=True, slots=True)
class Report:
    """One thing said, in tokens: `frame` is the letter of the frame, `topic` where only a topic is named."""

    cue: Cue
    source: Range | None
    content: tuple[Range, ...]
    frame: str
    topic: bool = False
    naming: bool = False


def reported(passage: Passage, cue: Cue, language: str) -> Report | None:
    """What `cue` reports, None where it reports nothing."""
    if cue.kind == "inf" and cue.verb.ambiguity == "high":
        return None
    for frame in _FRAMES:
        report = frame(passage, cue, language)
        if report is not None:
            return None if _says_nothing(passage, report, language) else report
    return None


_IMPERSONAL = frozenset(
    ["faut", "fallait", "faudra", "faudrait", "convient", "convenait", "importe", "suffit", "reste", "serait"]
)


def _says_nothing(passage: Passage, report: Report, language: str) -> bool:
    """Whether a verb reports nobody: « c'est-à-dire que », « pensez à réserver », « il faut rappeler que »."""
    cue, source = report.cue, report.source
    if source is None:
        return cue.kind == "inf" or (
            cue.kind == "finite" and passage.words[cue.finite].endswith(("ez", "ons"))
        )
    if passage.words[source[0]] == "il" and not _IMPERSONAL.isdisjoint(
        passage.words[source[1] : source[1] + 3]
    ):
        return True
    return cue.kind == "inf" and not speaks(passage, source, language)


def _clause(passage: Passage, cue: Cue, language: str) -> Report | None:
    """« affirme que P », « est soupçonné… que », with what may stand between."""
    if "s" not in cue.verb.frames and "a" not in cue.verb.frames:
        return None
    que = que_after(passage, cue)
    if que > cue.last and passage.words[que - 1] == "," and _told(passage, cue, que):
        return None
    if que < 0 or (que > cue.last and _is_inserted(passage, cue, language)):
        return None
    start = que + 1
    if start >= passage.sentence(cue.at)[1]:
        return None
    end = clause_end(passage, cue, start)
    if end <= start:
        return None
    source = source_before(passage, cue, language) if cue.kind == "pp" else _source(passage, cue, language)
    if cue.verb.ambiguity == "high" and not _may_say(passage, cue, source, language):
        return None
    return Report(cue, source, ((start, end),), "s")


def _may_say(passage: Passage, cue: Cue, source: Range | None, language: str) -> bool:
    """Whether the subject of an ambiguous verb with « que » is one that tells: « montrer » takes any thing."""
    if source is None:
        return False
    if cue.verb.stance == "evidential":
        return passage.words[source[0]] not in (
            "cela",
            "ça",
            "ce",
            "ceci",
            "c'",
            "il",
            "ils",
            "elle",
            "elles",
        )
    return speaks(passage, source, language)


def _inserted(passage: Passage, cue: Cue, language: str) -> Report | None:
    """« P », a déclaré S; P, affirme-t-il, P."""
    if not _is_inserted(passage, cue, language):
        return None
    before = cue.first - 1
    source = source_after(passage, cue) or source_before(passage, cue, language)
    if source is not None and source[0] < cue.first - 1 and passage.words[before] != "»":
        source = source_after(passage, cue)
    after = max(source[1] if source else cue.last, cue.last)
    left = _left_of_insertion(passage, before)
    if left is None:
        return None
    content = [left]
    right = _right_of_insertion(passage, cue, after, left)
    if right is not None:
        content.append(right)
    return Report(cue, source, tuple(content), "q")


def _quoted(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S déclare : « P »; S juge « P »; S insiste sur « P »."""
    words, tags = passage.words, passage.tags
    end = passage.sentence(cue.at)[1]
    i = cue.last
    colon = False
    while i < end:
        word, tag = words[i], tags[i]
        if word == "«":
            break
        if word == ":":
            colon = True
            if i + 1 >= end or (i + 2 >= end and words[i + 1] in (".", ",")):
                return (
                    Report(cue, _source(passage, cue, language), (), "q") if "q" in cue.verb.frames else None
                )
            if words[i + 1] != "«":
                return _unquoted_speech(passage, cue, i, language)
        elif (
            word in (";", ".", "»", "(", "?", "!")
            or word in QUE
            or (tag in ("SCONJ",) and word != "comme")
            or (tag in ("VERB", "AUX") and not colon and "VerbForm=Part" not in passage.morphs[i])
        ):
            return None
        elif tag in ("DET", "NOUN", "PROPN") and not colon and not _in_complement(passage, cue, i):
            if not any(
                words[k] == ":" and words[k + 1 : k + 2] == ("«",) for k in range(i, min(end, i + 25))
            ):
                return None
        elif word in ("qui", "dont", "où"):
            return None
        i += 1
    quotation = quotation_at(passage, i) if i < end else None
    if quotation is None or (cue.kind == "pp" and not colon):
        return None
    if (
        not colon
        and i > cue.last + 1
        and tags[i - 1] in ("DET", "ADP", "ADJ", "NOUN")
        and words[i - 1] not in _AFTER
    ):
        return None
    source = _source(passage, cue, language)
    if (
        cue.verb.ambiguity == "high"
        and not colon
        and (source is None or not speaks(passage, source, language))
    ):
        return None
    if not colon and quotation.last - quotation.first <= 4 and "q" not in cue.verb.frames:
        return None
    return Report(cue, source, ((quotation.first, quotation.last),), "q")


def _infinitive(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S promet de P; S accuse N de P; S appelle N à P; S croit P."""
    frames = cue.verb.frames
    if "i" not in frames and "a" not in frames:
        return None
    if "a" in frames and (verb := _governed_infinitive(passage, cue)) >= 0:
        start = max(passage.edges[verb][0], cue.last)
        if passage.words[start] in ("à", "de", "d'"):
            start += 1
        return _infinitive_report(passage, cue, start, verb, language)
    words, tags = passage.words, passage.tags
    end = passage.sentence(cue.at)[1]
    i = cue.last
    limit = min(end, i + (25 if "a" in frames else 8))
    while i < limit:
        word, tag = words[i], tags[i]
        if (
            word == "à"
            and words[i + 1 : i + 2]
            and words[i + 1] in ("partir", "savoir", "compter", "commencer")
        ):
            break
        if word in ("de", "d'", "à") and (verb := _infinitive_at(passage, i + 1, end)) >= 0:
            return _infinitive_report(passage, cue, i + 1, verb, language)
        if i == cue.last and (verb := _infinitive_at(passage, i, end)) >= 0 and "i" in frames:
            return _infinitive_report(passage, cue, i, verb, language)
        if (
            word in ("«", "»", ":", ";", ".", "?", "!", "pour", "sans", "afin")
            or word in QUE
            or word in ("qui", "dont", "où")
        ):
            break
        if tag in ("VERB", "AUX") and "VerbForm=Part" not in passage.morphs[i]:
            break
        i += 1
    if "a" in frames and "i" in frames and cue.verb.stance == "accusation_criticism":
        return _accused_of(passage, cue, language)
    return None


def _governed_infinitive(passage: Passage, cue: Cue) -> int:
    """The infinitive that the parser hangs on the verb, behind whoever is told, -1 for none."""
    for child in passage.children[cue.at]:
        if child > cue.last and passage.deps[child] == "xcomp" and "VerbForm=Inf" in passage.morphs[child]:
            left = passage.edges[child][0]
            if passage.words[left] in ("à", "de", "d'"):
                return child
    return -1


def _infinitive_report(passage: Passage, cue: Cue, start: int, verb: int, language: str) -> Report | None:
    source = _source(passage, cue, language)
    impersonal = cue.voice == "passive" and source is None
    if (
        cue.verb.ambiguity != "low"
        and not impersonal
        and (source is None or not speaks(passage, source, language))
    ):
        return None
    if cue.verb.ambiguity == "high" and source is not None and passage.words[source[0]] in SUBJECT_PRONOUNS:
        return None
    if cue.voice == "passive" and cue.verb.stance not in (
        "accusation_criticism",
        "opinion",
        "directive_request",
    ):
        return None
    end = clause_end(passage, cue, start)
    own = passage.edges[verb][1]
    if (
        verb < own < end
        and passage.words[own] in (",", "ce", ";")
        and not clauses.has_finite_verb(passage, (own, own + 2))
    ):
        end = own
    return Report(cue, source, ((start, max(end, verb + 1)),), "i")


def _accused_of(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S accuse N de N."""
    end = sentence_end(passage, cue.at)
    for i in range(cue.last, min(end, cue.last + 15)):
        word = passage.words[i]
        if word in ("de", "d'", "du", "des") and (i == cue.last or _told(passage, cue, i)):
            start = i + 1
            stop = object_end(passage, start, end)
            return (
                Report(cue, _source(passage, cue, language), ((start, stop),), "a") if stop > start else None
            )
        if word in (",", ";", ":"):
            break
    return None


def _told(passage: Passage, cue: Cue, i: int) -> bool:
    """Whether the object of the verb is complete before token `i`."""
    return any(passage.tags[k] in ("PROPN", "NOUN", "PRON") for k in range(cue.last, i))


def object_end(passage: Passage, start: int, end: int) -> int:
    """The token after an object that begins at `start`: its complements and relative clauses, up to a comma,
    a finite verb or another clause.
    """
    words, tags, morphs = passage.words, passage.tags, passage.morphs
    if words[start] == "«" and (quotation := quotation_at(passage, start)):
        return min(quotation.last, end)
    i, relative = start, False
    while i < end:
        word = words[i]
        follows = words[i + 1] if i + 1 < end else ""
        if word == "«" and (quotation := quotation_at(passage, i)):
            i = min(quotation.last, end)
            continue
        if word == "(":
            if (past := _past_bracket(passage, i, end)) < 0:
                break
            i = past
            continue
        if word in (";", ":", "»", ")") or (word == "," and not _goes_on(passage, i, end)):
            break
        if word in _RELATIVES and i > start and words[i - 1] != "," and tags[i] != "SCONJ":
            relative = True
        elif not relative and i > start:
            purpose = (
                word in ("pour", "afin")
                and i + 1 < end
                and ("VerbForm=Inf" in morphs[i + 1] or follows in QUE)
            )
            clause = word in _RELATIVES or word in ("mais", "tandis", "lorsque", "car", "parce", "puisque")
            gerund = word == "en" and follows.endswith("ant")
            coordinated = tags[i] == "CCONJ" and i + 1 < end and tags[i + 1] in ("VERB", "AUX")
            if purpose or clause or gerund or coordinated or "VerbForm=Fin" in morphs[i]:
                break
        i += 1
    return trimmed(passage, start, i)[1] if i > start else start


def _past_bracket(passage: Passage, i: int, end: int) -> int:
    """The token after a short bracket (an abbreviation, a number), -1 where it is a remark."""
    closing = next((k for k in range(i, min(end, i + 5)) if passage.words[k] == ")"), -1)
    return closing + 1 if closing > 0 else -1


_RELATIVES = QUE | {"qui", "dont", "où"}


def _goes_on(passage: Passage, comma: int, end: int) -> bool:
    """Whether an object goes on behind a comma: with an apposition, or an enumeration that « et » will end."""
    follows = comma + 1
    if follows < end and passage.tags[follows] in ("NOUN", "PROPN") and passage.tags[comma - 1] == "PROPN":
        return True
    for i in range(comma + 1, min(end, comma + 8)):
        if passage.words[i] in ("et", "ou"):
            return True
        if passage.tags[i] not in ("DET", "NOUN", "ADJ", "NUM", "PROPN", "ADP"):
            return False
    return False


def _labelled(passage: Passage, cue: Cue, language: str) -> Report | None:
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


def _named_by(passage: Passage, cue: Cue, end: int, language: str) -> Report | None:
    """« ce que S appelle Y », « qu'il qualifie de Y »."""
    if cue.verb.lemma not in ("appeler", "qualifier", "décrire", "considérer", "juger", "présenter comme"):
        return None
    words = passage.words
    sentence = passage.sentence(cue.at)[0]
    que = next(
        (k for k in range(cue.first - 1, max(sentence, cue.first - 12) - 1, -1) if words[k] in QUE), -1
    )
    if que < 0 or any(passage.tags[k] == "VERB" for k in range(que + 1, cue.first)):
        return None
    start = cue.last
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


def _asked(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S se demande si P, explique pourquoi P, ne précise pas où P."""
    if "w" not in cue.verb.frames and "s" not in cue.verb.frames:
        return None
    words = passage.words
    for i in range(cue.last, min(cue.last + 3, passage.sentence(cue.at)[1])):
        whether = words[i] == "si" or (
            words[i] == "s'" and words[i + 1 : i + 2] and words[i + 1] in ("il", "ils")
        )
        if whether or (words[i] in _ASKING and words[i] != "quand"):
            source = _source(passage, cue, language)
            if source is None or not speaks(passage, source, language):
                return None
            if whether and "w" not in cue.verb.frames and not cue.negated and cue.verb.stance != "neutral":
                return None
            start = i + 1 if words[i] == "si" else i
            return Report(cue, source, ((start, clause_end(passage, cue, start)),), "w")
    return None


def _objects(passage: Passage, cue: Cue, language: str) -> Report | None:
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
        if told < end and passage.tags[told] == "DET":
            start = told
        elif cue.verb.stance == "directive_request":
            return None
    elif start < end and passage.tags[start] == "ADP" and passage.words[start] not in _GOVERNED:
        start = after_complement(passage, start, end)
        if start >= end or passage.tags[start] not in ("DET", "NUM"):
            return None
    if start < end and passage.words[start] in ("de", "d'", "du", "à", "au", "aux", "sur", "contre"):
        start += 1
    if start >= end or passage.words[start] in QUE:
        return None
    source = source_before(passage, cue, language)
    if source is None or not speaks(
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


_GOVERNED = frozenset(["de", "d'", "du", "sur", "contre", "pour"])


def _denied(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S dément: what is denied was said before."""
    if (
        cue.verb.lemma not in ("démentir", "nier", "contester", "protester")
        or cue.voice == "passive"
        or cue.kind != "finite"
    ):
        return None
    if cue.last < len(passage) and passage.words[cue.last] not in (
        ".",
        ",",
        ";",
        "et",
        "formellement",
        "catégoriquement",
    ):
        return None
    source = source_before(passage, cue, language)
    return Report(cue, source, (), "n", topic=True) if source and speaks(passage, source, language) else None


def _past_insertion(passage: Passage, start: int, end: int) -> int:
    """The token after a date, or after what two commas set off between a verb and its object."""
    while start < end and passage.words[start] in _AFTER:
        start += 1
    if start < end and passage.words[start] == ",":
        closing = next((k for k in range(start + 1, min(end, start + 14)) if passage.words[k] == ","), -1)
        return closing + 1 if 0 < closing < end - 1 else start
    return start


def _pronoun_object(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S le pense, l'a affirmé: what is said stands elsewhere."""
    if "s" not in cue.verb.frames or cue.verb.ambiguity == "high" or cue.voice == "passive":
        return None
    clitics = passage.words[cue.first : cue.at]
    if cue.last < len(passage) and passage.tags[cue.last] in ("NOUN", "DET", "PROPN"):
        return None
    start = passage.sentence(cue.at)[0]
    if any(word in ("si", "s'", "comme") for word in passage.words[max(start, cue.first - 3) : cue.first]):
        return None
    if not ("le" in clitics or "l'" in clitics) or cue.verb.lemma in ("informer", "avertir", "prévenir"):
        return None
    source = _source(passage, cue, language)
    return Report(cue, source, (), "s") if source and speaks(passage, source, language) else None


def _taken_up(passage: Passage, cue: Cue, language: str) -> Report | None:
    """P, ce que souligne S."""
    words = passage.words
    if words[cue.first - 2 : cue.first] not in (("ce", "que"), ("ce", "qu'")) or cue.first < 4:
        return None
    source = source_after(passage, cue)
    before = cue.first - 2
    sentence = passage.sentence(before)[0]
    if source is None or words[before - 1] != "," or not speaks(passage, source, language):
        return None
    return Report(cue, source, ((sentence, before - 1),), "q")


def _compared(passage: Passage, cue: Cue, language: str) -> Report | None:
    """Comme l'a dit S, P; P, comme le rappelle S."""
    words = passage.words
    comme = next((k for k in range(cue.first, max(cue.first - 3, -1), -1) if words[k] == "comme"), -1)
    beside = words[cue.first - 2 : cue.first - 1] == ("comme",) and words[cue.first - 1] in SUBJECT_PRONOUNS
    if beside and "s" in cue.verb.frames and words[cue.first] in ("l'", "le") and cue.first > 4:
        sentence, comma = passage.sentence(cue.at)[0], cue.first - 3
        return (
            Report(cue, (cue.first - 1, cue.first), ((sentence, comma),), "q")
            if words[comma] == ","
            else None
        )
    if (
        comme < 0
        or not {"q", "s"} & set(cue.verb.frames)
        or any(w not in ("l'", "le", "l'") for w in words[comme + 1 : cue.first])
    ):
        return None
    source = source_after(passage, cue) or source_before(passage, cue, language)
    if source is None or source[0] < comme or not speaks(passage, source, language):
        return None
    sentence, end = passage.sentence(comme)[0], sentence_end(passage, comme)
    after = next((k for k in range(source[1], end) if words[k] == ","), end)
    if after + 1 < end and comme - sentence < 3:
        return Report(cue, source, ((after + 1, end),), "q")
    before = comme - 1 if words[comme - 1] == "," else comme
    return Report(cue, source, ((sentence, before),), "q") if before > sentence + 2 else None


_FRAMES: tuple[Callable[[Passage, Cue, str], Report | None], ...] = (
    _clause,
    _compared,
    _taken_up,
    _inserted,
    _quoted,
    _asked,
    _labelled,
    _infinitive,
    _objects,
    _pronoun_object,
    _denied,
)


def _source(passage: Passage, cue: Cue, language: str) -> Range | None:
    if cue.voice == "passive":
        return agent(passage, cue)
    for i in range(cue.finite + 1, min(cue.last + 2, len(passage))):
        if passage.words[i] in SUBJECT_PRONOUNS and passage.words[i].startswith("-"):
            return i, i + 1
    return source_before(passage, cue, language)


def _is_inserted(passage: Passage, cue: Cue, language: str) -> bool:
    """Whether the verb stands in an inserted clause, its subject behind it."""
    words = passage.words
    before = cue.first - 1
    if (
        before < 0
        or "q" not in cue.verb.frames
        or cue.kind not in ("finite", "inf")
        or cue.voice == "passive"
    ):
        return False
    inverted = any(
        words[i].startswith("-") and words[i] in SUBJECT_PRONOUNS
        for i in range(cue.finite + 1, min(cue.last + 2, len(words)))
    )
    if words[before] == "comme" or (words[before] in ("l'", "le") and words[before - 1] == "comme"):
        return False
    if words[before] not in _INSERTING:
        return inverted and before > passage.sentence(cue.at)[0] and words[before] in (".", '"')
    if inverted:
        return True
    if cue.kind == "inf":
        return False
    after = source_after(passage, cue)
    quote = (
        words[before] == "»" or (before > 0 and words[before - 1] == "»") or words[before] in ("?", "!", "…")
    )
    if after is None:
        return False
    if quote:
        return True
    return speaks(passage, after, language, documents=True) and _stands_alone(passage, cue, before)


def _stands_alone(passage: Passage, cue: Cue, before: int) -> bool:
    """Whether what stands before an insertion is a clause that does not need this verb."""
    sentence = passage.sentence(cue.at)[0]
    subject = next(
        (c for c in passage.children[cue.at] if passage.deps[c].startswith("nsubj") and c < before), None
    )
    if subject is not None and passage.words[before] == "," and not _set_off(passage, subject, before):
        return True
    if subject is not None and passage.edges[subject][1] >= before - 1:
        return False
    return clauses.has_finite_verb(passage, (sentence, before)) or before - sentence >= 6


def _set_off(passage: Passage, subject: int, comma: int) -> bool:
    """Whether the comma before a verb closes something set off from its subject (« Le maire, élu hier, … »)."""
    return any(
        passage.words[k] in (",", "(", "–", "—", "qui", "dont", "où", "que", "qu'")
        for k in range(subject, comma)
    )


def _left_of_insertion(passage: Passage, before: int) -> Range | None:
    words = passage.words
    end = before if words[before] in (",", "–", "—", "-", "(") else before + 1
    closing = end - 1 if end > 0 and words[end - 1] == "»" else -1
    quotation = quotation_ending(passage, closing) if closing >= 0 else None
    around = clauses.enclosing(passage, before)
    if quotation is not None:
        sentence = passage.sentence(quotation.first)[0]
        head = passage.words[sentence : quotation.first]
        if quotation.first == sentence or not head or head[-1] in (":", ".") or len(head) > 25:
            return quotation.first, quotation.last
        if ":" in head:
            return quotation.first, quotation.last
        return sentence, quotation.last
    start = _past_dateline(passage, passage.sentence(max(end - 1, 0))[0], end)
    start = around.first if around is not None else clauses.clause_start(passage, end, start)
    if end <= start:
        return None
    first, last = start, end
    while first < last - 1 and passage.tags[first] == "CCONJ":
        first += 1
    return first, last


def _past_dateline(passage: Passage, start: int, end: int) -> int:
    """The token after « SAINT-AUBERT, 12 mars – » at the head of a sentence."""
    if not passage.form(start).isupper() or len(passage.words[start]) < 2:
        return start
    dash = next(
        (k for k in range(start + 1, min(end, start + 10)) if passage.words[k] in ("-", "–", "—")), -1
    )
    return dash + 1 if 0 < dash < end - 1 else start


def _right_of_insertion(passage: Passage, cue: Cue, after: int, left: Range) -> Range | None:
    words = passage.words
    end = sentence_end(passage, cue.at)
    i = after
    while i < end and words[i] not in (",", "«", "»", "–", "—", ":", ")"):
        i += 1
    around = clauses.enclosing(passage, cue.at)
    if around is not None and around.first <= left[0]:
        if i < around.last - 1 and words[i] in (",", "–", "—"):
            return i + 1, around.last
        return None
    if i >= end:
        return None
    start = i + 1 if words[i] in (",", "–", "—", ":") else i
    if start < end and words[start] == "«":
        quotation = quotation_at(passage, start)
        return (quotation.first, quotation.last) if quotation else None
    if words[i] != "," or start >= end:
        return None
    if not clauses.has_finite_verb(passage, left):
        return start, end
    opening = words[start]
    if opening in _RESUMING or passage.tags[start] in ("CCONJ", "SCONJ"):
        if "VerbForm=Part" in passage.morphs[start + 1 if start + 1 < end else start]:
            return None
        return (
            (start, end)
            if clauses.has_finite_verb(passage, (start, end)) or passage.tags[start] == "ADP"
            else None
        )
    return None


def _unquoted_speech(passage: Passage, cue: Cue, colon: int, language: str) -> Report | None:
    if "q" not in cue.verb.frames or cue.verb.ambiguity == "high" or colon > cue.last + 6:
        return None
    source = _source(passage, cue, language)
    end = sentence_end(passage, cue.at)
    if (
        source is None
        or not speaks(passage, source, language)
        or not clauses.has_finite_verb(passage, (colon + 1, end))
    ):
        return None
    return Report(cue, source, ((colon + 1, end),), "q")


def _in_complement(passage: Passage, cue: Cue, i: int) -> bool:
    """Whether token `i`, between a verb and a quotation, belongs to a complement and not to an object."""
    words, tags = passage.words, passage.tags
    k = i
    while k >= cue.last:
        if tags[k] == "ADP" or words[k] in ("du", "des", "au", "aux"):
            return True
        if words[k] == ",":
            return False
        k -= 1
    return words[i] in ("hier",) or words[i].endswith("di")


def _infinitive_at(passage: Passage, i: int, end: int) -> int:
    """The infinitive at `i` or behind clitics and negation there, -1 where none is."""
    k = i
    while k < end and (
        passage.words[k]
        in ("ne", "n'", "pas", "se", "s'", "le", "la", "les", "l'", "lui", "leur", "y", "en", "plus")
        or (passage.tags[k] == "ADV" and k < i + 3)
    ):
        k += 1
    if k < end and "VerbForm=Inf" in passage.morphs[k]:
        return k
    return -1


def _label_end(passage: Passage, start: int, end: int) -> int:
    quotation = quotation_at(passage, start)
    if quotation is not None:
        return quotation.last
    i = start
    while i < end and passage.words[i] not in (",", ";", ":", ")"):
        if passage.words[i] == "(":
            if (past := _past_bracket(passage, i, end)) < 0:
                break
            i = past
            continue
        if passage.words[i] in ("qui", "que", "qu'", "dont", "mais") and i > start:
            break
        if "VerbForm=Fin" in passage.morphs[i]:
            break
        i += 1
    return trimmed(passage, start, i)[1] if i > start else start + 1
