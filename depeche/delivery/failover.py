"""Two ways out, of which the second is taken while the first cannot be reached, and the first again once it answers.

Only what certainly has not left goes another way: a message of unknown fate stays `uncertain`, whatever way it took. A
refusal of us (5.7.x, a wrong password) is no reason to change: the second would carry the same mail, and soon be refused too.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from . import transports
from .crew import threads
from .hand import clock
from .models import State
from .outside import Unreached
from .smtp.carrier import Carrier
from .smtp.envelopes import Message
from .smtp.outcomes import Fault, NoConnection, SmtpOutcome, Stage
from .smtp.session import Advance
from .transports import Sender, Transport

logger = logging.getLogger(__name__)

PATIENCE_S = 120.0
AGAIN_S = 15.0  # the first, before the second is taken
PROBED_AFTER_S, PROBED_AT_LEAST_EVERY_S = 60.0, 30 * 60.0
BOTH_AGAIN_S = 60.0
TOLD_EVERY_S = 20.0
SHOWN_FOR = dt.timedelta(seconds=90)

M = TypeVar("M", bound=Message)


def from_settings() -> WaysOut:
    """What EMAIL_URL and EMAIL_FALLBACK_URL name. Raises UnusableEmailUrl."""
    second = transports.from_url(settings.EMAIL_FALLBACK_URL) if settings.EMAIL_FALLBACK_URL else None
    return WaysOut(transports.from_url(settings.EMAIL_URL), second)


def unreached(*, at: dt.datetime | None = None) -> list[Unreached]:
    """The workers whose first way out does not answer now, the longest first: `way`, `since`, and `instead`, if any."""
    limit = (at or timezone.now()) - SHOWN_FOR
    return list(Unreached.objects.filter(seen_at__gte=limit).order_by("since"))


class WaysOut:
    """The ways out of one worker, shared by its threads."""

    def __init__(
        self, first: Transport, second: Transport | None = None, *, patience_s: float = PATIENCE_S
    ) -> None:
        self.first, self.second, self._patience_s = first, second, patience_s
        self.slots = {one.name: threading.BoundedSemaphore(threads(one.connections)) for one in self._both()}
        self._lock = threading.Lock()
        self._silent_from: float | None = None  # by `clock`
        self._silent_since: dt.datetime | None = None
        self._is_second = False
        self._probes = 0
        self._probe_at = 0.0
        self._worker, self._told_at, self._told = uuid.uuid4().hex, -float("inf"), ("", "")

    @property
    def connections(self) -> int:
        return self.first.connections

    def sender(self) -> Sender:
        """What sends for one thread, by whatever way is open."""
        return WaysOutSender(self)

    def current(self) -> Transport:
        """The way a message takes now."""
        if self._silent_from is None:
            return self.first
        with self._lock:
            if self.second is None or self._silent_from is None:
                return self.first
            if not self._is_second and clock() - self._silent_from >= self._patience_s:
                logger.warning("%s does not answer: mail goes by %s", self.first.name, self.second.name)
                self._is_second = True
                self._put_off_probe()
            return self.second if self._is_second else self.first

    def note(self, way: Transport, outcome: SmtpOutcome) -> SmtpOutcome:
        """Learn from what came of a message on this way; the outcome, with the pause that it asks of the engine."""
        if outcome.state is State.SENT and self._silent_from is None and not self._probes:
            return outcome  # as almost all are
        with self._lock:
            if way is self.second:
                if outcome.state is State.PENDING and _is_silence(outcome):
                    return outcome._replace(wait_s=BOTH_AGAIN_S)
                return outcome
            if not _is_silence(outcome):
                if outcome.code and outcome.stage is not Stage.CONNECT:
                    self._answered(is_sure=outcome.state is State.SENT)
                return outcome
            if self._silent_from is None:
                self._silent_from, self._silent_since = clock(), timezone.now()
            if self.second is None:
                return outcome
            left_s = self._silent_from + self._patience_s - clock()
            return outcome._replace(wait_s=max(outcome.wait_s, min(AGAIN_S, max(left_s, 0.01))))

    def is_open(self, way: Transport) -> bool:
        """Whether mail goes this way now; not where the first is to be tried again."""
        return self.current() is way and not (self._is_second and clock() >= self._probe_at)

    def claims_probe(self) -> bool:
        """Whether the caller is the one to try the first again, now."""
        with self._lock:
            if not (self._is_second and clock() >= self._probe_at):
                return False
            self._put_off_probe()
            return True

    def answered(self) -> None:
        """The first takes mail again."""
        with self._lock:
            if self._is_second:
                logger.warning("%s answers again: mail goes by it", self.first.name)
            self._answered(is_sure=False)

    def tell(self) -> None:
        """Keep in the database what others show of it; called by the thread that may ask there."""
        with self._lock:
            instead = self.second.name if self._is_second and self.second else ""
            since = self._silent_since
        told = (str(since), instead) if since else ("", "")
        if told == self._told and (not since or clock() - self._told_at < TOLD_EVERY_S):
            return
        if since:
            fields = {"way": self.first.name, "since": since, "instead": instead, "seen_at": timezone.now()}
            Unreached.objects.update_or_create(worker=self._worker, defaults=fields)
        else:
            Unreached.objects.filter(worker=self._worker).delete()
        self._told, self._told_at = told, clock()

    def _both(self) -> list[Transport]:
        return [self.first, *([self.second] if self.second else [])]

    def _answered(self, *, is_sure: bool) -> None:
        self._silent_from, self._silent_since, self._is_second = None, None, False
        if is_sure:
            self._probes = 0

    def _put_off_probe(self) -> None:
        self._probe_at = clock() + min(PROBED_AFTER_S * 2**self._probes, PROBED_AT_LEAST_EVERY_S)
        self._probes += 1


class WaysOutSender:
    """Sends by the way that is open; see `smtp.session.Session`, whose promises hold."""

    def __init__(self, ways: WaysOut) -> None:
        self._ways = ways
        self._senders: dict[str, Sender] = {}

    def send(
        self,
        messages: Iterator[M | None],
        *,
        begin: Callable[[M], bool],
        done: Callable[[M, SmtpOutcome], None],
        carrier: Carrier | None = None,
        advance: Advance[M] = lambda _sent, _outcome, _following: None,
    ) -> None:
        """Send until `messages` ends, or another way is to be taken: it may be called again at once.

        Raises:
            NoConnection: this way takes no mail now; a message already taken was given to `done` as pending.
        """
        self._try_first_again()
        way = self._ways.current()
        if not self._ways.slots[way.name].acquire(timeout=1):
            return

        def noted(message: M, outcome: SmtpOutcome) -> None:
            done(message, self._ways.note(way, outcome))

        def advanced(sent: M, outcome: SmtpOutcome, following: M) -> M | None:
            behind = advance(sent, outcome, following) if self._ways.is_open(way) else None
            if behind is not None:
                self._ways.note(way, outcome)
            return behind

        try:
            self._sender(way).send(
                self._while_open(way, messages), begin=begin, done=noted, carrier=carrier, advance=advanced
            )
        finally:
            self._ways.slots[way.name].release()

    def connection(self) -> object:
        """Raises NoConnection."""
        return self._sender(self._ways.current()).connection()

    def close(self) -> None:
        """Take leave on all ways."""
        for sender in self._senders.values():
            sender.close()

    def interrupt(self) -> None:
        """From any thread: break off what waits for an answer."""
        for sender in list(self._senders.values()):
            sender.interrupt()

    def _while_open(self, way: Transport, messages: Iterator[M | None]) -> Iterator[M | None]:
        while self._ways.is_open(way):
            try:
                message = next(messages)
            except StopIteration:
                return
            yield message

    def _try_first_again(self) -> None:
        """No message is risked: that the first opens a connection is enough."""
        if not self._ways.claims_probe():
            return
        sender = self._sender(self._ways.first)
        try:
            sender.close()
            sender.connection()
        except NoConnection as error:
            logger.info("%s does not answer yet: %s", self._ways.first.name, error)
        else:
            self._ways.answered()

    def _sender(self, way: Transport) -> Sender:
        if way.name not in self._senders:
            self._senders[way.name] = way.sender()
        return self._senders[way.name]


def _is_silence(outcome: SmtpOutcome) -> bool:
    """Whether a way out gave no answer that is about mail: not reached, not trusted, or itself in trouble."""
    if outcome.state is State.UNCERTAIN:
        return outcome.code >= 500
    return outcome.stage is Stage.CONNECT and not (outcome.fault is Fault.SENDER and outcome.code)
