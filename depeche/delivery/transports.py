"""The ways out for mail: what the engine needs of one, and which one a setting names."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.conf import settings

from . import provider
from .smtp.carrier import Carrier
from .smtp.envelopes import Message
from .smtp.outcomes import SmtpOutcome
from .smtp.server import SmtpServer
from .smtp.session import Advance, Session

SMTP_CONNECTIONS = 8

M = TypeVar("M", bound=Message)


class Sender(Protocol):
    """What sends for one thread; see `smtp.session.Session`, whose promises all senders keep."""

    def send(
        self,
        messages: Iterator[M | None],
        *,
        begin: Callable[[M], bool],
        done: Callable[[M, SmtpOutcome], None],
        carrier: Carrier | None = None,
        advance: Advance[M] = ...,
    ) -> None: ...

    def connection(self) -> object:
        """What is kept open, or is opened now. Raises NoConnection."""

    def close(self) -> None: ...

    def interrupt(self) -> None:
        """From any thread: break off what waits for an answer, where that is possible."""


@dataclass(frozen=True)
class Transport:
    """One way out: a name that holds no secret, how many connections it takes at most, and what makes a sender."""

    name: str
    connections: int
    sender: Callable[[], Sender]


def from_url(url: str) -> Transport:
    """The way out that EMAIL_URL or EMAIL_FALLBACK_URL names.

    Raises:
        UnusableEmailUrl: it names none we can use.
    """
    if url.startswith(provider.PREFIX):
        found = _provider(url)
        return Transport(found.name, provider.CONNECTIONS, functools.partial(provider.ProviderSender, found))
    return smtp(SmtpServer.from_url(url))


def providers() -> list[provider.Provider]:
    """The providers among the ways out that are set."""
    urls = (settings.EMAIL_URL, settings.EMAIL_FALLBACK_URL)
    return [_provider(url) for url in urls if url.startswith(provider.PREFIX)]


def smtp(server: SmtpServer) -> Transport:
    """The way out by this mail server."""
    name = f"{server.host}:{server.port}"
    return Transport(name, SMTP_CONNECTIONS, functools.partial(Session, server))


@functools.lru_cache(maxsize=8)
def _provider(url: str) -> provider.Provider:
    return provider.Provider.from_url(url)
