"""One thread that sees to the answers of all connections, as long as each is the usual one.

To wake a thread for each answer costs as much as all the rest of a message: after a pause a processor has forgotten what it
knew. So answers are gathered for a moment and seen to in one go. Whatever is not usual (a refusal, a lost connection, a full
buffer, nothing more to send, trouble anywhere, too long a wait) is left as it is, to the thread whose connection it is.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
import time
from collections import deque
from typing import Protocol

from ..acting import act_for

logger = logging.getLogger(__name__)

GATHERED_FOR_S = 0.001


class Flight(Protocol):
    """What waits for an answer until `until` (`time.monotonic`); `owner` is the thread whose it is."""

    owner: int
    until: float
    is_back: threading.Lock
    error: BaseException | None

    def fileno(self) -> int: ...

    def hear(self) -> bool:
        """See to what came; whether there is something to write now. It never waits."""

    def speak(self) -> bool:
        """Write that; whether it then waits for the next answer. It never waits itself."""


class Carrier:
    """Carries flights on from its start to its end."""

    def __init__(self) -> None:
        self._flights: dict[int, Flight] = {}
        self._new: deque[Flight] = deque()
        self._lock = threading.Lock()
        self._is_closed = False
        self._is_quick = False  # most answers come before one has slept
        self._poll = select.poll()
        self._bell, self._rung = socket.socketpair()
        self._bell.setblocking(False)
        self._rung.setblocking(False)
        self._poll.register(self._rung, select.POLLIN)

    def start(self) -> None:
        threading.Thread(target=self._run, name="carrier", daemon=True).start()

    def carry(self, flight: Flight) -> None:
        """Carry it on, until something is to be done that only its own thread may do.

        Raises whatever its owner's own calls raised.
        """
        with self._lock:
            if self._is_closed:
                return
            flight.is_back.acquire()
            self._new.append(flight)
            self._ring()
        flight.is_back.acquire()
        if flight.error is not None:
            raise flight.error

    def close(self) -> None:
        """Give all back, and take nothing any more."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._bell.send(b"!")

    def _run(self) -> None:
        try:
            while not self._is_closed:
                self._see_to_what_came()
        except Exception:
            logger.exception("answers are not seen to in one go any more; each connection waits for its own")
        self._end()

    def _see_to_what_came(self) -> None:
        heard = [descriptor for descriptor in self._gathered() if self._hears(descriptor)]
        for descriptor in heard:  # after all was heard: to write a body is to forget all else once more
            if not self._flights[descriptor].speak():
                self._give_back(descriptor)
        self._give_back_the_late()

    def _gathered(self) -> list[int]:
        """On which connections something came, or a new one is to be carried."""
        came = []
        if self._is_quick:  # to sleep once costs half of what it costs to be woken, and then sleep
            time.sleep(GATHERED_FOR_S)
            came = self._poll.poll(0)
        if not came:
            came = self._poll.poll(self._patience_ms())
            if len(came) < len(self._flights):
                time.sleep(GATHERED_FOR_S)
                came = self._poll.poll(0)
        self._is_quick = len(came) > max(1, len(self._flights) / 2)
        return [descriptor for descriptor, _event in came]

    def _hears(self, descriptor: int) -> bool:
        flight = self._flights.get(descriptor)
        if flight is None:
            self._take_new()
            return False
        act_for(flight.owner)
        try:
            if flight.hear():
                return True
        except BaseException as error:  # the owner raises it
            flight.error = error
        finally:
            act_for(None)
        self._give_back(descriptor)
        return False

    def _take_new(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._rung.recv(4096)
        while self._new:
            flight = self._new.popleft()
            descriptor = flight.fileno()
            self._flights[descriptor] = flight
            self._poll.register(descriptor, select.POLLIN)

    def _give_back(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        self._flights.pop(descriptor).is_back.release()

    def _patience_ms(self) -> float | None:
        if not self._flights:
            return None
        first = min(flight.until for flight in self._flights.values())
        return max(0.0, first - time.monotonic()) * 1000

    def _give_back_the_late(self) -> None:
        now = time.monotonic()
        for descriptor, flight in list(self._flights.items()):
            if flight.until <= now:
                self._give_back(descriptor)

    def _end(self) -> None:
        with self._lock:
            self._is_closed = True
            for flight in (*self._flights.values(), *self._new):
                flight.is_back.release()
            self._flights.clear()
            self._new.clear()
            self._bell.close()
            self._rung.close()
