"""Where a headline puts the news and where its text does: HED003."""

from __future__ import annotations

from depeche.desk.headline.gazetteer import Place, places
from depeche.desk.headline.titles import Title
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding

_LOCAL = frozenset({"region", "city"})
_LEAD_BLOCKS = 3
_CLOSE = 3
_OPENING = 2


def countries(title: Title) -> list[Finding]:
    """HED003 for a headline that puts the news in one country, its text in another."""
    language = title.draft.language
    named = [
        p for p in places(title.passage, language) if p.kind not in ("demonym", "continent") and p.country
    ]
    if not named or not title.is_headline:
        return []
    text = [(number, place) for number, block in title.texts() for place in places(block.passage, language)]
    for place in named:
        same_words = [p for p in named if (p.first, p.last) == (place.first, place.last)]
        if len(same_words) > 1 or place.country in _home(language):
            continue
        other = _absent(title, place, named, text) or _elsewhere(title, place, text)
        if other:
            number, found = other
            span = title.draft.blocks[number].passage.span(found.first, found.last)
            here = title.passage.span(place.first, place.last)
            return [title.differs(here, "error", (number, span))]
    return []


def _absent(
    title: Title, place: Place, named: list[Place], text: list[tuple[int, Place]]
) -> tuple[int, Place] | None:
    """Where the text begins in another country, and the headline's is in it under no name."""
    language = title.draft.language
    if any(p.country == place.country for _, p in text) or not _is_scene(title.passage, place, language):
        return None
    if title.echoes.of(title.passage, place.last - 1) or _has_unknown_places(title):
        return None
    lead = [number for number, _ in title.texts()][:_LEAD_BLOCKS]
    spared = {p.country for p in named} | {"", *_home(language)}
    for number, other in text:
        passage = title.draft.blocks[number].passage
        if number in lead and other.country not in spared and _is_scene(passage, other, language):
            return number, other
    return None


def _is_scene(passage: Passage, place: Place, language: str) -> bool:
    """Whether something happens in a place, or a country acts: « en Suède », « La Suède expulse… »."""
    if place.kind == "demonym" or passage.words[place.last : place.last + 1] == (":",):
        return False
    if _is_locative(passage, place, frozenset(load_groups(language, "place_words.json")["locative"])):
        return True
    first = passage.sentence(place.first)[0]
    acts = place.kind == "country" and place.first - first < _OPENING
    return acts and passage.deps[place.last - 1] in ("nsubj", "ROOT") and place.first >= first


def _elsewhere(title: Title, place: Place, text: list[tuple[int, Place]]) -> tuple[int, Place] | None:
    """Where the headline's country is, in the text, but the name of a war, and the place named lies in
    another.
    """
    words = load_groups(title.draft.language, "place_words.json")
    conflicts, locative = frozenset(words["conflict_nouns"]), frozenset(words["locative"])
    if not _is_locative(title.passage, place, locative) or _names_conflict(title.passage, place, conflicts):
        return None
    mine = [(n, p) for n, p in text if p.country == place.country]
    blocks = title.draft.blocks
    if not mine or any(not _names_conflict(blocks[n].passage, p, conflicts) for n, p in mine):
        return None
    others = [(n, p) for n, p in text if p.kind in _LOCAL and p.country not in ("", place.country)]
    return others[0] if others else None


def _is_locative(passage: Passage, place: Place, locative: frozenset[str]) -> bool:
    return place.first > 0 and passage.words[place.first - 1] in locative


def _names_conflict(passage: Passage, place: Place, conflicts: frozenset[str]) -> bool:
    return any(word in conflicts for word in passage.words[max(0, place.first - _CLOSE) : place.first])


def _has_unknown_places(title: Title) -> bool:
    """Whether the text locates something in a place that the gazetteer does not have."""
    language = title.draft.language
    locative = frozenset(load_groups(language, "place_words.json")["locative"])
    for _, block in title.texts():
        passage = block.passage
        candidates = [
            i
            for i in range(1, len(passage))
            if passage.words[i - 1] in locative and passage.text[passage.starts[i]].isupper()
        ]
        known = {p.first for p in places(passage, language)} if candidates else set()
        if any(i not in known for i in candidates):
            return True
    return False


def _home(language: str) -> tuple[str, ...]:
    return load_groups(language, "place_words.json").get("home", ())


def directions(title: Title) -> list[Finding]:
    """HED003 for « X du Nord » where the text has « X du Sud » only."""
    wanted = load_groups(title.draft.language, "place_words.json").get("directions", ())
    passage = title.passage
    for i in range(len(passage) - 2):
        direction = _direction(passage, i, wanted)
        if not direction:
            continue
        opposed = []
        for number, at in title.echoes.of(passage, i):
            text = title.draft.blocks[number].passage
            if text.words[at] == passage.words[i] and (there := _direction(text, at, wanted)):
                opposed.append((number, at, there))
        if opposed and all(there != direction for *_, there in opposed):
            number, at, _ = opposed[0]
            span = title.draft.blocks[number].passage.span(at, at + 3)
            return [title.differs(passage.span(i, i + 3), "error", (number, span))]
    return []


def _direction(passage: Passage, i: int, wanted: tuple[str, ...]) -> str:
    """The direction that a name at token `i` carries: « Nord » of « Corée du Nord »."""
    named = (
        i + 2 < len(passage) and passage.form(i)[0].isupper() and passage.words[i + 1] in ("du", "de", "del")
    )
    return passage.words[i + 2] if named and passage.words[i + 2] in wanted else ""


def towns(title: Title) -> list[Finding]:
    """HED003, info, for a town that the text does not name where it names others."""
    language = title.draft.language
    locative = frozenset(load_groups(language, "place_words.json").get("locative", ()))
    if not title.is_headline:
        return []
    for place in places(title.passage, language):
        if place.kind != "city" or not _is_locative(title.passage, place, locative):
            continue
        if title.echoes.of(title.passage, place.last - 1):
            continue
        for number, block in title.texts():
            for other in places(block.passage, language):
                near = other.country == place.country and other.kind == "city"
                if near and _is_locative(block.passage, other, locative):
                    span = block.passage.span(other.first, other.last)
                    here = title.passage.span(place.first, place.last)
                    return [title.differs(here, "info", (number, span))]
    return []
