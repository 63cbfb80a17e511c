"""One returned mail, whatever sent it, into what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from . import notices, reports
from .told import Kind, Returned, Told, What

MOST = 100  # recipients of one report
READ_BYTES = 200_000  # what matters stands before the mail that is returned
_CARRIED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_CAME_FROM = re.compile(
    r"^(?:Return-Path|X-Postfix-Sender|Original-Mail-From):(.*)$", re.IGNORECASE | re.MULTILINE
)
_CAME_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To")
_REPLIES_BY_ITSELF = re.compile(
    r"automatic reply|auto(matic)? ?-?(reply|response)|out of (the )?office|réponse automatique|absence du bureau"
    r"|message d.absence|automatische antwort|abwesen",
    re.IGNORECASE,
)
_COMPLAINED = re.compile(
    r"^X-HmXmrOriginalRecipient:\s*(\S+)", re.IGNORECASE | re.MULTILINE
)  # Microsoft's own form


def classify(raw: bytes) -> Returned:
    """What this mail is and tells. Never raises: what cannot be read is unrelated.

    Source: RFC 3464 (delivery), RFC 5965 (complaints), RFC 3834 (replies by machines).
    """
    try:
        return _classified(message_from_bytes(raw[:READ_BYTES].replace(b"\0", b" ")))
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError):
        return Returned(What.UNRELATED)


def _classified(message: Message) -> Returned:
    found = list(reports.parts(message))
    carried = "\n".join(reports.text_of(part) for part in found if part.get_content_type() in _CARRIED)
    for what, told in _readings(message, found, carried):
        if told or what is What.REPORT:
            text = carried or "\n".join(_words(found))
            return Returned(what, tuple(told[:MOST]), _message_id(text), _addresses(message, found, text))
    return Returned(What.AUTOREPLY if _is_a_reply_by_itself(message) else What.UNRELATED)


def _readings(message: Message, found: list[Message], carried: str) -> Iterator[tuple[What, list[Told]]]:
    """What it may be, the surest first; with nothing told where it is not."""
    feedback = [part for part in found if part.get_content_type() in reports.FEEDBACK]
    yield What.COMPLAINT, [reports.complaint(part) for part in feedback[:1]]
    own = _COMPLAINED.search(carried)
    yield What.COMPLAINT, [Told(reports.address_in(own[1]), Kind.COMPLAINT)] if own else []
    status = [part for part in found if part.get_content_type() in reports.DELIVERY]
    if status:
        yield What.REPORT, [one for part in status for one in reports.delivery(part)]
    elif notices.is_from_a_machine(message):
        told = list(notices.told(message, "\n".join(_words(found))))
        if told or _is_a_report(message):
            yield What.REPORT, told


def _is_a_report(message: Message) -> bool:
    return str(message.get_param("report-type", "")).lower() == "delivery-status"


def _words(found: list[Message]) -> Iterator[str]:
    """The text of a mail; of one whose parts cannot be told apart, all of it."""
    for part in found:
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if kind == "text/plain" or part.get_content_maintype() == "multipart":
            raw = part.get_payload(decode=True)
            charset = str(part.get_content_charset() or "utf-8")
            try:
                yield bytes(raw or b"").decode(charset)
            except (LookupError, UnicodeDecodeError):
                yield bytes(raw or b"").decode("latin-1")


def _message_id(text: str) -> str:
    found = _MESSAGE_ID.search(text)
    return found[1] if found else ""


def _addresses(message: Message, found: list[Message], text: str) -> tuple[str, ...]:
    """Where it came to, and where the mail it is about says to come from; once each, in lower case."""
    values = [str(value) for name in _CAME_TO for value in message.get_all(name, [])]
    machine = "\n".join(reports.text_of(part) for part in found if part.get_content_maintype() == "message")
    values += [reports.address_in(value) for value in _CAME_FROM.findall(f"{machine}\n{text}")[:20]]
    addresses = [address.lower() for _name, address in getaddresses(values[:50]) if "@" in address]
    return tuple(dict.fromkeys(addresses))


def _is_a_reply_by_itself(message: Message) -> bool:
    """Source: RFC 3834 §5, and what programs said before it."""
    if str(message.get("Auto-Submitted", "")).strip().lower().startswith("auto-replied"):
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")):
        return True
    if str(message.get("Precedence", "")).strip().lower() in ("auto_reply", "auto-reply"):
        return True
    return bool(_REPLIES_BY_ITSELF.search(_subject(message)))


def _subject(message: Message) -> str:
    try:
        return str(make_header(decode_header(str(message.get("Subject", "")))))
    except (LookupError, ValueError):  # also what is no charset, and what is not in it
        return str(message.get("Subject", ""))
