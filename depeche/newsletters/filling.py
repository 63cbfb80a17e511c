"""The mails of both bulk lanes: compiled once, filled for each reader."""

from __future__ import annotations

import functools
import re
import time
import uuid
from collections.abc import Callable, Mapping
from email.utils import formatdate

from django.conf import settings

from depeche.delivery import signing
from depeche.delivery.compiled import CompiledMessage, compile_message, slot
from depeche.delivery.content import WireContent
from depeche.delivery.dkim_keys import DkimKey
from depeche.delivery.messages import feedback_id
from depeche.keys import same
from depeche.macs import keyed_hasher
from depeche.subscribers import tokens
from depeche.subscribers.actions import readers_pages

from .models import Edition
from .rendering import Links, Mail

_MESSAGE_ID = re.compile(r"<([a-z])(\d{1,18})\.(\d{1,18})\.([0-9a-f]{16})@[^<>@\s]+>")
READERS_OWN = Links(leave=slot("leave"), preferences=slot("preferences"))


def compile_mail(mail: Mail, edition: Edition, *, more: Mapping[str, str] | None = None) -> ReadersMail:
    """`mail`, rendered with `READERS_OWN` links, to readers of `edition`; `more` headers may have slots of their own."""
    message = compile_message(
        sender=edition.newsletter.sender,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers={**_headers(edition), **(more or {})},
    )
    return ReadersMail(message)


# What of a subscription goes into a mail: address, language, key of the subscriber, key of the subscription.
Reader = tuple[str, str, uuid.UUID | str, uuid.UUID | str]


class ReadersMail:
    """A mail of which each reader gets a copy of their own; what all copies share is found once."""

    def __init__(self, message: CompiledMessage) -> None:
        self.sender, self._message = message.sender, message
        self._fill = message.fill
        self._key: DkimKey | None = None
        self._id_of = _ids()
        self._pages: dict[str, tuple[str, str]] = {}  # by language

    def sign_as_now(self) -> None:
        """Sign copies with the key that is in use, if there is one; called for many at once, for it looks at a folder."""
        key = signing.key_of(self.sender)
        if key is not self._key:
            self._key = key
            self._fill = signing.SignedMail(self._message, key).fill if key else self._message.fill

    def copy(self, reader: Reader, edition: int, subscription: int) -> WireContent:
        """The copy of an edition for the reader with this subscription, dated now."""
        return self.fill(reader, self._id_of("e", edition, subscription))

    def fill(self, reader: Reader, message_id: str, **values: str) -> WireContent:
        """A copy for this reader, dated now; `values` are those of the slots in `more` headers."""
        address, language, subscriber_key, subscription_key = reader
        pages = self._pages.get(language)
        if pages is None:
            pages = self._pages[language] = readers_pages(language)
        values["leave"] = pages[0] % tokens.for_leaving(subscription_key)
        values["preferences"] = pages[1] % tokens.for_choosing(subscriber_key)
        values["message_id"] = message_id
        values["date"] = _date(int(time.time()))
        return self._fill(address, values)


def message_id(kind: str, what: int, whom: int) -> str:
    """The same for the same mail, whoever asks and when: logs can be matched after a crash."""
    return _ids()(kind, what, whom)


def read_message_id(message_id: str) -> tuple[str, int, int] | None:
    """What `message_id` was made of; None where we did not make it. The host may have changed since."""
    found = _MESSAGE_ID.fullmatch(message_id)
    if found is None:
        return None
    kind, what, whom, _digits = found.groups()
    made = _ids()(kind, int(what), int(whom)).partition("@")[0]
    return (kind, int(what), int(whom)) if same(made, message_id.partition("@")[0]) else None


def _ids() -> Callable[[str, int, int], str]:
    """`message_id` of many mails."""
    hashed = keyed_hasher("newsletters.message_id")
    host = settings.BASE_HOST if settings.IS_PUBLIC else "depeche.test"

    def made(kind: str, what: int, whom: int) -> str:
        named = f"{what}.{whom}"
        return f"<{kind}{named}.{hashed(named)}@{host}>"

    return made


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
        "Feedback-ID": feedback_id(newsletter.sender, "edition", what=f"e{edition.pk}", of=newsletter.slug),
        **({"Reply-To": newsletter.reply_to} if newsletter.reply_to else {}),
    }


@functools.lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)
