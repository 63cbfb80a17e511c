"""What the desk gets to read of an article: its words, zone by zone, each with the field they stand in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Article

Path = tuple[str, ...]

_PLAIN = ("language", "kind", "byline", "place", "published_on")
_PARAGRAPH_END = re.compile(r"</(?:p|li|h[1-6]|blockquote)>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Zone:
    """Words of one kind (as the desk names it) and the field of the editor they stand in.

    `path` is the name of a field, or that of the body, the identifier of a block and names or identifiers
    within it. A field that holds several paragraphs gives several zones of one path, in order. `speaker` is
    who says a quotation, as its block tells.
    """

    path: Path
    kind: str
    text: str
    speaker: str = ""


@dataclass(frozen=True)
class Manuscript:
    """An article as text: equal digests, the same words for the same reading.

    `kind` is that of the article; `byline` and `place` are "" where there are none; `published_on` is the
    day (ISO) it is dated, "" where that is not known yet.
    """

    language: str
    kind: str
    zones: tuple[Zone, ...]
    byline: str = ""
    place: str = ""
    published_on: str = ""

    @cached_property
    def sha256(self) -> str:
        """64 hexadecimal digits over all but the day and the paths: moving a block's identifier changes no word."""
        words = [[zone.kind, zone.text, zone.speaker] for zone in self.zones]
        content = [self.language, self.kind, bool(self.byline), bool(self.place), words]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain data that `manuscript_from_json` takes back."""
        zones = [[list(zone.path), zone.kind, zone.text, zone.speaker] for zone in self.zones]
        return {**{name: getattr(self, name) for name in _PLAIN}, "zones": zones}


def manuscript_from_json(data: dict[str, Any]) -> Manuscript:
    """The manuscript that `as_json` gave.

    Raises:
        KeyError, TypeError, ValueError: the data are no manuscript.
    """
    zones = tuple(Zone(tuple(path), kind, text, speaker) for path, kind, text, speaker in data["zones"])
    return Manuscript(zones=zones, **{name: data[name] for name in _PLAIN})


def manuscript_of(article: Article) -> Manuscript:
    """What the desk reads of `article` as it is now, saved or not; zones without words are left out."""
    found = [
        Zone(("title",), "headline", article.title or ""),
        Zone(("standfirst",), "standfirst", article.standfirst or ""),
        Zone(("picture_caption",), "caption", article.picture_caption or ""),
        *(zone for block in article.body for zone in _of_block(block)),
    ]
    zones = tuple(
        Zone(zone.path, zone.kind, zone.text.strip(), zone.speaker) for zone in found if zone.text.strip()
    )
    return Manuscript(
        language=article.language,
        kind=article.kind,
        zones=zones,
        byline=", ".join(person.name for person in article.authors),
        place=article.dateline or "",
        published_on=article.first_published_at.date().isoformat() if article.first_published_at else "",
    )


def _of_block(block: Any) -> Iterator[Zone]:
    path: Path = ("body", str(block.id or ""))
    value = block.value
    if block.block_type == "paragraph":
        yield from _paragraphs(path, "paragraph", value)
    elif block.block_type == "crosshead":
        yield Zone(path, "crosshead", value or "")
    elif block.block_type == "quotation":
        yield Zone((*path, "text"), "quotation", value.get("text") or "", value.get("speaker") or "")
    elif block.block_type == "image":
        yield Zone((*path, "caption"), "caption", value.get("caption") or "")
    elif block.block_type == "list":
        for item in value["items"].bound_blocks:
            yield from _paragraphs((*path, "items", str(item.id or "")), "list_item", item.value)
    elif block.block_type == "fact_box":
        yield Zone((*path, "title"), "crosshead", value.get("title") or "")
        yield from _paragraphs((*path, "text"), "paragraph", value.get("text"))
    elif block.block_type == "timeline":
        yield Zone((*path, "title"), "crosshead", value.get("title") or "")
        for item in value["events"].bound_blocks:
            inner = (*path, "events", str(item.id or ""), "what")
            yield Zone(inner, "paragraph", item.value.get("what") or "")


def _paragraphs(path: Path, kind: str, value: Any) -> Iterator[Zone]:
    """The paragraphs of a rich text as plain text; its own markup is the editor's, so tags are all it holds."""
    source = getattr(value, "source", value) or ""
    for part in _PARAGRAPH_END.split(str(source)):
        text = unescape(_TAG.sub("", _LINE_BREAK.sub("\n", part)))
        if text.strip():
            yield Zone(path, kind, text)
