"""What is said in an infinitive: S promet de P; S accuse N de P; S appelle N à P."""

from __future__ import annotations

from depeche.desk.attribution.clauses import QUE, clause_end, has_finite_verb, quotation_at, sentence_end
from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.objects import object_end
from depeche.desk.attribution.phrases import SUBJECT_PRONOUNS
from depeche.desk.attribution.reports import Report, source_of
from depeche.desk.attribution.speakers import speaks
from depeche.desk.passage import Passage


def infinitive(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S promet de P; S accuse N de P; S appelle N à P; S croit P."""
    frames = cue.verb.frames
    if "i" not in frames and "a" not in frames:
        return _having(passage, cue, language)
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
        if word in ("de", "d'", "à") and passage.words[i + 1 : i + 2] == ("«",):
            quotation = quotation_at(passage, i + 1)
            if quotation is not None and _infinitive_at(passage, i + 2, end) >= 0:
                source = source_of(passage, cue, language)
                return Report(cue, source, ((quotation.first, quotation.last),), "i") if source else None
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
        if "a" not in frames and tag in ("DET", "NOUN") and not _is_addressee(passage, cue, i):
            break
        i += 1
    if cue.verb.lemma in ("appeler", "exhorter"):
        return _called_for(passage, cue, language)
    if "a" in frames and "i" in frames and cue.verb.stance == "accusation_criticism":
        return _accused_of(passage, cue, language)
    return None


def _having(passage: Passage, cue: Cue, language: str) -> Report | None:
    """« raconte avoir vu », « explique n'avoir rien reçu »: verbs with « que » take the infinitive of what is past."""
    verb = _infinitive_at(passage, cue.last, passage.sentence(cue.at)[1])
    if verb < 0 or passage.words[verb] not in ("avoir", "être") or "s" not in cue.verb.frames:
        return None
    return _infinitive_report(passage, cue, cue.last, verb, language)


def _is_impersonal(passage: Passage, cue: Cue) -> bool:
    """« Il est demandé de… », where nobody is asked by name."""
    return cue.first > 0 and "il" in passage.words[max(0, cue.first - 2) : cue.finite]


def _is_addressee(passage: Passage, cue: Cue, i: int) -> bool:
    """Whether token `i`, between a verb and an infinitive, belongs to whom something is said, or to a date."""
    before = passage.words[cue.last : i + 1]
    return "à" in before or "au" in before or "aux" in before or passage.words[i].endswith("di")


def _governed_infinitive(passage: Passage, cue: Cue) -> int:
    """The infinitive that the parser hangs on the verb, behind whoever is told, -1 for none."""
    for child in passage.children[cue.at]:
        if child > cue.last and passage.deps[child] == "xcomp" and "VerbForm=Inf" in passage.morphs[child]:
            left = passage.edges[child][0]
            if passage.words[left] in ("à", "de", "d'"):
                return child
    return -1


def _infinitive_report(passage: Passage, cue: Cue, start: int, verb: int, language: str) -> Report | None:
    source = source_of(passage, cue, language)
    impersonal = cue.voice == "passive" and source is None
    if (
        cue.verb.ambiguity != "low"
        and not impersonal
        and (source is None or not speaks(passage, source, language))
    ):
        return None
    if cue.verb.ambiguity == "high" and source is not None and passage.words[source[0]] in SUBJECT_PRONOUNS:
        vague = passage.words[source[0]] in ("vous", "tu", "on", "je", "j'")
        if (
            cue.verb.lemma != "vouloir"
            or vague
            or passage.words[max(0, source[0] - 1)] in ("qu'", "s'", "si")
        ):
            return None
    if cue.voice == "passive" and cue.verb.stance == "directive_request" and not _is_impersonal(passage, cue):
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
        and not has_finite_verb(passage, (own, own + 2))
    ):
        end = own
    return Report(cue, source, ((start, max(end, verb + 1)),), "i")


def _called_for(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S appelle à la grève; S appelle N au calme."""
    end = sentence_end(passage, cue.at)
    source = source_of(passage, cue, language)
    if source is None or not speaks(passage, source, language) or cue.voice == "passive":
        return None
    for i in range(cue.last, min(end, cue.last + 8)):
        if passage.words[i] in ("à", "au", "aux") and (
            i == cue.last or told(passage, cue, i) or i == cue.last + 1
        ):
            stop = object_end(passage, i + 1, end)
            return Report(cue, source, ((i + 1, stop),), "a") if stop > i + 1 else None
        if passage.words[i] in (",", ";", ":", "«"):
            return None
    return None


def _accused_of(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S accuse N de N."""
    end = sentence_end(passage, cue.at)
    for i in range(cue.last, min(end, cue.last + 15)):
        word = passage.words[i]
        if word in ("de", "d'", "du", "des") and (i == cue.last or told(passage, cue, i)):
            start = i + 1
            stop = object_end(passage, start, end)
            if passage.words[stop : stop + 1] == ("parce",):
                stop = clause_end(passage, cue, start)
            return (
                Report(cue, source_of(passage, cue, language), ((start, stop),), "a")
                if stop > start
                else None
            )
        if word in (",", ";", ":"):
            break
    return None


def told(passage: Passage, cue: Cue, i: int) -> bool:
    """Whether the object of the verb is complete before token `i`."""
    return any(passage.tags[k] in ("PROPN", "NOUN", "PRON") for k in range(cue.last, i))


def _infinitive_at(passage: Passage, i: int, end: int) -> int:
    """The infinitive at `i` or behind clitics and negation there, -1 where none is."""
    k = i
    while k < end and (
        passage.words[k]
        in ("ne", "n'", "pas", "se", "s'", "le", "la", "les", "l'", "lui", "leur", "y", "en", "plus")
        or (passage.tags[k] == "ADV" and k < i + 3)
    ):
        k += 1
    if k < end and ("VerbForm=Inf" in passage.morphs[k] or _is_taken_for_noun(passage, k, end)):
        return k
    return -1


def _is_taken_for_noun(passage: Passage, k: int, end: int) -> bool:
    """Whether an infinitive behind « de » was tagged as a noun: it has an object of its own."""
    ending = passage.words[k].endswith(("er", "ir", "oir", "ire", "dre", "tre"))
    behind = k > 0 and passage.words[k - 1] in ("de", "d'")
    return passage.tags[k] == "NOUN" and ending and behind and k + 1 < end and passage.tags[k + 1] == "DET"
