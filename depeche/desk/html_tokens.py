"""HTML to a well-nested stream of elements and text, in time that grows with the length of the source and
no faster.

Why not the parsers at hand: on hostile input both html5ever (nested or unclosed tags) and the standard
library's `html.parser` (unclosed tags and comments) take time that grows with the square of the length,
minutes for 2 MB. This one knows what is needed to find the words of an article, and follows browsers where
that decides what is text.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_MAX_DEPTH = 200  # browsers stop at 512, news pages use some 40; what is deeper keeps its text
_MAX_ATTRIBUTE = 2_000
_KEPT_ATTRIBUTES = frozenset(
    {
        "class",
        "id",
        "itemprop",
        "rel",
        "href",
        "src",
        "alt",
        "lang",
        "role",
        "hidden",
        "property",
        "name",
        "content",
    }
)
VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SECTIONS = {
    "article",
    "aside",
    "body",
    "footer",
    "head",
    "header",
    "hgroup",
    "html",
    "main",
    "nav",
    "section",
}
_TABLE = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_LISTS = {"dd", "dir", "dl", "dt", "li", "menu", "ol", "ul"}
_CONTROLS = {"button", "dialog", "fieldset", "form", "legend", "option", "select"}
_FLOW = {
    "address",
    "blockquote",
    "center",
    "details",
    "div",
    "figcaption",
    "figure",
    "hr",
    "p",
    "pre",
    "summary",
}
BLOCKS = frozenset(HEADINGS | _SECTIONS | _TABLE | _LISTS | _CONTROLS | _FLOW)
_NOT_P = BLOCKS - {"p"}
_LAYOUT_SIGNS = HEADINGS | {"ul", "ol", "blockquote", "article", "figure", "table"}
_LONG_FOR_A_CELL = 300
# An open element that a new one ends, and the elements that keep it out of reach.
_ENDED_BY_SIBLING = {
    "li": ({"li"}, {"ul", "ol", "menu", "dir"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr"}, {"table"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
    "option": ({"option"}, {"select"}),
}
_MARKUP = re.compile(r"<[a-zA-Z/!?]")  # any other < is text
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?""")
_COMMENT_END = re.compile("--!?>")
_TAG_END = re.compile(r"[\s/]*+>")
_NEVER_SHOWN = dict.fromkeys((*range(9), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0)))
_LONG_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page; `length` counts the characters of text inside, `layout` is true of a table that
    has blocks.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: Element | None = None
    length: int = 0
    layout: bool = False

    def names(self) -> str:
        """What the page calls the element (class, itemprop and rel), for hints."""
        return " ".join(filter(None, map(self.attributes.get, ("class", "itemprop", "rel"))))


class Event(NamedTuple):
    """Text (`text` is not ""), or the start (`opens`) or end of `element`."""

    element: Element
    opens: bool = False
    text: str = ""


def plain_text(markup: str) -> str:
    """`markup` with its character references resolved, those of control characters to nothing."""
    if "&" not in markup:
        return markup
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", markup)).translate(_NEVER_SHOWN)


def html_events(source: str) -> list[Event]:
    """The elements and texts of a page in order, every element closed, whatever the page forgot; comments
    are gone.
    """
    nest = _Nest()
    for closing, tag, attributes, text in _tokens(source):
        if not tag:
            nest.text(text)
        elif closing:
            nest.close(tag)
        else:
            nest.open(tag, attributes)
    nest.close_down_to(1)
    return nest.events


def _tokens(source: str) -> Iterator[tuple[bool, str, dict[str, str], str]]:
    """(is an end tag, tag, attributes, "") or (False, "", {}, text)."""
    at, missing = 0, set[str]()
    while at < len(source):
        markup = _MARKUP.search(source, at)
        opening = markup.start() if markup else len(source)
        if opening > at:
            yield False, "", {}, source[at:opening]
        tag = _TAG.match(source, opening)
        if tag is None:
            at = _after_non_tag(source, opening)
            continue
        name = tag[2].lower()
        attributes, at = _attributes(source, tag.end())
        if at < 0:
            return  # the page ends inside a tag: browsers drop the tag too
        yield bool(tag[1]), name, attributes, ""
        if name in _RAW and not tag[1] and name not in missing:
            end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
            if end is None and name in ("script", "style"):
                return
            if end is None:
                missing.add(name)
                continue
            if end.start() > at:
                yield False, "", {}, source[at : end.start()]
            at = end.start()


def _after_non_tag(source: str, at: int) -> int:
    """Where the comment, declaration or instruction at `at` ends."""
    if source.startswith("<!--", at):
        comment_end = _COMMENT_END.search(source, at + 2)
        return comment_end.end() if comment_end else len(source)
    end = source.find(">", at)
    return len(source) if end < 0 else end + 1


def _attributes(source: str, at: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while True:
        end = _TAG_END.match(source, at)
        if end:
            return found, end.end()
        attribute = _ATTRIBUTE.match(source, at)
        if attribute is None:
            return found, -1
        at = attribute.end()
        name = attribute[1].lower() if len(attribute[1]) < 20 else ""
        if name in _KEPT_ATTRIBUTES and name not in found:
            value = attribute[2] or ""
            value = value[1:-1] if value[:1] in ("'", '"') and value[-1:] == value[:1] else value
            found[name] = plain_text(value) if len(value) <= _MAX_ATTRIBUTE else ""


class _Nest:
    """The open elements, and the events they gave so far."""

    def __init__(self) -> None:
        self.stack = [Element("#page")]
        self.events: list[Event] = []
        self.open_tags: Counter[str] = Counter()
        self.tables: list[Element] = []
        self.ignored: Counter[str] = Counter()

    def text(self, markup: str) -> None:
        element = self.stack[-1]
        text = markup if element.tag in ("script", "style") else plain_text(markup)
        if text:
            element.length += len(text) if not text.isspace() else 0
            self.events.append(Event(element, text=text))

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in BLOCKS and self.open_tags["p"]:
            self._end({"p"}, _NOT_P)
        if tag in _ENDED_BY_SIBLING:
            self._end(*_ENDED_BY_SIBLING[tag])
        if tag in _LAYOUT_SIGNS and self.tables:
            self.tables[-1].layout = True
        element = Element(tag, attributes, self.stack[-1])
        if tag not in VOID and len(self.stack) >= _MAX_DEPTH:
            self.ignored[tag] += 1
            return
        self.events.append(Event(element, opens=True))
        if tag in VOID:
            self.events.append(Event(element))
        else:
            self.stack.append(element)
            self.open_tags[tag] += 1
            if tag == "table":
                self.tables.append(element)

    def close(self, tag: str) -> None:
        if self.ignored[tag]:
            self.ignored[tag] -= 1
            return
        if self.open_tags[tag]:
            depth = len(self.stack) - 1
            while self.stack[depth].tag != tag:
                depth -= 1
            self.close_down_to(depth)
        elif tag == "br":  # browsers make a line break of </br>
            self.open(tag, {})

    def close_down_to(self, depth: int) -> None:
        while len(self.stack) > depth:
            element = self.stack.pop()
            self.stack[-1].length += element.length
            self.open_tags[element.tag] -= 1
            if element.tag == "table":
                self.tables.pop()
            if self.tables and element.tag in ("p", "td", "th") and element.length > _LONG_FOR_A_CELL:
                self.tables[-1].layout = True
            self.events.append(Event(element))

    def _end(self, tags: set[str], barriers: frozenset[str] | set[str]) -> None:
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].tag in tags:
                self.close_down_to(depth)
                return
            if self.stack[depth].tag in barriers:
                return
