"""A page of HTML to pieces: what each text is, as far as the markup says, in or outside of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from depeche.desk.html_tokens import BLOCKS, HEADINGS, Element, Event
from depeche.desk.inline import BREAK, CELL_GAP, Run, inline, link_address
from depeche.desk.spans import Block, ZoneKind

_CODE = {"script", "style", "template", "noscript", "noembed", "noframes", "title"}
_DRAWN_OR_PLAYED = {"svg", "math", "object", "applet", "embed", "iframe", "canvas", "audio", "video"}
_DROPPED = frozenset(_CODE | _DRAWN_OR_PLAYED | {"select", "datalist", "textarea"})
_BESIDE_THE_ARTICLE = frozenset({"nav", "footer", "aside", "form", "button", "menu", "dialog"})
_ROLES_BESIDE = frozenset({"navigation", "contentinfo", "complementary", "search", "dialog"})
_MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_HINTS = {
    **dict.fromkeys(
        ("standfirst", "chapo", "chapô", "lede", "lead", "dek", "intro", "description"), "standfirst"
    ),
    **dict.fromkeys(("author", "authors", "auteur", "auteurs", "autrice", "byline", "signature"), "byline"),
    **dict.fromkeys(("date", "datepublished", "datemodified", "pubdate", "timestamp"), "date_line"),
}
_LONGEST_HINTED = {"standfirst": 1500, "byline": 150, "date_line": 120}
_NAME_PARTS = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+")
_LONGEST_IMAGE = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, whether it stands in the article, and its rank where it is a heading (1 to 6, else 0)."""

    block: Block
    inside: bool
    rank: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
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


def page_pieces(events: list[Event], article: Element | None) -> list[Piece]:
    """The pieces of a page in order; what is not in `article` (`None`: the whole page) is furniture."""
    if not events:
        return []
    page = events[0].element.parent or events[0].element
    reader = _Reader(article, (article or page).length)
    for event in events:
        if event.text:
            reader.text(event.text)
        elif event.opens:
            reader.enter(event.element)
        else:
            reader.leave(event.element)
    reader.flush()
    return reader.pieces


class _Reader:
    """Gathers runs of text until a block ends."""

    def __init__(self, article: Element | None, length: int) -> None:
        self.article = article
        self.longest_card = length * 3 // 10
        self.pieces: list[Piece] = []
        self.places = [_Place(inside=article is None)]
        self.runs: list[Run] = []
        self.has_words = False
        self.of = self.places[0]  # the place where the words gathered so far began
        self.gap = ""
        self.images: list[Piece] = []
        self.spoken: list[Run] = []
        self.figures: list[int] = []
        self.last_quotation = -1

    def text(self, text: str) -> None:
        place = self.places[-1]
        if place.dropped:
            return
        run = Run(text, place.marks, place.hint, place.verbatim)
        if place.speaks:
            self.spoken.append(run)
            return
        if not text.isspace():
            if not self.has_words:
                self.of, self.has_words, self.runs = place, True, []
            elif self.gap:
                self.runs.append(Run(self.gap, verbatim=self.gap == BREAK))
            self.gap = ""
        self.runs.append(run)

    def enter(self, element: Element) -> None:
        above, tag = self.places[-1], element.tag
        if tag in ("br", "hr"):
            self._break(above, tag)
            return
        if tag == "img":
            self._image(element, above)
            return
        if tag in BLOCKS:
            self._boundary(above)
        place = self._place_in(element, above)
        if tag in ("td", "th") and place.joint and self.has_words:
            self.gap = CELL_GAP
        if tag == "figure":
            self.figures.append(len(self.pieces))
        self.places.append(place)

    def leave(self, element: Element) -> None:
        tag = element.tag
        if tag in ("br", "hr", "img"):
            return
        place = self.places.pop()
        if tag in BLOCKS and not place.speaks:
            self._boundary(place if self.places[-1].joint else self.places[-1])
            if not self.places[-1].joint:
                self.flush()
        if tag == "figure" and self.figures:
            self.figures.pop()
        if self.spoken and not self.places[-1].speaks and self.places[-1].kind != "quotation":
            self._attribute_last_quotation()

    def flush(self) -> None:
        """Ends the block that is being gathered."""
        if self.has_words:
            words = inline(self.runs)
            if words.text:
                self.pieces.append(self._piece(words.text, words.html))
            if self.pieces and self.pieces[-1].block.kind == "quotation":
                self.last_quotation = len(self.pieces) - 1
            if self.of.kind == "quotation" and self.spoken:
                self._attribute_last_quotation()
            self.runs, self.has_words, self.gap = [], False, ""
        if self.images:
            self.pieces += self.images
            self.images = []

    def _boundary(self, place: _Place) -> None:
        if not place.joint:
            self.flush()
        elif self.has_words and self.gap != CELL_GAP:
            self.gap = place.joint

    def _break(self, place: _Place, tag: str) -> None:
        if place.dropped or place.speaks:
            return
        if place.joint == " " and tag == "br":
            self.runs.append(Run(" "))
        elif tag == "hr":
            self._boundary(place)
        elif self.has_words:
            told = (run.text for run in reversed(self.runs) if not run.text.isspace() or run.text == BREAK)
            twice = next(told, "") == BREAK
            if twice and not place.joint and place.kind == "paragraph":
                self.flush()
            elif not twice:
                self.runs.append(Run(BREAK, place.marks, verbatim=True))

    def _image(self, element: Element, place: _Place) -> None:
        source = element.attributes.get("src", "").strip()
        has_scheme = re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", source, re.IGNORECASE)
        if has_scheme or len(source) > _LONGEST_IMAGE or any(char.isspace() for char in source):
            source = ""
        text = inline([Run(source or element.attributes.get("alt", "")[:_LONGEST_IMAGE])]).text
        if text and not place.dropped:
            self.images.append(Piece(Block(text, "furniture", reason="image"), place.inside))
            if not self.has_words and not place.joint:
                self.flush()

    def _piece(self, text: str, markup: str) -> Piece:
        of = self.of
        if not of.inside or of.kind == "furniture":
            block = Block(
                text, "furniture", reason=of.reason if of.kind == "furniture" else "outside_article"
            )
            return Piece(block, of.inside, of.rank)
        kind, reason = self._kind_and_reason(text)
        return Piece(Block(text, kind, markup, reason), True, of.rank)

    def _kind_and_reason(self, text: str) -> tuple[ZoneKind | None, str]:
        of = self.of
        if of.kind in ("quotation", "list_item", "caption"):
            return of.kind, of.reason
        worded = [run for run in self.runs if not run.text.isspace()]
        hinted = dict.fromkeys(_LONGEST_HINTED, 0)
        for run in worded:
            if run.hint:
                hinted[run.hint] += len(run.text)
        if hinted["byline"] * 3 >= len(text) and len(text) <= _LONGEST_HINTED["byline"]:
            return "byline", ""
        if hinted["date_line"] * 2 >= len(text) and len(text) <= _LONGEST_HINTED["date_line"]:
            return "furniture", "date_line"
        if hinted["standfirst"] * 2 >= len(text):
            return "standfirst", ""
        if of.kind == "paragraph" and all("b" in run.marks for run in worded):
            return None, ""  # a paragraph all in bold is how many systems write a crosshead
        return of.kind, ""

    def _attribute_last_quotation(self) -> None:
        speaker = inline([Run(f"{run.text} ") for run in self.spoken]).text.strip(" \u00a0—–-(),")
        self.spoken = []
        since = self.figures[-1] if self.figures else len(self.pieces) - 1
        if self.last_quotation >= since:
            piece = self.pieces[self.last_quotation]
            speaker = ", ".join(filter(None, (piece.block.speaker, speaker)))
            self.pieces[self.last_quotation] = replace(piece, block=replace(piece.block, speaker=speaker))
            return
        if speaker:
            self.pieces.append(Piece(Block(speaker, "paragraph"), self.places[-1].inside))

    def _place_in(self, element: Element, above: _Place) -> _Place:
        tag = element.tag
        if tag in _DROPPED or above.dropped:
            return above if above.dropped else replace(above, dropped=True)
        if self.article is element:
            above = replace(above, inside=True, reason="", kind="paragraph")
        elif tag == "article" and above.inside and element.length < self.longest_card:
            return replace(above, inside=False)  # a card of another article, or a comment
        if tag in _MARKS or tag == "a":
            above = _marked(above, element)
        hint = _hint(element, above)
        if hint != above.hint:
            above = replace(above, hint=hint)
        if above.kind == "furniture":
            return replace(above, rank=int(tag[1])) if tag in HEADINGS else above
        if self._is_speaker(tag, above):
            return replace(above, speaks=True)
        if "hidden" in element.attributes:
            return replace(above, kind="furniture", reason="metadata", joint="")
        if tag in _BESIDE_THE_ARTICLE or element.attributes.get("role") in _ROLES_BESIDE:
            return replace(above, kind="furniture", reason="navigation", joint="")
        return _placed(element, above) if tag in BLOCKS else above

    def _is_speaker(self, tag: str, above: _Place) -> bool:
        if above.kind == "quotation":
            return tag in ("cite", "footer", "figcaption")
        return tag == "figcaption" and bool(self.figures) and self.last_quotation >= self.figures[-1]


def _placed(element: Element, above: _Place) -> _Place:
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


def _marked(above: _Place, element: Element) -> _Place:
    mark = _MARKS.get(element.tag) or link_address(element.attributes.get("href", ""))
    linked = any(known not in ("b", "i") for known in above.marks)
    if not mark or mark in above.marks or (element.tag == "a" and linked):
        return above
    return replace(above, marks=(*above.marks, mark))


def _hint(element: Element, above: _Place) -> str:
    """What the page's names for an element say of its text, where it is short enough for them to mean it."""
    names = element.names()
    if not names and element.tag != "time":
        return above.hint
    for name in _NAME_PARTS.findall(names):
        hint = _HINTS.get(name.lower(), "")
        if hint and 0 < element.length <= _LONGEST_HINTED[hint]:
            return hint
    joined = [_HINTS.get(name.lower(), "") for name in names.split()]
    hint = next(filter(None, joined), "date_line" if element.tag == "time" else above.hint)
    return hint if not hint or element.length <= _LONGEST_HINTED[hint] else above.hint
