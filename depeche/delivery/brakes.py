"""When to stop for a while: the whole worker, where something is wrong with us or the mail server; or one domain."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass

from .hand import clock
from .models import State
from .smtp.outcomes import Fault, SmtpOutcome, Stage

FIRST_PAUSE_S = 15
LONGEST_PAUSE_S = 30 * 60
REFUSALS_OF_A_DOMAIN = 3  # in a row
REFUSALS_OF_US = 5
FATES_UNKNOWN = 2


@dataclass
class _Brake:
    """Pauses that double while what follows them is no better."""

    after: int
    in_a_row: int = 0
    pauses: int = 0
    until: float = 0.0

    def bad(self, now: float) -> None:
        self.in_a_row += 1
        if self.in_a_row >= self.after and now >= self.until:
            self.pull(now)

    def pull(self, now: float) -> None:
        pause_s = min(FIRST_PAUSE_S * 2**self.pauses, LONGEST_PAUSE_S)
        self.until = now + pause_s * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
        self.in_a_row, self.pauses = 0, self.pauses + 1

    def good(self) -> None:
        self.in_a_row = self.pauses = 0


class Brakes:
    """Told of each outcome, by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server = _Brake(1)
        self._fates = _Brake(FATES_UNKNOWN)
        self._us = _Brake(REFUSALS_OF_US)
        self._domains: dict[str, _Brake] = {}

    def note(self, domain: str, outcome: SmtpOutcome) -> None:
        """Learn from what became of one message to this domain."""
        with self._lock:
            now = clock()
            if outcome.wait_s:
                self._server.until = max(self._server.until, now + outcome.wait_s)
            elif outcome.state is State.SENT:
                for brake in (self._server, self._fates, self._us):
                    brake.good()
                self._domains.pop(domain, None)
            elif outcome.state is State.UNCERTAIN:
                self._fates.bad(now)
            elif outcome.stage is Stage.CONNECT:
                self._server.bad(now)
            elif outcome.fault is Fault.SENDER or (
                outcome.stage is Stage.MAIL and outcome.fault is Fault.SERVER
            ):
                self._us.bad(now)
            elif outcome.state is State.DEFERRED:
                self._domains.setdefault(domain, _Brake(REFUSALS_OF_A_DOMAIN)).bad(now)

    def all_until(self) -> float:
        """Until when nothing is to be sent; in the past where all is well. By `hand.clock`."""
        return max(self._server.until, self._fates.until, self._us.until)

    def domain_until(self, domain: str) -> float:
        """Until when nothing is to be sent to this domain."""
        brake = self._domains.get(domain)
        return brake.until if brake else 0.0
