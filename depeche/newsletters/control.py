"""Sending by hand, a second person's word, and what can still be done once an edition is on its way.

Each verb may be used twice or by two people at once: the second finds it done, or is told what it is now.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from depeche.delivery import bulk_lock
from depeche.delivery.models import State
from depeche.jobs.wake import wake

from . import actions, agreement, scheduling, sender_domains
from .actions import NotNow, change, locked, may_send, refuse_unless
from .models import NOT_YET, UNDER_WAY, Edition, EditionDelivery, EditionState
from .progress import first_mark
from .suppressed import CANCELLED

CANCELLED_AT_ONCE = 20_000


def send_now(edition: Edition, *, by: AbstractUser, at: dt.datetime | None = None) -> Edition:
    """Send a draft or a scheduled edition, held back or not; where a second person has to agree, they are asked.

    Then it stays as it is, and `agreement.open_request(edition)` is what they find.

    Raises:
        NotAllowed, AlreadySent, NothingToSend, NotPublished (from `actions`), BulkMailLocked, DomainIsRed.
    """
    at = at or timezone.now()
    refuse_unless(by)
    if edition.state in NOT_YET:
        sender_domains.ask_first(edition.newsletter, at=at)
    return _send_now(edition, by=by, at=at)


@transaction.atomic
def _send_now(edition: Edition, *, by: AbstractUser, at: dt.datetime) -> Edition:
    edition = locked(edition)
    if edition.state not in NOT_YET or not agreement.is_missing(edition, at=at):
        return actions.send(edition, by=by, at=at)
    bulk_lock.refuse_if_locked()
    scheduling.refuse_unready(edition, leave_at=at)
    sender_domains.refuse_red(edition.newsletter, at=at)
    agreement.ask(edition, by=by, leave_at=None, at=at)
    return edition


def agree(edition: Edition, *, by: AbstractUser, at: dt.datetime | None = None) -> Edition:
    """Agree to what a colleague asked for: it leaves in their name, now or at the time they said.

    Raises:
        NotAllowed, agreement.NothingAsked, agreement.SamePerson.
        scheduling.InThePast: the time they asked for is over; decline, or ask again.
        NothingToSend, NotPublished, BulkMailLocked, DomainIsRed: as for who sends.
    """
    at = at or timezone.now()
    refuse_unless(by)
    asked = agreement.open_request(edition)
    if asked and asked.leave_at is None:
        sender_domains.ask_first(edition.newsletter, at=at)
    return _agree(edition, by=by, at=at)


@transaction.atomic
def _agree(edition: Edition, *, by: AbstractUser, at: dt.datetime) -> Edition:
    edition = locked(edition)
    if edition.state not in NOT_YET:
        raise agreement.NothingAsked
    asked = agreement.answer(edition, by=by, is_agreed=True, at=at)
    if asked.asked_by is None or not may_send(asked.asked_by):
        raise agreement.NothingAsked
    if asked.leave_at is None:
        return actions.send(edition, by=asked.asked_by, at=at)
    if asked.leave_at <= at:
        raise scheduling.InThePast
    scheduling.refuse_unready(edition, leave_at=asked.leave_at)
    return scheduling.set_time(edition, leave_at=asked.leave_at, by=asked.asked_by, at=at)


@transaction.atomic
def decline(edition: Edition, *, by: AbstractUser, because: str, at: dt.datetime | None = None) -> Edition:
    """Say no, and why; who asked takes their request back by it. A scheduled edition keeps its time.

    Raises:
        NotAllowed, agreement.NothingAsked.
    """
    refuse_unless(by)
    edition = locked(edition)
    agreement.answer(edition, by=by, is_agreed=False, because=because, at=at or timezone.now())
    return edition


@transaction.atomic
def pause(edition: Edition, *, by: AbstractUser, because: str = "", at: dt.datetime | None = None) -> Edition:
    """Let no copy begin any more, within a second; who leaves meanwhile is not written to after.

    Raises:
        NotAllowed.
        NotNow: it is not on its way.
    """
    refuse_unless(by)
    edition = locked(edition)
    if edition.state == EditionState.PAUSED:
        return edition
    if edition.state != EditionState.SENDING:
        raise NotNow(edition)
    change(
        edition,
        state=EditionState.PAUSED,
        paused_at=at or timezone.now(),
        paused_by=by,
        paused_because=because.strip()[:300],
    )
    log(edition, "depeche.pause_edition", user=by, data={"because": edition.paused_because})
    return edition


@transaction.atomic
def resume(edition: Edition, *, by: AbstractUser, at: dt.datetime | None = None) -> Edition:
    """Go on where it was paused; it is news for as much longer as the pause lasted.

    Raises:
        NotAllowed.
        NotNow: it is not on its way.
    """
    refuse_unless(by)
    edition, at = locked(edition), at or timezone.now()
    if edition.state == EditionState.SENDING:
        return edition
    if edition.state != EditionState.PAUSED or edition.paused_at is None:
        raise NotNow(edition)
    lasted = max(at - edition.paused_at, dt.timedelta())
    stale_at = edition.stale_at and edition.stale_at + lasted
    marks = first_mark(edition, at=at)
    change(edition, state=EditionState.SENDING, stale_at=stale_at, marks=marks, **_NOT_PAUSED)
    log(edition, "depeche.resume_edition", user=by)
    wake("delivery")
    return edition


def cancel(edition: Edition, *, by: AbstractUser, at: dt.datetime | None = None) -> Edition:
    """Let no copy begin any more, within a second and for ever; what left cannot be called back.

    The first `CANCELLED_AT_ONCE` copies are marked at once, the rest within minutes (`mark_cancelled`).

    Raises:
        NotAllowed.
        NotNow: it is not on its way.
    """
    refuse_unless(by)
    at = at or timezone.now()
    with transaction.atomic():
        edition = locked(edition)
        if edition.state != EditionState.CANCELLED:
            if edition.state not in UNDER_WAY:
                raise NotNow(edition)
            change(edition, state=EditionState.CANCELLED, cancelled_at=at, cancelled_by=by, **_NOT_PAUSED)
            log(edition, "depeche.cancel_edition", user=by)
    # Committed first: from now on nothing of it is leased, so this can take its time.
    _mark_some_cancelled(edition, at=at)
    return edition


def mark_cancelled(*, at: dt.datetime | None = None) -> None:
    """Mark what still waits of cancelled editions, a batch at a time."""
    for edition in Edition.objects.filter(state=EditionState.CANCELLED):
        while _mark_some_cancelled(edition, at=at or timezone.now()):
            pass


_NOT_PAUSED = {"paused_at": None, "paused_by": None, "paused_because": "", "paused_itself": ""}


def _mark_some_cancelled(edition: Edition, *, at: dt.datetime) -> int:
    """How many were marked; copies in a worker's hand are withheld there, and end the same way."""
    waiting = EditionDelivery.objects.filter(edition=edition, state__in=(State.PENDING, State.DEFERRED))
    some = EditionDelivery.objects.filter(pk__in=waiting.order_by().values("pk")[:CANCELLED_AT_ONCE])
    return some.filter(state__in=(State.PENDING, State.DEFERRED)).update(
        state=State.SUPPRESSED, reply=CANCELLED, finished_at=at
    )
