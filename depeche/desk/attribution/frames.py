"""What a reporting verb says, in each of the frames it may stand in.

Each frame looks at one cue and gives what it found, or None; `reported` says in which order they are tried.
"""

from __future__ import annotations

from collections.abc import Callable

from depeche.desk.attribution.clauses import (
    QUE,
    clause_end,
    has_finite_verb,
    que_after,
    quotation_at,
    sentence_end,
)
from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.infinitives import infinitive, told
from depeche.desk.attribution.insertions import compared, inserted, is_inserted, taken_up
from depeche.desk.attribution.labels import labelled
from depeche.desk.attribution.objects import object_end, objects, recommended
from depeche.desk.attribution.phrases import Range
from depeche.desk.attribution.reports import AFTER, Report, source_of
from depeche.desk.attribution.speakers import speaks
from depeche.desk.attribution.subjects import source_before
from depeche.desk.passage import Passage

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


def _is_empty(report: Report) -> bool:
    """Whether nothing is left of what should be said or of who says it (« a dit que. »)."""
    spans = (*report.content, report.source) if report.source else report.content
    return any(last <= first for first, last in spans)


_IMPERSONAL = frozenset(
    ["faut", "fallait", "faudra", "faudrait", "convient", "convenait", "importe", "suffit", "reste", "serait"]
)


def reported(passage: Passage, cue: Cue, language: str) -> Report | None:
    """What `cue` reports, None where it reports nothing."""
    if cue.kind == "inf" and cue.verb.ambiguity == "high":
        return None
    for frame in _FRAMES:
        report = frame(passage, cue, language)
        if report is not None:
            return None if _is_empty(report) or _says_nothing(passage, report, language) else report
    return None


def _says_nothing(passage: Passage, report: Report, language: str) -> bool:
    """Whether a verb reports nobody: « c'est-à-dire que », « pensez à réserver », « il faut rappeler que »."""
    cue, source = report.cue, report.source
    if source is None:
        return cue.kind == "inf" or (
            cue.kind == "finite" and passage.words[cue.finite].endswith(("ez", "ons"))
        )
    if passage.words[source[0]] == "on" and passage.words[cue.finite] in (
        "peut",
        "pourrait",
        "pouvait",
        "doit",
    ):
        return True
    if (
        passage.words[source[0]] in ("vous", "tu")
        and "si" in passage.words[max(0, source[0] - 2) : source[0]]
    ):
        return True
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
    aside = passage.words[cue.last : cue.last + 1] == (",",)
    if que > cue.last and passage.words[que - 1] == "," and not aside and told(passage, cue, que):
        return None
    if que < 0 or (que > cue.last and is_inserted(passage, cue, language)):
        return None
    start = que + 1
    if start >= passage.sentence(cue.at)[1]:
        return None
    end = clause_end(passage, cue, start)
    if end <= start:
        return None
    source = source_before(passage, cue, language) if cue.kind == "pp" else source_of(passage, cue, language)
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
                    Report(cue, source_of(passage, cue, language), (), "q")
                    if "q" in cue.verb.frames
                    else None
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
    if quotation is None or ((cue.kind == "pp" or cue.voice == "passive") and not colon):
        return None
    speech = _is_spoken(passage, quotation.first, quotation.last)
    if not colon and words[i - 1] in ("dans", "lors", "après", "avant") and not speech:
        return None
    if (
        not colon
        and i > cue.last + 1
        and (tags[i - 1] in ("DET", "ADP", "ADJ") or (tags[i - 1] == "NOUN" and not speech))
        and words[i - 1] not in AFTER
    ):
        return None
    source = source_of(passage, cue, language)
    if (
        cue.verb.ambiguity == "high"
        and not colon
        and (source is None or not speaks(passage, source, language))
    ):
        return None
    if not colon and quotation.last - quotation.first <= 4 and "q" not in cue.verb.frames:
        return None
    last = quotation.last
    short = last - quotation.first <= 6
    if not colon and short and last < end and tags[last] in ("DET", "ADP", "NOUN", "ADJ"):
        last = object_end(passage, last, sentence_end(passage, cue.at))
    return Report(cue, source, ((quotation.first, last),), "q")


def _is_spoken(passage: Passage, first: int, last: int) -> bool:
    """Whether a quotation is a sentence that ends its own."""
    ends = last >= sentence_end(passage, last - 1) or last >= len(passage) - 1
    return ends and last - first > 5 and has_finite_verb(passage, (first, last))


def _asked(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S se demande si P, explique pourquoi P, ne précise pas où P."""
    if "w" not in cue.verb.frames and "s" not in cue.verb.frames:
        return None
    words = passage.words
    for i in range(cue.last, min(cue.last + 3, passage.sentence(cue.at)[1])):
        whether = words[i] == "si" or (
            words[i] == "s'" and words[i + 1 : i + 2] and words[i + 1] in ("il", "ils")
        )
        if any(passage.tags[k] == "VERB" for k in range(cue.last, i)):
            return None
        if whether or (words[i] in _ASKING and words[i] != "quand"):
            source = source_of(passage, cue, language)
            if source is None or not speaks(passage, source, language):
                return None
            if whether and "w" not in cue.verb.frames and not cue.negated and cue.verb.stance != "neutral":
                return None
            start = i + 1 if words[i] == "si" else i
            return Report(cue, source, ((start, clause_end(passage, cue, start)),), "w")
    return None


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
    return Report(cue, source, (), "n", topic=True) if source else None


def _pronoun_object(passage: Passage, cue: Cue, language: str) -> Report | None:
    """S le pense, l'a affirmé: what is said stands elsewhere."""
    if "s" not in cue.verb.frames or cue.verb.ambiguity == "high" or cue.voice == "passive":
        return None
    clitics = passage.words[cue.first : cue.at]
    if cue.last < len(passage) and passage.tags[cue.last] not in ("PUNCT", "CCONJ"):
        return None
    start = passage.sentence(cue.at)[0]
    if any(word in ("si", "s'", "comme") for word in passage.words[max(start, cue.first - 3) : cue.first]):
        return None
    if not ("le" in clitics or "l'" in clitics) or cue.verb.lemma in ("informer", "avertir", "prévenir"):
        return None
    source = source_of(passage, cue, language)
    return Report(cue, source, (), "s") if source and speaks(passage, source, language) else None


def _unquoted_speech(passage: Passage, cue: Cue, colon: int, language: str) -> Report | None:
    if "q" not in cue.verb.frames or cue.verb.ambiguity == "high" or colon > cue.last + 6:
        return None
    source = source_of(passage, cue, language)
    end = sentence_end(passage, cue.at)
    if (
        source is None
        or not speaks(passage, source, language)
        or not has_finite_verb(passage, (colon + 1, end))
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


_FRAMES: tuple[Callable[[Passage, Cue, str], Report | None], ...] = (
    _clause,
    compared,
    taken_up,
    inserted,
    _quoted,
    _asked,
    labelled,
    infinitive,
    recommended,
    objects,
    _pronoun_object,
    _denied,
)
