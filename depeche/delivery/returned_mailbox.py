"""The mailbox that mail comes back to, read over IMAP (RFC 9051) with TLS: what is unread there is acted on, then marked.

What could not be acted on stays unread, and is read again the next time; acting twice changes nothing.
"""

from __future__ import annotations

import collections
import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from . import bounces
from .returned.classifying import READ_BYTES
from .smtp.replies import printable

logger = logging.getLogger(__name__)

PORT = 993  # RFC 8314 §3.2
TIMEOUT_S = 30
AT_ONCE = 50
AT_MOST = 5_000  # in one go: the worker has other jobs
FORM = "imaps://user:password@imap.example.org/INBOX"
_UID = re.compile(rb"\bUID (\d+)")


class CannotRead(Exception):
    """The mailbox is named wrongly or does not answer; its words say so to people, and hold no password."""


@dataclass(frozen=True)
class Mailbox:
    """Where mail comes back to; `repr` does not show the password."""

    host: str
    port: int
    user: str
    folder: str
    _password: str

    def __repr__(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"

    @classmethod
    def parsed(cls, url: str) -> Mailbox:
        """`imaps://user:password@host:993/INBOX`, values percent-encoded.

        Raises:
            CannotRead: it is not of this form.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or PORT
        except ValueError:
            parts, host, port = urlsplit(""), "", 0
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        folder = unquote(parts.path.removeprefix("/")) or "INBOX"
        texts = (user, password, folder)
        if (
            parts.scheme != "imaps"
            or not (host and user and password)
            or not all(one.isprintable() for one in texts)
        ):
            raise CannotRead(
                _("DEPECHE_BOUNCE_MAILBOX names no mailbox. Write it like %(form)s.") % {"form": FORM}
            )
        return cls(host, port, user, folder, password)

    def login(self, connection: imaplib.IMAP4) -> None:
        connection.login(self.user, self._password)


def read(*, context: ssl.SSLContext | None = None) -> collections.Counter[str]:
    """How many returned mails were of which kind (`returned.Kind`); each is acted on, then marked as read.

    Raises:
        CannotRead: nothing, or not all, could be read.
    """
    mailbox = Mailbox.parsed(settings.BOUNCE_MAILBOX)
    counts: collections.Counter[str] = collections.Counter()
    try:
        with _opened(mailbox, context or ssl.create_default_context()) as connection:
            for uid, raw in _unread(connection):
                try:
                    counts[bounces.take(raw).kind.value] += 1
                except Exception:  # one that cannot be acted on must not stand before all others
                    logger.exception("returned mail %s in %r stays unread", uid, mailbox)
                    continue
                connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("returned mail in %r cannot be read: %s", mailbox, _words(error))
        raise CannotRead(
            _("The mailbox %(mailbox)r cannot be read: %(words)s. Check DEPECHE_BOUNCE_MAILBOX.")
            % {"mailbox": mailbox, "words": _words(error)}
        ) from error
    return counts


@contextlib.contextmanager
def _opened(mailbox: Mailbox, context: ssl.SSLContext) -> Iterator[imaplib.IMAP4_SSL]:
    connection = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_S)
    try:
        mailbox.login(connection)
        folder = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
        said, words = connection.select(f'"{folder}"')
        if said != "OK":
            raise imaplib.IMAP4.error(words[0])
        yield connection
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _unread(connection: imaplib.IMAP4_SSL) -> Iterator[tuple[str, bytes]]:
    """UID and the beginning of each unread mail, the oldest first; of a long one its end says nothing."""
    _said, found = connection.uid("SEARCH", "UNSEEN")
    uids = (found[0] or b"").decode("ascii", "replace").split()[:AT_MOST]
    for start in range(0, len(uids), AT_ONCE):
        wanted = ",".join(uids[start : start + AT_ONCE])
        _said, answers = connection.uid("FETCH", wanted, f"(UID BODY.PEEK[]<0.{READ_BYTES}>)")
        for answer in answers:
            uid = _UID.search(answer[0]) if isinstance(answer, tuple) else None
            if uid:
                yield uid[1].decode(), answer[1]


def _words(error: Exception) -> str:
    words = error.args[0] if len(error.args) == 1 else str(error)
    return printable(words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))
