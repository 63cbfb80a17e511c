"""What an element of a page says of the text inside: its kind, its marks, and hints by its names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from depeche.desk.html_tokens import HEADINGS, Element
from depeche.desk.inline import BREAK, link_address
from depeche.desk.spans import ZoneKind

MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_HINTS = {
    **dict.fromkeys(
        ("standfirst", "chapo", "chapô", "lede", "lead", "dek", "intro", "description"), "standfirst"
    ),
    **dict.fromkeys(("author", "authors", "auteur", "auteurs", "autrice", "byline", "signature"), "byline"),
    **dict.fromkeys(("date", "datepublished", "datemodified", "pubdate", "timestamp"), "date_line"),
}
LONGEST_HINTED = {"standfirst": 1500, "byline": 150, "date_line": 120}
_NAME_PARTS = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+")
_HOME = re.compile(r"(?:https?://[^/?#]+)?/?(?:index\.(?:html?|php))?|\./", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """What holds for the text directly inside an element; handed down from its ancestors."""

    kind: ZoneKind = "paragraph"
    reason: str = ""
    rank: int = 0
    marks: tuple[str, ...] = ()
    hint: str = ""
    joint: str = ""  # what a boundary of blocks becomes here, where it does not end the block
    inside: bool = True
    dropped: bool = False
    speaks: bool = False
    verbatim: bool = False
    home: bool = False  # in a link to the first page of the site


def placed(element: Element, above: Place) -> Place:
    """The place in a block element that is part of the article's text."""
    tag = element.tag
    if above.kind == "quotation" or (above.joint == " " and tag not in ("td", "th")):
        return above
    if tag in HEADINGS:
        return replace(above, kind="crosshead", rank=int(tag[1]))
    if tag == "blockquote":
        return replace(above, kind="quotation", joint=BREAK, rank=0)
    if tag in ("ul", "ol"):
        return replace(above, reason="ordered" if tag == "ol" else "unordered", rank=0)
    if tag == "li":
        return replace(above, kind="list_item", reason=above.reason or "unordered", rank=0)
    if tag in ("figcaption", "caption"):
        return replace(above, kind="caption", joint="", rank=0)
    if tag == "tr" and not _in_layout(element):
        return replace(above, kind="list_item", reason="unordered", joint=" ")
    return replace(above, verbatim=True) if tag == "pre" else above


def _in_layout(element: Element) -> bool:
    parent = element.parent
    while parent is not None and parent.tag in ("tbody", "thead", "tfoot"):
        parent = parent.parent
    return parent is None or parent.tag != "table" or parent.layout


def marked(above: Place, element: Element) -> Place:
    """The place in an inline element: bold, italic or a link."""
    href = element.attributes.get("href", "").strip()
    if element.tag == "a" and href and _HOME.fullmatch(href):
        above = replace(above, home=True)
    mark = MARKS.get(element.tag) or link_address(element.attributes.get("href", ""))
    linked = any(known not in ("b", "i") for known in above.marks)
    if not mark or mark in above.marks or (element.tag == "a" and linked):
        return above
    return replace(above, marks=(*above.marks, mark))


def hint_of(element: Element, above: Place) -> str:
    """What the page's names for an element say of its text, where it is short enough for them to mean it."""
    names = element.names()
    if not names and element.tag != "time":
        return above.hint
    for name in _NAME_PARTS.findall(names):
        hint = _HINTS.get(name.lower(), "")
        if hint and 0 < element.length <= LONGEST_HINTED[hint]:
            return hint
    joined = [_HINTS.get(name.lower(), "") for name in names.split()]
    hint = next(filter(None, joined), "date_line" if element.tag == "time" else above.hint)
    return hint if not hint or element.length <= LONGEST_HINTED[hint] else above.hint
