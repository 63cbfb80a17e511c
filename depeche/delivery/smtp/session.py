"""Messages over a kept connection: where the server can, the next envelope goes out behind each body.

At any moment at most one message per session has an unknown fate: the one whose final dot is not answered yet.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from ..models import State
from .carrier import Carrier
from .connection import Connection
from .envelopes import Message, Unsendable, commands
from .opening import opened
from .outcomes import NoConnection, SmtpOutcome, Stage
from .server import SmtpServer, Timeouts
from .transaction import answer, offer, usual_outcome, write_body, write_body_now

KEPT_IDLE_S = 60  # servers hang up on idle clients after some minutes
MOST_FRUITLESS = 3  # connections in a row that ended before they saw one message to its end

M = TypeVar("M", bound=Message)
Advance = Callable[[M, SmtpOutcome, M], M | None]
_Step = tuple[M | None, Connection | None]  # the next message, and the connection it is already offered on


class Session:
    """What speaks to one server for one thread; its connection is kept from message to message."""

    def __init__(self, server: SmtpServer, timeouts: Timeouts | None = None) -> None:
        self.server = server
        self._timeouts = timeouts or Timeouts()
        self._connection: Connection | None = None
        self._tls: ssl.SSLContext | None = None

    def submit(self, message: Message) -> SmtpOutcome:
        """Send one message; what became of it.

        Raises:
            NoConnection: nothing was handed over.
        """
        outcomes: list[SmtpOutcome] = []
        self.send(
            iter([message]), begin=lambda _message: True, done=lambda _message, came: outcomes.append(came)
        )
        return outcomes[0]

    def send(
        self,
        messages: Iterator[M | None],
        *,
        begin: Callable[[M], bool],
        done: Callable[[M, SmtpOutcome], None],
        carrier: Carrier | None = None,
        advance: Advance[M] = lambda _sent, _outcome, _following: None,
    ) -> None:
        """Send until `messages` ends.

        `messages` yields None where it would have to wait: what is open is then finished, and asked again it may wait.
        It is asked for one message before the last one is written. `begin` is called right before a body is written;
        where it says no, nothing of the message stays with the server. Each other message gets `done` exactly once.
        With a `carrier`, while this thread waits, `advance` is called in that one: it gets a message that was sent and the
        one behind it, and does all three at once (`done`, `begin`, the next of `messages`, which it returns); or nothing
        at all, where anything is not as usual, and returns None.

        Raises:
            NoConnection: no server takes mail; a message already taken from `messages` was given to `done` as pending.
        What `messages` and these calls raise passes through, and the connection is closed.
        """
        try:
            _Stream(self, messages, begin, done, carrier, advance).run()
        except BaseException:
            self.abort()
            raise

    def connection(self) -> Connection:
        """The kept connection, or a new one. Raises NoConnection."""
        kept = self._connection
        if kept is not None and time.monotonic() - kept.used_at > KEPT_IDLE_S:
            self.close()
        if self._connection is None:
            self._connection = opened(self.server, self._timeouts, self._context)
        return self._connection

    def close(self) -> None:
        """Take leave of the server; the next message opens a new connection."""
        if self._connection is not None:
            self._connection.quit()
            self._connection = None

    def interrupt(self) -> None:
        """From any thread: break the connection, so that whoever waits for the server is told that it is lost."""
        connection = self._connection
        if connection is not None:
            connection.interrupt()

    def abort(self) -> None:
        """Hang up without a word."""
        if self._connection is not None:
            self._connection.abort()
            self._connection = None

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


class _Stream(Generic[M]):
    """One run of `Session.send`."""

    def __init__(
        self,
        session: Session,
        messages: Iterator[M | None],
        begin: Callable[[M], bool],
        done: Callable[[M, SmtpOutcome], None],
        carrier: Carrier | None,
        advance: Advance[M],
    ) -> None:
        self._session, self._messages, self._carrier = session, messages, carrier
        self._begin, self._done, self.advance = begin, done, advance
        self._fruitless = 0
        self._has_ended = False

    def run(self) -> None:
        message, offered = self._next(), None
        while message is not None:
            message, offered = self._carry(message, offered)

    def _carry(self, message: M, offered: Connection | None) -> _Step[M]:
        """See one message to its end, `offered` on this connection already perhaps; what comes next."""
        connection = offered or self._connection(message)
        try:
            refusal = offer(connection, None if offered else commands(message, connection.extensions))
        except Unsendable as error:
            refusal = error.outcome
        if refusal is None:
            return self._hand_over(connection, message)
        if connection.is_over:
            self._leave(connection, refusal)
            # A kept connection ends when the server likes, which is no matter of this message.
            if connection.finished and refusal.stage is Stage.MAIL and refusal.state is State.DEFERRED:
                return message, None
        self._done(message, refusal)
        return self._next(), None

    def _hand_over(self, connection: Connection, message: M) -> _Step[M]:
        """Write the body and behind it, where that is possible, the next envelope; what comes next."""
        following = self._next_at_once()
        group = self.chained(connection, following)
        if not self._begin(message):
            # After DATA there is one way to take back a message: to hang up.
            self._session.abort()
            return self._next() if following is None else following, None
        outcome = write_body(connection, message.content, following=group)
        flight = _Flight(self, connection, message, following, group)
        if outcome is None and group and self._carrier and connection.is_plain:
            self._carrier.carry(flight)
            message, following, group = flight.message, flight.following, flight.group
            if flight.written is not None:
                outcome = write_body(connection, message.content, following=group, written=flight.written)
        if outcome is None:
            outcome = answer(connection, within_s=flight.until - time.monotonic())
        if connection.is_over:
            self._leave(connection, outcome)
        self._done(message, outcome)
        if following is None:
            return self._next(), None
        return following, connection if group and not connection.is_over else None

    def _connection(self, message: M) -> Connection:
        """Raises NoConnection, once `message` is given back."""
        try:
            if self._fruitless >= MOST_FRUITLESS:
                raise NoConnection("the mail server breaks off again and again")
            return self._session.connection()
        except NoConnection as error:
            self._done(message, error.outcome)
            raise

    def chained(self, connection: Connection, following: M | None) -> bytes:
        """What to write behind the body; empty where it has to wait for its own turn."""
        if following is None or not connection.is_pipelined:
            return b""
        try:
            return b"".join(commands(following, connection.extensions))
        except Unsendable:
            return b""

    def _leave(self, connection: Connection, outcome: SmtpOutcome) -> None:
        """Drop a connection that is over; one that ended with an answer about its message was of use."""
        is_answer = outcome.code and outcome.stage is not Stage.MAIL
        self._fruitless = 0 if connection.finished or is_answer else self._fruitless + 1
        self._session.abort()

    def _next(self) -> M | None:
        """The next message, however long it takes; None at the end."""
        message = None
        while message is None and not self._has_ended:
            message = self._next_at_once()
        return message

    def _next_at_once(self) -> M | None:
        """The next message; None where there is none now."""
        try:
            return next(self._messages)
        except StopIteration:
            self._has_ended = True
            return None


class _Flight(Generic[M]):
    """A message whose body is written, and the one whose envelope went out behind it."""

    def __init__(
        self, stream: _Stream[M], connection: Connection, message: M, following: M | None, group: bytes
    ) -> None:
        self._stream, self._connection = stream, connection
        self.message, self.following, self.group = message, following, group
        self.written: int | None = None  # octets of its body, where not all of it left
        self.until = time.monotonic() + connection.timeouts.end_s
        self.owner, self.is_back = threading.get_ident(), threading.Lock()
        self.error: BaseException | None = None

    def fileno(self) -> int:
        return self._connection.fileno()

    def hear(self) -> bool:
        """See to the answer, if it is the usual one; whether the next message is to be written."""
        message, following = self.message, self.following
        outcome = usual_outcome(self._connection.read_now())
        if outcome is None or following is None:
            return False
        behind = self._stream.advance(message, outcome, following)
        if behind is None:
            return False
        self._connection.saw_to_the_end()
        self.message, self.following = following, behind
        self.group = self._stream.chained(self._connection, behind)
        self.written, self.until = 0, time.monotonic() + self._connection.timeouts.end_s
        return True

    def speak(self) -> bool:
        """Write that message; whether it then waits for an answer again."""
        self.written = write_body_now(self._connection, self.message.content, following=self.group)
        return self.written is None and bool(self.group)
