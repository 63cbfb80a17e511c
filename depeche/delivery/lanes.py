"""The seam between the engine and those who have something to send.

A lane leases messages, says which may no longer go and keeps what came of them. The engine sees keys, addresses and
bytes; what they mean stays with the lane's owner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from . import bulk_lock, dkim_keys, signing, suppression, verp
from .acks import Fates
from .content import Content
from .models import WAITING_STATES, DeliveryQuerySet, Outcome, State, TransactionalMessage
from .prepared import Place, Prepared


class InHand:
    """A message this worker leased: where from, whom to; its content is made when it is needed."""

    __slots__ = ("_content", "domain", "key", "lane", "recipient", "sender", "slot")

    def __init__(self, lane: Lane, key: int, sender: str, recipient: str) -> None:
        self.lane, self.key, self.sender, self.recipient = lane, key, sender, recipient
        self.domain = recipient.rpartition("@")[2].lower()
        self.slot = 0.0  # when it may leave, by `hand.clock`; 0 where no pace holds it
        self._content: Content | None = None

    @property
    def is_made(self) -> bool:
        """Whether its content is there already."""
        return self._content is not None

    @property
    def content(self) -> Content:
        """What it says. Raises whatever keeps it from being made."""
        if self._content is None:
            self._content = self.make()
        return self._content

    def make(self) -> Content:
        """What it says, made anew."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Make it now, one after another, which costs less than between two steps of connections."""
        try:  # noqa: SIM105 - a context manager costs as much as a look into the ledger
            self._content = self.make()
        except Exception:  # noqa: S110 - told when it is asked for
            pass


class Mailed(NamedTuple):
    """A mail that was handed over: to whom, when, and what it is of (« edition/12 »; "" where that does not matter)."""

    recipient: str
    about: str
    at: dt.datetime


class Lane:
    """One table of messages; `name` stands in the acknowledgement log, `code` in the addresses mail comes back to.

    `is_first`: bulk mail waits for it.
    """

    name: str
    code = ""  # one letter; without one, what comes back goes to whoever sends
    is_first = False
    emptied: Mapping[str, Any] = {}  # fields a finished row must not keep, and with what they are filled

    def __init__(self) -> None:
        self._due = Prepared(lambda: self.due().order_by("due_at", "pk").values_list("pk"))
        # To look costs less than to change nothing, and locks nothing.
        self._ours = Prepared(lambda: self.rows().leased().filter(worker=Place("worker")).values_list("pk"))
        self._expired = Prepared(
            lambda: self.rows().leased().filter(leased_until__lt=Place("at")).values_list("pk")
        )

    def rows(self) -> DeliveryQuerySet:
        raise NotImplementedError

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        """The messages of leased rows, in any order; what cannot be made fails when its content is asked for."""
        raise NotImplementedError

    def withheld(self, messages: Mapping[int, InHand]) -> Mapping[int, str]:
        """Keys of those that may not go any more, each with what is kept of the reason ("" where there is none).

        Also those whose row is gone.
        """
        raise NotImplementedError

    def held(self, messages: Mapping[int, InHand]) -> Collection[int]:
        """Keys of those that are to wait although they may go: they are given back."""
        return ()

    def mailed(self, key: int) -> Mailed | None:
        """What is known of a mail that left; None where it did not, or is forgotten."""
        return None

    def newest_to(self, address: str) -> Mailed | None:
        """The last mail that left for an address, where it matters what it is of."""
        return None

    def named(self, message_id: str) -> int | None:
        """The key of the mail with this Message-ID, where that proves to be ours."""
        return None

    def came_back(self, key: int, words: str) -> None:
        """What was taken by a mail server did not arrive, for the reason in these words."""
        handed_over = self.rows().filter(pk=key, state__in=(State.SENT, State.UNCERTAIN))
        handed_over.update(state=State.FAILED, reply=words[:300])

    def finish(self, *, at: dt.datetime) -> None:
        """Called after something was recorded: close what has nothing left to send."""

    def lease(self, limit: int, *, worker: str, at: dt.datetime) -> Sequence[InHand]:
        """At most `limit` messages for this worker; those that may not go end here, in the same commit."""
        while sources := [
            one for one in self.sources() if self._due.first(at=at, **one)
        ]:  # looking locks nothing
            _write_through()
            with transaction.atomic():
                keys = self.set_aside(sources, limit, worker=worker, at=at)
                messages = {message.key: message for message in self.load(keys)} if keys else {}
                withheld = self.withheld(messages) if messages else {}
                outcomes = [Outcome(key, State.SUPPRESSED, words) for key, words in withheld.items()]
                self.record(outcomes, worker=worker, at=at)
            if not keys or len(withheld) < len(keys):
                return [message for key, message in messages.items() if key not in withheld]
        return []

    def due(self) -> DeliveryQuerySet:
        """Rows that may be leased at the place `at`; with places for what `sources` names."""
        return self.rows().due(Place("at"))

    def sources(self) -> Sequence[Mapping[str, object]]:
        """From where to lease, one after another."""
        return [{}]

    def set_aside(
        self, sources: Sequence[Mapping[str, object]], limit: int, *, worker: str, at: dt.datetime
    ) -> Collection[int]:
        """The keys of at most `limit` due rows, the oldest first, leased."""
        keys: list[int] = []
        for one in sources:
            keys += [key for (key,) in self._due.locked(limit - len(keys), at=at, **one)]
            if len(keys) >= limit:
                break
        self.rows().set_aside(keys, worker=worker, at=at)
        return keys

    def record(self, outcomes: Collection[Outcome], *, worker: str, at: dt.datetime) -> None:
        self.rows().record(outcomes, worker=worker, at=at, **self.emptied)

    def release(self, keys: Collection[int], *, worker: str, due_at: dt.datetime) -> None:
        self.rows().release(keys, worker=worker, due_at=due_at, **self.emptied)

    def put_off(self, due: Mapping[int, dt.datetime], *, worker: str) -> None:
        """Like `release`, each message until a time of its own."""
        self.rows().put_off(due, worker=worker)

    def renew(self, *, worker: str, at: dt.datetime) -> None:
        if self._ours.first(worker=worker):
            self.rows().renew(worker=worker, at=at)

    def reclaim(self, held: Collection[int], *, worker: str) -> None:
        """Let all wait again that this worker leased, except what it holds."""
        if self._ours.first(worker=worker):
            leased = self.rows().filter(state=State.LEASED, worker=worker).exclude(pk__in=held)
            leased.wait_again(worker=worker, **self.emptied)

    def sweep(self, *, at: dt.datetime) -> None:
        """See to the rows of workers that are gone, and to what is too old."""
        if self._expired.first(at=at):
            self.rows().sweep(at=at, **self.emptied)

    def take_over(self, fates: Fates, *, worker: str, at: dt.datetime) -> None:
        """Give the rows of a dead worker the fate its log tells; what it never began waits again.

        Of a log that may have lost its end only what was sent is believed: what is refused may have been tried again.
        """
        told = {key: fate for (lane, key), fate in fates.ended.items() if lane == self.name}
        believed = set(State.values) if fates.is_whole else {State.SENT.value}
        ended = [Outcome(key, state, words) for key, (state, words) in told.items() if state in believed]
        begun = {key for lane, key in fates.begun if lane == self.name} | told.keys()
        unknown = begun - {one.key for one in ended}
        ended += [
            Outcome(key, State.UNCERTAIN, "the worker stopped while handing it over") for key in unknown
        ]
        self.record([one for one in ended if one.state != State.PENDING], worker=worker, at=at)
        held = self.rows().filter(worker=worker)
        if fates.is_whole:
            held.wait_again(worker=worker, **self.emptied)
        else:
            held.give_up("the machine stopped while it was being sent", at=at, **self.emptied)


def _write_through() -> None:
    """A lease has to outlive a power cut, or what was sent would wait again: SQLite then syncs at each commit."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")


_bulk: list[Lane] = []


def register(lane: Lane) -> None:
    """Add a bulk lane; it is served after the transactional one."""
    _bulk.append(lane)


def all_lanes() -> list[Lane]:
    """In the order they are served."""
    return [TRANSACTIONAL, *_bulk]


def open_lanes() -> list[Lane]:
    """Those that may be served now: without the bulk lanes while those are locked."""
    return [TRANSACTIONAL, *([] if bulk_lock.doubt() else _bulk)]


class _Whole(InHand):
    """A message that was kept as it is."""

    __slots__ = ("_kept",)

    def __init__(self, lane: Lane, key: int, sender: str, recipient: str, content: bytes) -> None:
        super().__init__(lane, key, sender, recipient)
        self._kept = content

    def make(self) -> Content:
        return self._kept


class _Signed(_Whole):
    """The same, signed when a worker has it in hand: it may have waited for days."""

    __slots__ = ()

    def make(self) -> Content:
        return signing.signed(self._kept)


_OVERDUE = Prepared(
    lambda: TransactionalMessage.objects.filter(
        state__in=WAITING_STATES, expires_at__lt=Place("at")
    ).values_list("pk")
)


class TransactionalLane(Lane):
    """Confirmations, passwords, workflow mail: first, and from a table of their own."""

    name, code = "transactional", "t"
    is_first = True
    emptied = {"content": b""}

    def rows(self) -> DeliveryQuerySet:
        return TransactionalMessage.objects.all()

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        rows = TransactionalMessage.objects.filter(pk__among=keys).values_list(
            "pk", "sender", "recipient", "content"
        )
        kind = _Signed if dkim_keys.in_use() else _Whole
        comes_back_to = verp.maker(self.code)
        return [
            kind(
                self,
                key,
                comes_back_to(key, recipient) if comes_back_to and sender else sender,
                recipient,
                bytes(content),
            )
            for key, sender, recipient, content in rows
        ]

    def withheld(self, messages: Mapping[int, InHand]) -> Mapping[int, str]:
        rows = TransactionalMessage.objects.filter(pk__among=messages)
        asked = list(rows.values_list("pk", "recipient", "purpose"))
        found = dict.fromkeys(set(messages) - {key for key, _recipient, _purpose in asked}, "")
        for purpose in {purpose for _key, _recipient, purpose in asked}:
            addresses = {key: recipient for key, recipient, wanted in asked if wanted == purpose}
            reasons = suppression.blocked(set(addresses.values()), purpose=purpose)
            found |= {key: suppression.said(reasons[one]) for key, one in addresses.items() if one in reasons}
        return found

    def mailed(self, key: int) -> Mailed | None:
        rows = TransactionalMessage.objects.filter(pk=key).exclude(recipient="").exclude(finished_at=None)
        found = rows.values_list("recipient", "finished_at").first()
        return Mailed(found[0], "", found[1]) if found else None  # type: ignore[arg-type] # excluded

    def record(self, outcomes: Collection[Outcome], *, worker: str, at: dt.datetime) -> None:
        super().record(outcomes, worker=worker, at=at)
        for one in outcomes:
            if one.state == State.SUPPRESSED and (reason := suppression.reason_said(one.reply)):
                TransactionalMessage.objects.filter(pk=one.key).update(**suppression.emptied(reason))

    def sweep(self, *, at: dt.datetime) -> None:
        super().sweep(at=at)
        if overdue := [key for (key,) in _OVERDUE.rows(at=at)]:
            waiting = TransactionalMessage.objects.filter(pk__among=overdue, state__in=WAITING_STATES)
            waiting.update(
                state=State.FAILED, content=b"", finished_at=at, reply="expired before a mail server took it"
            )


TRANSACTIONAL = TransactionalLane()
