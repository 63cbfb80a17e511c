"""Words of a rich text marked by their offsets: nothing but marks is added, and the HTML stays well formed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

_Range = tuple[int, int]  # token numbers, half-open

CLOSING = "</span>"
_TOKEN = re.compile(r"<[^>]*>|&(?:#\d+;?|#[xX][\da-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)|.", re.DOTALL)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?:\s[^<>]*?)?(?P<void>/?)>", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_PARAGRAPHS = frozenset(("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
_PUNCTUATION = frozenset(".,;:!?…)»”")
_VOID = frozenset(("br", "hr", "img", "embed", "wbr"))


@dataclass(frozen=True)
class Mark:
    """The words `[start, end)` of a paragraph, counted as the manuscript does.

    `opening` is the span's tag where the words begin, `again` where they go on behind other markup; `after`
    is markup that follows them and their punctuation, outside any link.
    """

    paragraph: int
    start: int
    end: int
    opening: str
    again: str
    after: str = ""


def with_marks(html: str, paragraphs: Sequence[str], marks: Sequence[Mark]) -> str:
    """`html` with these marks, if it has exactly these paragraphs and can be marked; else as it is."""
    if not marks:
        return html
    try:
        return _Marked(html, paragraphs).written(marks)
    except _Unmarkable:
        return html


class _Unmarkable(Exception):
    """The markup is not well formed, or the words are others."""


class _Marked:
    def __init__(self, html: str, paragraphs: Sequence[str]) -> None:
        self.tokens: list[str] = _TOKEN.findall(html)
        self.elements: list[_Range] = []
        self.links: list[_Range] = []
        self.places: list[list[int]] = []  # of each paragraph, the token of each of its characters
        self._read()
        if self._texts != list(paragraphs):
            raise _Unmarkable

    def written(self, marks: Sequence[Mark]) -> str:
        """The HTML with the marks: the longest opens first."""
        starts: dict[int, list[tuple[int, str]]] = defaultdict(list)
        ends: dict[int, int] = defaultdict(int)
        behind: dict[int, list[str]] = defaultdict(list)
        taken: list[_Range] = []
        for mark in sorted(marks, key=lambda mark: (mark.paragraph, mark.start, -mark.end)):
            pieces = sorted(self._pieces(mark, taken))
            taken += pieces
            for number, (first, end) in enumerate(pieces):
                starts[first].append((end, mark.again if number else mark.opening))
                ends[end] += 1
            if pieces:
                behind[self._behind(pieces[-1][1])].append(mark.after)
        parts = []
        for place in range(len(self.tokens) + 1):
            parts += [CLOSING] * ends[place] + behind[place]
            parts += [tag for _end, tag in sorted(starts[place], key=lambda start: -start[0])]
            parts += self.tokens[place : place + 1]
        return "".join(parts)

    def _read(self) -> None:
        """Find elements and paragraphs.

        Raises:
            _Unmarkable: a tag has no partner, or is none.
        """
        still_open: list[tuple[str, int]] = []
        characters: list[str] = []
        place: list[int] = []
        self._texts: list[str] = []
        for number, token in enumerate(self.tokens):
            if len(token) == 1 or not token.startswith("<"):
                text = unescape(token)
            else:
                name = self._tag(token, number, still_open)
                text = "\n" if name == "br" else ""
                if name in _PARAGRAPHS and token.startswith("</"):
                    self._end_paragraph(characters, place)
            characters += text
            place += [number] * len(text)
        self._end_paragraph(characters, place)
        if still_open:
            raise _Unmarkable

    def _tag(self, token: str, number: int, still_open: list[tuple[str, int]]) -> str:
        tag = _TAG.fullmatch(token)
        unquoted = _QUOTED.sub("", token)
        if tag is None or '"' in unquoted or "'" in unquoted:
            raise _Unmarkable
        name = tag["name"].lower()
        if tag["void"] or name in _VOID:
            return name
        if not tag["end"]:
            still_open.append((name, number))
            return name
        opened, first = still_open.pop() if still_open else ("", 0)
        if opened != name:
            raise _Unmarkable
        self.elements.append((first, number + 1))
        if name == "a":
            self.links.append((first, number + 1))
        return name

    def _end_paragraph(self, characters: list[str], place: list[int]) -> None:
        text = "".join(characters)
        if text.strip():
            before = len(text) - len(text.lstrip())
            self._texts.append(text.strip())
            self.places.append(place[before : len(text.rstrip())])
        characters.clear()
        place.clear()

    def _pieces(self, mark: Mark, taken: Iterable[_Range]) -> Iterator[_Range]:
        """The tokens of a mark, cut wherever it crosses an element or what is marked already."""
        if not 0 <= mark.start < mark.end <= len(self.places[mark.paragraph]):
            return
        place = self.places[mark.paragraph]
        others = [*self.elements, *taken]
        waiting = [(place[mark.start], place[mark.end - 1] + 1)]
        while waiting:
            first, end = self._trimmed(*waiting.pop())
            if first == end:
                continue
            cut = next(filter(None, (_crossing((first, end), other) for other in others)), 0)
            if cut:
                waiting += [(first, cut), (cut, end)]
            else:
                yield first, end

    def _trimmed(self, first: int, end: int) -> _Range:
        """Without tags and spaces at its edges."""
        while first < end and self._is_bare(first):
            first += 1
        while end > first and self._is_bare(end - 1):
            end -= 1
        return first, end

    def _is_bare(self, place: int) -> bool:
        token = self.tokens[place]
        return token.isspace() or (len(token) > 1 and token.startswith("<"))

    def _behind(self, place: int) -> int:
        """Where something may follow words that end there: behind their punctuation, and outside any link."""
        while place < len(self.tokens) and self.tokens[place] in _PUNCTUATION:
            place += 1
        return next((end for first, end in self.links if first < place < end), place)


def _crossing(one: _Range, other: _Range) -> int:
    """Where `one` must be cut to lie within or around `other`, or apart from it; 0 for nowhere."""
    if other[0] < one[0] < other[1] < one[1]:
        return other[1]
    if one[0] < other[0] < one[1] < other[1]:
        return other[0]
    return 0
