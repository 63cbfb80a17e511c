"""The input of the desk: plain text, Markdown or HTML read into the zones of an article."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal, cast

from depeche.desk.decoding import decode, printable, refuse_controls, refuse_known_files
from depeche.desk.documents import Document, looks_like_front_matter, read_html, read_markdown
from depeche.desk.packs import load_bylines, load_function_words, load_furniture
from depeche.desk.plain import list_item_words, plain_blocks
from depeche.desk.spans import Block, UnreadableSource, Zone, ZoneKind
from depeche.desk.zoning import zones_of

__all__ = [
    "MAX_SOURCE_BYTES",
    "Article",
    "SourceFormat",
    "UnreadableSource",
    "Zone",
    "ZoneKind",
    "paragraphs",
    "read_article",
]

SourceFormat = Literal["text", "markdown", "html"]

MAX_SOURCE_BYTES = 2_000_000

_FORMATS: dict[str, SourceFormat] = {
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("md", "markdown"), "markdown"),
    **dict.fromkeys(("txt", "text"), "text"),
}
_SNIFFED = 4096
_HTML_START = re.compile(
    r"\s*<(?:!--|!doctype\s+html\b|(?:html|head|body|article|main|title|header|div|p|h[1-6]|section|figure|table|meta)\b)",
    re.IGNORECASE,
)
_HTML_BLOCK = re.compile(r"</(?:p|div|h[1-6]|article|section|ul|ol|body|blockquote)>", re.IGNORECASE)
_MARKDOWN_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_SETEXT_START = re.compile(r"\s*\S[^\r\n]*(?:\r\n?|\n) {0,3}={3,}[ \t]*(?:\r|\n|\Z)")
_BODY = frozenset({"crosshead", "paragraph", "quotation", "list_item", "caption"})
_STORY = frozenset({*_BODY, "headline", "standfirst"})
_LANGUAGE_SAMPLE = 20_000
_FEWEST_HITS = 8
_CLEAR_LEAD = 3
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![ \t\r]*\n))*")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND_AT_LINE_END = re.compile(r"(?<=\w-)[ \t]*[\r\n]\s*(?=\w)")
_TYPED_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ′`´", "'"),
        **dict.fromkeys("«»“”„‟", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
    }
)


@dataclass(frozen=True)
class Article:
    """An article as it was given, and the zones it consists of.

    `text` is a plain text unchanged (but for control characters, which become spaces one for one), or the
    text of an HTML or Markdown document, its blocks joined by blank lines. The zones are in the order of
    the text, do not overlap and leave nothing out but white space. `language` is what the source says
    ("fr"), or what the words tell where they are clear, `encoding` what it was decoded from; both may be "".
    """

    text: str
    zones: tuple[Zone, ...]
    language: str
    source_format: SourceFormat
    encoding: str

    @property
    def headline(self) -> str:
        """The headline on one line."""
        return self._words("headline")

    @property
    def standfirst(self) -> str:
        """The standfirst on one line, "" where there is none."""
        return self._words("standfirst")

    @property
    def byline(self) -> str:
        """The byline as it was written (« Par Jeanne Morel »), "" where there is none."""
        return self._words("byline")

    @property
    def body(self) -> tuple[Zone, ...]:
        """Crossheads, paragraphs, quotations, list items and captions, in order."""
        return tuple(zone for zone in self.zones if zone.kind in _BODY)

    @property
    def furniture(self) -> tuple[Zone, ...]:
        """What belongs to the site and not to the article, in order; each zone has its `reason`."""
        return tuple(zone for zone in self.zones if zone.kind == "furniture")

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits, the same for the same story whatever its encoding, line ends or furniture.

        SHA-256 of headline, standfirst and body in NFC, folded for white space, apostrophes, quotation
        marks and dashes.
        """
        words = [
            list_item_words(zone.text) if zone.kind == "list_item" else zone.text
            for zone in self.zones
            if zone.kind in _STORY
        ]
        return hashlib.sha256(_folded_typography("\n".join(words)).encode()).hexdigest()

    def _words(self, kind: ZoneKind) -> str:
        return ", ".join(_on_one_line(zone.text) for zone in self.zones if zone.kind == kind)


def read_article(
    source: bytes | str, *, source_format: str | None = None, name: str = "", declared_encoding: str = ""
) -> Article:
    """The article in `source`, at most `MAX_SOURCE_BYTES` of plain text, Markdown or HTML.

    `name` is a file name or the path of an address: its ending says the format where `source_format` does
    not, else the content is looked at. `declared_encoding` is what a server said of the bytes.

    Raises `UnreadableSource`; `ValueError` for a `source_format` that is none.
    """
    if source_format is not None and source_format not in ("text", "markdown", "html"):
        raise ValueError(f"“{source_format}” is no source format: give text, markdown or html.")
    _refuse_size(source, name)
    text, encoding = _decoded(source, name, declared_encoding)
    text = printable(text)
    if not text.strip():
        raise UnreadableSource(
            "empty", f"{name or 'The text'} is empty: give a headline and paragraphs.", name=name
        )
    known = cast(SourceFormat, source_format) if source_format else _format_of(text, name)
    if known == "text":
        blocks = plain_blocks(text, load_furniture())
        document = Document(blocks, "")
    else:
        document = read_html(text) if known == "html" else read_markdown(text)
        text, blocks = _joined(document.blocks)
    zones = zones_of(blocks, load_furniture(), load_bylines(), name)
    return Article(text, zones, document.language or _language_of(zones), known, encoding)


def paragraphs(text: str) -> Article:
    """The article in `text` where every block is a paragraph, with no headline; offsets are those of `text`.

    Blocks are separated by blank lines.
    """
    text = printable(text)
    zones = tuple(
        Zone("paragraph", match.start(), match.end(), match.group()) for match in _PARAGRAPH.finditer(text)
    )
    return Article(text, zones, _language_of(zones), "text", "")


def _on_one_line(text: str) -> str:
    """`text` without line ends; a compound broken after its hyphen (« Val-de-Marne ») gets no space."""
    return re.sub(r"[ \t\r\n]+", " ", _COMPOUND_AT_LINE_END.sub("", text))


def _language_of(zones: tuple[Zone, ...]) -> str:
    """The language whose function words the story is full of, "" where there are few or no clear lead."""
    story = " ".join(zone.text for zone in zones if zone.kind in _STORY)[:_LANGUAGE_SAMPLE].lower()
    counted = Counter(_WORD.findall(story))
    hits = sorted(
        ((sum(counted[word] for word in words), code) for code, words in load_function_words().items()),
        reverse=True,
    )
    best, language = hits[0]
    second = hits[1][0] if len(hits) > 1 else 0
    return language if best >= _FEWEST_HITS and best >= _CLEAR_LEAD * second else ""


def _refuse_size(source: bytes | str, name: str) -> None:
    size = len(source)
    if isinstance(source, str) and size <= MAX_SOURCE_BYTES < size * 4:
        size = len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE_BYTES:
        megabytes = MAX_SOURCE_BYTES // 1_000_000
        message = (
            f"{name or 'The text'} has {size} bytes, more than {megabytes} MB: give only the article itself."
        )
        raise UnreadableSource("too_large", message, name=name, size_bytes=size, limit_bytes=MAX_SOURCE_BYTES)


def _decoded(source: bytes | str, name: str, declared: str) -> tuple[str, str]:
    if isinstance(source, bytes):
        return decode(source, declared=declared, name=name)
    refuse_known_files(source[:16].encode("latin-1", "replace"), name)
    refuse_controls(source, name)
    return source, ""


def _format_of(text: str, name: str) -> SourceFormat:
    for path in (name, re.split(r"[?#]", name, maxsplit=1)[0]):
        ending = path.rpartition(".")[2].lower()
        if ending in _FORMATS and "." in path:
            return _FORMATS[ending]
    start = text[:_SNIFFED]
    if _HTML_START.match(start) or len(_HTML_BLOCK.findall(start)) > 1:
        return "html"
    headings = _MARKDOWN_HEADING.findall(start)
    begins_with_heading = bool(_MARKDOWN_HEADING.match(start.lstrip()))
    if (
        begins_with_heading
        or len(headings) > 1
        or _SETEXT_START.match(start)
        or looks_like_front_matter(text)
    ):
        return "markdown"
    return "text"


def _joined(blocks: list[Block]) -> tuple[str, list[Block]]:
    placed: list[Block] = []
    at = 0
    for block in blocks:
        placed.append(Block(block.text, block.kind, block.html, block.reason, block.speaker, start=at))
        at += len(block.text) + 2
    return "\n\n".join(block.text for block in blocks), placed


def _folded_typography(text: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", text).translate(_TYPED_ALIKE).split())
    # « mot » and "mot", « Quoi ? » and « Quoi? » are one typing each of the same words.
    return re.sub(r" ?([\"!?:;]) ?", r"\1", line)
