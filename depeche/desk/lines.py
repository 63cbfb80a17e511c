"""Where in a file an article's words stand: lines and columns, as editors count them."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from typing import NamedTuple

from depeche.desk.article import Article
from depeche.desk.spans import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_FIRST_WORD = re.compile(r"\S[\w'’-]{0,11}")
_MOST_MARKUP = 2_000  # characters of markup between two letters, such as the address of a link
_MOST_STARTS = 200


class Place(NamedTuple):
    """A character of a file; both count from 1, `column` in code points."""

    line: int
    column: int


class Lines:
    """The lines of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def place(self, offset: int) -> Place:
        """The line and column of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def around(self, offset: int) -> Span:
        """The offsets of the line that holds `offset`, without its line end."""
        line = bisect_right(self._starts, offset)
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        start = self._starts[line - 1]
        return start, start + len(self.text[start:end].rstrip("\r\n"))


class Whereabouts:
    """Finds an article's spans in the file it was read from.

    A plain text is its file. Markdown and HTML are followed letter by letter through their markup; words
    that cannot be found again there stand where the file begins.
    """

    def __init__(self, article: Article, source: str) -> None:
        self._article = article
        self._source = Lines(source)
        self._is_source = article.source_format == "text"
        self._found: list[list[Span]] = []  # for each zone so far, where each of its characters stands
        self._last = 0

    def span(self, span: Span) -> Span:
        """The offsets in the file of a span of the article."""
        if self._is_source:
            return span
        number = bisect_right([zone.start for zone in self._article.zones], span[0]) - 1
        places = self._places(number) if number >= 0 else []
        if not places:
            return 0, 0
        start = self._article.zones[number].start
        first = min(span[0] - start, len(places) - 1)
        last = min(max(span[1] - 1 - start, first), len(places) - 1)
        return places[first][0], places[last][1]

    def places(self, span: Span) -> tuple[Place, Place]:
        """Where a span of the article begins in the file, and where the first character after it stands."""
        start, end = self.span(span)
        return self._source.place(start), self._source.place(end)

    def _places(self, number: int) -> list[Span]:
        for zone in self._article.zones[len(self._found) : number + 1]:
            places = _followed(self._source.text, zone.text, self._last)
            self._last = places[-1][1] if places else self._last
            self._found.append(places or _followed(self._source.text, zone.text, 0))
        return self._found[number]


def _followed(source: str, words: str, at: int) -> list[Span]:
    """For each character of `words` its place in `source`, from `at` on; empty where they are not there."""
    first = _FIRST_WORD.search(words)
    if not first:
        return []
    word = re.match(r"[\x21-\x25\x27-\x3b\x3d\x3f-\x7e]*", first[0])
    key = word[0] if word else ""
    for _ in range(_MOST_STARTS):
        start = source.find(key, at) if key else at
        if start < 0:
            return []
        places = _walked(source, words[first.start() :], start)
        if places and places[-1][1] - places[0][0] <= 4 * len(words) + _MOST_MARKUP:
            return [places[0]] * first.start() + places
        at = start + 1
    return []


def _walked(source: str, words: str, at: int) -> list[Span]:
    """The place of each character of `words`, markup between them skipped; spaces take no room."""
    places: list[Span] = []
    for character in words:
        if character.isspace():
            places.append((at, at))
            continue
        furthest = at + _MOST_MARKUP
        while (end := _end_of(source, at, character)) < 0:
            if source[at : at + 1] == "<" and (closed := source.find(">", at)) > 0:
                at = closed
            at += 1
            if at >= min(len(source), furthest):
                return []
        places.append((at, end))
        at = end
    return places


def _end_of(source: str, at: int, character: str) -> int:
    """Where `character`, written as itself or as an entity, ends that begins at `at`; -1 where it does not."""
    entity = _ENTITY.match(source, at) if source[at : at + 1] == "&" else None
    if entity and html.unescape(entity[0]) == character:
        return entity.end()
    return at + 1 if source[at : at + 1] == character else -1
