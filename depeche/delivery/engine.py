"""The delivery engine of one worker: leases what is due, hands it over on several connections, records what came of it.

Only the engine's own thread asks the database; what the threads of the connections do stands in `crew`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import logging
import os
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from . import bounces, trouble
from .acks import AckLog, of_the_dead
from .brakes import Brakes
from .crew import Crew, Result, state_of
from .hand import Hand, clock
from .lanes import InHand, Lane, all_lanes, open_lanes
from .models import LEASE_S, Outcome, State
from .pace import MAIN
from .pacing import AT_MOST_LATER, Pacer
from .smtp.outcomes import NoConnection
from .transports import Sender

logger = logging.getLogger(__name__)

CONNECTIONS = 8
BATCH = 800  # in hand at most; what a lost machine leaves uncertain. Half of it is leased at once
BATCH_FIRST = 20
RECORDED_AT_LEAST_EVERY_S = 0.2
ASKED_AGAIN_EVERY_S = 0.2  # whether somebody left meanwhile
CLOSED_AT_LEAST_EVERY_S = 1  # an edition whose last copy left, while others leave
RENEWED_EVERY_S = 30
IDLE_S = 0.5
RETRY_S = 30
ENDS_WITHIN_S = 20
GARBAGE_AFTER = 20_000  # objects


class Engine:
    def __init__(
        self,
        session: Callable[[], Sender],
        *,
        folder: Path | None = None,
        connections: int = CONNECTIONS,
        tell: Callable[[], None] = lambda: None,
        transport: Callable[[], str] = lambda: MAIN,
    ) -> None:
        self.worker = uuid.uuid4().hex
        self._session, self._connections, self._tell = session, connections, tell
        self._folder = folder or settings.ACKS_FOLDER
        self.hand, self._brakes = Hand(connections), Brakes()
        self._crew = Crew(session, self.hand, self._brakes)
        self._recorded: set[Lane] = set()
        self._pacer = Pacer(self.worker, transport=transport)
        self._trouble = trouble.Teller(self.worker)
        self._held: set[InHand] = set()  # what the ledger says we leased, as far as this process knows
        self._seen_to_at = self._asked_at = self._closed_at = -float("inf")

    def run(self, *, stop: threading.Event, wake: threading.Event) -> None:
        """Deliver until `stop` is set; `wake` cuts the pause short when there is something new.

        Trouble is logged and the engine goes on: mail waits in its table, nothing is lost.
        """
        self._crew.wake = wake
        if threading.current_thread() is not threading.main_thread():
            settle()
        while not stop.is_set():
            try:
                self._work(stop, wake)
            except OSError:
                logger.exception("no mail can leave: its log cannot be kept in %s", self._folder)
                stop.wait(RETRY_S)
        close_old_connections()

    def _work(self, stop: threading.Event, wake: threading.Event) -> None:
        """Raises OSError: there is no room for the log."""
        with self.working():
            self._crew.start(self._connections, stop=stop)
            while not stop.is_set():
                begun, is_busy = clock(), False
                try:
                    is_busy = self.once()
                except Exception:
                    logger.exception("delivery stumbled; it goes on in a moment")
                    close_old_connections()  # only then: to open one costs as much as to record fifty
                    stop.wait(5)
                pause_s = RECORDED_AT_LEAST_EVERY_S if is_busy else IDLE_S
                wake.wait(max(0.0, begun + pause_s - clock()))
                wake.clear()

    def drain(self) -> bool:
        """Deliver in this thread, on one connection, until nothing is due; False if no server answers."""
        session = self._session()
        with self.working():
            try:
                while self.once():
                    self._crew.send_here(session)
                    time.sleep(self.hand.next_slot_in_s())
            except NoConnection:
                return False
            finally:
                session.close()
        return True

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """With a log of its own; at the end, what is begun is finished and recorded, and the rest given back."""
        self._crew.acks = AckLog(self._folder, self.worker)
        try:
            yield
        finally:
            self._end()

    def once(self) -> bool:
        """One round: see to what is old, record, ask again, lease; whether anything is in hand or under way."""
        now = clock()
        if now - self._seen_to_at > RENEWED_EVERY_S:
            self._see_to_leases()
            self._seen_to_at = now
        self._record()
        if now - self._asked_at > ASKED_AGAIN_EVERY_S * 0.9:
            self.ask_again()
            self._asked_at = now
        self._trouble.tell(self._brakes.stopped())
        self._tell()
        if now < self._brakes.all_until():
            self._give_back(self.hand.take_out(), until=self._brakes.all_until())
        else:
            self._keep_pace()
            self._let_domains_rest()
            self._lease(until=now + RECORDED_AT_LEAST_EVERY_S / 2)
        has_more = bool(self.hand.here())
        if not has_more or now - self._closed_at > CLOSED_AT_LEAST_EVERY_S:
            self._close_what_is_done()
            self._closed_at = now
        return has_more

    def _see_to_leases(self) -> None:
        """Renew ours; take over those of the dead, first of this machine, by their logs."""
        at, began = timezone.now(), clock()
        for lane in all_lanes():
            lane.renew(worker=self.worker, at=at)
        self.hand.held_until = began + LEASE_S * 0.8
        self._reclaim()
        for worker, fates in of_the_dead(self._folder):
            for lane in all_lanes():
                lane.take_over(fates, worker=worker, at=at)
            trouble.forget(worker)
        for lane in all_lanes():
            lane.sweep(at=at)
            lane.finish(at=at)

    def _reclaim(self) -> None:
        """What a failed commit left to us in the ledger, though it is not here, was not handed over: it waits again."""
        for lane in all_lanes():
            lane.reclaim({one.key for one in self._held if one.lane is lane}, worker=self.worker)

    def _keep_pace(self) -> None:
        """Give out what waited for its slot; what missed it, or was given it by other rules, needs a new one."""
        self.hand.slots_came()
        if again := self._pacer.asks_again():
            taken = self.hand.take_out(again)
            self._held.difference_update(taken)
            self._put(self._pacer.grant(taken, later=AT_MOST_LATER - self.hand.later()))

    def _lease(self, *, until: float) -> None:
        """Fill the hand, again where most of what came has to rest."""
        for lane in open_lanes():
            most = BATCH_FIRST if lane.is_first else BATCH
            while (room := most - self._held_for(is_first=lane.is_first)) >= most / 2:
                leased = self._pacer.lease(lane, room, later=AT_MOST_LATER - self.hand.later())
                self._put(self._those_that_may_leave(leased))
                if not leased or clock() > until:
                    break

    def _held_for(self, *, is_first: bool) -> int:
        return sum(one.lane.is_first == is_first for one in self._held)

    def _put(self, messages: Collection[InHand]) -> None:
        now = clock()
        for message in messages:
            message.prepare()
        self._held.update(messages)
        if self._brakes.has_domains:
            resting = {one for one in messages if self._brakes.domain_until(one.domain) > now}
            self._let_rest(resting, self._brakes.domain_until)
            messages = [one for one in messages if one not in resting]
        self.hand.put(messages)
        if self._crew.is_at_work:
            self._let_rest(self.hand.surplus(), self._brakes.crowded)

    def _let_domains_rest(self) -> None:
        """Give back what goes to a domain that asked for a pause."""
        if self._brakes.has_domains:
            now = clock()
            resting = self.hand.take_out(lambda one: self._brakes.domain_until(one.domain) > now)
            self._let_rest(resting, self._brakes.domain_until)
        if self._crew.is_at_work:
            self._let_rest(self.hand.surplus(), self._brakes.crowded)

    def _let_rest(self, messages: Collection[InHand], until: Callable[[str], float]) -> None:
        by_domain: dict[str, list[InHand]] = defaultdict(list)
        for message in messages:
            by_domain[message.domain].append(message)
        for domain, some in by_domain.items():
            self._give_back(some, until=until(domain))

    def _those_that_may_leave(self, messages: Collection[InHand]) -> list[InHand]:
        """On this stage; the others end here."""
        if (domains := open_domains()) is None:
            return list(messages)
        words = f"stage {settings.STAGE}: domain not in DEPECHE_MAIL_DOMAINS"
        stay = [one for one in messages if one.domain not in domains]
        for lane, some in by_lane(stay).items():
            outcomes = [Outcome(one.key, State.SUPPRESSED, words) for one in some]
            lane.record(outcomes, worker=self.worker, at=timezone.now())
        return [one for one in messages if one.domain in domains]

    def ask_again(self) -> None:
        """Withhold what may not go any more: whoever left is written to no more a second later.

        What is to wait goes back to its table.
        """
        for lane, messages in by_lane(self.hand.here()).items():
            known = {message.key: message for message in messages}
            words = lane.withheld(known)
            stopped = self.hand.withhold([known[key] for key in words])
            self._held.difference_update(stopped)
            outcomes = [Outcome(one.key, State.SUPPRESSED, words[one.key]) for one in stopped]
            lane.record(outcomes, worker=self.worker, at=timezone.now())
            waits = lane.held({key: one for key, one in known.items() if key not in words})
            self._give_back(self.hand.withhold([known[key] for key in waits]))

    def _record(self) -> None:
        results = self._crew.results()
        if not results:
            return
        came: dict[Lane, list[Result]] = defaultdict(list)
        for one in results:
            came[one[0].lane].append(one)
        try:
            self._recorded.update(came)
            for lane, some in came.items():
                self._record_in(lane, some)
        except BaseException:
            self._crew.keep_again(results)
            raise
        self._held.difference_update([message for message, _outcome in results])
        self._crew.acks.committed([(message.lane.name, message.key) for message, _outcome in results])
        failed = [one for one in results if one[1].state is State.FAILED]
        if failed:
            bounces.learn_from(failed, at=timezone.now())
        self._pacer.learn_from(results, resting_until=self._brakes.domain_until)

    def _record_in(self, lane: Lane, results: list[Result]) -> None:
        at = timezone.now()
        outcomes = [
            Outcome(message.key, state_of(came), came.words)
            for message, came in results
            if came.state is not State.PENDING
        ]
        lane.record(outcomes, worker=self.worker, at=at)
        back = [message.key for message, came in results if came.state is State.PENDING]
        if back:
            lane.release(back, worker=self.worker, due_at=at + dt.timedelta(seconds=RETRY_S))

    def _close_what_is_done(self) -> None:
        while self._recorded:
            self._recorded.pop().finish(at=timezone.now())

    def _give_back(self, messages: Collection[InHand], *, until: float = 0.0) -> None:
        due_at = timezone.now() + dt.timedelta(seconds=max(0.0, until - clock()))
        self._held.difference_update(messages)
        for lane, some in by_lane(messages).items():
            lane.release([message.key for message in some], worker=self.worker, due_at=due_at)

    def _end(self) -> None:
        """What is not begun goes back at once, whatever its connection waits for."""
        self.hand.close()
        try:
            self._give_back(self.hand.withhold(self.hand.here()))
        except Exception:
            logger.exception("what was not begun is given back at the next start, by the log on disk")
        self._crew.join(within_s=ENDS_WITHIN_S)
        is_told = False
        try:
            self._record()
            self._close_what_is_done()
            self._reclaim()
            self._trouble.tell(None)
            is_told = True
        except Exception:
            logger.exception("what was delivered last is recorded at the next start, from the log on disk")
        self._crew.acks.close(is_told=is_told)


def settle() -> None:
    """Make this thread, and those it starts, batch work; and take all that is loaded for what stays."""
    with contextlib.suppress(OSError):  # pushing each other aside would cost all of them twice the time
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    gc.freeze()  # to go through it again and again, or but once more now, would cost more than to send
    gc.set_threshold(GARBAGE_AFTER)  # what a message is made of goes by itself


def by_lane(messages: Iterable[InHand]) -> dict[Lane, list[InHand]]:
    found: dict[Lane, list[InHand]] = defaultdict(list)
    for message in messages:
        found[message.lane].append(message)
    return found


def open_domains() -> frozenset[str] | None:
    """The domains that mail may leave for on this stage; None for all, as to the catcher, which takes everything."""
    if settings.STAGE == "production" or not settings.EMAIL_URL:
        return None
    return frozenset(domain.lower() for domain in settings.MAIL_DOMAINS)
