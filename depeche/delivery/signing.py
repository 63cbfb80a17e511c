"""DKIM signatures (RFC 6376): of whole messages, and of the copies of a compiled one at little more than RSA costs.

Of a compiled message, what all copies share is brought into canonical form and hashed beforehand: the fixed fields of
the head, and the body up to its first slot. Signing is left until a worker has the message in hand, so that what waited for
days, and what is tried again after a key was changed, is signed with the key in use then.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Mapping
from email.utils import getaddresses
from typing import TYPE_CHECKING

from .compiled import CompiledMessage
from .content import WireContent
from .dkim_keys import DkimKey, UnusableName, domain_key, in_use, key_for

if TYPE_CHECKING:
    from hashlib import _Hash

# What readers and their programs go by (RFC 6376 §5.4.1; RFC 8058 §4).
SIGNED = (
    *("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "list-help", "list-archive"),
    *("auto-submitted", "feedback-id"),
)
# Named once more than they stand there, so that none can be added to what was signed (RFC 6376 §8.15).
OVERSIGNED = (
    *("from", "reply-to", "to", "cc", "subject", "date"),
    *("mime-version", "content-type", "content-transfer-encoding"),
    *("list-unsubscribe", "list-unsubscribe-post"),
)
_LINE = 74  # and a space before it
_SPACE = re.compile(rb"[ \t]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_NEXT_FIELD = re.compile(rb"\r\n(?![ \t])")


class SignedMail:
    """A compiled message whose copies are signed with one key."""

    def __init__(self, message: CompiledMessage, key: DkimKey) -> None:
        pieces, fields, in_body = message.layout()
        ends = max(fields) + 1  # the piece in which the head ends and the body begins
        rest_of_head, _, body = pieces[ends].partition(b"\r\n\r\n")
        fixed = _fields(b"".join(pieces[:ends]) + rest_of_head)
        varying = [(fields[place].lower(), place) for place in sorted(fields)]
        self._message = message
        self._in_head = [place for name, place in varying if name in SIGNED]
        names, canonical = _chosen(fixed)
        self._head = hashlib.sha256(canonical)
        named = [*names, *(name for name, _place in varying if name in SIGNED)]
        self._signature = _Signature(key, [*named, *OVERSIGNED])
        first, *rest = [_SPACE.sub(b" ", piece) for piece in (body, *pieces[ends + 1 :])]
        if rest:
            rest[-1] = _ended(rest[-1])
        else:
            first = _ended(first)
        self._body, self._rest = hashlib.sha256(first), rest
        self._in_body = [(place, place - ends - 1) for place in in_body]

    def fill(self, address: str, values: Mapping[str, str], *, of: str = "") -> WireContent:
        """As `CompiledMessage.fill`, with its signature before it."""
        content = self._message.fill(address, values, of=of)
        pieces, rest = content.pieces, self._rest.copy()
        for place, among_rest in self._in_body:
            rest[among_rest] = _SPACE.sub(b" ", pieces[place])
        body, head = self._body.copy(), self._head.copy()
        body.update(b"".join(rest))
        for place in self._in_head:
            head.update(_relaxed(pieces[place]))
        return WireContent([self._signature.field(head, body), *pieces], is_ascii=content.isascii())


def signed(content: bytes) -> bytes:
    """A whole message, its lines ended by CRLF, signed with the key for the domain of its From; unsigned where there is none."""
    if not in_use():
        return content
    content = _LINE_END.sub(b"\r\n", content)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    head, _, body = content.partition(b"\r\n\r\n")
    fields = _fields(head)
    key = key_of(b" ".join(field for name, field in fields if name == "from").decode(errors="replace"))
    if key is None:
        return content
    names, canonical = _chosen(fields)
    signature = _Signature(key, [*names, *OVERSIGNED])
    lines = _SPACE.sub(b" ", body).replace(b" \r\n", b"\r\n")
    return signature.field(hashlib.sha256(canonical), hashlib.sha256(_ended(lines))) + content


def key_of(sender: str) -> DkimKey | None:
    """The key that signs what says it is from « Jeanne <jeanne@exemple.fr> »; of several people, from the first."""
    addresses = getaddresses([sender.removeprefix("from:")])
    try:
        return key_for(domain_key(addresses[0][1].rpartition("@")[2])) if addresses else None
    except UnusableName:
        return None


class _Signature:
    """The field that signs fields of these names with one key, but for the time and what depends on the message."""

    def __init__(self, key: DkimKey, names: list[str]) -> None:
        lines = [f"d={key.domain};", f"s={key.selector};", *_folded(names), "t=%d; bh=%s;", "b="]
        opening = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"
        self._key, self._wire = key, "\r\n ".join([opening, *lines]).encode()
        self._canonical = _relaxed(self._wire).removesuffix(b"\r\n")

    def field(self, head: _Hash, body: _Hash) -> bytes:
        """`head` hashed the fields in their order, `body` the body, all in canonical form."""
        filled = int(time.time()), base64.b64encode(body.digest())
        head.update(self._canonical % filled)
        value = base64.b64encode(self._key.sign(head.digest()))
        lines = [value[at : at + _LINE - 2] for at in range(0, len(value), _LINE - 2)]
        return self._wire % filled + b"\r\n ".join(lines) + b"\r\n"


def _folded(names: list[str]) -> list[str]:
    lines = ["h="]
    for at, name in enumerate(names, 1):
        word = f"{name}:" if at < len(names) else f"{name};"
        if len(lines[-1]) + len(word) > _LINE:
            lines.append("")
        lines[-1] += word
    return lines


def _chosen(fields: list[tuple[str, bytes]]) -> tuple[list[str], bytes]:
    """Of these what is signed: the names, and the fields of each from the last to the first (RFC 6376 §5.4.2)."""
    found = [(name, field) for name in SIGNED for own, field in reversed(fields) if own == name]
    return [name for name, _field in found], b"".join(field for _name, field in found)


def _fields(head: bytes) -> list[tuple[str, bytes]]:
    """Names in small letters, and the fields in canonical form."""
    found = [_relaxed(field) for field in _NEXT_FIELD.split(head) if field]
    return [(field.partition(b":")[0].decode("latin-1"), field) for field in found]


def _relaxed(field: bytes) -> bytes:
    """A header field in canonical form (RFC 6376 §3.4.2)."""
    name, _, value = field.partition(b":")
    unfolded = _SPACE.sub(b" ", value.replace(b"\r\n", b""))
    return name.strip(b" \t").lower() + b":" + unfolded.strip(b" ") + b"\r\n"


def _ended(lines: bytes) -> bytes:
    """A body, or its end behind a slot, without empty lines at its end (RFC 6376 §3.4.4)."""
    lines = lines.rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""
