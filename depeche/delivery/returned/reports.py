"""Reports made for machines: of delivery (RFC 3464, 6533) and of complaints (RFC 5965)."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email.message import Message

from ..smtp.replies import decoded
from .judging import kind_of, reply_of
from .told import Kind, Told

DELIVERY = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK = ("message/feedback-report",)
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_TYPED = re.compile(r"\A\s*[A-Za-z0-9_.-]+\s*;")
_COMPLAINTS = ("abuse", "opt-out", "opt-out-list")  # not: auth-failure, fraud, virus, other, not-spam

Fields = dict[str, str]


def parts(message: Message) -> Iterator[Message]:
    """The mail and its parts, without those of mails it carries."""
    yield message
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            yield from parts(part)  # type: ignore[arg-type]


def blocks(part: Message) -> list[Fields]:
    """The groups of fields of a report, names in lower case; whatever encoding it came in."""
    text = text_of(part)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    try:
        if encoding == "base64":
            text = decoded(base64.b64decode(text))
        elif encoding == "quoted-printable":
            text = decoded(quopri.decodestring(text.encode()))
    except (binascii.Error, ValueError):
        pass
    found = [
        {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
        for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    ]
    return [fields for fields in found if fields]


def text_of(part: Message) -> str:
    """All that stands in a part, also where the parser took it for mails."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        octets = part.get_payload(decode=True)
        return decoded(octets) if isinstance(octets, bytes) else ""
    return "\n\n".join(
        "\n".join(f"{name}: {_octets(value)}" for name, value in sub.raw_items()) + "\n\n" + text_of(sub)  # type: ignore[union-attr, attr-defined, arg-type]
        for sub in payload
    )


def delivery(part: Message) -> Iterator[Told]:
    """What a delivery report says of each recipient; only a failure has consequences."""
    for fields in blocks(part):
        if not ("final-recipient" in fields or "original-recipient" in fields):
            continue
        whom = address_in(fields.get("original-recipient", "")) or address_in(
            fields.get("final-recipient", "")
        )
        status = (re.search(r"[245]\.\d{1,3}\.\d{1,3}", fields.get("status", "")) or [""])[0]
        reply = reply_of(_TYPED.sub("", fields.get("diagnostic-code", ""), count=1).strip(), status)
        has_failed = fields.get("action", "failed").lower().startswith("fail")
        kind = kind_of(reply) if has_failed else Kind.NONE
        yield Told(whom, kind, reply.enhanced or status, reply.words)


def complaint(part: Message) -> Told:
    """What a feedback report says, and of whom where that is not blotted out."""
    fields = {name: value for block in blocks(part) for name, value in block.items()}
    kind = fields.get("feedback-type", "").lower()
    whom = address_in(fields.get("original-rcpt-to", "") or fields.get("removal-recipient", ""))
    return Told(whom, Kind.COMPLAINT if kind in _COMPLAINTS else Kind.NONE, "", kind[:40])


def address_in(value: str) -> str:
    """« rfc822;<lea@exemple.test> » without what is around it, in lower case; "" where it is no address."""
    address = _TYPED.sub("", value, count=1).strip().strip("<>").lower()
    return address if "@" in address and len(address) <= 320 and address.isprintable() else ""


def _octets(text: object) -> str:
    """What the parser kept of octets beyond ASCII, as text."""
    return decoded(str(text).encode("utf-8", "surrogateescape"))
