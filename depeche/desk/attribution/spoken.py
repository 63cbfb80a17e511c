"""Spans of what is said, trimmed, and the quotations in them."""

from __future__ import annotations

from depeche.desk.attribution.phrases import Range
from depeche.desk.passage import Passage
from depeche.desk.spans import Span


def tight(passage: Passage, span: Range) -> Range:
    """`span` without commas and stops at its edges."""
    first, last = span
    while first < last - 1 and passage.words[first] in (",", ":", ";", "–", "—"):
        first += 1
    while last > first + 1 and passage.words[last - 1] in (",", ":", ";", "–", "—"):
        last -= 1
    return first, last


def quotes_in(passage: Passage, content: tuple[Range, ...]) -> tuple[Span, ...]:
    return tuple(
        passage.span(q.first, q.last)
        for q in passage.quotations
        if any(first <= q.first and q.last <= last for first, last in content)
    )
