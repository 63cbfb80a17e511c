"""The threads that hold the connections: each takes from the hand, sends, and notes what came of it.

They write to sockets and to the acknowledgement log, never to the database, so that at any moment each has one
message of unknown fate, and no more.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from .acks import AckLog
from .brakes import Brakes
from .hand import Begin, Hand, clock
from .lanes import InHand
from .models import State
from .smtp.carrier import Carrier
from .smtp.outcomes import Fault, NoConnection, SmtpOutcome, Stage
from .transports import Sender

logger = logging.getLogger(__name__)

KEPT_OPEN_S = 20  # a connection without work
BEGINS_WITHIN_S = 5.0  # an answer to another message is waited for with the body in hand
BROKEN_OFF_S = 3.0  # before the worker has to end
MANY = 400  # results that are worth recording at once
NOT_HANDED_OVER = SmtpOutcome(State.PENDING, Stage.BODY, Fault.NOBODY, "")
_SENT = State.SENT.value

Result = tuple[InHand, SmtpOutcome]


def threads(connections: int) -> int:
    """How many connections are open at most: so many for all mail, half as many for what is slow, and one more."""
    return connections + max(1, connections // 2) + 1


class Crew:
    """All connections of one worker; `acks` is its log while it works, `wake` calls the engine."""

    acks: AckLog
    wake: threading.Event

    def __init__(self, session: Callable[[], Sender], hand: Hand, brakes: Brakes) -> None:
        self._session, self._hand, self._brakes = session, hand, brakes
        self._results: deque[Result] = deque()
        self._threads: list[threading.Thread] = []
        self._sessions: list[Sender] = []
        self._carrier: Carrier | None = None  # of these threads
        self.wake = threading.Event()

    def start(self, connections: int, *, stop: threading.Event) -> None:
        """So many threads for all mail, half as many for what is slow, and one for what somebody waits for."""
        self._threads = [
            threading.Thread(target=self._serve, args=[only_first, stop], daemon=True)
            for only_first in (True, *itertools.repeat(False, threads(connections) - 1))
        ]
        self._carrier = Carrier()
        self._carrier.start()
        for thread in self._threads:
            thread.start()

    @property
    def is_at_work(self) -> bool:
        """Whether the connections have threads of their own."""
        return bool(self._threads)

    def join(self, *, within_s: float) -> None:
        """Let each see its message to the end; what takes longer is broken off."""
        ends_at = time.monotonic() + within_s
        for wait_until in (ends_at - BROKEN_OFF_S, ends_at):
            for thread in self._threads:
                thread.join(max(0.0, wait_until - time.monotonic()))
            for session in list(self._sessions):
                session.interrupt()
        if self._carrier:
            self._carrier.close()

    def send_here(self, session: Sender) -> None:
        """Send what is in hand in this thread. Raises NoConnection."""
        try:
            session.send(self._messages(only_first=False, wait_s=0), begin=self._begin, done=self._done)
        finally:
            self._brakes.pass_on()

    def results(self) -> list[Result]:
        """What came since this was last asked."""
        return [self._results.popleft() for _ in range(len(self._results))]

    def keep_again(self, results: Sequence[Result]) -> None:
        """Keep what could not be recorded."""
        self._results.extendleft(reversed(results))

    def _serve(self, only_first: bool, stop: threading.Event) -> None:
        session = self._session()
        self._sessions.append(session)
        while not stop.is_set():
            try:
                messages = self._messages(only_first=only_first, wait_s=KEPT_OPEN_S)
                session.send(
                    messages,
                    begin=self._begin,
                    done=self._done,
                    carrier=None if only_first else self._carrier,
                    advance=self._advance,
                )
                session.close()
            except NoConnection as error:
                logger.warning("no mail server: %s; it is tried again in a moment", error)
            except Exception:
                logger.exception("a connection stumbled; it goes on in a moment")
                for message in self._hand.dropped():
                    self._keep(message, NOT_HANDED_OVER)
                stop.wait(5)
            self._brakes.pass_on()
            if not self._brakes.may_go():
                stop.wait(min(1.0, max(0.1, self._brakes.all_until() - clock())))

    def _messages(self, *, only_first: bool, wait_s: float) -> Iterator[InHand | None]:
        """What a connection sends; None where it would have to wait, the end where nothing came for long."""
        while self._brakes.may_go():
            message = self._hand.take(only_first=only_first)
            if message is None:
                self._brakes.pass_on()
                if not wait_s:
                    return
                yield None
                if not self._hand.wait(only_first=only_first, seconds=wait_s):
                    return
            elif self._is_made(message):
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
        if not self._brakes.may_begin(wait_s=BEGINS_WITHIN_S):
            self._hand.done_with(message)
            self._keep(message, NOT_HANDED_OVER)
            return False
        said = self._hand.begin(message)
        if said is Begin.YES:
            try:
                self.acks.began(message.lane.name, message.key)
            except OSError:
                self._keep(message, NOT_HANDED_OVER)
                raise
            return True
        self._brakes.pass_on()
        if said is Begin.LEASE_ENDED:
            self._keep(message, NOT_HANDED_OVER)
        return False

    def _done(self, message: InHand, outcome: SmtpOutcome) -> None:
        self._hand.done_with(message, is_sent=outcome.state is State.SENT)
        self._brakes.note(message.domain, outcome)
        try:
            self.acks.ended(message.lane.name, message.key, state_of(outcome), outcome.words)
        finally:
            self._keep(message, outcome)

    def _advance(self, sent: InHand, outcome: SmtpOutcome, following: InHand) -> InHand | None:
        """The next message, once this one is done with and the one behind it is begun; None where nothing was done."""
        if self._brakes.is_pulled():
            return None
        behind = self._hand.advance(sent, following)
        if behind is None:
            return None
        try:
            self._brakes.note(sent.domain, outcome)
            self.acks.advanced(
                (sent.lane.name, sent.key), _SENT, outcome.words, (following.lane.name, following.key)
            )
        except BaseException:
            self._keep(following, NOT_HANDED_OVER)
            raise
        finally:
            self._keep(sent, outcome)
        return behind

    def _keep(self, message: InHand, outcome: SmtpOutcome) -> None:
        self._results.append((message, outcome))
        if len(self._results) == MANY:
            self.wake.set()


def state_of(outcome: SmtpOutcome) -> State:
    """What the ledger keeps: a refusal that is not about this message is tried again."""
    if outcome.state is State.FAILED and outcome.fault in (Fault.SENDER, Fault.SERVER):
        return State.DEFERRED
    return outcome.state
