"""The mails of both bulk lanes: compiled once, filled for each reader."""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Mapping
from email.utils import formatdate
from typing import NamedTuple

from django.conf import settings

from depeche.delivery.compiled import CompiledMessage, compile_message, slot
from depeche.delivery.content import WireContent
from depeche.macs import keyed_hash
from depeche.subscribers.actions import leave_url, preferences_url

from .models import Edition
from .rendering import Links, Mail

READERS_OWN = Links(leave=slot("leave"), preferences=slot("preferences"))


def compile_mail(mail: Mail, edition: Edition, *, more: Mapping[str, str] | None = None) -> CompiledMessage:
    """`mail`, rendered with `READERS_OWN` links, to readers of `edition`; `more` headers may have slots of their own."""
    return compile_message(
        sender=edition.newsletter.sender,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers={**_headers(edition), **(more or {})},
    )


class Reader(NamedTuple):
    """What of a subscription goes into a mail."""

    address: str
    language: str
    subscriber_key: uuid.UUID | str
    subscription_key: uuid.UUID | str


def fill(message: CompiledMessage, reader: Reader, message_id: str, **values: str) -> WireContent:
    """The copy for this reader, dated now; `values` are those of the slots in `more` headers."""
    values |= {
        "leave": leave_url(reader.subscription_key, reader.language),
        "preferences": preferences_url(reader.subscriber_key, reader.language),
        "message_id": message_id,
        "date": _date(int(time.time())),
    }
    return message.fill(reader.address, values)


def fill_edition(message: CompiledMessage, reader: Reader, copy: tuple[int, int]) -> WireContent:
    """The copy of an edition for this reader; `copy` names edition and subscription."""
    return fill(message, reader, message_id("e", *copy))


def message_id(kind: str, what: int, whom: int) -> str:
    """The same for the same mail, whoever asks and when: logs can be matched after a crash."""
    mac = keyed_hash("newsletters.message_id", f"{what}.{whom}")
    host = settings.BASE_HOST if settings.IS_PUBLIC else "depeche.test"
    return f"<{kind}{what}.{whom}.{mac}@{host}>"


def _headers(edition: Edition) -> dict[str, str]:
    """What tells mail programs which list this is and how to leave it (RFC 2369, 2919, 8058)."""
    newsletter = edition.newsletter
    return {
        "Date": slot("date"),
        "Message-ID": slot("message_id"),
        "List-Id": newsletter.list_id,
        "List-Unsubscribe": f"<{READERS_OWN.leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": f"<{edition.web_url}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        **({"Reply-To": newsletter.reply_to} if newsletter.reply_to else {}),
    }


@functools.lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)
