"""One reply of a server, and its words for people."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

WORDS = 300
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?", re.DOTALL)


class Lost(Exception):
    """The connection broke, timed out, or carries what is no SMTP.

    `written` counts the octets of a write that had left when it broke; `reply` is the 421 that announced it, if any.
    """

    def __init__(self, words: str, *, written: int = 0, reply: Reply | None = None) -> None:
        super().__init__(words)
        self.written = written
        self.reply = reply


class Reply(NamedTuple):
    """A reply code and the text of its lines.

    Source: RFC 5321 §4.2.
    """

    code: int
    lines: tuple[bytes, ...]

    @property
    def kind(self) -> int:
        """The first digit: 2 done, 3 go on, 4 not now, 5 no."""
        return self.code // 100

    @property
    def is_closing(self) -> bool:
        return self.code == 421

    @property
    def enhanced(self) -> str:
        """`5.1.1`; empty where there is none of this reply's class.

        Source: RFC 3463, RFC 2034.
        """
        found = _ENHANCED.match(self.lines[0])
        code = found[0].decode() if found else ""
        return code if code[:1] == str(self.kind) else ""

    @property
    def words(self) -> str:
        """Code and text on one printable line of at most 300 characters."""
        text = self.lines[0]
        if len(self.lines) > 1:
            prefix = self.enhanced.encode()
            text = b" ".join([text, *(line.removeprefix(prefix) for line in self.lines[1:])])
        return printable(f"{self.code} {decoded(text)}")


@functools.lru_cache(maxsize=256)  # servers say the same again and again
def of_one_line(line: bytes) -> Reply | None:
    """The reply that this line is; None where more follow. Raises Lost: no line of a reply."""
    code, is_last, text = parsed(line)
    return Reply(code, (text,)) if is_last else None


@functools.lru_cache(maxsize=256)
def codes_of(some: bytes) -> tuple[int, ...]:
    """The codes of replies of one line each, if it is nothing else; otherwise none."""
    *lines, rest = some.split(b"\n")
    try:
        replies = [of_one_line(line.removesuffix(b"\r")) for line in lines]
    except Lost:
        return ()
    return tuple(reply.code for reply in replies if reply) if all(replies) and not rest else ()


def parsed(line: bytes) -> tuple[int, bool, bytes]:
    """Code, whether it is the reply's last line, and text, of a line without its end.

    Raises:
        Lost: no line of a reply.
    """
    found = _LINE.fullmatch(line)
    if found is None:
        raise Lost(f"no SMTP reply: {printable(decoded(line[:80]))}")
    code, mark, text = found.groups()
    return int(code), mark != b"-", text or b""


def decoded(text: bytes) -> str:
    """Text in whatever charset; what is not UTF-8 is read as Latin-1, which is defined for every octet."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def printable(words: str) -> str:
    """One line of at most 300 characters, without what could move a cursor or break a log."""
    if not words.isprintable():
        words = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(words.split())[:WORDS]
