"""Whether a noun phrase can speak, and what kind of source it is."""

from __future__ import annotations

from depeche.desk.attribution.phrases import OTHER_PRONOUNS, SUBJECT_PRONOUNS, Range
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.spans import SourceQuality

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


_RELATIVES = frozenset({"qui", "que", "qu'", "dont", "où", "lequel", "laquelle", "lesquels", "lesquelles"})


def speaks(passage: Passage, span: Range, language: str, *, documents: bool = True) -> bool:
    """Whether a noun phrase can be the source of a statement: a person, a body, a document, a name or a
    pronoun.
    """
    heads = load_heads(language)
    first, last = span
    if passage.words[first] in ("cela", "ça", "ceci", "ce", "c'"):
        return last - first > 1 and speaks(passage, (first + 1, last), language, documents=documents)
    for i in range(first, last):
        word, tag = passage.words[i], passage.tags[i]
        if word in SUBJECT_PRONOUNS or word in OTHER_PRONOUNS:
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


def is_clause(passage: Passage, span: Range) -> bool:
    """Whether there is a finite verb in it that no relative pronoun brings along."""
    for i in range(*span):
        if passage.words[i] in _RELATIVES:
            return False
        if "VerbForm=Fin" in passage.morphs[i] and passage.tags[i] in ("VERB", "AUX"):
            return True
    return False


def quality(passage: Passage, span: Range, language: str) -> SourceQuality:
    """What kind of source the noun phrase `span` is."""
    heads = load_heads(language)
    first, last = span
    words = passage.words[first:last]
    if len(words) == 1 and (words[0] in SUBJECT_PRONOUNS or words[0] in OTHER_PRONOUNS):
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
    if common in heads.organisation or names or _holds_office(passage, span, language):
        return "institution"
    plural = bool(words) and words[0] in (
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


def _holds_office(passage: Passage, span: Range, language: str) -> bool:
    """Whether the phrase is definite and names one position (« le directeur de l'hôpital »)."""
    first, last = span
    if passage.words[first] not in ("le", "la", "l'"):
        return False
    office = load_heads(language).office
    return any(passage.words[i] in office for i in range(first + 1, min(last, first + 4)))


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
