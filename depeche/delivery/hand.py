"""What a worker has in hand: messages it leased that wait for a connection, or are offered on one but not begun."""

from __future__ import annotations

import enum
import functools
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence

from .acting import holder
from .lanes import InHand
from .turns import Turns


class Begin(enum.Enum):
    YES = "yes"
    WITHHELD = "withheld"
    LEASE_ENDED = "lease ended"


# Seconds, counted on while the machine sleeps: leases run out then too.
clock: Callable[[], float] = functools.partial(time.clock_gettime, time.CLOCK_BOOTTIME)


class Hand:
    """Shared by the engine and the threads that hold the connections; transactional mail is taken first."""

    def __init__(self, connections: int) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._first: deque[InHand] = deque()
        self._bulk = Turns(connections)
        self._later: list[InHand] = []  # whose slot is still to come
        self._offered: dict[InHand, int] = {}  # by which thread
        self._withheld: set[InHand] = set()
        self._is_closed = False
        self.held_until = 0.0  # by `clock()`: later, another worker may have them

    def put(self, messages: Collection[InHand]) -> None:
        """What has a slot that is still to come is not given out before `slots_came`."""
        now = clock()
        with self._lock:
            for message in messages:
                if message.slot > now:
                    self._later.append(message)
                elif message.lane.is_first:
                    self._first.append(message)
                else:
                    self._bulk.put(message, now=now)
            self._changed.notify_all()

    def slots_came(self) -> None:
        """Give out what may leave by now."""
        now = clock()
        with self._lock:
            came = sorted((one for one in self._later if one.slot <= now), key=lambda one: one.slot)
            self._later = [one for one in self._later if one.slot > now]
        if came:
            self.put(came)

    def later(self) -> int:
        """How many wait for their slot."""
        return len(self._later)

    def next_slot_in_s(self) -> float:
        """How long to wait for the next slot, where nothing else is to be given out."""
        with self._lock:
            if self._first or any(self._bulk) or not self._later:
                return 0.0
            return max(0.0, min(one.slot for one in self._later) - clock())

    def wait(self, *, only_first: bool, seconds: float) -> bool:
        """Whether there is something for this thread, at once or soon; False once nothing more is given out."""
        me = holder()
        with self._changed:
            came = self._changed.wait_for(
                lambda: (
                    self._is_closed or self._first or (not only_first and self._bulk.has_for(me, now=clock()))
                ),
                seconds,
            )
            return bool(came) and not self._is_closed

    def take(self, *, only_first: bool) -> InHand | None:
        """The next message, now offered; None where there is none for this thread."""
        me = holder()
        with self._lock:
            message = None
            if self._is_closed:
                return None
            if self._first:
                message = self._first.popleft()
            elif not only_first:
                message = self._bulk.take(me, now=clock())
            if message is not None:
                self._offered[message] = me
            return message

    def begin(self, message: InHand) -> Begin:
        """Whether its body may be written now; then it is no longer in hand."""
        with self._lock:
            self._offered.pop(message, None)
            said = Begin.YES if clock() < self.held_until else Begin.LEASE_ENDED
            if message in self._withheld:
                self._withheld.discard(message)
                said = Begin.WITHHELD
            if said is not Begin.YES:
                self._let_go(message)
            return said

    def done_with(self, message: InHand, *, is_sent: bool = False) -> None:
        """This thread sent the message, or gives it up; only the first tells how fast its domain is."""
        with self._lock:
            if not is_sent:  # then it was begun, and is in neither
                self._offered.pop(message, None)
                self._withheld.discard(message)
            self._let_go(message, is_sent=is_sent)

    def advance(self, sent: InHand, following: InHand) -> InHand | None:
        """The next message for this thread, now offered; it sent the one, and writes the body of `following` now.

        None, and nothing happened, where the next has to wait or to be made, or `following` may not be written.
        """
        me, now = holder(), clock()
        with self._lock:
            if self._is_closed or following in self._withheld or now >= self.held_until:
                return None
            if self._first:
                behind = self._first.popleft() if self._first[0].is_made else None
            else:
                behind = self._bulk.take(me, now=now, only_made=True)
            if behind is not None:
                self._offered.pop(following, None)
                self._offered[behind] = me
                if not sent.lane.is_first:
                    self._bulk.done(sent, me, now=now, is_sent=True)
            return behind

    def dropped(self) -> list[InHand]:
        """What this thread was given and neither began nor is done with; no longer in hand."""
        me = holder()
        with self._lock:
            found = [message for message, owner in self._offered.items() if owner == me]
            for message in found:
                del self._offered[message]
            self._bulk.forget(me)
            kept = [message for message in found if message not in self._withheld]
            self._withheld.difference_update(found)
            return kept

    def here(self) -> list[InHand]:
        """All that was not begun and may still be."""
        with self._lock:
            offered = (message for message in self._offered if message not in self._withheld)
            return [*self._first, *self._bulk, *self._later, *offered]

    def waiting(self, *, first: bool) -> int:
        with self._lock:
            return len(self._first if first else self._bulk)

    def withhold(self, messages: Collection[InHand]) -> list[InHand]:
        """Those of `messages` that were not begun, and now will not be."""
        wanted = set(messages)
        with self._lock:
            offered = (wanted & self._offered.keys()) - self._withheld
            self._withheld |= offered
        return [*self.take_out(wanted.__contains__), *offered]

    def take_out(self, wanted: Callable[[InHand], bool] = lambda _message: True) -> Sequence[InHand]:
        """Those that wait and are `wanted`, no longer in hand."""
        with self._lock:
            found = [one for one in self._first if wanted(one)]
            if found:
                out = set(found)
                self._first = deque(one for one in self._first if one not in out)
            later = [one for one in self._later if wanted(one)]
            self._later = [one for one in self._later if one not in later]
            return found + later + self._bulk.take_out(wanted)

    def surplus(self) -> Collection[InHand]:
        """What waits for domains that are too slow for it to go soon, no longer in hand."""
        with self._lock:
            self._bulk.look(now=clock())
            self._changed.notify_all()
            return self._bulk.surplus()

    def close(self) -> None:
        """Give out nothing more."""
        with self._lock:
            self._is_closed = True
            self._changed.notify_all()

    def _let_go(self, message: InHand, *, is_sent: bool = False) -> None:
        if not message.lane.is_first:
            self._bulk.done(message, holder(), now=clock(), is_sent=is_sent)
