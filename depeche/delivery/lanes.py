"""The seam between the engine and those who have something to send.

A lane leases work, says who may still be written to, fills a message and records what came of it.
The engine sees keys, addresses and bytes; what they mean stays with the lane's owner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from . import bulk_lock, suppression
from .messages import Envelope
from .models import Reason, State, TransactionalMessage


@dataclass(frozen=True)
class Outcome:
    """What became of one message: its key, a state, the words of the mail server."""

    key: int
    state: str
    reply: str


class Lane(Protocol):
    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        """Keys of at most `limit` messages, set aside for this worker while the lease lasts."""

    def fill(self, key: int) -> Envelope:
        """The message for one key."""

    def claim(self, key: int, *, at: dt.datetime) -> bool:
        """Note, durably, that this one is about to be handed over: should we die now, its fate is unknown.

        False: the lease ran out, somebody else sees to it.
        """

    def may_send(self, keys: Collection[int]) -> set[int]:
        """Those of `keys` that may still be sent, asked right before each is submitted."""

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        """Keep what came of a claimed message."""

    def release(self, keys: Collection[int], *, due_at: dt.datetime, claimed: bool = False) -> None:
        """Take back what could not be handed over for no fault of its own."""

    def finish(self, *, at: dt.datetime) -> None:
        """Called after each batch: close what has nothing left to send."""

    def sweep(self, *, at: dt.datetime) -> None:
        """Take back the leases of workers that died."""


_bulk: list[Lane] = []


def register(lane: Lane) -> None:
    """Add a bulk lane; it is served after the transactional one."""
    _bulk.append(lane)


def all_lanes() -> list[Lane]:
    """In the order they are served; without the bulk lanes while those are locked."""
    return [TransactionalLane(), *([] if bulk_lock.doubt() else _bulk)]


class TransactionalLane:
    """Confirmations, passwords, workflow mail: first, and from a table of their own."""

    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        return [row.pk for row in TransactionalMessage.objects.lease(limit, at=at)]

    def fill(self, key: int) -> Envelope:
        row = TransactionalMessage.objects.get(pk=key)
        return Envelope(row.sender, row.recipient, bytes(row.content))

    def claim(self, key: int, *, at: dt.datetime) -> bool:
        return TransactionalMessage.objects.claim(key, at=at)

    def may_send(self, keys: Collection[int]) -> set[int]:
        return set(keys) - self._refused(keys).keys()

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        reply, emptied = outcome.reply, {"content": b""}
        if outcome.state == State.SUPPRESSED and (reason := self._refused([outcome.key]).get(outcome.key)):
            reply, emptied = suppression.said(reason), suppression.emptied(reason)
        TransactionalMessage.objects.record(outcome.key, outcome.state, reply, at=at, **emptied)

    def release(self, keys: Collection[int], *, due_at: dt.datetime, claimed: bool = False) -> None:
        TransactionalMessage.objects.release(keys, due_at=due_at, claimed=claimed)

    def finish(self, *, at: dt.datetime) -> None:
        """Nothing to close."""

    def sweep(self, *, at: dt.datetime) -> None:
        TransactionalMessage.objects.sweep(at=at, content=b"")
        TransactionalMessage.objects.filter(
            state__in=(State.PENDING, State.DEFERRED), expires_at__lt=at
        ).update(
            state=State.FAILED, content=b"", finished_at=at, reply="expired before a mail server took it"
        )

    def _refused(self, keys: Collection[int]) -> dict[int, Reason]:
        """Those of `keys` that may not go, each with the reason."""
        rows = TransactionalMessage.objects.filter(pk__in=keys).values_list("pk", "recipient", "purpose")
        refused = {}
        asked = list(rows)
        for purpose in {purpose for _pk, _recipient, purpose in asked}:
            addresses = {pk: recipient for pk, recipient, wanted in asked if wanted == purpose}
            reasons = suppression.blocked(set(addresses.values()), purpose=purpose)
            refused |= {pk: reasons[address] for pk, address in addresses.items() if address in reasons}
        return refused
