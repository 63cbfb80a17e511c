"""How a message leaves this machine. The only module that speaks SMTP."""

from __future__ import annotations

import smtplib  # noqa: TID251 - this is the door
import ssl
import time
from typing import Protocol

import idna

from .messages import Envelope
from .models import State
from .smtp.server import SmtpServer

TIMEOUT_S = 60
IDLE_S = 20


class NoConnection(Exception):
    """The mail server cannot be reached or turns us away: about us, never about one message."""


class Transport(Protocol):
    def submit(self, envelope: Envelope) -> tuple[str, str]:
        """What became of it: a state of `State` and the server's words.

        Raises:
            NoConnection: nothing was handed over.
        """

    def close(self) -> None: ...


class SmtpTransport:
    """One kept connection to one server, one message at a time."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None
        self._used_at = 0.0

    def submit(self, envelope: Envelope) -> tuple[str, str]:
        connection = self._connect()
        try:
            recipient, options = _address(envelope, connection)
        except UnicodeError:
            return State.UNSUPPORTED_ADDRESS, "the address has letters this mail server cannot write to"
        try:
            return self._hand_over(connection, envelope, recipient, options)
        except smtplib.SMTPResponseException as error:
            self.close()
            return _state_of(error.smtp_code), _words(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return State.DEFERRED, f"connection lost: {error}"

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _hand_over(
        self, connection: smtplib.SMTP, envelope: Envelope, recipient: str, options: list[str]
    ) -> tuple[str, str]:
        code, words = connection.mail(envelope.sender, options)
        if code == 250:
            code, words = connection.rcpt(recipient)
        if code not in (250, 251):
            connection.rset()
            return _state_of(code), _words(code, words)
        try:
            code, words = connection.data(envelope.content)
        except smtplib.SMTPDataError:
            raise  # refused before the message was handed over
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.close()
            return State.UNCERTAIN, f"connection lost after the message: {error}"
        return _state_of(code), _words(code, words)

    def _connect(self) -> smtplib.SMTP:
        """The kept connection if it still answers, else a new one."""
        now = time.monotonic()
        idle_s, self._used_at = now - self._used_at, now
        if self._connection is not None and idle_s > IDLE_S and not self._still_answers():
            self.close()
        if self._connection is None:
            try:
                self._connection = _open(self.server)
            except (smtplib.SMTPException, OSError) as error:
                # Also a server that greets us with « 554 », or refuses our password.
                raise NoConnection(str(error)) from error
        return self._connection

    def _still_answers(self) -> bool:
        """Servers hang up on idle clients after some minutes; better found out before a message than by it."""
        assert self._connection is not None  # noqa: S101 - asked only of a kept one
        try:
            return self._connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False


def _open(server: SmtpServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _address(envelope: Envelope, connection: smtplib.SMTP) -> tuple[str, list[str]]:
    """The recipient as this server can take it, and the MAIL options that go with it.

    Raises:
        UnicodeError: the server cannot write to it.
    Source: RFC 6531 (SMTPUTF8); IDNA 2008, since that of 2003 makes another domain of « ß ».
    """
    local, _, domain = envelope.recipient.rpartition("@")
    domain = idna.encode(domain, uts46=True).decode() if not domain.isascii() else domain
    if local.isascii():
        return f"{local}@{domain}", []
    if not connection.has_extn("smtputf8"):
        raise UnicodeError(local)
    connection.command_encoding = "utf-8"
    return f"{local}@{domain}", ["SMTPUTF8", "BODY=8BITMIME"]


def _state_of(code: int) -> str:
    if code in (250, 251):
        return State.SENT
    return State.FAILED if 500 <= code < 600 else State.DEFERRED


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
