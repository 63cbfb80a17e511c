"""The paces as one worker keeps them: what it leases has a slot to leave in, or is put off until it may have one."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import Counter, deque
from collections.abc import Callable, Collection

from django.utils import timezone

from . import pace
from .hand import clock
from .lanes import InHand, Lane, all_lanes
from .models import Pace, State
from .pace import AT_ONCE, SOON, Table
from .smtp.outcomes import SmtpOutcome

LOOKED_EVERY_S = 0.5
LATE_S = 0.6  # what leaves later than this after its slot needs a new one: slots missed are not made up for
AT_MOST_LATER = 50  # wait in hand for a slot that comes within a second
LEASES_FOR_S = 0.1
RATE_OVER_S = 60

_LIMITED = re.compile(
    r"\brate\b|\btoo (many|fast|much)|throttl|slow(ing)? down|4\.7\.28\b|limit (exceeded|reached)|deferred due to"
    r"|unusual (rate|amount)|volume",
    re.IGNORECASE,
)


def is_about_rate(outcome: SmtpOutcome) -> bool:
    """Whether a refusal for now says that we send too fast."""
    if outcome.code not in (421, 450, 451, 452):
        return False
    return outcome.enhanced in ("4.7.0", "4.7.28") or bool(_LIMITED.search(outcome.words))


class Pacer:
    """Belongs to the engine's own thread."""

    def __init__(self, worker: str, *, transport: Callable[[], str]) -> None:
        self._worker, self._transport = worker, transport
        self._table = Table([])
        self._looked_at = -float("inf")
        self._slots: deque[dt.datetime] = deque()  # by the transport; reserved, not used yet
        self._sent: Counter[str] = Counter()
        self._sent_before: Counter[str] = Counter()
        self._counted_at = clock()
        self._told: set[str] = set()  # domains that refused for our rate since they last took something

    def asks_again(self) -> Callable[[InHand], bool] | None:
        """Which messages in hand need a slot anew: the late, and all that are paced where paces changed."""
        if self._is_changed():
            return self._is_paced
        return _is_late if self._table else None

    def _is_changed(self) -> bool:
        """Look whether paces were set, cleared or learned since; costs nothing for a while after each look."""
        now = clock()
        if now - self._looked_at < LOOKED_EVERY_S:
            return False
        self._looked_at = now
        at, before = timezone.now(), self._table.version
        self._table = Table(list(Pace.objects.all()))
        if self._table.has_old(at):
            pace.forget(at)
        return self._table.version != before

    def _is_paced(self, message: InHand) -> bool:
        """Whether a pace is to be kept with this message, or was."""
        if message.lane.is_first:
            return False
        return bool(message.slot or self._of_transport() or self._table.of_domain(message.domain))

    def lease(self, lane: Lane, room: int, *, later: int) -> list[InHand]:
        """What this worker may send soon, at most `room` messages; what it may not is put off.

        `later` is how many may wait in hand for their slot.
        """
        if lane.is_first or not self._table:
            leased = list(lane.lease(room, worker=self._worker, at=timezone.now()))
            self._count(leased)
            return leased
        found: list[InHand] = []
        began = clock()
        while True:
            at = timezone.now()
            most = self._most(lane, room - len(found), later, at)
            leased = list(lane.lease(most, worker=self._worker, at=at)) if most else []
            granted = self.grant(leased, later=later, at=at)
            later -= sum(message.slot > clock() + AT_ONCE.total_seconds() for message in granted)
            found += granted
            if len(granted) == len(leased) or len(found) > room / 2 or clock() - began > LEASES_FOR_S:
                return found

    def grant(
        self, messages: Collection[InHand], *, later: int = AT_MOST_LATER, at: dt.datetime | None = None
    ) -> list[InHand]:
        """Those that have their slot now; the others are put off, and are no longer this worker's."""
        if not messages:
            return []
        at = at or timezone.now()
        is_by_transport = bool(self._of_transport())
        if is_by_transport:
            self._reserve_by_transport(len(messages), later, at)
        granted, put_off = self._by_domain(messages, later, at)
        if is_by_transport:
            for message in granted[len(self._slots) :]:
                put_off[message] = at + SOON
            granted = granted[: len(self._slots)]
            for message in granted:
                message.slot = max(message.slot, self._at_clock(self._slots.popleft()))
        _put_off(put_off, worker=self._worker)
        return granted

    def learn_from(
        self, results: Collection[tuple[InHand, SmtpOutcome]], *, resting_until: Callable[[str], float]
    ) -> None:
        """Note what was sent; slow down for all workers where a domain rests because we sent too fast."""
        now = clock()
        if now - self._counted_at > RATE_OVER_S:
            self._sent_before, self._sent, self._counted_at = self._sent, Counter(), now
        sent = [message.domain for message, outcome in results if outcome.state is State.SENT]
        self._sent.update(sent)
        for message, outcome in results if self._told or len(sent) < len(results) else ():
            if outcome.state is State.SENT:
                self._told.discard(message.domain)
            elif is_about_rate(outcome):
                self._told.add(message.domain)
        for domain in [domain for domain in self._told if resting_until(domain) > now]:
            self._told.discard(domain)
            at = timezone.now()
            until = at + dt.timedelta(seconds=resting_until(domain) - now)
            pace.learn(domain, until=until, had=functools.partial(self._per_minute, domain), at=at)
            self._looked_at = -float("inf")

    def _per_minute(self, domain: str) -> float:
        """How fast all workers together sent to the domain, if they are alike."""
        passed_s = clock() - self._counted_at
        sent = self._sent[domain]
        if passed_s < RATE_OVER_S / 2 and self._sent_before:
            passed_s, sent = passed_s + RATE_OVER_S, sent + self._sent_before[domain]
        workers = {
            worker
            for lane in all_lanes()
            for worker in lane.rows()
            .filter(state=State.LEASED)
            .order_by()
            .values_list("worker", flat=True)
            .distinct()
        }
        return sent / max(passed_s, 1.0) * 60 * max(1, len(workers))

    def _of_transport(self) -> tuple[Pace, ...]:
        return self._table.of_transport(self._transport())

    def _most(self, lane: Lane, room: int, later: int, at: dt.datetime) -> int:
        """How many to lease: as many as the transport has slots for."""
        if not self._of_transport() or not lane.rows().due(at).exists():
            return room
        self._reserve_by_transport(room, later, at)
        return min(room, len(self._slots))

    def _reserve_by_transport(self, wanted: int, later: int, at: dt.datetime) -> None:
        while self._slots and self._slots[0] < at - dt.timedelta(seconds=LATE_S):
            self._slots.popleft()
        missing = wanted - len(self._slots)
        if missing > 0:
            self._slots += pace.reserve_many(self._of_transport()[0].pk, missing, at=at, later=later)

    def _by_domain(
        self, messages: Collection[InHand], later: int, at: dt.datetime
    ) -> tuple[list[InHand], dict[InHand, dt.datetime]]:
        """Those that may go to their domain soon, with their slot, and those put off, with when to ask again."""
        wanted = {message: self._table.of_domain(message.domain) for message in messages}
        paced = {message: [row.pk for row in rows] for message, rows in wanted.items() if rows}
        for message in messages:
            message.slot = 0.0
        if not paced:
            return list(messages), {}
        slots = dict(zip(paced, pace.reserve(list(paced.values()), at=at, later=later), strict=True))
        put_off = {message: slot.at for message, slot in slots.items() if not slot.is_granted}
        for message, slot in slots.items():
            if slot.is_granted:
                message.slot = self._at_clock(slot.at)
        return [message for message in messages if message not in put_off], put_off

    def _count(self, messages: Collection[InHand]) -> None:
        if not messages or not self._table:
            return
        kept = [
            [row.pk for row in (*self._of_transport(), *self._table.of_domain(one.domain))]
            for one in messages
        ]
        if any(kept):
            pace.count(kept, at=timezone.now())

    @staticmethod
    def _at_clock(at: dt.datetime) -> float:
        return clock() + (at - timezone.now()).total_seconds()


def _is_late(message: InHand) -> bool:
    return 0 < message.slot < clock() - LATE_S


def _put_off(due: dict[InHand, dt.datetime], *, worker: str) -> None:
    lanes: dict[Lane, dict[int, dt.datetime]] = {}
    for message, due_at in due.items():
        lanes.setdefault(message.lane, {})[message.key] = due_at
    for lane, some in lanes.items():
        lane.put_off(some, worker=worker)
