"""What a worker has in hand: messages it leased that wait for a connection, or are offered on one but not begun."""

from __future__ import annotations

import enum
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence

from .lanes import InHand


class Begin(enum.Enum):
    YES = "yes"
    WITHHELD = "withheld"
    LEASE_ENDED = "lease ended"


def clock() -> float:
    """Seconds, counted on while the machine sleeps: leases run out then too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Hand:
    """Shared by the engine and the threads that hold the connections; transactional mail is taken first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._first: deque[InHand] = deque()
        self._bulk: deque[InHand] = deque()
        self._offered: dict[InHand, int] = {}  # by which thread
        self._withheld: set[InHand] = set()
        self._is_closed = False
        self.held_until = 0.0  # by `clock()`: later, another worker may have them

    def put(self, messages: Collection[InHand]) -> None:
        with self._changed:
            for message in messages:
                (self._first if message.lane.is_first else self._bulk).append(message)
            self._changed.notify_all()

    def take(self, *, only_first: bool, wait_s: float) -> InHand | None:
        """The next message, now offered; None where none came in time, or nothing more is given out."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._first or (self._bulk and not only_first), wait_s
            )
            if self._is_closed:
                return None
            if self._first:
                message = self._first.popleft()
            elif self._bulk and not only_first:
                message = self._bulk.popleft()
            else:
                return None
            self._offered[message] = threading.get_ident()
            return message

    def begin(self, message: InHand) -> Begin:
        """Whether its body may be written now; then it is no longer in hand."""
        with self._changed:
            self._offered.pop(message, None)
            if message in self._withheld:
                self._withheld.discard(message)
                return Begin.WITHHELD
            return Begin.YES if clock() < self.held_until else Begin.LEASE_ENDED

    def done_with(self, message: InHand) -> None:
        with self._changed:
            self._offered.pop(message, None)
            self._withheld.discard(message)

    def dropped(self) -> list[InHand]:
        """What this thread was given and neither began nor is done with; no longer in hand."""
        me = threading.get_ident()
        with self._changed:
            found = [message for message, owner in self._offered.items() if owner == me]
            for message in found:
                del self._offered[message]
            return [message for message in found if message not in self._withheld]

    def here(self) -> list[InHand]:
        """All that was not begun and may still be."""
        with self._changed:
            offered = (message for message in self._offered if message not in self._withheld)
            return [*self._first, *self._bulk, *offered]

    def waiting(self, *, first: bool) -> int:
        with self._changed:
            return len(self._first if first else self._bulk)

    def withhold(self, messages: Collection[InHand]) -> list[InHand]:
        """Those of `messages` that were not begun, and now will not be."""
        wanted = set(messages)
        with self._changed:
            offered = (wanted & self._offered.keys()) - self._withheld
            self._withheld |= offered
        return [*self.take_out(wanted.__contains__), *offered]

    def take_out(self, wanted: Callable[[InHand], bool] = lambda _message: True) -> Sequence[InHand]:
        """Those that wait and are `wanted`, no longer in hand."""
        with self._changed:
            found = [one for one in (*self._first, *self._bulk) if wanted(one)]
            out = set(found)
            self._first = deque(one for one in self._first if one not in out)
            self._bulk = deque(one for one in self._bulk if one not in out)
            return found

    def close(self) -> None:
        """Give out nothing more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
