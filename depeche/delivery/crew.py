"""The threads that hold the connections: each takes from the hand, sends, and notes what came of it.

They write to sockets and to the acknowledgement log, never to the database, so that at any moment each has one
message of unknown fate, and no more.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator

from .acks import AckLog
from .brakes import Brakes
from .hand import Begin, Hand, clock
from .lanes import InHand
from .models import State
from .smtp.outcomes import Fault, NoConnection, SmtpOutcome, Stage
from .transports import Sender

logger = logging.getLogger(__name__)

KEPT_OPEN_S = 20  # a connection without work
MANY = 100  # results that are worth recording at once
NOT_HANDED_OVER = SmtpOutcome(State.PENDING, Stage.BODY, Fault.NOBODY, "")

Result = tuple[InHand, SmtpOutcome]


class Crew:
    """All connections of one worker; `acks` is its log while it works, `wake` calls the engine."""

    acks: AckLog
    wake: threading.Event

    def __init__(self, session: Callable[[], Sender], hand: Hand, brakes: Brakes) -> None:
        self._session, self._hand, self._brakes = session, hand, brakes
        self._results: list[Result] = []
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.wake = threading.Event()

    def start(self, connections: int, *, stop: threading.Event) -> None:
        """So many threads for all mail, and one for what somebody waits for."""
        self._threads = [
            threading.Thread(target=self._serve, args=[only_first, stop], daemon=True)
            for only_first in (True, *itertools.repeat(False, connections))
        ]
        for thread in self._threads:
            thread.start()

    def join(self, *, within_s: float) -> None:
        """Let each see its message to the end."""
        ends_at = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))

    def send_here(self, session: Sender) -> None:
        """Send what is in hand in this thread. Raises NoConnection."""
        session.send(self._messages(only_first=False, wait_s=0), begin=self._begin, done=self._done)

    def results(self) -> list[Result]:
        """What came since this was last asked."""
        with self._lock:
            results, self._results = self._results, []
        return results

    def keep_again(self, results: Collection[Result]) -> None:
        """Keep what could not be recorded."""
        with self._lock:
            self._results[:0] = results

    def _serve(self, only_first: bool, stop: threading.Event) -> None:
        session = self._session()
        while not stop.is_set():
            try:
                session.send(
                    self._messages(only_first=only_first, wait_s=KEPT_OPEN_S),
                    begin=self._begin,
                    done=self._done,
                )
                session.close()
            except NoConnection as error:
                logger.warning("no mail server: %s; it is tried again in a moment", error)
            except Exception:
                logger.exception("a connection stumbled; it goes on in a moment")
                for message in self._hand.dropped():
                    self._keep(message, NOT_HANDED_OVER)
                stop.wait(5)
            stop.wait(min(1.0, self._brakes.all_until() - clock()))

    def _messages(self, *, only_first: bool, wait_s: float) -> Iterator[InHand | None]:
        """What a connection sends; None where it would have to wait, the end where nothing came for long."""
        while clock() >= self._brakes.all_until():
            message = self._hand.take(only_first=only_first, wait_s=0)
            if message is None and wait_s:
                yield None
                message = self._hand.take(only_first=only_first, wait_s=wait_s)
            if message is None:
                return
            if self._is_made(message):
                yield message

    def _is_made(self, message: InHand) -> bool:
        try:
            return message.content is not None
        except Exception as error:
            logger.exception("message %s of %s could not be made", message.key, message.lane.name)
            words = f"not made: {type(error).__name__}"
            self._done(message, SmtpOutcome(State.FAILED, Stage.BODY, Fault.CONTENT, words))
            return False

    def _begin(self, message: InHand) -> bool:
        said = self._hand.begin(message)
        if said is Begin.YES:
            try:
                self.acks.began(message.lane.name, message.key)
            except OSError:
                self._keep(message, NOT_HANDED_OVER)
                raise
            return True
        if said is Begin.LEASE_ENDED:
            self._keep(message, NOT_HANDED_OVER)
        return False

    def _done(self, message: InHand, outcome: SmtpOutcome) -> None:
        self._hand.done_with(message)
        self._brakes.note(message.domain, outcome)
        try:
            self.acks.ended(message.lane.name, message.key, state_of(outcome), outcome.words)
        finally:
            self._keep(message, outcome)

    def _keep(self, message: InHand, outcome: SmtpOutcome) -> None:
        with self._lock:
            self._results.append((message, outcome))
            many = len(self._results)
        if many >= MANY:
            self.wake.set()


def state_of(outcome: SmtpOutcome) -> State:
    """What the ledger keeps: a refusal that is not about this message is tried again."""
    if outcome.state == State.FAILED and outcome.fault in (Fault.SENDER, Fault.SERVER):
        return State.DEFERRED
    return outcome.state
