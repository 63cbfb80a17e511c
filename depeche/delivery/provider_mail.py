"""A ready message taken apart again, since providers want its parts."""

from __future__ import annotations

import email
import email.message
import email.policy
from collections.abc import Mapping

from django.core.mail import EmailMultiAlternatives  # noqa: TID251 - this is the door

from .smtp.envelopes import Message

# What the provider writes itself; Cc too, since it would send to whoever stands there. It builds the message anew, which
# our signature would not fit.
_THEIRS = {"from", "to", "cc", "bcc", "subject", "date", "mime-version", "dkim-signature"}
# Headers that make a provider leave ours as they are.
_ALSO: Mapping[str, Mapping[str, str]] = {"postmark": {"X-PM-KeepID": "true"}}


def as_mail(message: Message, key: str, *, is_told: bool) -> EmailMultiAlternatives:
    """The message for the provider `key`: to its one recipient, with its headers and all its parts.

    `is_told`: not to look for openings and clicks, where this provider can be told so for each message.
    """
    parsed = email.message_from_bytes(bytes(message.content), policy=email.policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))  # type: ignore[attr-defined] # of that policy
    mail = EmailMultiAlternatives(
        subject=str(parsed["Subject"] or ""),
        body=_words(text),
        from_email=str(parsed["From"]),
        to=[_recipient(message, parsed)],
        headers={**_headers(parsed), **_ALSO.get(key, {})},
    )
    if html is not None:
        mail.attach_alternative(_words(html), "text/html")
    for part in parsed.iter_attachments():  # type: ignore[attr-defined] # of that policy
        mail.attach(part.get_filename(), part.get_payload(decode=True), part.get_content_type())
    if is_told:
        mail.track_opens = mail.track_clicks = False  # type: ignore[attr-defined] # Anymail reads them
    return mail


def _recipient(message: Message, parsed: email.message.Message) -> str:
    """The one it is for, with the name its header gives them."""
    for address in getattr(parsed["To"], "addresses", ()):
        if address.addr_spec.lower() == message.recipient.lower():
            return str(address)
    return message.recipient


def _headers(parsed: email.message.Message) -> dict[str, str]:
    """As they stand, unfolded: in ASCII, for not all providers can write other letters."""
    found = {}
    for name, value in parsed.raw_items():  # type: ignore[attr-defined] # missing in its types
        if name.lower() not in _THEIRS and not name.lower().startswith("content-"):
            found[name] = "".join(value.splitlines()).strip()
    return found


def _words(part: email.message.Message | None) -> str:
    return "" if part is None else part.get_content().replace("\r\n", "\n")  # type: ignore[attr-defined]
