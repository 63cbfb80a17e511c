"""Who says it: the noun phrase or pronoun that a cue has for its source, and what kind of source that is."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from depeche.desk.cues import Cue
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import SourceQuality

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
_OTHER_PRONOUNS = frozenset(
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
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:caus"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X"})
_INSIDE = frozenset({"DET", "ADJ", "NUM", "NOUN", "PROPN", "ADP", "X"})
_DAYS = frozenset(
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
_STOPS = frozenset({",", ";", ":", "«", "»", "(", ")", ".", "!", "?", "…", "–", "—", "-", "..."})
_LINKS = frozenset(["de", "du", "des", "d'", "à", "au", "aux", "chez", "en"])
_CONTRACTED = frozenset({"du", "des", "au", "aux"})


class Heads(NamedTuple):
    """Nouns by what they can be the source of, singular and plural, and the phrases of vague sources."""

    person: frozenset[str]
    organisation: frozenset[str]
    document: frozenset[str]
    never: frozenset[str]
    vague: PhraseIndex[str]


@cache
def load_heads(language: str) -> Heads:
    """The nouns of `language` that speak, and those that never do.

    Raises `PackError`.
    """
    groups = load_groups(language, "source_heads.json")
    vague = load_groups(language, "vague_sources.json")
    return Heads(
        _numbers(groups.get("person", ())),
        _numbers(groups.get("organisation", ())),
        _numbers(groups.get("document", ())),
        _numbers(groups.get("never", ())),
        PhraseIndex((phrase, kind) for kind, phrases in vague.items() for phrase in phrases),
    )


def source_before(passage: Passage, cue: Cue, language: str) -> Range | None:
    """The subject of a verb that stands after it, or that governs a participle or infinitive; None where
    there is none to be found.
    """
    near = _subject_beside(passage, cue)
    if near is not None:
        return near
    subject = _grammatical_subject(passage, cue) if cue.kind != "pp" else None
    if subject is not None and subject < cue.first:
        return _widened(passage, subject, cue)
    if cue.kind in ("ppres", "inf", "pp"):
        return _controller(passage, cue, language) or (
            _scanned_left(passage, cue) if cue.kind == "pp" else None
        )
    coordinated = _shared_subject(passage, cue)
    return coordinated or _scanned_left(passage, cue)


def source_after(passage: Passage, cue: Cue) -> Range | None:
    """The inverted subject of a verb (« a déclaré jeudi la préfète »), None where there is none."""
    sentence_end = passage.sentence(cue.at)[1]
    words = passage.words
    for i in range(cue.finite + 1, min(cue.last + 2, sentence_end)):
        if words[i] in SUBJECT_PRONOUNS and words[i].startswith("-"):
            return i, i + 1
    subject = _grammatical_subject(passage, cue)
    if subject is not None and subject >= cue.last and subject < sentence_end:
        start = max(cue.last, passage.edges[subject][0])
        return with_apposition(passage, (start, phrase_end(passage, subject, sentence_end)), sentence_end)
    scanned = _scanned_right(passage, cue.last, sentence_end)
    return with_apposition(passage, scanned, sentence_end) if scanned else None


def agent(passage: Passage, cue: Cue) -> Range | None:
    """Who does the telling in the passive (« est accusé *par le parquet* de… »), None where nobody is named."""
    end = passage.sentence(cue.at)[1]
    for i in range(cue.last, min(cue.last + 8, end)):
        if passage.words[i] == "par" and i + 1 < end:
            return nominal_group(passage, i + 1, end)
        if passage.words[i] in ("que", "qu'", "«", ":", ";") or passage.tags[i] == "VERB":
            return None
    return None


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
        if word in _STOPS and word != "(":
            break
        if word == "(":
            i = next((k for k in range(i, end) if words[k] == ")"), end - 1) + 1
            continue
        if tag in ("VERB", "AUX") and not _is_participle(passage, i):
            break
        if word in ("que", "qu'", "qui", "si", "dont", "où", "mais", "car", "comme", "lorsque", "quand"):
            break
        if tag == "ADP" and word not in _LINKS and word not in ("pour", "sur", "contre", "dans"):
            break
        if word in _DAYS or (
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
        if not (tags[after] in ("PROPN", "NOUN") or of_body) or words[after] in _DAYS:
            break
        stop = after + 1
        while stop < end and words[stop] not in _STOPS and "VerbForm=Fin" not in passage.morphs[stop]:
            if words[stop] in ("qui", "que", "qu'", "dont", "où"):
                break
            stop += 1
        if stop < end and "VerbForm=Fin" in passage.morphs[stop]:
            break
        last = stop
    return first, last


def speaks(passage: Passage, span: Range, language: str, *, documents: bool = True) -> bool:
    """Whether a noun phrase can be the source of a statement: a person, a body, a document, a name or a
    pronoun.
    """
    heads = load_heads(language)
    first, last = span
    for i in range(first, last):
        word, tag = passage.words[i], passage.tags[i]
        if word in SUBJECT_PRONOUNS or word in _OTHER_PRONOUNS:
            return True
        if tag == "PROPN" or (i > first and passage.form(i)[:1].isupper()):
            return True
        if word in heads.person or word in heads.organisation or (documents and word in heads.document):
            return True
        if tag == "NOUN" and word in _COUNTING:
            continue
        if tag == "NOUN" or tag in ("VERB", "AUX"):
            return tag == "NOUN" and (_looks_human(word) or _is_named_after(passage, i, last))
    return False


def quality(passage: Passage, span: Range, language: str) -> SourceQuality:
    """What kind of source the noun phrase `span` is."""
    heads = load_heads(language)
    first, last = span
    words = passage.words[first:last]
    if len(words) == 1 and (words[0] in SUBJECT_PRONOUNS or words[0] in _OTHER_PRONOUNS):
        return "vague_collective" if words[0] in ("on", "-on", "certains", "beaucoup") else "pronoun"
    body = [i for i in range(first, last) if passage.words[i] not in ("le", "la", "les", "l'")]
    names = [i for i in body if passage.tags[i] == "PROPN" or (i > first and passage.form(i)[:1].isupper())]
    common = next(
        (w for w in words if w in heads.person or w in heads.organisation or w in heads.document), ""
    )
    if common in heads.document and not names:
        return "vague_document"
    if names and common not in heads.organisation:
        return "named"
    if common in heads.organisation or names:
        return "institution"
    plural = words[0] in (
        "les",
        "des",
        "de",
        "d'",
        "certains",
        "plusieurs",
        "nombreux",
        "beaucoup",
        "quelques",
        "tous",
        "la plupart",
    )
    return "vague_collective" if plural else "anonymous_described"


def without_preposition(passage: Passage, span: Range) -> Range:
    """`span` without a leading preposition or contracted article (« des services » → « services »)."""
    first, last = span
    while first < last - 1 and (
        passage.words[first] in _CONTRACTED or passage.words[first] in ("de", "d'", "à")
    ):
        first += 1
    return first, last


def _grammatical_subject(passage: Passage, cue: Cue) -> int | None:
    for verb in dict.fromkeys((cue.at, cue.finite)):
        for child in passage.children[verb]:
            if passage.deps[child] in _SUBJECTS and not cue.first <= child < cue.at:
                return child
    return None


def _widened(passage: Passage, subject: int, cue: Cue) -> Range:
    """The whole noun phrase around the subject's head, up to the verb; for « qui » its antecedent."""
    words = passage.words
    if words[subject] == "qui":
        return antecedent(passage, subject) or (subject, subject + 1)
    first, last = passage.edges[subject]
    sentence = passage.sentence(cue.at)
    first, last = max(first, sentence[0]), min(last, cue.first)
    if words[subject] in SUBJECT_PRONOUNS:
        return subject, subject + 1
    first, last = trimmed(passage, first, max(last, subject + 1))
    return _with_enumeration(passage, first, last, sentence[0]), last


def _with_enumeration(passage: Passage, first: int, last: int, start: int) -> int:
    """Where an enumeration begins whose last members are `[first, last)` (« A, *B et C* »)."""
    if "et" not in passage.words[first:last]:
        return first
    while first - 1 > start and passage.words[first - 1] == ",":
        k = first - 2
        while k >= start and passage.tags[k] in _INSIDE and passage.words[k] not in _STOPS:
            k -= 1
        if k + 1 == first - 1 or passage.tags[k + 1] == "ADP" or (k >= start and passage.words[k] != ","):
            break
        first = k + 1
    return first


def antecedent(passage: Passage, relative: int) -> Range | None:
    """The noun phrase that a relative pronoun stands for."""
    words = passage.words
    sentence = passage.sentence(relative)[0]
    end = relative
    coordinated = words[end - 1] in ("et", "mais", "ou")
    while end > sentence and words[end - 1] in (",", "et", "mais", "ou", "(", "–"):
        end -= 1
    if coordinated:
        earlier = next(
            (k for k in range(end - 1, sentence, -1) if words[k] in ("qui", "que", "qu'", "dont", "où")), -1
        )
        if earlier > 0 and words[earlier - 1] == ",":
            return antecedent(passage, earlier)
    if end == sentence:
        return None
    head = next((a for a in passage.ancestors(relative) if passage.deps[a] == "acl:relcl"), None)
    while end > sentence + 1 and words[end - 1].endswith("-même"):
        end -= 1
    noun = passage.heads[head] if head is not None and passage.heads[head] < end else end - 1
    if passage.tags[noun] not in _NOMINAL or noun >= end:
        noun = end - 1
        while noun > sentence and passage.tags[noun] not in _NOMINAL:
            noun -= 1
    first = noun
    while first > sentence and passage.tags[first - 1] in _INSIDE and words[first - 1] not in _STOPS:
        first -= 1
    return trimmed(passage, first, end)


def trimmed(passage: Passage, first: int, last: int) -> Range:
    """`[first, last)` without punctuation, conjunctions and prepositions at its edges."""
    words, tags = passage.words, passage.tags
    while first < last - 1 and (words[first] in _STOPS - {"«"} or tags[first] in ("CCONJ", "ADP", "SCONJ")):
        first += 1
    while last > first + 1 and (words[last - 1] in _STOPS - {")", "»"} or tags[last - 1] in ("CCONJ", "ADP")):
        last -= 1
    return first, last


def _subject_beside(passage: Passage, cue: Cue) -> Range | None:
    """A pronoun right before the verb group, whatever the parser made of it."""
    i = cue.first - 1
    sentence = passage.sentence(cue.at)[0]
    while i > sentence and passage.tags[i] == "ADV":
        i -= 1
    if i < sentence:
        return None
    word = passage.words[i]
    if word in SUBJECT_PRONOUNS:
        return i, i + 1
    if word == "qui":
        return antecedent(passage, i) or (i, i + 1)
    return None


def _controller(passage: Passage, cue: Cue, language: str) -> Range | None:
    """For a participle or infinitive, the subject of the verb it depends on, or the noun it describes."""
    sentence = passage.sentence(cue.at)
    before = cue.first - 1
    if (
        cue.kind == "ppres"
        and before >= sentence[0]
        and passage.tags[before] in ("NOUN", "ADJ", "PROPN")
        and passage.words[before] != "en"
    ):
        noun = before
        while noun > sentence[0] and passage.tags[noun] not in ("NOUN", "PROPN"):
            noun -= 1
        described = trimmed(passage, max(passage.edges[noun][0], sentence[0]), before + 1)
        if speaks(passage, described, language):
            return described
    for above in passage.ancestors(cue.at):
        if not sentence[0] <= above < sentence[1]:
            break
        for child in passage.children[above]:
            if passage.deps[child] in _SUBJECTS and child != cue.at:
                if passage.words[child] == "qui":
                    return antecedent(passage, child) or (child, child + 1)
                first, last = passage.edges[child]
                if first <= cue.at < last:
                    last = cue.first
                return trimmed(passage, first, max(last, child + 1))
        if cue.kind != "inf" and passage.tags[above] in ("NOUN", "PROPN") and above < cue.at:
            return trimmed(passage, passage.edges[above][0], max(above + 1, cue.first))
    return None


def _shared_subject(passage: Passage, cue: Cue) -> Range | None:
    """The subject of the verb this one is coordinated with."""
    node = cue.at if passage.deps[cue.at] in ("conj", "parataxis") else cue.finite
    for _ in range(4):
        if passage.deps[node] not in ("conj", "parataxis") or passage.heads[node] == node:
            return None
        node = passage.heads[node]
        for child in passage.children[node]:
            if passage.deps[child] in _SUBJECTS and child < cue.first:
                if passage.words[child] == "qui":
                    return antecedent(passage, child)
                first, last = passage.edges[child]
                return trimmed(passage, first, last)
    return None


def _scanned_left(passage: Passage, cue: Cue) -> Range | None:
    """The noun phrase before the verb by its words alone, for when the parser has no subject."""
    start = passage.sentence(cue.at)[0]
    words, tags = passage.words, passage.tags
    last = cue.first
    while last > start and (words[last - 1] == "," or tags[last - 1] == "ADV"):
        last -= 1
    first = last
    while (
        first > start
        and words[first - 1] not in _STOPS
        and tags[first - 1] not in ("CCONJ", "SCONJ", "VERB", "AUX")
    ):
        if words[first - 1] in ("qui", "que", "qu'", "dont"):
            break
        first -= 1
    if first == last or tags[first] == "ADP":
        return None
    if not any(tags[i] in _NOMINAL for i in range(first, last)):
        return None
    return trimmed(passage, first, last)


def _scanned_right(passage: Passage, at: int, end: int) -> Range | None:
    """The first noun phrase after a verb that is no date, adverb or complement."""
    words, tags = passage.words, passage.tags
    i = at
    while i < end:
        word, tag = words[i], tags[i]
        if word in _DAYS or tag == "ADV" or word in ("matin", "soir", "midi", "après-midi"):
            i += 1
        elif word in ("le", "ce") and i + 1 < end and (tags[i + 1] == "NUM" or words[i + 1] in _DAYS):
            i += 2
            while i < end and (tags[i] == "NUM" or words[i] in _MONTHS):
                i += 1
        elif tag == "ADP" or word in _CONTRACTED:
            i = after_complement(passage, i, end)
        elif word == ",":
            i += 1
        elif tag in ("DET", "NOUN", "PROPN", "ADJ", "NUM", "X") or passage.form(i)[:1].isupper():
            return nominal_group(passage, i, end)
        elif word in _OTHER_PRONOUNS and word != "qui":
            return i, i + 1
        else:
            return None
    return None


_MONTHS = frozenset(
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


def _is_named_after(passage: Passage, noun: int, last: int) -> bool:
    """Whether a name stands in apposition behind a noun (« un affineur, Denis Loubet »)."""
    commas = [k for k in range(noun, last - 1) if passage.words[k] == ","]
    return any(passage.tags[k + 1] == "PROPN" for k in commas)


def _looks_human(word: str) -> bool:
    return (
        word.rstrip("s").endswith(
            ("iste", "logue", "icien", "icienne", "teur", "trice", "euse", "aire", "iens", "ien")
        )
        and word not in _THINGS
    )


_COUNTING = frozenset(
    [
        "dizaine",
        "dizaines",
        "centaine",
        "centaines",
        "millier",
        "milliers",
        "million",
        "millions",
        "majorité",
        "plupart",
        "part",
        "partie",
        "nombre",
        "ensemble",
        "moitié",
        "tiers",
        "minorité",
        "poignée",
        "totalité",
        "reste",
    ]
)
_THINGS = frozenset(
    [
        "moteur",
        "moteurs",
        "ordinateur",
        "facteur",
        "facteurs",
        "secteur",
        "secteurs",
        "indicateur",
        "indicateurs",
        "compteur",
        "inventaire",
        "salaire",
        "salaires",
        "commentaire",
        "commentaires",
        "horaire",
        "horaires",
        "formulaire",
        "formulaires",
        "itinéraire",
        "anniversaire",
        "affaire",
        "affaires",
        "territoire",
        "liste",
        "piste",
        "affiche",
        "appareil",
        "quotient",
        "entretien",
        "soutien",
        "maintien",
        "bien",
        "biens",
        "lien",
        "liens",
        "réacteur",
        "réacteurs",
    ]
)


def _numbers(nouns: tuple[str, ...]) -> frozenset[str]:
    forms = set()
    for noun in nouns:
        low = noun.lower()
        forms.add(low)
        if not low.endswith(("s", "x", "z")):
            forms.add(low[:-2] + "aux" if low.endswith("al") else low + ("x" if low.endswith("eau") else "s"))
    return frozenset(forms)
