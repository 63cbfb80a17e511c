"""Figures, names and dates of a headline against those of its text: HED003, and HED001 where the text has
none.
"""

from __future__ import annotations

from itertools import combinations, pairwise

from depeche.desk.figures.quantities import agree
from depeche.desk.headline.gazetteer import places
from depeche.desk.headline.titles import BODY, Title
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding, Quantity, Severity, Span

_LEAST_TELLING = 10
_MOST_ADDENDS = 12
_TELLING_UNITS = frozenset({"", "person", "euro"})

Where = tuple[int, Span]


def figures(title: Title) -> list[Finding]:
    """HED003 for a figure that differs from the text's, HED001 for one the text nowhere gives."""
    stated = [q for q in title.block.quantities if q.unit != "age"]
    if not stated:
        return []
    given = [(number, q) for number, block in title.texts() for q in block.quantities]
    found = []
    for quantity in stated:
        if not any(agree(_range(quantity), _range(other)) for _, other in given):
            found += _differing(title, quantity, given)
    return found if title.is_headline or not found or not _given_elsewhere(title, stated) else []


def _given_elsewhere(title: Title, stated: list[Quantity]) -> bool:
    """Whether the text has the figures of a crosshead under another one: a matter of layout."""
    everywhere = [q for n in title.draft.of_kind(*BODY) for q in title.draft.blocks[n].quantities]
    return all(any(agree(_range(mine), _range(other)) for other in everywhere) for mine in stated)


def _differing(title: Title, quantity: Quantity, given: list[tuple[int, Quantity]]) -> list[Finding]:
    alike = [
        (number, other)
        for number, other in given
        if quantity.entity and (other.unit, other.entity) == (quantity.unit, quantity.entity)
    ]
    telling = quantity.low >= _LEAST_TELLING and not quantity.approximate
    if alike and not _adds_up(quantity, [other for _, other in given if other.unit == quantity.unit]):
        number, other = alike[0]
        severity: Severity = "error" if telling else "warning"
        return [title.differs(quantity.span, severity, (number, other.span))]
    if alike or not telling or not title.is_headline or quantity.unit not in _TELLING_UNITS:
        return []
    if quantity.unit and _adds_up(quantity, [other for _, other in given if other.unit == quantity.unit]):
        return []
    akin = _of_the_same(title, quantity, given)
    if akin:
        return [title.differs(quantity.span, "warning", akin)]
    words = title.passage.text[slice(*quantity.span)]
    span = title.draft.shifted(title.number, quantity.span)
    return [Finding("HED001", "warning", span, values=(("missing", words),))]


def _of_the_same(title: Title, quantity: Quantity, given: list[tuple[int, Quantity]]) -> Where | None:
    """The first figure of the text in a sentence that speaks of what the figure of the title counts."""
    inside = title.passage.tokens_in(quantity.span)
    counted = [i for i in title.content() if i in inside]
    others = [i for i in title.content() if i not in inside]
    for number, other in given:
        token = title.draft.blocks[number].passage.tokens_in(other.span)[0]
        if other.unit in _TELLING_UNITS and title.shared(counted, (number, token)):
            return number, other.span
        same = quantity.unit == other.unit == "euro" and len(others) > 1
        if same and title.shared(others, (number, token)) == len(others):
            return number, other.span
    return None


def _adds_up(quantity: Quantity, others: list[Quantity]) -> bool:
    """Whether the figure is a sum of, or a difference between, figures of the text."""
    values = sorted({other.low for other in others} | {other.high for other in others})[:_MOST_ADDENDS]
    results = [sum(values)]
    results += [sum(pair) for size in (2, 3) for pair in combinations(values, size)]
    results += [b - a for a, b in combinations(values, 2)]
    return any(quantity.low <= value <= quantity.high for value in results)


def _range(quantity: Quantity) -> tuple[float, float]:
    return quantity.low, quantity.high


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
            return [title.differs(passage.span(i - 1 if day else i, i + 1), "error", other)]
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
