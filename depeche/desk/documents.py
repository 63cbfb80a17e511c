"""HTML and Markdown to the blocks of an article: which part of the page it is, and what its headline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from depeche.desk.html_tokens import Element, Event, html_events
from depeche.desk.inline import Run, inline
from depeche.desk.line_patterns import folded
from depeche.desk.markdown_quotes import rendered_markdown
from depeche.desk.markup import Piece, page_pieces
from depeche.desk.spans import Block, ZoneKind

_ENOUGH_FOR_AN_ARTICLE = 500
_BESIDE = frozenset({"nav", "aside", "footer", "form"})
_FIRST_BLOCKS = 12
_LONGEST_LABEL = 80
_FEWEST_TITLE_WORDS = 3
_LONGEST_TITLE = 400
_FRONT_MATTER = re.compile(
    r"\s{0,99}---[ \t]*(?:\r\n?|\n)(?P<lines>.*?)(?:\r\n?|\n)(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.S
)
_FIELD = re.compile(r"([^\W\d][\w-]{0,40})[ \t]*:(?:[ \t]+(.*))?")
_FIELD_KINDS: dict[str, ZoneKind] = {
    **dict.fromkeys(("headline", "title", "titre"), "headline"),
    **dict.fromkeys(("standfirst", "description", "chapo", "chapô"), "standfirst"),
    **dict.fromkeys(("byline", "author", "auteur", "autrice"), "byline"),
}
_LANGUAGE_FIELDS = frozenset({"lang", "language", "langue"})


@dataclass(frozen=True)
class Document:
    """The blocks of a document in order, and its language ("fr") where it says so, else ""."""

    blocks: list[Block]
    language: str


def language_code(tag: str) -> str:
    """The language of a tag such as "fr-FR": "fr"; "" where the tag is none (RFC 5646 §2.1)."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag)
    return found[1].lower() if found else ""


def read_html(source: str) -> Document:
    """The article of a page: its <article> with the most text, else <main>, else all; the rest is furniture.

    At most one block has the kind "headline": the h1, or the title of the page where no h1 is the article's.
    """
    events = html_events(source)
    elements = [event.element for event in events if event.opens]
    pieces = page_pieces(events, _article_of(elements))
    language = next(
        (e.attributes["lang"] for e in elements if e.tag in ("html", "body") and e.attributes.get("lang")), ""
    )
    if not any(piece.inside and piece.block.kind != "furniture" for piece in pieces):
        return Document([piece.block for piece in pieces], language_code(language))
    titles, site = _titles(events, elements)
    index = _headline_index(pieces, titles, site)
    blocks = [_block(piece, before=number < index) for number, piece in enumerate(pieces)]
    if index >= 0:
        blocks[index] = Block(pieces[index].block.text, "headline")
    elif titles:
        blocks.insert(0, Block(titles[0], "headline"))
    return Document(blocks, language_code(language))


def read_markdown(source: str) -> Document:
    """The article of a Markdown text (CommonMark, tables, HTML) and its front matter.

    The first `#` heading is the headline, else the front matter's title; what the front matter says beyond
    headline, standfirst and byline is furniture.
    """
    front = _FRONT_MATTER.match(source)
    fields = _fields(front["lines"]) if front else None
    body = source[front.end() :] if front and fields is not None else source
    pieces = page_pieces(html_events(rendered_markdown(body)), None)
    index = next((number for number, piece in enumerate(pieces) if piece.rank == 1), -1)
    blocks = [piece.block for piece in pieces]
    if index >= 0:
        blocks[index] = Block(blocks[index].text, "headline")
    return _with_front_matter(blocks, fields or [], has_heading=index >= 0)


def looks_like_front_matter(source: str) -> bool:
    """Whether `source` begins with a block of `key: value` lines between `---` lines."""
    front = _FRONT_MATTER.match(source)
    return front is not None and _fields(front["lines"]) is not None


def _article_of(elements: list[Element]) -> Element | None:
    """`None` stands for the whole page."""
    beside: set[int] = set()
    candidates = []
    body_length = max(
        (e.length for e in elements if e.tag == "body"), default=sum(e.length for e in elements[:1])
    )
    for element in elements:
        if id(element.parent) in beside or element.tag in _BESIDE:
            beside.add(id(element))
        elif element.tag == "article":
            candidates.append(element)
    article = max(candidates, key=lambda e: e.length, default=None)
    main = next((e for e in elements if e.tag == "main" or e.attributes.get("role") == "main"), None)
    whole = max(body_length, main.length if main else 0)
    # A page's cards of other articles are <article> elements too.
    if article and (article.length >= _ENOUGH_FOR_AN_ARTICLE or article.length * 10 >= whole * 3):
        return article
    return main if main and main.length else None


def _titles(events: list[Event], elements: list[Element]) -> tuple[list[str], str]:
    """What the head of the page says the headline is, best first, and the name of the site."""
    meta = {
        (e.attributes.get("property") or e.attributes.get("name", "")).lower(): e.attributes.get(
            "content", ""
        )
        for e in reversed(elements)
        if e.tag == "meta"
    }
    site = inline([Run(meta.get("og:site_name", ""))]).text
    in_head = next(
        (e.text for e in events if e.text and e.element.tag == "title" and not _in_picture(e.element)), ""
    )
    titles = [inline([Run(meta.get("og:title", ""))]).text, inline([Run(in_head)]).text]
    return [_without_site(title, site) for title in titles if title], site


def _in_picture(element: Element) -> bool:
    return element.parent is not None and element.parent.tag == "svg"


def _without_site(title: str, site: str) -> str:
    if not site or title == site:
        return title
    return re.sub(rf"\s+[-–—|·:]\s+{re.escape(site)}$", "", title) or title


def _headline_index(pieces: list[Piece], titles: list[str], site: str) -> int:
    """Which piece is the headline, or -1."""
    inside = [n for n, piece in enumerate(pieces) if piece.inside and piece.block.kind != "furniture"]
    headings = [n for n in inside if pieces[n].rank == 1 and not pieces[n].home]
    for told in ({folded(title) for title in titles}, _parts_of(titles)):
        for n in (*headings, *inside[:_FIRST_BLOCKS]):
            if folded(pieces[n].block.text) in told:
                return n
    if headings:
        return headings[0]
    told = {folded(title) for title in titles}
    site_is_h1 = any(pieces[n].home and pieces[n].rank == 1 for n in inside)
    for n in range(inside[0] - 1, -1, -1):
        text = folded(pieces[n].block.text)
        is_logo = text == folded(site) or any(title.endswith(text) and title != text for title in told)
        if pieces[n].rank == 1 and pieces[n].block.reason == "outside_article":
            if not is_logo and not pieces[n].home:
                return n
            site_is_h1 = site_is_h1 or pieces[n].home
    return _first_heading(pieces, inside) if site_is_h1 else -1


def _first_heading(pieces: list[Piece], inside: list[int]) -> int:
    """The first heading of the article before any paragraph of it, or -1."""
    for n in inside:
        if pieces[n].rank and not pieces[n].home:
            return n
        if len(pieces[n].block.text) > _LONGEST_LABEL:
            break
    return -1


def _parts_of(titles: list[str]) -> set[str]:
    """What a title may be without the names of site and section: « Le pont rouvre - Le Courrier »."""
    parts: set[str] = set()
    for title in titles:
        words = folded(title).split(" - ") if len(title) <= _LONGEST_TITLE else []
        parts.update(" - ".join(words[:end]) for end in range(1, len(words)))
        parts.update(" - ".join(words[start:]) for start in range(1, len(words)))
    return {part for part in parts if len(part.split()) >= _FEWEST_TITLE_WORDS}


def _block(piece: Piece, *, before: bool) -> Block:
    """The block of a piece; a short label `before` the headline (a section's name) is furniture."""
    block = piece.block
    is_text = piece.inside and block.kind in (None, "paragraph", "crosshead", "list_item")
    if before and is_text and len(block.text) <= _LONGEST_LABEL and not block.text.endswith("."):
        return Block(block.text, "furniture", reason="metadata")
    return block


def _fields(lines: str) -> list[tuple[str, str, str]] | None:
    """(key, value, the lines as written) of each field, or `None` where the lines are no front matter."""
    fields: list[tuple[str, str, str]] = []
    for line in lines.splitlines():
        field = _FIELD.fullmatch(line)
        if field:
            fields.append((field[1].lower(), (field[2] or "").strip(), line.strip()))
        elif fields and line[:1] in (" ", "\t", "-"):
            key, value, written = fields[-1]
            more = line.strip().removeprefix("- ")
            joint = ", " if value and line.strip().startswith("- ") else " "
            fields[-1] = (key, f"{value}{joint}{more}".strip(), f"{written}\n{line.strip()}")
        elif line.strip() and not line.startswith("#"):
            return None
    return fields or None


def _with_front_matter(
    blocks: list[Block], fields: list[tuple[str, str, str]], *, has_heading: bool
) -> Document:
    language = ""
    front: dict[str, Block] = {}
    rest: list[Block] = []
    for key, value, written in fields:
        value = _unquoted(value)
        kind = _FIELD_KINDS.get(key)
        if key in _LANGUAGE_FIELDS:
            language = language or language_code(value)
        text = inline([Run(value)]).text
        if kind and text and kind not in front and not (kind == "headline" and has_heading):
            front[kind] = Block(text, kind)
        else:
            rest.append(Block(inline([Run(written)]).text, "furniture", reason="metadata"))
    ordered = [front[kind] for kind in ("headline", "standfirst", "byline") if kind in front]
    return Document([*ordered, *(block for block in rest if block.text), *blocks], language)


def _unquoted(value: str) -> str:
    value = re.sub(r"^[|>][+-]?\s+", "", value)
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value[1:-1] if value.startswith("[") and value.endswith("]") else value
