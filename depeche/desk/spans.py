"""The frozen dataclasses the desk speaks in: zones, the blocks they come from, and one family of errors.

Offsets are half-open `[start, end)` and count Unicode code points of the article's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ZoneKind = Literal[
    "headline",
    "standfirst",
    "byline",
    "crosshead",
    "paragraph",
    "quotation",
    "list_item",
    "caption",
    "furniture",
]
UnreadableCode = Literal["empty", "too_large", "binary", "encoding", "no_headline"]

FURNITURE_REASONS = (
    "theme_switch",
    "sign_up",
    "agreement",
    "cookies",
    "share",
    "related",
    "copyright",
    "navigation",
    "date_line",
    "image",
    "outside_article",
    "metadata",
)


@dataclass(frozen=True)
class Zone:
    """One stretch of an article and what it is: `article.text[start:end] == text`, always.

    `html` is sanitised inline markup (`a` with an http, https or mailto address, `b`, `i`, `br`) and is
    empty where the plain text says it all; a list item of a plain text has its words there, without the
    dash or number that `text` begins with. `reason` says why a zone is furniture (one of
    `FURNITURE_REASONS`), or whether a list item is "ordered" or "unordered". `speaker` is the attribution
    that the markup gives to a quotation.
    """

    kind: ZoneKind
    start: int
    end: int
    text: str
    html: str = ""
    reason: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A zone in the making; its kind is `None` where the source has not said it and the words must.

    `start` is -1 until the block has its place in the article's text.
    """

    text: str
    kind: ZoneKind | None = None
    html: str = ""
    reason: str = ""
    speaker: str = ""
    start: int = -1


class UnreadableSource(ValueError):
    """A source that no article can be made of; `str(error)` names the source and says how to mend it.

    `code` is for programs and translations; `size_bytes` and `limit_bytes` go with "too_large", `found`
    ("PDF", "Word or ZIP") with "binary" where the kind of file is known, `name` is the name the source was
    given under.
    """

    def __init__(
        self,
        code: UnreadableCode,
        message: str,
        *,
        name: str = "",
        found: str = "",
        size_bytes: int = 0,
        limit_bytes: int = 0,
    ) -> None:
        super().__init__(message)
        self.code: UnreadableCode = code
        self.name = name
        self.found = found
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes
