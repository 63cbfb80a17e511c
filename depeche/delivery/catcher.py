"""The mail catcher: a real SMTP server on loopback that keeps what it is given in a Maildir.

For trying things out. It runs only while no mail server is set, and never on a public host.
"""

from __future__ import annotations

import email
import email.policy
import mailbox
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.utils import timezone

from .messages import address_key, bare_address

KEPT_MESSAGES = 2_000


def is_active() -> bool:
    return not settings.EMAIL_URL and not settings.IS_PUBLIC and settings.STAGE != "production"


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        recipients = ", ".join(envelope.rcpt_tos)
        self.box.add(b"X-Envelope-To: " + recipients.encode() + b"\r\n" + content)
        if len(self.box) > KEPT_MESSAGES:
            for key in sorted(self.box.keys())[: len(self.box) - KEPT_MESSAGES]:
                self.box.discard(key)
        return "250 Kept in the catcher"


class _FreePortController(Controller):
    """Takes any free port: the library's own check would knock at port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # it is listening
        super()._trigger_server()


class Catcher:
    """The running server; `port` is the free port it found."""

    def __init__(self) -> None:
        self._controller = _FreePortController(
            _Keeper(settings.CATCHER_MAILDIR),
            hostname="127.0.0.1",
            port=0,
            enable_SMTPUTF8=True,
            data_size_limit=50_000_000,
        )

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)


@dataclass(frozen=True)
class Caught:
    """One message in the catcher, ready to be shown."""

    key: str
    recipient: str
    sender: str
    subject: str
    at: datetime
    message: EmailMessage

    @property
    def to_key(self) -> str:
        """Whom it is addressed to, as the sender wrote it: the envelope has domains in ASCII."""
        return address_key(bare_address(str(self.message["To"] or "")))

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part is not None else ""


def messages() -> list[Caught]:
    """What was caught, newest first; nothing where nothing was ever caught."""
    if not settings.CATCHER_MAILDIR.exists():
        return []
    found = [message(key) for key in _box().keys()]  # noqa: SIM118 - a Maildir iterates over messages
    return sorted((caught for caught in found if caught), key=lambda caught: caught.at, reverse=True)


def message(key: str) -> Caught | None:
    """One message, or None if it is gone."""
    box = _box()
    try:
        return _read(key, box)
    except KeyError:
        return None


def empty() -> int:
    """Delete everything caught; how many messages there were."""
    box = _box()
    count = len(box)
    box.clear()
    return count


def erase(address: str) -> int:
    """Delete what was caught for this address; how many messages there were."""
    box, key = _box(), address_key(address)
    found = [caught.key for caught in messages() if key in (address_key(caught.recipient), caught.to_key)]
    for name in found:
        box.discard(name)
    return len(found)


def _box() -> mailbox.Maildir:
    return mailbox.Maildir(settings.CATCHER_MAILDIR, create=True)


def _read(key: str, box: mailbox.Maildir) -> Caught:
    parsed = email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)  # noqa: S101 - what the default policy makes
    return Caught(
        key=key,
        recipient=str(parsed["X-Envelope-To"] or ""),
        sender=str(parsed["From"] or ""),
        subject=str(parsed["Subject"] or ""),
        at=datetime.fromtimestamp(box.get_message(key).get_date(), tz=timezone.get_current_timezone()),
        message=parsed,
    )
