"""What changed between two versions of an article, word by word; all on plain passages.

difflib does it (docs/decisions/0009): passages are matched first, then the words of those that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from .passages import Passage

Change = Literal["same", "removed", "added"]

CONTEXT = 1  # unchanged passages shown on each side of a change
ALIKE = 0.3  # share of words two passages have in common, from which on one is a new wording of the other
PAIRED_AT_MOST = (
    40  # in longer runs passages are paired in their order: nobody reads such a rewriting by words
)
COMPARED_AT_MOST = 4_000_000  # words times words; more is shown as replaced as a whole
_WORD = re.compile(r"(?:\w+|[^\w\s])\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words and what became of them."""

    change: Change
    text: str


@dataclass(frozen=True)
class Line:
    """One passage with its pieces; or, without any, how many unchanged passages are left out here."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    folded: int = 0

    @property
    def is_changed(self) -> bool:
        return any(piece.change != "same" for piece in self.pieces)


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> list[Line]:
    """The passages that changed, with a little of what stands around them; [] where no word did."""
    lines = list(_lines(old, new))
    return list(_folded(lines)) if any(line.is_changed for line in lines) else []


def _lines(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Line]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line(passage.kind, (Piece("same", passage.text),)) for passage in new[c:d])
        else:
            yield from _reworded(old[a:b], new[c:d])


def _reworded(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Line]:
    for before, after in _paired(old, new):
        if before and after:
            yield Line(after.kind, tuple(_pieces(before.text, after.text)))
        elif before:
            yield Line(before.kind, (Piece("removed", before.text),))
        elif after:
            yield Line(after.kind, (Piece("added", after.text),))


def _paired(
    old: Sequence[Passage], new: Sequence[Passage]
) -> Iterator[tuple[Passage | None, Passage | None]]:
    """Old and new passages side by side, in order; None where one has no counterpart."""
    if max(len(old), len(new)) > PAIRED_AT_MOST:
        pairs = [(at, at) for at in range(min(len(old), len(new)))]
    else:
        pairs = _best_pairs([[_alike(before, after) for after in new] for before in old])
    i = j = 0
    for at_old, at_new in [*pairs, (len(old), len(new))]:
        yield from ((passage, None) for passage in old[i:at_old])
        yield from ((None, passage) for passage in new[j:at_new])
        if at_old < len(old):
            yield old[at_old], new[at_new]
        i, j = at_old + 1, at_new + 1


def _best_pairs(alike: list[list[float]]) -> list[tuple[int, int]]:
    """Which old goes with which new, so that together they are most alike and none crosses another."""
    rows, columns = len(alike), len(alike[0]) if alike else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            both = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if alike[i][j] >= ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(old: Passage, new: Passage) -> float:
    """From 0 to 1; a headline is compared with a headline, however much it changed."""
    if old.kind != new.kind:
        return 0.0
    if old.kind in ("headline", "standfirst", "byline", "dateline", "credit"):
        return 1.0
    a, b = set(old.text.split()), set(new.text.split())
    return len(a & b) / max(len(a), len(b), 1)


def _pieces(old: str, new: str) -> Iterator[Piece]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    if len(a) * len(b) > COMPARED_AT_MOST:
        yield from (Piece("removed", old), Piece("added", new))
        return
    old_words, new_words = ([word.strip() for word in words] for words in (a, b))
    removed = added = ""
    codes = SequenceMatcher(None, old_words, new_words, autojunk=len(b) > 1_000).get_opcodes()
    for number, (tag, i, j, k, m) in enumerate(codes):
        gone, come = "".join(a[i:j]), "".join(b[k:m])
        is_lost_between = 0 < number < len(codes) - 1 and j - i == 1
        if tag != "equal" or is_lost_between:  # one word alone between two changes is read with them
            removed += gone if tag != "insert" else ""
            added += come if tag != "delete" else ""
            continue
        yield from _changes(removed, added)
        removed = added = ""
        yield Piece("same", come)
    yield from _changes(removed, added)


def _changes(removed: str, added: str) -> Iterator[Piece]:
    """What went before what came, each without the space that follows both."""
    ends_alike = bool(removed and added) and removed[-1].isspace() and added[-1].isspace()
    if removed:
        yield Piece("removed", removed.rstrip() if added else removed)
    if added:
        yield Piece("added", added.rstrip() if ends_alike else added)
    if ends_alike:
        yield Piece("same", " ")


def _folded(lines: list[Line]) -> Iterator[Line]:
    """The same with long unchanged runs counted instead of shown."""
    near = {
        at + step for at, line in enumerate(lines) if line.is_changed for step in range(-CONTEXT, CONTEXT + 1)
    }
    hidden = 0
    for at, line in enumerate(lines):
        if at in near:
            if hidden:
                yield Line("", folded=hidden)
            yield line
            hidden = 0
        else:
            hidden += 1
    if hidden:
        yield Line("", folded=hidden)
