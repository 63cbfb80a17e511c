"""How a message leaves this machine. The only module that speaks SMTP."""

from __future__ import annotations

import smtplib  # noqa: TID251 - this is the door
import ssl
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from .messages import Envelope
from .models import State

TIMEOUT_S = 60
SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class UnusableEmailUrl(ValueError):
    """EMAIL_URL names no mail server we can speak to."""


class Transport(Protocol):
    def submit(self, envelope: Envelope) -> tuple[str, str]:
        """What became of it: a state of `State` and the server's words. Never raises for mail trouble."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class SmtpServer:
    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = ""  # "", "starttls" or "tls"

    @classmethod
    def from_url(cls, url: str) -> SmtpServer:
        """`smtp+starttls://user:password@host:587`, `smtps://…`, `smtp://localhost:25`.

        Raises:
            UnusableEmailUrl: unknown scheme, no host, or a port that is no number.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UnusableEmailUrl(f"EMAIL_URL: {error}") from error
        query = parse_qs(parts.query)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise UnusableEmailUrl(
                "EMAIL_URL must look like smtp+starttls://user:password@mail.example.org:587"
            )
        security = {"smtps": "tls", "smtp+starttls": "starttls"}.get(parts.scheme, "")
        if query.get("tls") == ["true"]:
            security = "starttls"
        return cls(
            host=parts.hostname,
            port=port or SCHEMES[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            security=security,
        )


class SmtpTransport:
    """One kept connection to one server, one message at a time."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None

    def submit(self, envelope: Envelope) -> tuple[str, str]:
        try:
            recipient, options = self._address(envelope)
        except (smtplib.SMTPException, OSError) as error:
            # Also a server that greets us with « 554 »: that is about us, never about this reader.
            self.close()
            return State.DEFERRED, f"no connection: {error}"
        except UnicodeError:
            return State.UNSUPPORTED_ADDRESS, "the address has letters this mail server cannot write to"
        try:
            return self._hand_over(envelope, recipient, options)
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

    def _address(self, envelope: Envelope) -> tuple[str, list[str]]:
        """The recipient as this server can take it, and the MAIL options that go with it."""
        connection = self._connect()
        local, _, domain = envelope.recipient.rpartition("@")
        ascii_domain = domain.encode("idna").decode()
        if local.isascii():
            return f"{local}@{ascii_domain}", []
        if not connection.has_extn("smtputf8"):
            raise UnicodeError(local)
        connection.command_encoding = "utf-8"
        return f"{local}@{ascii_domain}", ["SMTPUTF8", "BODY=8BITMIME"]

    def _hand_over(self, envelope: Envelope, recipient: str, options: list[str]) -> tuple[str, str]:
        connection = self._connect()
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
        if self._connection is not None:
            return self._connection
        server, context = self.server, ssl.create_default_context()
        connection: smtplib.SMTP
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        if server.security == "starttls":
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
        self._connection = connection
        return connection


def _state_of(code: int) -> str:
    if code in (250, 251):
        return State.SENT
    return State.FAILED if 500 <= code < 600 else State.DEFERRED


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
