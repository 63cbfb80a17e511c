"""Figures, places, names and dates of a headline against those of its text: HED003, and HED001 where the
text has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from depeche.desk.gazetteer import Place, places
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.quantities import agree
from depeche.desk.spans import Finding, Quantity, Severity, Span
from depeche.desk.titles import Title

_LEAST_TELLING = 10
_MOST_ADDENDS = 12
_UNTELLING = frozenset({"%", "day", "week", "month", "year", "hour", "minute", "second"})
_LOCAL = frozenset({"region", "city"})
_LEAD_BLOCKS = 3
_CLOSE = 3
_OPENING = 2

Where = tuple[int, Span]


def figures(title: Title) -> list[Finding]:
    """HED003 for a figure that differs from the text's, HED001 for one the text nowhere gives."""
    stated = [q for q in title.block.quantities if q.unit != "age"]
    if not stated:
        return []
    given = [(number, q) for number, block in title.texts() for q in block.quantities]
    if not title.is_headline:
        everywhere = [q for block in title.draft.blocks if block is not title.block for q in block.quantities]
        given += [(title.number, q) for q in everywhere if _agrees(q, stated)]
    found = []
    for quantity in stated:
        if not any(agree(_range(quantity), _range(other)) for _, other in given):
            found += _differing(title, quantity, given)
    return found


def _agrees(quantity: Quantity, others: list[Quantity]) -> bool:
    return any(agree(_range(quantity), _range(other)) for other in others)


def _differing(title: Title, quantity: Quantity, given: list[tuple[int, Quantity]]) -> list[Finding]:
    alike = [
        (number, other)
        for number, other in given
        if quantity.entity and (other.unit, other.entity) == (quantity.unit, quantity.entity)
    ]
    telling = quantity.low >= _LEAST_TELLING and not quantity.approximate
    if alike and not _adds_up(quantity, [other for _, other in alike]):
        number, other = alike[0]
        severity: Severity = "error" if telling else "warning"
        return [_other(title, quantity.span, severity, (number, other.span))]
    if alike or not telling or not title.is_headline or quantity.unit in _UNTELLING:
        return []
    words = title.passage.text[slice(*quantity.span)]
    span = title.draft.shifted(title.number, quantity.span)
    return [Finding("HED001", "warning", span, values=(("missing", words),))]


def _adds_up(quantity: Quantity, others: list[Quantity]) -> bool:
    """Whether the figure is a sum of, or a difference between, figures of the text."""
    values = sorted({other.low for other in others} | {other.high for other in others})[:_MOST_ADDENDS]
    results = [sum(values)]
    results += [sum(pair) for size in (2, 3) for pair in combinations(values, size)]
    results += [b - a for a, b in combinations(values, 2)]
    return any(quantity.low <= value <= quantity.high for value in results)


def _range(quantity: Quantity) -> tuple[float, float]:
    return quantity.low, quantity.high


# Places


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
            return [_other(title, here, "error", (number, span))]
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
            return [_other(title, passage.span(i, i + 3), "error", (number, span))]
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
                    return [_other(title, here, "info", (number, span))]
    return []


# Names and dates


def persons(title: Title) -> list[Finding]:
    """HED001 for somebody of whom neither first nor last name is in the text, though it names others."""
    passage = title.passage
    content = title.content()
    capitals = [i for i in content if passage.form(i)[0].isupper()]
    if not title.is_headline or len(capitals) * 2 > len(content) + 2:
        return []
    known = {i for p in places(passage, title.draft.language) for i in range(p.first, p.last)}
    for first, second in pairwise(capitals):
        both = (first, second)
        opens = first == 0 or passage.words[first - 1] == ":"
        if second != first + 1 or opens or known.intersection(both) or any(passage.quoted[i] for i in both):
            continue
        plain = all(passage.form(i)[1:].islower() and passage.tags[i] == "PROPN" for i in both)
        if plain and not any(_echoed_name(title, i) for i in both):
            words = passage.text[slice(*passage.span(first, second + 1))]
            severity: Severity = "error" if _names_others(title) else "warning"
            return [Finding("HED001", severity, title.span(first, second + 1), values=(("missing", words),))]
    return []


def _names_others(title: Title) -> bool:
    """Whether the text names somebody by first and last name."""
    return any(
        passage.tags[i] == passage.tags[i + 1] == "PROPN"
        and passage.form(i).istitle()
        and passage.form(i + 1).istitle()
        for passage in (block.passage for _, block in title.texts())
        for i in range(len(passage) - 1)
    )


def _echoed_name(title: Title, i: int) -> bool:
    word = title.passage.words[i]
    if title.echoes.of(title.passage, i):
        return True
    return any(word in block.passage.text.lower() for _, block in title.texts())


def dates(title: Title) -> list[Finding]:
    """HED003 for a month or day of the month other than the text gives for the same thing."""
    months = load_groups(title.draft.language, "headline_words.json").get("months", ())
    passage = title.passage
    for i in range(1, len(passage)):
        if passage.words[i] not in months:
            continue
        day = passage.words[i - 1] if passage.words[i - 1].isdigit() else ""
        other = _other_date(title, i, day, months)
        if other:
            return [_other(title, passage.span(i - 1 if day else i, i + 1), "error", other)]
    return []


def _other_date(title: Title, at: int, day: str, months: tuple[str, ...]) -> Where | None:
    month = title.passage.words[at]
    dated = [
        (number, i)
        for number, block in title.texts()
        for i, word in enumerate(block.passage.words)
        if word in months and i > 0
    ]
    blocks = title.draft.blocks
    if any(_same_date((blocks[n].passage, i), month, day) for n, i in dated):
        return None
    content = [i for i in title.content() if i != at]
    for number, i in dated:
        passage = blocks[number].passage
        before = passage.words[i - 1]
        alike = before.isdigit() if day else before in ("en", "début", "fin")
        if alike and title.shared(content, (number, i)) > 1 and (day == "" or passage.words[i] == month):
            return number, passage.span(i - 1 if day else i, i + 1)
    return None


def _same_date(place: tuple[Passage, int], month: str, day: str) -> bool:
    passage, i = place
    return passage.words[i] == month and (not day or passage.words[i - 1] == day)


def _other(title: Title, span: Span, severity: Severity, where: Where) -> Finding:
    number, there = where
    return Finding(
        "HED003",
        severity,
        title.draft.shifted(title.number, span),
        related=(title.draft.shifted(number, there),),
        values=(("other", title.draft.blocks[number].passage.text[slice(*there)]),),
    )


def differing(title: Title) -> Iterator[Finding]:
    """All of these."""
    for rule in (figures, countries, directions, towns, persons, dates):
        yield from rule(title)
