"""An article half read: what is known of each block, before the findings that need all of it."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Claim, Hedge, Quantity, Severity, Span

Voice = Literal["own", "source", "quoted"]

_LOWER: dict[Severity, Severity] = {"error": "warning", "warning": "info", "info": "info"}


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the text alone cannot tell. A rule whose input is missing here stays silent.

    `kind` is news, brief, analysis, opinion, interview, profile, obituary, service or press_release;
    `date` the day of the article, `sources` texts that quotations are held against, `camps` the newsroom's
    names for the sides of a dispute with the names of who speaks for them. None means “not told”; an empty
    byline or place means “there is none”.
    """

    kind: str = "news"
    date: date | None = None
    byline: str | None = None
    place: str | None = None
    sources: tuple[str, ...] = ()
    camps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class BlockReading:
    """What was read in one block; all offsets count from the start of `passage.text`."""

    passage: Passage
    attributions: tuple[Attribution, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    claims: tuple[Claim, ...] = ()
    _said: tuple[Span, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        said = (span for item in self.attributions if item.type != "conditional" for span in item.content)
        object.__setattr__(self, "_said", _merged(said))

    def voice(self, span: Span) -> Voice:
        """Whose words `span` is: within quotation marks, within what a source is said to say, or our own."""
        tokens = self.passage.tokens_in(span)
        if tokens and all(self.passage.quoted[i] for i in tokens):
            return "quoted"
        nearest = bisect_right(self._said, (span[0], sys.maxsize)) - 1
        return "source" if nearest >= 0 and span[1] <= self._said[nearest][1] else "own"

    def heard(self, severity: Severity, span: Span) -> Severity | None:
        """`severity` as it is in our own voice, one level lower in a source's, None within quotation marks."""
        voice = self.voice(span)
        if voice == "quoted":
            return None
        return _LOWER[severity] if voice == "source" else severity


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """An article with every block read: `starts[n]` is where block `n` begins in the article's text."""

    blocks: tuple[BlockReading, ...]
    starts: tuple[int, ...]
    dossier: Dossier
    language: str

    def of_kind(self, *kinds: str) -> list[int]:
        """The numbers of the blocks of these zone kinds, in order."""
        return [n for n, block in enumerate(self.blocks) if block.passage.kind in kinds]

    def shifted(self, number: int, span: Span) -> Span:
        """A span of block `number` in offsets of the article."""
        start = self.starts[number]
        return span[0] + start, span[1] + start


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
