"""Anymail's backends, made to tell when a request leaves, and to call once where they are told once.

Imports django-anymail, which is an extra: only `provider` loads this, when a provider is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import requests
from anymail.exceptions import AnymailUnsupportedFeature
from django.core.mail import EmailMessage  # noqa: TID251 - this is the door
from django.core.mail.backends.base import BaseEmailBackend  # noqa: TID251 - this is the door
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .smtp.server import UnusableEmailUrl

# Settings of Anymail that are for what the provider reports to us; see `mail_events`.
OF_EVENTS = frozenset(
    {
        "webhook_secret",
        "webhook_signing_key",
        "webhook_key",
        "webhook_url",
        "signing_secret",
        "tracking_secret",
    }
)


def backend(key: str, options: Mapping[str, str], *, timeout: tuple[float, float], repeatable_by: str) -> Any:
    """The backend of this provider. `before`, to be set on it, is called when a request is about to leave.

    Raises:
        ImproperlyConfigured: a setting is missing.
        UnusableEmailUrl: one it does not know.
    """
    theirs = import_module(f"anymail.backends.{key}").EmailBackend
    made = type("Backend", (_Calls, theirs, _KnownSettings), {})(timeout=timeout, **options)
    made.repeatable_by = repeatable_by
    made.switches_tracking = _switches_tracking(made)
    return made


class _Calls:
    """What is ours in such a backend."""

    before: Callable[[], None]
    repeatable_by: str

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()  # type: ignore[misc] # Anymail's
        session.max_redirects = 0  # followed, a message could be handed over twice
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Adapter(self))
        return session

    def build_message_payload(self, message: EmailMessage, defaults: Mapping[str, Any]) -> Any:
        payload = super().build_message_payload(message, defaults)  # type: ignore[misc] # Anymail's
        if self.repeatable_by:
            own_id = message.extra_headers.get("Message-ID", "")
            payload.headers[self.repeatable_by] = hashlib.sha256(own_id.encode()).hexdigest()
        return payload


class _KnownSettings(BaseEmailBackend):
    """Stands behind Anymail's own classes, which take out of the settings what they know."""

    def __init__(self, fail_silently: bool = False, **left: object) -> None:
        if left.keys() - OF_EVENTS:
            raise UnusableEmailUrl(f"unknown: {', '.join(left.keys() - OF_EVENTS)}")
        super().__init__(fail_silently=fail_silently)


class _Adapter(HTTPAdapter):
    """Never repeats a request, and has its connections tell before one leaves."""

    def __init__(self, calls: _Calls) -> None:
        self._pools = _pools(calls)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(calls: _Calls) -> dict[str, type]:
    class Plain(HTTPConnection):
        def request(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is None:
                self.connect()
            calls.before()
            super().request(*args, **kwargs)

    class Encrypted(HTTPSConnection):
        def request(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is None:
                self.connect()
            calls.before()
            super().request(*args, **kwargs)

    return {
        "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": Plain}),
        "https": type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": Encrypted}),
    }


def _switches_tracking(made: Any) -> bool:
    """Whether this provider can be told message by message to leave links alone and put in no picture."""
    mail = EmailMessage("", "", "us@example.org", ["them@example.org"])
    mail.track_opens = mail.track_clicks = False  # type: ignore[attr-defined] # Anymail reads them
    try:
        made.build_message_payload(mail, {})
    except AnymailUnsupportedFeature:
        return False
    return True
