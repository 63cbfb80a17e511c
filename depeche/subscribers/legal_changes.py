"""What two versions of a legal text do not have in common: field by field, paragraph by paragraph, word by word."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "removed", "added"]

COMPARED_AT_MOST = 4_000_000  # words times words; more is shown as replaced as a whole
_WORD = re.compile(r"\S+\s*|\s+")
_ENDS_A_LINE = re.compile(r"</(?:p|h[1-6]|li|ul|ol)>|<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^>]*\bhref=\"([^\"]*)\"[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Piece:
    """Some words and what became of them."""

    change: Change
    text: str


@dataclass(frozen=True)
class FieldChange:
    """One field that changed, with its paragraphs as pieces; unchanged paragraphs stay out."""

    name: str
    paragraphs: tuple[tuple[Piece, ...], ...]


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[FieldChange]:
    """The fields that differ, in the order of `new`; [] where none does."""
    names = [*new, *(name for name in old if name not in new)]
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in names)
    return [
        FieldChange(name, tuple(_paragraphs(name, before, after)))
        for name, before, after in pairs
        if before != after
    ]


def plain(body: str) -> str:
    """Rich text as lines of plain text, links with the address they lead to."""
    with_addresses = _LINK.sub(r"\2 (\1)", body)
    lines = _TAG.sub("", _ENDS_A_LINE.sub("\n", with_addresses))
    return html.unescape(lines).strip()


def _paragraphs(name: str, before: str, after: str) -> Iterator[tuple[Piece, ...]]:
    old, new = (_lines(plain(text) if name == "body" else text) for text in (before, after))
    if old == new:  # emphasis, or an empty line
        yield (Piece("removed", before), Piece("added", after))
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(b - a, d - c)):
            gone = old[a + at] if a + at < b else ""
            come = new[c + at] if c + at < d else ""
            yield tuple(_pieces(gone, come))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pieces(old: str, new: str) -> Iterator[Piece]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    if not a or not b or len(a) * len(b) > COMPARED_AT_MOST:
        if old:
            yield Piece("removed", old)
        if new:
            yield Piece("added", new)
        return
    old_words, new_words = ([word.strip() for word in words] for words in (a, b))
    for tag, i, j, k, m in SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(b[k:m]))
            continue
        if i < j:
            yield Piece("removed", "".join(a[i:j]))
        if k < m:
            yield Piece("added", "".join(b[k:m]))
