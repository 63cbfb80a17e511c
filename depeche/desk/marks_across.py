"""Quotation marks over the paragraphs of an article: a quotation may go on from one to the next."""

from __future__ import annotations

import re
from dataclasses import replace

from depeche.desk.draft import Draft
from depeche.desk.marks import Marks, marks_of
from depeche.desk.spans import Finding

QUOTING_MARKS = '«»"“”„‹›'

_CLOSING = "»”›"
_BODY = ("standfirst", "paragraph", "list_item", "quotation")
_TITLES = ("headline", "crosshead", "caption")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")
_FURTHEST_END = 5


def unbalanced(draft: Draft) -> list[Finding]:
    """QUO002 for every mark that nothing closes or nothing opened, in offsets of the article."""
    found: list[Finding] = []
    excerpt = not draft.of_kind("headline")  # may begin and end within a quotation
    carried: tuple[int, int] | None = None
    silent = 0
    for number, block in enumerate(draft.blocks):
        text, kind = block.passage.text, block.passage.kind
        if kind not in _BODY and kind not in _TITLES:
            continue
        marked = any(mark in text for mark in QUOTING_MARKS)
        if not marked:
            silent += kind in _BODY
            continue
        marks = marks_of(text)
        if excerpt and number == 0 and marks.unopened:
            marks = replace(marks, unopened=marks.unopened[1:])
        if kind not in _BODY:
            found += [_open(draft, number, at) for at in marks.unclosed]
            found += [_ended(draft, number, at) for at in marks.unopened]
            continue
        carried = _carry(draft, number, marks, (carried, silent), found)
        silent = 0
    if carried and not excerpt:
        found.append(_open(draft, *carried))
    return found


def _carry(
    draft: Draft, number: int, marks: Marks, before: tuple[tuple[int, int] | None, int], found: list[Finding]
) -> tuple[int, int] | None:
    """The place of a mark that block `number` leaves open for the next; what is wrong goes into `found`."""
    carried, silent = before
    first_sign = draft.blocks[number].passage.text.lstrip()[:1]
    unopened, unclosed = list(marks.unopened), list(marks.unclosed)
    if carried:
        repeated = first_sign in _CLOSING and bool(unopened)
        if repeated:
            unopened.pop(0)
        if unopened:
            unopened.pop(0)
            carried = None if silent <= _FURTHEST_END else carried
        elif repeated:
            return carried
        elif first_sign in QUOTING_MARKS and not silent:
            carried = None
        if carried:
            found.append(_open(draft, *carried))
    found += [_ended(draft, number, at) for at in unopened]
    found += [_open(draft, number, at) for at in unclosed[:-1]]
    return (number, unclosed[-1]) if unclosed else None


def _open(draft: Draft, number: int, at: int) -> Finding:
    text = draft.blocks[number].passage.text
    end = _SENTENCE_END.search(text, at)
    return Finding("QUO002", "error", draft.shifted(number, (at, end.end() if end else len(text.rstrip()))))


def _ended(draft: Draft, number: int, at: int) -> Finding:
    text = draft.blocks[number].passage.text
    starts = [match.end() for match in _SENTENCE_END.finditer(text, 0, max(0, at - 2))]
    start = starts[-1] if starts else 0
    start += len(text[start:at]) - len(text[start:at].lstrip())
    return Finding("QUO002", "error", draft.shifted(number, (start, at + 1)))
