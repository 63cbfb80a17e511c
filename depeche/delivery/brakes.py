"""When to stop for a while: the whole worker, where something is wrong with us or the mail server; or one domain.

After a pause of the whole worker one message goes ahead; the others wait for what becomes of it.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from .acting import holder
from .hand import clock
from .models import State
from .smtp.outcomes import Fault, SmtpOutcome, Stage

FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 30 * 60.0
REFUSALS_OF_A_DOMAIN = 3  # in a row
REFUSALS_OF_US = 5
FORGOTTEN_AFTER_S = 60.0
LONGEST_TRIAL_S = 660.0  # more than a server may take to answer the final dot (RFC 5321 §4.5.3.2.6)


class Stopped(NamedTuple):
    """Why nothing leaves: since when, until when (`hand.clock`), and the words of the server."""

    since_at: dt.datetime
    until: float
    words: str


@dataclass
class _Brake:
    """Pauses that double while what follows them is no better; the first `free` of them take no time."""

    after: int
    free: int = 0
    in_a_row: int = 0
    pauses: int = 0
    until: float = 0.0
    since_at: dt.datetime | None = None
    words: str = ""

    def bad(self, now: float, words: str = "") -> None:
        self.in_a_row += 1
        self.words = words
        if self.in_a_row >= self.after and now >= self.until:
            self.pull(now)

    def pull(self, now: float) -> None:
        pause_s = min(FIRST_PAUSE_S * 2 ** (self.pauses - self.free), LONGEST_PAUSE_S)
        if self.pauses < self.free:
            pause_s = 0.0
        self.until = now + pause_s * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
        self.in_a_row, self.pauses = 0, self.pauses + 1
        self.since_at = self.since_at or timezone.now()

    def hold(self, until: float, words: str) -> None:
        """A pause whose end is known."""
        self.until, self.words = max(self.until, until), words
        self.pauses = max(self.pauses, 1)
        self.since_at = self.since_at or timezone.now()

    def good(self) -> None:
        self.in_a_row = self.pauses = 0
        self.until, self.since_at = 0.0, None


class Brakes:
    """Told of each outcome, by any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._server, self._us = _Brake(1), _Brake(REFUSALS_OF_US)
        self._fates = _Brake(1, free=1)  # one alone makes the others wait for the next answer, no longer
        self._domains: dict[str, _Brake] = {}
        self._crowded: dict[str, _Brake] = {}
        self._trial: int | None = None  # the thread whose message goes ahead
        self._trial_ends = 0.0

    def note(self, domain: str, outcome: SmtpOutcome) -> None:
        """Learn from what became of one message to this domain."""
        if outcome.state is State.SENT and self._is_at_ease():
            return
        with self._changed:
            self._note(domain, outcome, clock())
            self._pass_on()
            if self.is_pulled() or outcome.state is State.SENT:
                self._changed.notify_all()

    def _note(self, domain: str, outcome: SmtpOutcome, now: float) -> None:
        if outcome.wait_s:
            self._server.hold(now + outcome.wait_s, outcome.words)
            return
        if outcome.state is State.SENT:
            for brake in self._of_all():
                if brake.since_at or brake.in_a_row:
                    brake.good()
            if self._domains:
                self._domains.pop(domain, None)
            return
        if outcome.code and outcome.stage is not Stage.CONNECT:  # the server is there, and answers
            self._server.good()
            if outcome.stage is Stage.BODY and outcome.state is not State.UNCERTAIN:
                self._fates.good()
        if outcome.state is State.UNCERTAIN:
            self._fates.bad(now, outcome.words)
        elif outcome.stage is Stage.CONNECT:
            self._server.bad(now, outcome.words)
        elif outcome.fault is Fault.SENDER or (outcome.stage is Stage.MAIL and outcome.fault is Fault.SERVER):
            self._us.bad(now, outcome.words)
        elif outcome.state is State.DEFERRED:
            self._domains.setdefault(domain, _Brake(REFUSALS_OF_A_DOMAIN)).bad(now)

    def is_pulled(self) -> bool:
        """Whether anything is wrong with us or the mail server."""
        return bool(self._server.since_at or self._fates.since_at or self._us.since_at)

    def may_go(self) -> bool:
        """Whether this thread may go on: nothing is wrong, or it is the one that tries."""
        if not self.is_pulled():
            return True
        with self._changed:
            return self._may_go()

    def may_begin(self, *, wait_s: float) -> bool:
        """Like `may_go`, where another's trial may be waited for."""
        if not self.is_pulled():
            return True
        with self._changed:
            self._changed.wait_for(lambda: self._may_go() or clock() < self.all_until(), wait_s)
            return self._may_go()

    def pass_on(self) -> None:
        """This thread tries nothing after all."""
        if self._trial is not None:
            with self._changed:
                self._pass_on()
                self._changed.notify_all()

    def crowded(self, domain: str) -> float:
        """Until when to leave alone what cannot go soon, since this domain is slow."""
        with self._changed:
            now, brake = clock(), self._crowded.get(domain)
            if brake is None or now > brake.until + FORGOTTEN_AFTER_S:
                brake = self._crowded[domain] = _Brake(1)
            brake.bad(now)
            return brake.until

    def stopped(self) -> Stopped | None:
        """Why all mail waits; None where it does not."""
        with self._changed:
            pulled = [
                Stopped(brake.since_at, brake.until, brake.words)
                for brake in self._of_all()
                if brake.since_at and brake.pauses > brake.free
            ]
        return max(pulled, key=lambda one: one.until, default=None)

    def all_until(self) -> float:
        """Until when nothing is to be sent; in the past where all is well. By `hand.clock`."""
        return max(self._server.until, self._fates.until, self._us.until)

    @property
    def has_domains(self) -> bool:
        """Whether any domain may rest."""
        return bool(self._domains)

    def domain_until(self, domain: str) -> float:
        """Until when nothing is to be sent to this domain."""
        brake = self._domains.get(domain)
        return brake.until if brake else 0.0

    def _of_all(self) -> tuple[_Brake, ...]:
        return self._server, self._fates, self._us

    def _is_at_ease(self) -> bool:
        """Whether nothing is known that a message that was sent could end."""
        return not (
            self._domains
            or self._trial
            or self._server.in_a_row
            or self._fates.in_a_row
            or self._us.in_a_row
            or self._server.since_at
            or self._fates.since_at
            or self._us.since_at
        )

    def _may_go(self) -> bool:
        if not self.is_pulled():
            return True
        me, now = holder(), clock()
        if now < self.all_until() or (self._trial not in (None, me) and now < self._trial_ends):
            return False
        if self._trial != me:
            self._trial, self._trial_ends = me, now + LONGEST_TRIAL_S
        return True

    def _pass_on(self) -> None:
        if self._trial == holder():
            self._trial = None
