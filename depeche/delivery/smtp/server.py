"""Which mail server, and how long we wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class UnusableEmailUrl(ValueError):
    """EMAIL_URL names no mail server we can speak to."""


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


@dataclass(frozen=True)
class Timeouts:
    """Seconds for: reaching the server; each answer; each block of a body; the answer to the final dot.

    Source: RFC 5321 §4.5.3.2, whose values are the least a client should wait.
    """

    connect_s: float = 60
    answer_s: float = 300
    block_s: float = 180
    end_s: float = 600
