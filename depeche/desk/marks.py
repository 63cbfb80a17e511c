"""Quotation marks as they were typed: which of them are pairs, and which are mixed or alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from depeche.desk.spans import Span

_MARKS = re.compile('[«»‹›“”„"＂]')
_PAIRS = {"«": "»", "‹": "›", "“": "”", '"': '"'}
_OPENER = {closing: opening for opening, closing in _PAIRS.items()}
_BEFORE_OPENING = "([{«‹“'’–—-/"


@dataclass(slots=True)
class Marks:
    """The quotation marks of a text: `mixed` spans open with one style and close with another, or hold an
    inner quotation that never closes; `unclosed` and `unopened` are the places of single marks.
    """

    mixed: list[Span] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    unopened: list[int] = field(default_factory=list)


def marks_of(text: str) -> Marks:
    """The quotation marks in `text` that do not make pairs."""
    found = Marks()
    open_marks: list[tuple[str, int]] = []
    places = [match.start() for match in _MARKS.finditer(text)]
    left = sum(text[at] in '"＂' for at in places)
    for at in places:
        sign = _sign(text, at, open_marks)
        if sign == '"':
            left -= 1
            sign = _straight(text, at, open_marks, left)
        if sign in _PAIRS:
            open_marks.append((sign, at))
        elif sign:
            _close(found, open_marks, sign, at)
    found.unclosed = [at for _, at in open_marks]
    return found


def _sign(text: str, at: int, open_marks: list[tuple[str, int]]) -> str:
    """The mark at `at`: an opening sign, a closing sign, or \" for a straight one."""
    sign = text[at]
    if sign == "„":
        return "“"
    if sign == "＂":
        return '"'
    curly_open = any(opening == "“" for opening, _ in open_marks)
    if sign == "“" and curly_open and not _led_by_space(text, at):
        return "”"
    if sign == "”" and not curly_open and _led_by_space(text, at) and _followed_by_word(text, at):
        return "“"
    return sign


def _straight(text: str, at: int, open_marks: list[tuple[str, int]], left: int) -> str:
    """What a straight mark does: \" opens, ' closes its like, ” closes another style, nothing is no mark."""
    if any(opening == '"' for opening, _ in open_marks):
        return "'"
    if at and text[at - 1].isdigit() and not open_marks:
        return ""
    led, followed = _led_by_space(text, at), _followed_by_word(text, at)
    if led and (followed or not open_marks or left % 2):
        return '"'
    return "'" if open_marks or not followed else '"'


def _close(found: Marks, open_marks: list[tuple[str, int]], sign: str, at: int) -> None:
    opening = '"' if sign == "'" else _OPENER[sign]
    if not open_marks:
        found.unopened.append(at)
        return
    if not any(style == opening for style, _ in open_marks):
        found.mixed.append((open_marks.pop()[1], at + 1))
        return
    while open_marks[-1][0] != opening:
        found.mixed.append((open_marks.pop()[1], at + 1))
    open_marks.pop()


def _led_by_space(text: str, at: int) -> bool:
    return at == 0 or text[at - 1].isspace() or text[at - 1] in _BEFORE_OPENING


def _followed_by_word(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    return after.isalnum() or after in ("[", "(", "…", "«", "“", "‹")
