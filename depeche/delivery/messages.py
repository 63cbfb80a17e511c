"""From subject, text and HTML to the bytes of one message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.charset import QP, Charset
from email.headerregistry import Address
from email.utils import make_msgid, parseaddr

import css_inline
from django.core.mail import EmailMessage, EmailMultiAlternatives  # noqa: TID251 - this is the door

_inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)

_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP
_FORBIDDEN = re.compile(r"[\r\n\0]")
_LIKE_A_BREAK = re.compile(r"[\x0b\x0c\x1c-\x1e]")  # Python's generator begins a new line there


class UnsafeHeader(ValueError):
    """A header holds a line break, which could smuggle in headers or recipients; `str()` is its name."""


@dataclass(frozen=True)
class Envelope:
    """One message as handed to a mail server: sender, recipient (bare addresses), content (RFC 5322)."""

    sender: str
    recipient: str
    content: bytes
    message_id: str = ""


def compose(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> Envelope:
    """The message, ready to submit: text part first, HTML (if any) as its alternative.

    Raises:
        UnsafeHeader: a line break in an address, the subject or a header.
    """
    headers = {"Message-ID": make_msgid(domain=domain_of(sender) or "localhost"), **(headers or {})}
    for name, value in {"From": sender, "To": recipient, "Subject": subject, **headers}.items():
        if _FORBIDDEN.search(value):
            raise UnsafeHeader(name)
    sender, recipient, subject = (_LIKE_A_BREAK.sub(" ", words) for words in (sender, recipient, subject))
    message = EmailMultiAlternatives(
        subject=subject, body=text, from_email=sender, to=[recipient], headers=headers
    )
    if html:
        message.attach_alternative(html, "text/html")
    return Envelope(bare_address(sender), bare_address(recipient), as_sent(message), headers["Message-ID"])


def as_sent(message: EmailMessage) -> bytes:
    """The bytes of a message, with the line ends of the wire; 7 bit, so that no server has to write it anew.

    Source: RFC 6376 §5.3, for what is written anew no longer fits its signature.
    """
    message.encoding = message.encoding or _QUOTED
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # Django's own as_bytes


def bare_address(address: str) -> str:
    """`jeanne@exemple.fr` of « Jeanne <jeanne@exemple.fr> »."""
    return parseaddr(address)[1]


def inlined(html: str) -> str:
    """`html` with its styles on the elements, as mail programs want them; rules for dark mode stay."""
    return _inliner.inline(html)


def address_key(address: str) -> str:
    """What two spellings of one address have in common."""
    return address.strip().lower()


def named_address(name: str, address: str) -> str:
    """« Jeanne, du Courrier » and an address, as one header value."""
    return str(Address(display_name=name, addr_spec=address)) if name else address


def feedback_id(sender: str, kind: str, *, what: str = "", of: str = "") -> str:
    """What Gmail counts complaints by, for all readers alike: the edition, its newsletter, the kind of mail, who sends.

    Source: https://support.google.com/a/answer/6254652 (the last part: 5 to 15 characters, the same for ever).
    """
    name = re.sub("[^a-z0-9]", "", domain_of(sender))
    return ":".join((what, of, kind, name[:15].ljust(5, "0")))


def domain_of(address: str) -> str:
    return bare_address(address).rpartition("@")[2].lower()
