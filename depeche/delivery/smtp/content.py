"""The body of a message as it goes over the wire."""

from __future__ import annotations

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")


class WireContent(bytes):
    """Content known to have only CRLF and no line that begins with a dot: it is written as it is.

    For whoever compiles a message once and fills its slots: looking through each copy would cost as much as sending it.
    """

    __slots__ = ()


def as_written(content: bytes) -> bytes:
    """Any content with CRLF at each line end and a dot before each leading dot.

    Source: RFC 5321 §2.3.8, §4.5.2.
    """
    if isinstance(content, WireContent):
        return content
    stuffed = _LINE_END.sub(b"\r\n", content).replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def ending(content: bytes) -> bytes:
    """What ends this body on the wire."""
    return b".\r\n" if content.endswith(b"\r\n") or not content else b"\r\n.\r\n"
