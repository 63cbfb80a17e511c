"""The body of a message as it goes over the wire."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINE_END = re.compile(rb"\r\n|\r|\n")


class WireContent:
    """Content known to have only CRLF and no line that begins with a dot: it is written as it is, piece by piece.

    For whoever compiles a message once and fills its slots: looking through each copy, or putting it together, would
    cost as much as sending it.
    """

    __slots__ = ("_is_ascii", "_size", "pieces")

    def __init__(self, pieces: Sequence[bytes], *, is_ascii: bool) -> None:
        self.pieces, self._is_ascii = pieces, is_ascii
        self._size = sum(map(len, pieces))

    def __len__(self) -> int:
        """Octets."""
        return self._size

    def __bytes__(self) -> bytes:
        return b"".join(self.pieces)

    def isascii(self) -> bool:
        return self._is_ascii


Content = bytes | WireContent


def as_written(content: Content) -> WireContent:
    """Any content with CRLF at each line end and a dot before each leading dot.

    Source: RFC 5321 §2.3.8, §4.5.2.
    """
    if isinstance(content, WireContent):
        return content
    stuffed = _LINE_END.sub(b"\r\n", content).replace(b"\r\n.", b"\r\n..")
    return WireContent([b"." + stuffed if stuffed.startswith(b".") else stuffed], is_ascii=stuffed.isascii())


def ending(body: WireContent) -> bytes:
    """What ends this body on the wire."""
    last = body.pieces[-1] or next(filter(None, reversed(body.pieces)), b"")
    return b".\r\n" if last.endswith(b"\r\n") or not last else b"\r\n.\r\n"
