"""Mail by the web service of a provider, through django-anymail: one call per message over a kept connection.

A call is one message, although most providers would take many: a call of unknown fate then leaves one message unknown,
and each message has links of its own, which their templates would have to be trusted with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from .models import State
from .provider_answers import failed, sent
from .provider_mail import as_mail
from .smtp.carrier import Carrier
from .smtp.envelopes import Message
from .smtp.outcomes import Fault, NoConnection, SmtpOutcome, Stage
from .smtp.replies import printable
from .smtp.server import UnusableEmailUrl
from .smtp.session import Advance

PREFIX = "anymail+"
CONNECTIONS = 4
PROVIDERS = (
    *("brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal", "postmark"),
    *("resend", "scaleway", "sparkpost", "unisender_go"),
)
CONNECT_S, ANSWER_S = 10.0, 60.0
# Where a call may be repeated because the provider knows it again by this header of HTTP.
REPEATABLE: Mapping[str, str] = {"resend": "Idempotency-Key"}
REPEATED_AFTER_S = (1.0, 5.0)
KEPT_OUT_OF_WORDS = ("key", "token", "secret", "password")

M = TypeVar("M", bound=Message)


class NotInstalled(UnusableEmailUrl):
    """A provider is named, but the extra it needs is not installed."""


@dataclass(frozen=True)
class Provider:
    """Which provider, with Anymail's own settings for it, their names in lower case without its name before them."""

    key: str
    name: str = ""
    switches_tracking: bool = True  # message by message
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_url(cls, url: str) -> Provider:
        """`anymail+mailgun://?api_key=…&sender_domain=news.example.org`: values are percent-encoded.

        Raises:
            NotInstalled: django-anymail is missing.
            UnusableEmailUrl: no such provider, a setting it needs is missing, or one it does not know.
        """
        parts = urlsplit(url)
        key = parts.scheme.removeprefix(PREFIX).replace("-", "_")
        if key not in PROVIDERS or parts.netloc or parts.path or parts.fragment:
            raise UnusableEmailUrl(f"must look like {PREFIX}PROVIDER://?api_key=…")
        pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
        options = {name: unquote(value) for name, _, value in pairs}
        try:
            made = cls(key, options=options).backend()
        except ImportError as error:
            raise NotInstalled(f"{error.name} is not installed") from error
        except (ImproperlyConfigured, ValueError) as error:
            raise UnusableEmailUrl(f"{key}: a setting is missing or unknown") from error
        return cls(key, made.esp_name, made.switches_tracking, options)

    def backend(self) -> Any:
        """Anymail's backend, which keeps its connection. Raises ImportError, ImproperlyConfigured, UnusableEmailUrl."""
        return import_module("depeche.delivery.provider_calls").backend(
            self.key, self.options, timeout=(CONNECT_S, ANSWER_S), repeatable_by=REPEATABLE.get(self.key, "")
        )

    def without_secrets(self, words: str) -> str:
        """Words of the provider without what it may have quoted of our keys."""
        for name, value in self.options.items():
            if value and any(part in name for part in KEPT_OUT_OF_WORDS):
                words = words.replace(value, "…")
        return words


class ProviderSender:
    """What speaks to a provider for one thread."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._backend = provider.backend()
        self._backend.before = self._leaves
        self._begin: Callable[[], bool] | None = None
        self._has_left = False

    def send(
        self,
        messages: Iterator[M | None],
        *,
        begin: Callable[[M], bool],
        done: Callable[[M, SmtpOutcome], None],
        carrier: Carrier | None = None,
        advance: Advance[M] = lambda _sent, _outcome, _following: None,
    ) -> None:
        """Send until `messages` ends; the promises of `smtp.session.Session.send` hold.

        Raises:
            NoConnection: the provider is not reached; the message was given to `done` as pending.
        """
        try:
            for message in messages:
                if message is not None:
                    self._carry(message, begin, done)
        except BaseException:
            self.close()
            raise

    def connection(self) -> object:
        """The kept connection, once the provider answers. Raises NoConnection."""
        self._begin, self._has_left = None, False
        self._backend.open()
        try:
            answer = self._backend.session.get(self._backend.api_url, timeout=(CONNECT_S, ANSWER_S))
        except Exception as error:
            raise NoConnection(self._words(str(error))) from error
        if answer.status_code >= 500:
            raise NoConnection(self._words(f"{self.provider.name} answers {answer.status_code}"))
        return self._backend.session

    def interrupt(self) -> None:
        """A call that left cannot be taken back: it ends with its answer, or its time."""

    def close(self) -> None:
        """Hang up; the next message opens a new connection."""
        self._backend.close()

    def _carry(self, message: M, begin: Callable[[M], bool], done: Callable[[M, SmtpOutcome], None]) -> None:
        self._begin, self._has_left = lambda: begin(message), False
        try:
            outcome = self._outcome(message)
        except Withheld:
            return
        done(message, outcome)
        if outcome.stage is Stage.CONNECT and not self._has_left:
            raise NoConnection(outcome.words, fault=outcome.fault)

    def _outcome(self, message: Message) -> SmtpOutcome:
        """What came of one message. Raises Withheld."""
        try:
            mail = as_mail(message, self.provider.key, is_told=self.provider.switches_tracking)
        except Exception as error:
            words = printable(f"not made: {type(error).__name__}")
            return SmtpOutcome(State.FAILED, Stage.BODY, Fault.CONTENT, words)
        outcome = self._call(mail, message.recipient)
        for pause_s in REPEATED_AFTER_S if self.provider.key in REPEATABLE else ():
            if outcome.state is not State.UNCERTAIN:
                break
            time.sleep(pause_s)
            again = self._call(mail, message.recipient)
            # That it cannot answer now says nothing of the first call.
            outcome = again if again.state in (State.SENT, State.FAILED) else outcome
        return outcome

    def _call(self, mail: Any, recipient: str) -> SmtpOutcome:
        self._backend.open()
        try:
            self._backend.send_messages([mail])
        except Withheld:
            raise
        except Exception as error:
            outcome = failed(error, has_left=self._has_left, recipient=recipient)
        else:
            outcome = sent(mail.anymail_status)
        return outcome._replace(words=self._words(outcome.words))

    def _leaves(self) -> None:
        """Called when a connection stands and nothing of the request was written yet. Raises Withheld."""
        if self._begin is not None and not self._has_left:
            if not self._begin():
                raise Withheld
            self._has_left = True

    def _words(self, words: str) -> str:
        return printable(self.provider.without_secrets(words))


class Withheld(Exception):
    """The message may not go any more; nothing of it left."""
