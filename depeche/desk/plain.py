"""Plain text to blocks: which lines belong together, and which of them are list items.

Journalists paste text in two shapes: one line for each paragraph, or lines wrapped at some width. A wrapped
text shows by its lines going on in lower case; only then are lines joined, where the next word would not
have fitted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from depeche.desk.packs import Furniture
from depeche.desk.spans import Block

_LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
_BULLET = re.compile(r"(?:[-•*‣◦▪·][ \t\u00a0\u202f]+|[–—][ \t\u00a0\u202f]+(?=[a-zà-öø-ÿœæ]))(?=.*\w)")
_NUMBER = re.compile(r"\d{1,2}[.)][ \t\u00a0\u202f]+(?=.*[^\W\d])")
_DIALOGUE = re.compile(r"[–—]\s")
_COMPOUND = re.compile(r"[^\W\d]-$")  # « Le Val-de- » goes on in the next line
_WIDEST_WRAP = 120
_GOING_ON = (
    0.35  # share of lines that begin in lower case in wrapped prose; in unwrapped text there are next to none
)
_LOOSE = 0.15
_SHORTEST_BROKEN = 40
_LONGEST_HEADING = 100
_ENDS = (".", "!", "?", "…", ":", ";", "»", "”", '"')


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    indent: int
    after_gap: bool  # blank lines stand before it

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text is wrapped: `width` is 0 where it is not."""

    width: int = 0
    slack: int = 0


def list_item_words(text: str) -> str:
    """`text` on one line, without the dash, dot or number a list item of a plain text begins with."""
    line = " ".join(text.split())
    marker = _BULLET.match(line) or _NUMBER.match(line)
    return line[marker.end() :] if marker else line


def plain_blocks(text: str, furniture: Furniture) -> list[Block]:
    """The blocks of `text`, in order, each with its place; list items are marked, all else is left to be
    judged.
    """
    lines = list(_lines(text))
    wrap = _wrap(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and not _begins_block(groups[-1], line, wrap, furniture):
            groups[-1].append(line)
        else:
            groups.append([line])
    kinds = [_list_kind(group) for group in groups]
    return [
        _block(
            text,
            group,
            kinds[number],
            alone=not any(kinds[max(0, number - 1) : number] + kinds[number + 1 : number + 2]),
        )
        for number, group in enumerate(groups)
    ]


def _lines(text: str) -> Iterator[_Line]:
    at, blank = 0, False
    ends = [*(match.span() for match in _LINE_END.finditer(text)), (len(text), len(text))]
    for end, following in ends:
        raw = text[at:end]
        words = raw.strip()
        if words:
            indent = len(raw) - len(raw.lstrip())
            yield _Line(words, at + indent, indent, blank)
        blank = not words
        at = following


def _wrap(lines: list[_Line]) -> _Wrap:
    pairs = [(a, b) for a, b in pairwise(lines) if not b.after_gap and not _list_kind([b])]
    if not pairs:
        return _Wrap()
    width = max(max(len(a.text), len(b.text)) for a, b in pairs)
    going_on = [(a, b) for a, b in pairs if b.text[0].islower()]
    nearly_full = sum(1 for a, b in going_on if _is_full(a, b, width - round(_LOOSE * width)))
    if width > _WIDEST_WRAP or len(going_on) < _GOING_ON * len(pairs) or nearly_full * 2 < len(going_on):
        return _Wrap()
    full = sum(1 for a, b in pairs if _is_full(a, b, width))
    return _Wrap(width, 0 if full >= 0.6 * len(pairs) else round(_LOOSE * width))


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    return len(line.text) + 1 + len(following.text.split(None, 1)[0]) > width


def _begins_block(group: list[_Line], line: _Line, wrap: _Wrap, furniture: Furniture) -> bool:
    last = group[-1]
    if line.after_gap:
        return True
    if _COMPOUND.search(last.text) and line.text[0].isalpha():
        return False
    ends = last.text.endswith(_ENDS)
    in_list = bool(_list_kind(group))
    full = wrap.width > 0 and _is_full(last, line, wrap.width - wrap.slack)
    if _list_kind([line]) or _DIALOGUE.match(line.text):
        return in_list or ends or not full
    if in_list and line.indent >= 2:
        return False
    if line.text[0].islower():
        broken = wrap.width > 0 or (len(last.text) >= _SHORTEST_BROKEN and not ends)
        return not broken
    if not full:
        return True
    return bool(furniture.reason(line.text) or furniture.reason(" ".join(part.text for part in group[-4:])))


def _list_kind(group: list[_Line]) -> str:
    if _BULLET.match(group[0].text):
        return "unordered"
    return "ordered" if _NUMBER.match(group[0].text) else ""


def _block(text: str, group: list[_Line], list_kind: str, *, alone: bool) -> Block:
    start, end = group[0].start, group[-1].end
    words = text[start:end]
    # A lone numbered line without a full stop is a heading (« 1. Une île coupée »), not a list of one.
    is_heading = (
        list_kind == "ordered"
        and alone
        and len(words) <= _LONGEST_HEADING
        and not words.endswith((*_ENDS, ","))
    )
    if list_kind and not is_heading:
        markup = html.escape(list_item_words(words), quote=False)
        return Block(words, "list_item", markup, list_kind, start=start)
    return Block(words, start=start)
