"""Whose turn it is: bulk messages that wait for a connection, domain by domain.

A domain that answers slowly keeps connections busy, but not those that the others would use.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from .lanes import InHand

SLOW_S = 0.1  # per message; below it no domain is slow
SLOW_TIMES = 4.0  # slower than the quick ones
QUICK_SHARE = 0.2  # of what waits is for domains that count as quick
MIXED_FOR_S = 60.0  # after something for another domain came
KEPT = 25  # messages for a slow domain that wait in the hand
_WEIGHT = 0.2  # of the last message in a domain's mean
_FADING = 0.9  # of what came, at each look
_FEW = 10  # messages: of a domain with fewer nothing is remembered


@dataclass(slots=True, eq=False)
class _Domain:
    name: str
    waiting: deque[InHand] = field(default_factory=deque)
    held: set[int] = field(default_factory=set)  # by these threads
    took_s: float | None = None
    came: float = 0.0
    is_slow: bool = False


class Turns:
    """For so many connections; half as many more serve what is slow. Not for two threads at once.

    Times are by `hand.clock`.
    """

    def __init__(self, connections: int) -> None:
        self._most, self._most_slow = connections, max(1, connections // 2)
        self._domains: dict[str, _Domain] = {}
        self._ring: OrderedDict[str, _Domain] = OrderedDict()  # those for whom something waits
        self._busy: dict[int, list[_Domain]] = {}  # by thread: what it sends, and what comes behind it
        self._since: dict[int, float] = {}  # the first of these
        self._slow_busy: set[int] = set()
        self._last = ""
        self._mixed_until = 0.0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[InHand]:
        return itertools.chain.from_iterable(domain.waiting for domain in self._ring.values())

    def put(self, message: InHand, *, now: float) -> None:
        domain = self._domains.get(message.domain)
        if domain is None:
            domain = self._domains[message.domain] = _Domain(message.domain)
        if message.domain != self._last:
            if self._last:
                self._mixed_until = now + MIXED_FOR_S
            self._last = message.domain
        domain.waiting.append(message)
        domain.came += 1
        self._ring[message.domain] = domain
        self._count += 1

    def take(self, thread: int, *, now: float, only_made: bool = False) -> InHand | None:
        """The next message this thread may send, domains taking turns; none where that is still to be made."""
        domain = self._next(thread, now)
        if domain is None or (only_made and not domain.waiting[0].is_made):
            return None
        message = domain.waiting.popleft()
        self._count -= 1
        if domain.waiting:
            self._ring.move_to_end(domain.name)
        else:
            del self._ring[domain.name]
        domain.held.add(thread)
        holds = self._busy.setdefault(thread, [])
        if not holds:
            self._since[thread] = now
        holds.append(domain)
        if domain.is_slow:
            self._slow_busy.add(thread)
        return message

    def has_for(self, thread: int, *, now: float) -> bool:
        return self._next(thread, now) is not None

    def done(self, message: InHand, thread: int, *, now: float, is_sent: bool) -> None:
        """This thread holds the message no more; how long it took counts where it was sent."""
        domain, holds = self._domains[message.domain], self._busy[thread]
        took_s = now - self._since[thread]
        if holds[0] is domain:
            self._since[thread] = now  # the next one waited behind this one
        holds.remove(domain)
        if is_sent:
            known = domain.took_s
            domain.took_s = took_s if known is None else known + _WEIGHT * (took_s - known)
        if domain not in holds:
            domain.held.discard(thread)
            if domain.came < _FEW and not (domain.waiting or domain.held):
                del self._domains[domain.name]
        if not holds:
            del self._busy[thread]
            self._slow_busy.discard(thread)

    def forget(self, thread: int) -> None:
        """This thread holds nothing any more."""
        for domain in self._busy.pop(thread, []):
            domain.held.discard(thread)
        self._slow_busy.discard(thread)

    def take_out(self, wanted: Callable[[InHand], bool]) -> list[InHand]:
        """Those that wait and are `wanted`, which no longer wait."""
        found: list[InHand] = []
        for domain in list(self._ring.values()):
            out = [message for message in domain.waiting if wanted(message)]
            if out:
                found += out
                gone = set(out)
                domain.waiting = deque(one for one in domain.waiting if one not in gone)
                if not domain.waiting:
                    del self._ring[domain.name]
        self._count -= len(found)
        return found

    def look(self, *, now: float) -> None:
        """Find out which domains are slow, those included that have kept a connection waiting until now."""
        waited = {holds[0]: now - self._since[thread] for thread, holds in self._busy.items()}
        times = {one: max(one.took_s or 0.0, waited.get(one, 0.0)) for one in self._domains.values()}
        limit_s = max(SLOW_S, SLOW_TIMES * _quick_s(times))
        is_mixed = now < self._mixed_until
        for domain, took_s in times.items():
            domain.is_slow = is_mixed and took_s > limit_s
            domain.came *= _FADING
            if domain.came < _FEW and not (domain.waiting or domain.held):
                del self._domains[domain.name]
        self._slow_busy = {thread for thread, holds in self._busy.items() if holds[0].is_slow}

    def surplus(self) -> Collection[InHand]:
        """What waits for slow domains, but a few messages of each: they would keep the others out of the hand."""
        found: list[InHand] = []
        for domain in list(self._ring.values()):
            while domain.is_slow and len(domain.waiting) > KEPT:
                found.append(domain.waiting.pop())
        self._count -= len(found)
        return found

    def _next(self, thread: int, now: float) -> _Domain | None:
        is_slow_busy = thread in self._slow_busy
        has_room = thread in self._busy or len(self._busy) - len(self._slow_busy) < self._most
        for domain in self._ring.values():
            if domain.is_slow:
                if is_slow_busy or len(self._slow_busy) < self._most_slow:
                    return domain
            elif is_slow_busy or not has_room:  # nothing quick waits behind something slow
                continue
            elif (
                domain.took_s is not None
                or now >= self._mixed_until
                or thread in domain.held
                or len(domain.held) < self._most_slow
            ):
                return domain
        return None


def _quick_s(times: dict[_Domain, float]) -> float:
    """What a message takes for the quickest domains that together make up a fair share of all."""
    known = sorted((took_s, one.came) for one, took_s in times.items() if one.took_s is not None)
    enough = QUICK_SHARE * sum(came for _took_s, came in known)
    for took_s, came in known:
        enough -= came
        if enough <= 0:
            return took_s
    return 0.0
