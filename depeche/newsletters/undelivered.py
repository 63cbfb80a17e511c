"""Copies that were refused for good, and copies of unknown fate: a person decides what becomes of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone
from wagtail.log_actions import log

from depeche.delivery import reply_words
from depeche.delivery.models import WAITING_STATES, State
from depeche.delivery.smtp.outcomes import is_about_the_address
from depeche.jobs.wake import wake

from .actions import STALE_AFTER, NotNow, change, locked, refuse_unless
from .models import NOT_YET, Edition, EditionDelivery, EditionState
from .progress import first_mark

TOO_LATE = "never handed over, and found when the edition was no news any more"  # kept for an answer
KEY_LENGTH = 9  # « 550 5.1.1 »: what follows names the reader


@dataclass(frozen=True)
class Refusal:
    """Copies a mail server refused for good in the same words; `words` are those of one of them."""

    key: str
    words: str
    count: int
    is_about_the_address: bool

    @property
    def said(self) -> str:
        return reply_words.shown(self.words)


@dataclass(frozen=True)
class Uncertain:
    """A copy of which nobody knows whether it arrived; `may_be_known`: should the lost machine come back, its log tells."""

    copy: int
    address: str
    at: dt.datetime | None
    words: str
    may_be_known: bool

    @property
    def said(self) -> str:
        return reply_words.shown(self.words)


def refusals(edition: Edition) -> list[Refusal]:
    """Why copies failed, the most frequent reason first."""
    rows = _failed(edition).order_by().values("key").annotate(count=Count("pk"), words=Min("reply"))
    found = [
        Refusal(row["key"], row["words"], row["count"], is_about_the_address(row["words"])) for row in rows
    ]
    return sorted(found, key=lambda one: (-one.count, one.key))


@transaction.atomic
def resend_failed(
    edition: Edition,
    *,
    by: AbstractUser,
    keys: Collection[str] | None = None,
    at: dt.datetime | None = None,
) -> int:
    """How many failed copies wait again: of the `refusals` with these keys, else of all that are not about the address.

    Raises:
        NotAllowed.
        NotNow: it has not left yet, or was cancelled.
    """
    refuse_unless(by)
    edition, at = locked(edition), at or timezone.now()
    if edition.state in NOT_YET or edition.state == EditionState.CANCELLED:
        raise NotNow(edition)
    if keys is None:
        keys = [one.key for one in refusals(edition) if not one.is_about_the_address]
    again = _failed(edition).filter(key__in=keys).order_by().values("pk")
    count = _wait_again(EditionDelivery.objects.filter(pk__in=again), at=at)
    if count:
        _reopen(edition, at=at)
        log(edition, "depeche.resend_copies", user=by, data={"count": count, "refusals": sorted(keys)})
    return count


def uncertain(edition: Edition) -> list[Uncertain]:
    """Those to decide on, by name; the oldest first."""
    rows = edition.deliveries.filter(state=State.UNCERTAIN).order_by("finished_at", "pk")
    found = rows.values_list("pk", "subscription__subscriber__address", "finished_at", "reply", "worker")
    return [Uncertain(pk, address, at, words, bool(worker)) for pk, address, at, words, worker in found]


@transaction.atomic
def decide(
    edition: Edition,
    copies: Collection[int],
    *,
    arrived: bool,
    by: AbstractUser,
    at: dt.datetime | None = None,
) -> int:
    """How many of these copies of unknown fate are now taken as arrived, or sent again; decided ones stay decided.

    The mail server may have taken them, its answer was lost: sent again, a reader may get two; taken as arrived,
    a reader may have got none. Source: RFC 1047, RFC 5321 §6.1.

    Raises:
        NotAllowed.
        NotNow: it was cancelled, so nothing of it is sent again.
    """
    refuse_unless(by)
    edition, at = locked(edition), at or timezone.now()
    if not arrived and edition.state == EditionState.CANCELLED:
        raise NotNow(edition)
    rows = EditionDelivery.objects.filter(edition=edition, pk__in=copies, state=State.UNCERTAIN)
    decided = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if arrived:
        # Without a worker: a log that turns up late does not undo what a person said.
        words = f"taken as arrived, on the word of {by.get_username()}"
        count = rows.update(state=State.SENT, worker="", reply=words[:300])
    else:
        count = _wait_again(rows, at=at)
        if count:
            _reopen(edition, at=at)
    if count:
        log(edition, "depeche.decide_copies", user=by, data={"copies": decided, "arrived": arrived})
    return count


def go_on_with_what_came_back(*, at: dt.datetime) -> None:
    """See to copies of editions that were closed without them: a worker's log turned up late, and never began them.

    They leave, as long as the edition is news; later they have failed, for the desk to decide.
    """
    waiting = EditionDelivery.objects.filter(state__in=WAITING_STATES, edition__state=EditionState.SENT)
    for key in set(waiting.order_by().values_list("edition", flat=True)):
        with transaction.atomic():
            edition = locked(Edition(pk=key))
            if edition.state != EditionState.SENT:  # somebody was quicker
                continue
            if edition.stale_at and edition.stale_at > at:
                _reopen(edition, at=at)
            else:
                rows = edition.deliveries.filter(state__in=WAITING_STATES)
                rows.update(state=State.FAILED, finished_at=at, reply=TOO_LATE)


def _failed(edition: Edition) -> QuerySet[Any]:
    failed = edition.deliveries.filter(state=State.FAILED)
    return failed.annotate(key=Substr("reply", 1, KEY_LENGTH))


def _wait_again(rows: QuerySet[Any], *, at: dt.datetime) -> int:
    return rows.update(
        state=State.PENDING, due_at=at, attempts=0, reply="", worker="", leased_until=None, finished_at=None
    )


def _reopen(edition: Edition, *, at: dt.datetime) -> None:
    """On its way again, and news for a day more; a paused one stays paused."""
    values: dict[str, object] = {"stale_at": at + STALE_AFTER, "marks": first_mark(edition, at=at)}
    if edition.state == EditionState.SENT:
        values |= {"state": EditionState.SENDING, "sent_at": None}
    change(edition, **values)
    wake("delivery")
