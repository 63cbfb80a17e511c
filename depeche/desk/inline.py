"""Runs of inline text to the words and the sanitised inline markup of one block."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

import nh3

BREAK = "\n"
CELL_GAP = " · "

# What is written here is safe by construction; nh3 is the second lock on the door.
_SECOND_LOCK = nh3.Cleaner(
    tags={"a", "b", "i", "br"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_LINK = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s?])\S{0,1990}", re.IGNORECASE)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad \n"


class Run(NamedTuple):
    """A piece of text with the marks it stands in ("b", "i", or the address of a link) and a hint of what
    it is.
    """

    text: str
    marks: tuple[str, ...] = ()
    hint: str = ""
    verbatim: bool = False


class Inline(NamedTuple):
    """The words of a block, and its markup where the words do not say it all."""

    text: str
    html: str


def link_address(href: str) -> str:
    """`href`, where it is an address that may be shown and followed (http, https, mailto), else ""."""
    address = href.strip()
    return address if _LINK.fullmatch(address) else ""


def inline(runs: Iterable[Run]) -> Inline:
    """The words and the markup of `runs`; white space is folded as browsers fold it, and stripped at both
    ends.
    """
    pieces = _pieces(runs)
    text = "".join(piece for piece, _ in pieces)
    if not text.strip(_INVISIBLE):
        return Inline("", "")
    if not any(marks for _, marks in pieces) and BREAK not in text:
        return Inline(text, "")
    return Inline(text, _markup(pieces))


def _pieces(runs: Iterable[Run]) -> list[tuple[str, tuple[str, ...]]]:
    pieces: list[tuple[str, tuple[str, ...]]] = []
    for run in runs:
        text = run.text if run.verbatim else _SPACES.sub(" ", run.text)
        if not run.verbatim and (not pieces or pieces[-1][0][-1].isspace()):
            text = text.lstrip(" ")
        if text.startswith(BREAK) and pieces:
            before = pieces.pop()
            if before[0].rstrip(" "):
                pieces.append((before[0].rstrip(" "), before[1]))
        if text:
            pieces.append((text, run.marks))
    _strip(pieces)
    return pieces


def _strip(pieces: list[tuple[str, tuple[str, ...]]]) -> None:
    while pieces and not pieces[-1][0].rstrip():
        pieces.pop()
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    first = next((index for index, (piece, _) in enumerate(pieces) if piece.strip()), 0)
    del pieces[:first]
    if pieces:
        pieces[0] = (pieces[0][0].lstrip(), pieces[0][1])


def _markup(pieces: list[tuple[str, tuple[str, ...]]]) -> str:
    written: list[str] = []
    open_marks: tuple[str, ...] = ()
    for text, marks in [*pieces, ("", ())]:
        shared = 0
        while shared < min(len(open_marks), len(marks)) and open_marks[shared] == marks[shared]:
            shared += 1
        written += [f"</{_tag(mark)}>" for mark in reversed(open_marks[shared:])]
        written += [_opening(mark) for mark in marks[shared:]]
        written.append(html.escape(text, quote=False).replace(BREAK, "<br>"))
        open_marks = marks
    return _SECOND_LOCK.clean("".join(written))


def _tag(mark: str) -> str:
    return mark if mark in ("b", "i") else "a"


def _opening(mark: str) -> str:
    return f"<{mark}>" if mark in ("b", "i") else f'<a href="{html.escape(mark, quote=True)}">'
