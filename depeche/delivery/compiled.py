"""A message to many: built once, and only what differs is written for each.

A slot stands alone between soft line breaks of quoted-printable, so that filling it leaves the rest as it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import html as markup
import re
import secrets
from collections.abc import Mapping

from .content import WireContent
from .encoding import address_field, field, quoted_printable, sender_field
from .messages import bare_address

_MARK = secrets.token_hex(8)  # of this process: nobody who writes an article knows it
_SLOT = re.compile(rf"slot-{_MARK}-(\w+)-")
_MARKUP = re.compile("[&<>\"']")
_ADDRESS_FIELDS = {"reply-to", "sender"}


def slot(name: str) -> str:
    """What stands in text, HTML or a header for a value that each recipient has of their own."""
    return f"slot-{_MARK}-{name}-"


@dataclasses.dataclass(frozen=True)
class CompiledMessage:
    """A message that lacks but its recipient and the values of its slots; `sender` is a bare address."""

    sender: str
    _pieces: tuple[bytes, ...]
    _to: int  # here and below: which of the pieces are filled
    _fields: tuple[tuple[int, str, str], ...]
    _slots: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    _last: dict[int, tuple[str, bytes]] = dataclasses.field(
        default_factory=dict, compare=False
    )  # fields filled

    def fill(self, address: str, values: Mapping[str, str], *, of: str = "") -> WireContent:
        """The message to `address`, `of` somebody, as it goes over the wire; the same for the same values.

        Values are text: in the HTML part they are escaped here. A body takes any; line breaks in it become CR LF.

        Raises:
            KeyError: a slot without a value.
            UnsafeHeader: a line break, NUL or half a surrogate pair in a header; or no address.
        """
        pieces = list(self._pieces)
        pieces[self._to] = address_field("To", address, of=of).encode()
        for place, name, template in self._fields:
            value = template % values
            last = self._last.get(place)
            if last is None or last[0] != value:  # the date is the same for many
                last = self._last[place] = value, field(name, value).encode()
            pieces[place] = last[1]
        for name, in_text, in_html in self._slots:
            value = values[name]
            piece = _written(value)
            for place in in_text:
                pieces[place] = piece
            if in_html and _MARKUP.search(value):
                piece = _written(markup.escape(value))
            for place in in_html:
                pieces[place] = piece
        return WireContent(pieces, is_ascii=pieces[self._to].isascii())  # all others are, by their encoding

    def layout(self) -> tuple[tuple[bytes, ...], dict[int, str], list[int]]:
        """The pieces of each copy; which of them hold one header field each, by name; which are slots of a body."""
        fields = {self._to: "To"} | {place: name for place, name, _template in self._fields}
        in_body = sorted(place for _name, in_text, in_html in self._slots for place in (*in_text, *in_html))
        return self._pieces, fields, in_body


def compile_message(
    *, sender: str, subject: str, text: str, html: str = "", headers: Mapping[str, str]
) -> CompiledMessage:
    """The message with its slots open: text part first, HTML (if any) as its alternative.

    `headers` hold the Date and Message-ID; they, the subject and both parts may have slots. A text without HTML
    ends in a line break, for so does a message.

    Raises:
        UnsafeHeader: a line break, NUL or half a surrogate pair in a header; or no address of the sender.
    Source: RFC 2045, RFC 2046 §5.1, RFC 5322 §3.6.
    """
    draft = _Draft()
    draft.write(sender_field("From", sender))
    to = draft.open()
    for name, value in {"Subject": subject, **headers, "MIME-Version": "1.0"}.items():
        draft.header(name, value)
    if html:
        # No part can hold it: in quoted-printable « = » stands before two hexadecimal digits or a line end.
        border = f"=_{_digest(subject, text, html)}"
        draft.write(f'Content-Type: multipart/alternative;\r\n boundary="{border}"\r\n')
        for kind, words in (("plain", text), ("html", html)):
            draft.write(f"\r\n--{border}\r\n")
            draft.body(words, kind)
        draft.write(f"\r\n--{border}--\r\n")
    else:
        draft.body(text, "plain")
        draft.end_line()
    return CompiledMessage(
        sender=bare_address(sender),
        _pieces=tuple(piece.encode() for piece in draft.pieces),
        _to=to,
        _fields=tuple(draft.fields),
        _slots=tuple((name, tuple(at["plain"]), tuple(at["html"])) for name, at in draft.slots.items()),
    )


class _Draft:
    """The pieces while they are written: what is fixed at even places, what is filled at odd ones."""

    def __init__(self) -> None:
        self.pieces = [""]
        self.fields: list[tuple[int, str, str]] = []
        self.slots: dict[str, dict[str, list[int]]] = {}  # by name and kind of body

    def write(self, words: str) -> None:
        self.pieces[-1] += words

    def open(self) -> int:
        """The place of a new piece that is to be filled."""
        self.pieces += ["", ""]
        return len(self.pieces) - 2

    def header(self, name: str, value: str) -> None:
        if _SLOT.search(value):
            template = _SLOT.sub(r"%(\1)s", value.replace("%", "%%"))
            field(name, _SLOT.sub("", value))  # what is wrong for all is found before the first is sent
            self.fields.append((self.open(), name, template))
        elif name.lower() in _ADDRESS_FIELDS:
            self.write(sender_field(name, value))
        else:
            self.write(field(name, value))

    def body(self, words: str, kind: str) -> None:
        self.write(f'Content-Type: text/{kind}; charset="utf-8"\r\n')
        self.write("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
        fixed, *rest = _SLOT.split(words)
        self.write(quoted_printable(fixed))
        for name, fixed in zip(rest[::2], rest[1::2], strict=True):
            if not self.pieces[-1].endswith("\n") and self.pieces[-1]:
                self.write("=\r\n")
            self.slots.setdefault(name, {"plain": [], "html": []})[kind].append(self.open())
            self.write(quoted_printable(fixed))

    def end_line(self) -> None:
        if not self.pieces[-1].endswith("\n"):
            self.write("\r\n")


def _written(value: str) -> bytes:
    return f"{quoted_printable(value)}=\r\n".encode()


def _digest(*words: str) -> str:
    named = "\0".join(_SLOT.sub(r"\1", part) for part in words)
    return hashlib.sha256(named.encode(errors="replace")).hexdigest()[:24]
