"""The few things that happened which upper apps may want to hear.

A lower app announces after commit; upper apps register in `AppConfig.ready()`. Handlers are idempotent:
a lost one is made good by a periodic look at the rows.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction


@dataclass(frozen=True)
class ArticlePublished:
    """An article stands before readers, new or changed; `content_sha256` tells which content."""

    article_id: int
    content_sha256: str


@dataclass(frozen=True)
class ScheduleMissed:
    """What was due failed for the first time; it is tried again, and told once."""

    missed_id: int


@dataclass(frozen=True)
class SlippedPastTheGate:
    """The audit found an article before readers whose text the gate would stop; told once for each text."""

    article_id: int


@dataclass(frozen=True)
class CorrectionPublished:
    """Something readers had was put right, in public."""

    correction_id: int
    article_id: int


@dataclass(frozen=True)
class WantsNoMail:
    """A mail service reported that somebody complained of our mail, or wants no more of it."""

    report_id: int


@dataclass(frozen=True)
class MailReturned:
    """Mail came back because of how we send, or somebody complained of it: what it is of may have to stop."""

    report_id: int


Fact = (
    ArticlePublished | ScheduleMissed | SlippedPastTheGate | CorrectionPublished | WantsNoMail | MailReturned
)
F = TypeVar("F", bound=Fact)

_handlers: defaultdict[type, list[Callable]] = defaultdict(list)


def on(kind: type[F], handler: Callable[[F], None]) -> None:
    """Call `handler` for each fact of this kind from now on."""
    _handlers[kind].append(handler)


def announce(fact: Fact) -> None:
    """Tell the handlers once this transaction commits; one that fails is logged and stops no other."""
    for handler in _handlers[type(fact)]:
        call = functools.partial(handler, fact)
        transaction.on_commit(
            functools.update_wrapper(call, handler), robust=True
        )  # Django logs it by its name
