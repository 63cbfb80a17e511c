"""The seam between the engine and those who have something to send.

A lane leases work, says who may still be written to, fills a message and records what came of it.
The engine sees keys, addresses and bytes; what they mean stays with the lane's owner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from .messages import Envelope
from .models import State, TransactionalMessage


@dataclass(frozen=True)
class Outcome:
    """What became of one message: its key, a state, the words of the mail server."""

    key: int
    state: str
    reply: str


class Lane(Protocol):
    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        """Keys of at most `limit` messages that nobody else will touch while the lease lasts."""

    def may_send(self, keys: Collection[int]) -> set[int]:
        """Those of `keys` that may still be sent, asked again right before each is submitted."""

    def fill(self, key: int) -> Envelope:
        """The message for one key."""

    def submitting(self, key: int) -> None:
        """Note, durably, that this one is about to be handed over: should we die now, its fate is unknown."""

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        """Keep what came of it."""

    def sweep(self, *, at: dt.datetime) -> None:
        """Take back the leases of workers that died."""


_bulk: list[Lane] = []


def register(lane: Lane) -> None:
    """Add a bulk lane; it is served after the transactional one."""
    _bulk.append(lane)


def all_lanes() -> list[Lane]:
    return [TransactionalLane(), *_bulk]


class TransactionalLane:
    """Confirmations, passwords, workflow mail: first, and from a table of their own."""

    def lease(self, limit: int, *, at: dt.datetime) -> Sequence[int]:
        return [row.pk for row in TransactionalMessage.objects.lease(limit, at=at)]

    def may_send(self, keys: Collection[int]) -> set[int]:
        return set(keys)

    def fill(self, key: int) -> Envelope:
        row = TransactionalMessage.objects.get(pk=key)
        return Envelope(row.sender, row.recipient, bytes(row.content))

    def submitting(self, key: int) -> None:
        TransactionalMessage.objects.filter(pk=key).update(submitting=True)

    def record(self, outcome: Outcome, *, at: dt.datetime) -> None:
        row = TransactionalMessage.objects.get(pk=outcome.key)
        fields = row.record(outcome.state, outcome.reply, at=at)
        if row.finished_at:
            row.content = b""
        row.save(update_fields=[*fields, "content"])

    def sweep(self, *, at: dt.datetime) -> None:
        rows = TransactionalMessage.objects.all()
        rows.sweep(at=at, content=b"")
        rows.filter(state__in=(State.PENDING, State.DEFERRED), expires_at__lt=at).update(
            state=State.FAILED, content=b"", finished_at=at, reply="expired before a mail server took it"
        )
