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
from typing import NamedTuple

from .content import WireContent
from .encoding import (
    WordField,
    address_field,
    field,
    plain_word,
    quoted_printable,
    sender_field,
    word_field,
)
from .messages import bare_address

_MARK = secrets.token_hex(8)  # of this process: nobody who writes an article knows it
_SLOT = re.compile(rf"slot-{_MARK}-(\w+)-")
_MARKUP = re.compile("[&<>\"']")
_ADDRESS_FIELDS = {"reply-to", "sender"}


def slot(name: str) -> str:
    """What stands in text, HTML or a header for a value that each recipient has of their own."""
    return f"slot-{_MARK}-{name}-"


class _Field(NamedTuple):
    """A header field that is filled."""

    place: int
    name: str
    template: str
    whole: str  # the slot that is all of its value; "" where there is more


class _Slot(NamedTuple):
    """Where the value of a slot in bodies goes: there, and into fields that are filled with it where it is a plain word."""

    name: str
    in_text: tuple[int, ...]
    in_html: tuple[int, ...]
    in_bodies: tuple[int, ...]
    in_fields: tuple[tuple[int, WordField], ...]
    fields: tuple[_Field, ...]  # these, for any other value


@dataclasses.dataclass(frozen=True)
class CompiledMessage:
    """A message that lacks but its recipient and the values of its slots; `sender` is a bare address."""

    sender: str
    _pieces: tuple[bytes, ...]
    _to: int  # here and below: which of the pieces are filled
    _fields: tuple[_Field, ...]
    _slots: tuple[_Slot, ...]
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
        pieces, fields = list(self._pieces), self._fields
        pieces[self._to] = address_field("To", address, of=of).encode()
        for name, in_text, in_html, in_bodies, in_fields, its_fields in self._slots:
            value = values[name]
            found = plain_word(value)  # as nearly all are: links
            if found:
                word, in_lines = found
                for place in in_bodies:
                    pieces[place] = in_lines
                for place, (beside, below, end, room) in in_fields:
                    pieces[place] = (beside if len(word) <= room else below) + word + end
                continue
            fields = tuple(sorted((*fields, *its_fields)))  # the first that is wrong is told
            piece = _written(value)
            for place in in_text:
                pieces[place] = piece
            if in_html and _MARKUP.search(value):
                piece = _written(markup.escape(value))
            for place in in_html:
                pieces[place] = piece
        for place, name, template, whole in fields:
            value = values[whole] if whole else template % values
            last = self._last.get(place)
            if last is None or last[0] != value:  # the date is the same for many
                last = self._last[place] = value, field(name, value).encode()
            pieces[place] = last[1]
        return WireContent(pieces, is_ascii=pieces[self._to].isascii())  # all others are, by their encoding

    def layout(self) -> tuple[tuple[bytes, ...], dict[int, str], list[int]]:
        """The pieces of each copy; which of them hold one header field each, by name; which are slots of a body."""
        filled = [*self._fields, *(field for slot in self._slots for field in slot.fields)]
        fields = {self._to: "To"} | {field.place: field.name for field in filled}
        return self._pieces, fields, sorted(place for slot in self._slots for place in slot.in_bodies)


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
    slots = tuple(draft.slot(name) for name in draft.in_bodies)
    with_slots = {field for slot in slots for field in slot.fields}
    return CompiledMessage(
        sender=bare_address(sender),
        _pieces=tuple(piece.encode() for piece in draft.pieces),
        _to=to,
        _fields=tuple(field for field in draft.fields if field not in with_slots),
        _slots=slots,
    )


class _Draft:
    """The pieces while they are written: what is fixed at even places, what is filled at odd ones."""

    def __init__(self) -> None:
        self.pieces = [""]
        self.fields: list[_Field] = []
        self.for_words: dict[str, list[tuple[_Field, WordField]]] = {}  # of these, by the only slot
        self.in_bodies: dict[str, dict[str, list[int]]] = {}  # by name and kind of body

    def write(self, words: str) -> None:
        self.pieces[-1] += words

    def open(self) -> int:
        """The place of a new piece that is to be filled."""
        self.pieces += ["", ""]
        return len(self.pieces) - 2

    def header(self, name: str, value: str) -> None:
        if _SLOT.search(value):
            field(name, _SLOT.sub("", value))  # what is wrong for all is found before the first is sent
            before, slot, *rest = _SLOT.split(value)
            template = _SLOT.sub(r"%(\1)s", value.replace("%", "%%"))
            filled = _Field(self.open(), name, template, "" if before or any(rest) else slot)
            self.fields.append(filled)
            around = word_field(name, before, *rest) if len(rest) == 1 else None
            if around:
                self.for_words.setdefault(slot, []).append((filled, around))
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
            self.in_bodies.setdefault(name, {"plain": [], "html": []})[kind].append(self.open())
            self.write(quoted_printable(fixed))

    def slot(self, name: str) -> _Slot:
        text, html = (tuple(self.in_bodies[name][kind]) for kind in ("plain", "html"))
        fields = self.for_words.get(name, [])
        in_fields = tuple((filled.place, around) for filled, around in fields)
        return _Slot(name, text, html, text + html, in_fields, tuple(filled for filled, _around in fields))

    def end_line(self) -> None:
        if not self.pieces[-1].endswith("\n"):
            self.write("\r\n")


def _written(value: str) -> bytes:
    return f"{quoted_printable(value)}=\r\n".encode()


def _digest(*words: str) -> str:
    named = "\0".join(_SLOT.sub(r"\1", part) for part in words)
    return hashlib.sha256(named.encode(errors="replace")).hexdigest()[:24]
