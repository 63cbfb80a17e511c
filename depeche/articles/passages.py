"""What readers read of an article, passage by passage: its zones, and what stands beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .manuscript import Path, Zone, manuscript_of

if TYPE_CHECKING:
    from .models import Article

_SAME = str.maketrans({"’": "'", "«": '"', "»": '"', "“": '"', "”": '"', "\u00ad": None})
_INNER_SPACE = re.compile(r'(?<=") | (?=")')


@dataclass(frozen=True)
class Passage:
    """A paragraph, a headline, a caption, a row of a table: its kind and its words, plain.

    Kinds are those of zones (`headline`, `standfirst`, `crosshead`, `paragraph`, `list_item`, `quotation`,
    `caption`) and `byline`, `dateline`, `label`, `credit`, `alt`, `beside`, `table`, `source`.
    """

    kind: str
    text: str


def passages_of(article: Article) -> tuple[Passage, ...]:
    """All that `article`, saved or of a revision, tells its readers, in the order of the page."""
    zones: defaultdict[Path, list[Zone]] = defaultdict(list)
    for zone in manuscript_of(article).zones:
        zones[zone.path[:2]].append(zone)
    found = [
        *_zoned(zones[("title",)] + zones[("standfirst",)]),
        Passage("label", article.kind_label),
        Passage("label", article.sponsor or ""),
        Passage("byline", ", ".join(person.name for person in article.authors)),
        Passage("dateline", article.dateline or ""),
        *_zoned(zones[("picture_caption",)]),
        Passage("credit", article.picture_credit or ""),
        Passage("alt", article.picture_alt or ""),
        *(passage for block in article.body for passage in _of_block(block, zones)),
        *(Passage("source", _of_source(source)) for source in article.sources.all()),
    ]
    return tuple(passage for passage in found if passage.text.strip())


def says(passages: tuple[Passage, ...], words: str) -> bool:
    """Whether these words stand there, whole, whatever the typography."""
    text = _folded(" ".join(passage.text for passage in passages))
    return contains(text, words)


def contains(text: str, words: str) -> bool:
    """Whether `words` stand in `text` as whole words (« 80 m » is not in « 180 m »); none always do."""
    wanted = re.escape(_folded(words))
    before = r"(?<!\w)" if wanted[:1].isalnum() else ""
    after = r"(?!\w)" if wanted[-1:].isalnum() else ""
    return re.search(f"{before}{wanted}{after}", _folded(text)) is not None


def _folded(text: str) -> str:
    return _INNER_SPACE.sub("", " ".join(text.translate(_SAME).split()))


def _zoned(zones: list[Zone]) -> list[Passage]:
    return [Passage(zone.kind, zone.text) for zone in zones]


def _of_block(block: Any, zones: dict[Path, list[Zone]]) -> Iterator[Passage]:
    own = zones.get(("body", str(block.id or "")), [])
    yield from _zoned(own)
    if block.block_type == "table":
        yield from _of_table(block.value)
    elif hasattr(block.value, "items"):
        told = {zone.text for zone in own}
        for name, value in block.value.items():
            if isinstance(value, str) and value.strip() not in told:
                yield Passage(name if name in ("alt", "credit") else "beside", value)


def _of_table(value: Any) -> Iterator[Passage]:
    table = value["table"]
    yield Passage("table", table.caption or "")
    yield Passage("table", " | ".join(str(column["heading"]) for column in table.columns))
    for row in table.rows:
        yield Passage("table", " | ".join(str(cell.value) for cell in row))
    yield Passage("table", value.get("source") or "")


def _of_source(source: Any) -> str:
    return ", ".join(part for part in (source.who, source.title, source.link) if part)
