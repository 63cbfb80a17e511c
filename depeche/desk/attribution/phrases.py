"""Noun phrases: where one begins and ends, with its apposition and complements."""

from __future__ import annotations

from depeche.desk.passage import Passage

Range = tuple[int, int]

SUBJECT_PRONOUNS = frozenset(
    [
        "il",
        "elle",
        "ils",
        "elles",
        "on",
        "je",
        "j'",
        "nous",
        "vous",
        "tu",
        "-il",
        "-elle",
        "-ils",
        "-elles",
        "-on",
        "-je",
        "-nous",
        "-vous",
    ]
)

OTHER_PRONOUNS = frozenset(
    [
        "qui",
        "celui-ci",
        "celle-ci",
        "ceux-ci",
        "celles-ci",
        "celui",
        "celle",
        "ceux",
        "celles",
        "certains",
        "certaines",
        "d'aucuns",
        "beaucoup",
        "plusieurs",
        "chacun",
        "aucun",
        "aucune",
        "tous",
        "quelqu'un",
        "quelqu'",
        "moi",
        "lui",
        "eux",
        "soi",
        "cela",
        "ça",
        "ceci",
        "tout",
        "personne",
    ]
)

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X"})

INSIDE = frozenset({"DET", "ADJ", "NUM", "NOUN", "PROPN", "ADP", "X"})

DAYS = frozenset(
    [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "hier",
        "aujourd'hui",
        "avant-hier",
    ]
)

STOPS = frozenset({",", ";", ":", "«", "»", "(", ")", ".", "!", "?", "…", "–", "—", "-", "..."})

_LINKS = frozenset(["de", "du", "des", "d'", "à", "au", "aux", "chez", "en"])

CONTRACTED = frozenset({"du", "des", "au", "aux"})

MONTHS = frozenset(
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
)


def nominal_group(passage: Passage, first: int, end: int) -> Range | None:
    """The noun phrase that begins at token `first`, None where none does before `end`."""
    for i in range(first, end):
        tag = passage.tags[i]
        if tag in ("NOUN", "PROPN", "PRON", "X") or (passage.form(i)[:1].isupper() and tag != "DET"):
            return first, phrase_end(passage, i, end)
        if tag not in ("DET", "ADJ", "NUM", "ADV", "ADP", "PART") and passage.words[i] not in ("«", "»"):
            return None
    return None


def phrase_end(passage: Passage, head: int, end: int) -> int:
    """The token after the noun phrase of `head`: its complements and an apposition, up to `end`."""
    words, tags = passage.words, passage.tags
    i = head + 1
    while i < end:
        word, tag = words[i], tags[i]
        if word == "-" and passage.ends[i - 1] == passage.starts[i]:
            i += 2
            continue
        if word in STOPS and word != "(":
            break
        if word == "(":
            i = next((k for k in range(i, end) if words[k] == ")"), end - 1) + 1
            continue
        if tag in ("VERB", "AUX") and not _is_participle(passage, i):
            break
        if word in ("que", "qu'", "qui", "si", "dont", "où", "mais", "car", "comme", "lorsque", "quand"):
            break
        by = word == "par" and "VerbForm=Part" in passage.morphs[i - 1]
        if tag == "ADP" and not by and word not in _LINKS and word not in ("pour", "sur", "contre", "dans"):
            break
        if word in DAYS and "VerbForm=Part" in passage.morphs[i - 1]:
            i += 1
            continue
        if word in DAYS or (
            tag == "ADP" and passage.heads[i] < head and word not in ("de", "du", "des", "d'")
        ):
            break
        if tag == "CCONJ" and not (i + 1 < end and tags[i + 1] in ("DET", "NOUN", "PROPN", "ADJ", "NUM")):
            break
        i += 1
    while i > head + 1 and tags[i - 1] in ("ADP", "DET", "CCONJ", "PUNCT"):
        i -= 1
    return i


def with_apposition(passage: Passage, span: Range, end: int) -> Range:
    """`span` with the apposition behind it: « leur directrice, *Odile Sarrazin* », « Luc Roy, *chef de file de
    l’opposition* ».
    """
    first, last = span
    words, tags = passage.words, passage.tags
    while last + 1 < end and words[last] == ",":
        after = last + 1
        of_body = words[after] in ("de", "du", "d'") and any(
            tags[k] == "PROPN" for k in range(after, min(after + 4, end))
        )
        if not (tags[after] in ("PROPN", "NOUN") or of_body) or words[after] in DAYS:
            break
        stop = after + 1
        while stop < end and words[stop] not in STOPS and "VerbForm=Fin" not in passage.morphs[stop]:
            if words[stop] in ("qui", "que", "qu'", "dont", "où"):
                break
            stop += 1
        if stop < end and "VerbForm=Fin" in passage.morphs[stop]:
            break
        last = stop
    return first, last


def without_preposition(passage: Passage, span: Range) -> Range:
    """`span` without a leading preposition or contracted article (« des services » → « services »)."""
    first, last = span
    while first < last - 1 and (
        (passage.words[first] in CONTRACTED and passage.tags[first] != "DET")
        or passage.words[first] in ("de", "d'", "à")
    ):
        first += 1
    return first, last


def trimmed(passage: Passage, first: int, last: int) -> Range:
    """`[first, last)` without punctuation, conjunctions and prepositions at its edges."""
    words, tags = passage.words, passage.tags
    while first < last - 1 and (words[first] in STOPS - {"«"} or tags[first] in ("CCONJ", "ADP", "SCONJ")):
        first += 1
    while last > first + 1 and (words[last - 1] in STOPS - {")", "»"} or tags[last - 1] in ("CCONJ", "ADP")):
        last -= 1
    return first, last


def after_complement(passage: Passage, i: int, end: int) -> int:
    """The token after the prepositional phrase that begins at `i`."""
    k = i + 1
    while k < end and passage.tags[k] in ("DET", "ADJ", "NUM"):
        k += 1
    if k < end and passage.tags[k] in ("NOUN", "PROPN", "PRON", "X"):
        k += 1
    while k < end and passage.tags[k] in ("ADJ", "PROPN"):
        k += 1
    return k


def _is_participle(passage: Passage, i: int) -> bool:
    return "VerbForm=Part" in passage.morphs[i]
