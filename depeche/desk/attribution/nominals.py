"""« La déclaration du porte-parole », « l’annonce que P », « la promesse de P »."""

from __future__ import annotations

from functools import cache

from depeche.desk.attribution.clauses import sentence_end
from depeche.desk.attribution.objects import object_end
from depeche.desk.attribution.phrases import Range, nominal_group
from depeche.desk.attribution.speakers import quality, speaks
from depeche.desk.attribution.spoken import quotes_in
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution


@cache
def _nouns(language: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    for family, nouns in load_groups(language, "nominal_cues.json").items():
        for noun in nouns:
            forms[noun] = family
            forms[noun + ("" if noun.endswith(("s", "x")) else "s")] = family
    return forms


def nominal(passage: Passage, language: str) -> list[tuple[Attribution, Range]]:
    """« la déclaration du porte-parole », « l'annonce que P », « la promesse de P »."""
    nouns = _nouns(language)
    found = []
    for i, word in enumerate(passage.words):
        family = nouns.get(word)
        if family is None or passage.tags[i] not in ("NOUN", "X"):
            continue
        if word == "opinion" and passage.words[i + 1 : i + 2] == ("publique",):
            continue
        if word == "propos" and i and passage.words[i - 1] == "à":
            continue
        end = sentence_end(passage, i)
        source, content = _noun_complements(passage, i, end, language)
        before = passage.words[i - 1] if i else ""
        if source is None and before in _POSSESSIVES and family != "neutral":
            source = i - 1, i
        if source is None and not content and not _is_taken_up(passage, i, family):
            continue
        attribution = Attribution(
            type="nominal",
            source=passage.span(*source) if source else None,
            cue=passage.span(i, i + 1),
            content=tuple(passage.span(*span) for span in content),
            quality=quality(passage, source, language) if source else "none",
            stance=family,
            lemma=word,
            quotes=quotes_in(passage, content),
        )
        found.append((attribution, (i, i + 1)))
    return found


_POSSESSIVES = frozenset(
    [
        "ma",
        "ta",
        "sa",
        "mes",
        "tes",
        "ses",
        "notre",
        "votre",
        "nos",
        "vos",
        "leur",
        "leurs",
        "mon",
        "ton",
        "son",
    ]
)
_TAKING_UP = frozenset(["les", "ces", "aux", "des", "mêmes", "cette", "plusieurs"])


def _is_taken_up(passage: Passage, noun: int, family: str) -> bool:
    """« ces accusations », « les critiques »: what was said is only referred to, and nobody is named."""
    before = passage.words[noun - 1] if noun else ""
    plural = passage.words[noun].endswith("s")
    return family == "accusation_criticism" and plural and before in _TAKING_UP


def _noun_complements(
    passage: Passage, noun: int, end: int, language: str
) -> tuple[Range | None, tuple[Range, ...]]:
    words = passage.words
    source: Range | None = None
    i = noun + 1
    while i < end and passage.tags[i] == "ADJ":
        i += 1
    if i < end and words[i] in ("de", "du", "des", "d'"):
        start = i if words[i] in ("du", "des") else i + 1
        group = nominal_group(passage, i + 1, end)
        if group is not None and speaks(passage, group, language, documents=False):
            past = next((k for k in range(*group) if words[k] in ("sur", "contre", "pour", "dans")), group[1])
            source = (start + 1 if words[i] in ("du", "des") else start), past
            i = past
    if source is not None and words[i : i + 1] == (":",) and i + 1 < end:
        return source, ((i + 1, end),)
    if i < end and words[i] in ("que", "qu'", "selon") and passage.tags[i] == "SCONJ":
        return source, ((i + 1, end),)
    owned = noun > 0 and words[noun - 1] in _POSSESSIVES
    if (
        (source is not None or owned)
        and i < end
        and words[i] in ("de", "d'")
        and i + 1 < end
        and "VerbForm=Inf" in passage.morphs[i + 1]
    ):
        return source, ((i + 1, object_end(passage, i + 1, end)),)
    return source, ()
