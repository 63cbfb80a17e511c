"""A page of HTML to pieces: what each text is, as far as the markup says, in or outside of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from depeche.desk.html_tokens import BLOCKS, HEADINGS, Element, Event
from depeche.desk.inline import BREAK, CELL_GAP, Run, inline
from depeche.desk.places import LONGEST_HINTED, MARKS, Place, hint_of, marked, placed
from depeche.desk.regions import editorial_asides, region_reason
from depeche.desk.spans import Block, ZoneKind

_CODE = {"script", "style", "template", "noscript", "noembed", "noframes", "title"}
_DRAWN_OR_PLAYED = {"svg", "math", "object", "applet", "embed", "iframe", "canvas", "audio", "video"}
_DROPPED = frozenset(_CODE | _DRAWN_OR_PLAYED | {"select", "datalist", "textarea"})
_BESIDE_THE_ARTICLE = frozenset({"nav", "footer", "aside", "form", "button", "menu", "dialog"})
_REGIONS = BLOCKS - {"html", "body", "main", "article", "p", "table", "tr", "td", "li"}
_ROLES_BESIDE = frozenset({"navigation", "contentinfo", "complementary", "search", "dialog"})
_LONGEST_IMAGE = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, whether it stands in the article, and its rank where it is a heading (1 to 6, else 0)."""

    block: Block
    inside: bool
    rank: int = 0
    home: bool = False  # its words are a link to the first page of the site


def page_pieces(events: list[Event], article: Element | None) -> list[Piece]:
    """The pieces of a page in order; what is not in `article` (`None`: the whole page) is furniture."""
    if not events:
        return []
    page = events[0].element.parent or events[0].element
    reader = _Reader(article, (article or page).length)
    if article is not None:
        reader.editorial = editorial_asides(events)
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
        self.length = length
        self.longest_card = length * 3 // 10
        self.editorial: set[int] = set()
        self.link_before: Element | None = None  # the link that ended just before, with no text since
        self.pieces: list[Piece] = []
        self.places = [Place(inside=article is None)]
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
        self.link_before = None
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
        elif tag == "a":
            self._space_between_links(element)
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
        if tag == "a":
            self.link_before = element
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

    def _space_between_links(self, link: Element) -> None:
        """Links side by side are words of their own; two halves of one word have the same address."""
        before, self.link_before = self.link_before, None
        if before is not None and self.has_words:
            address = link.attributes.get("href", "")
            if not address or before.attributes.get("href", "") != address:
                self.runs.append(Run(" "))

    def _boundary(self, place: Place) -> None:
        if not place.joint:
            self.flush()
        elif self.has_words and self.gap != CELL_GAP:
            self.gap = place.joint

    def _break(self, place: Place, tag: str) -> None:
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

    def _image(self, element: Element, place: Place) -> None:
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
            return Piece(block, of.inside, of.rank, of.home)
        kind, reason = self._kind_and_reason(text)
        return Piece(Block(text, kind, markup, reason), True, of.rank, of.home)

    def _kind_and_reason(self, text: str) -> tuple[ZoneKind | None, str]:
        of = self.of
        if of.kind in ("quotation", "list_item", "caption"):
            return of.kind, of.reason
        worded = [run for run in self.runs if not run.text.isspace()]
        hinted = dict.fromkeys(LONGEST_HINTED, 0)
        for run in worded:
            if run.hint:
                hinted[run.hint] += len(run.text)
        if hinted["byline"] * 3 >= len(text) and len(text) <= LONGEST_HINTED["byline"]:
            return "byline", ""
        if hinted["date_line"] * 2 >= len(text) and len(text) <= LONGEST_HINTED["date_line"]:
            return "furniture", "date_line"
        if hinted["standfirst"] * 2 >= len(text):
            return "standfirst", ""
        if of.kind == "paragraph" and all("b" in run.marks for run in worded):
            return None, ""  # a paragraph all in bold is how many systems write a crosshead
        return of.kind, ""

    def _attribute_last_quotation(self) -> None:
        speaker = (
            inline([Run(f"{run.text} ") for run in self.spoken])
            .text.strip(" \u00a0—–-(),")
            .replace(" ,", ",")
        )
        self.spoken = []
        since = self.figures[-1] if self.figures else len(self.pieces) - 1
        if self.last_quotation >= since:
            piece = self.pieces[self.last_quotation]
            speaker = ", ".join(filter(None, (piece.block.speaker, speaker)))
            self.pieces[self.last_quotation] = replace(piece, block=replace(piece.block, speaker=speaker))
            return
        if speaker:
            self.pieces.append(Piece(Block(speaker, "paragraph"), self.places[-1].inside))

    def _place_in(self, element: Element, above: Place) -> Place:
        tag = element.tag
        if tag in _DROPPED or above.dropped:
            return above if above.dropped else replace(above, dropped=True)
        if self.article is element:
            above = replace(above, inside=True, reason="", kind="paragraph")
        elif tag == "article" and above.inside and element.length < self.longest_card:
            return replace(above, inside=False)  # a card of another article, or a comment
        if tag in MARKS or tag == "a":
            above = marked(above, element)
        hint = hint_of(element, above)
        if hint != above.hint:
            above = replace(above, hint=hint)
        if above.kind == "furniture":
            return replace(above, rank=int(tag[1])) if tag in HEADINGS else above
        if self._is_speaker(tag, above):
            return replace(above, speaks=True)
        if "hidden" in element.attributes:
            return replace(above, kind="furniture", reason="metadata", joint="")
        if reason := self._reason_beside(element, above):
            return replace(above, kind="furniture", reason=reason, joint="")
        return placed(element, above) if tag in BLOCKS else above

    def _reason_beside(self, element: Element, above: Place) -> str:
        """Why an element is furniture of the page, "" where it is the article's."""
        tag = element.tag
        if above.inside and tag in _REGIONS and element is not self.article:
            reason = region_reason(element, self.length)
            if reason:
                return reason
        role = element.attributes.get("role")
        if tag == "aside" and above.inside and not role and id(element) in self.editorial:
            return ""
        return "navigation" if tag in _BESIDE_THE_ARTICLE or role in _ROLES_BESIDE else ""

    def _is_speaker(self, tag: str, above: Place) -> bool:
        if above.kind == "quotation":
            return tag in ("cite", "footer", "figcaption")
        return tag == "figcaption" and bool(self.figures) and self.last_quotation >= self.figures[-1]
