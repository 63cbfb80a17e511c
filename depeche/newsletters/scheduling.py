"""When an edition leaves by itself, and when a person is asked first instead."""

from __future__ import annotations

import datetime as dt
import logging

from django.contrib.auth.models import AbstractUser
from django.db import OperationalError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from depeche.articles.models import Article
from depeche.delivery import bulk_lock
from depeche.delivery.models import JournalMark

from . import actions, agreement, sender_domains, size
from .actions import NotAllowed, NothingToSend, NotNow, NotPublished, change, locked, refuse_unless
from .models import NOT_YET, Edition, EditionState, Held

LATE_AFTER = dt.timedelta(minutes=15)

logger = logging.getLogger(__name__)


class InThePast(Exception):
    """The time to leave at is over."""


@transaction.atomic
def schedule(
    edition: Edition, *, leave_at: dt.datetime, by: AbstractUser, at: dt.datetime | None = None
) -> Edition:
    """Let an edition leave by itself, with its articles as they are then; also gives a scheduled one another time.

    Where a second person has to agree, they are asked and it stays as it is.

    Raises:
        NotAllowed, NothingToSend, size.TooLarge.
        NotPublished: an article is neither before readers nor due to be by then.
        NotNow: it left already.
        InThePast.
    """
    at = at or timezone.now()
    refuse_unless(by)
    edition = locked(edition)
    if edition.state not in NOT_YET:
        raise NotNow(edition)
    if leave_at <= at:
        raise InThePast
    refuse_unready(edition, leave_at=leave_at)
    if agreement.is_missing(edition, at=leave_at):
        agreement.ask(edition, by=by, leave_at=leave_at, at=at)
        return edition
    return set_time(edition, leave_at=leave_at, by=by, at=at)


@transaction.atomic
def unschedule(edition: Edition, *, by: AbstractUser) -> Edition:
    """Make a draft of a scheduled edition again; a draft stays one.

    Raises:
        NotAllowed.
        NotNow: it left already.
    """
    refuse_unless(by)
    edition = locked(edition)
    if edition.is_draft:
        return edition
    if edition.state != EditionState.SCHEDULED:
        raise NotNow(edition)
    change(edition, state=EditionState.DRAFT, scheduled_at=None, scheduled_by=None, **_NOT_HELD)
    log(edition, "depeche.unschedule_edition", user=by)
    return edition


def send_due(*, at: dt.datetime | None = None) -> list[Edition]:
    """Send the scheduled editions whose time has come, each on its own; those held back now come back."""
    at = at or timezone.now()
    held = []
    scheduled = Edition.objects.filter(state=EditionState.SCHEDULED, held_because="")
    for edition in scheduled.select_related("newsletter").order_by("scheduled_at", "pk"):
        try:
            if edition.scheduled_at and edition.scheduled_at <= at:
                sender_domains.ask_first(edition.newsletter, at=at)
            held += _send_if_due(edition, at=at)
        except Exception:
            logger.exception("edition %s is due and could not be seen to; it is tried again", edition.pk)
    return held


def set_time(edition: Edition, *, leave_at: dt.datetime, by: AbstractUser | None, at: dt.datetime) -> Edition:
    """Note that it leaves then; the edition is locked, and whether it may is checked, by the caller."""
    change(
        edition,
        state=EditionState.SCHEDULED,
        scheduled_at=leave_at,
        scheduled_by=by,
        schedule_set_at=at,
        **_NOT_HELD,
    )
    log(edition, "depeche.schedule_edition", user=by, data={"leave_at": leave_at.isoformat()})
    return edition


def refuse_unready(edition: Edition, *, leave_at: dt.datetime) -> None:
    """Raises NothingToSend, TooLarge, or NotPublished where an article will not be before readers by then."""
    articles = [item.article for item in edition.items.select_related("article")]
    if not articles:
        raise NothingToSend
    for article in articles:
        if not _is_out_by(article, leave_at):
            raise NotPublished(article)
    size.check(edition)


_NOT_HELD = {"held_because": "", "held_about": "", "held_at": None}
_KNOWN: dict[type[Exception], Held] = {
    NotPublished: Held.ARTICLE,
    NothingToSend: Held.EMPTY,
    NotAllowed: Held.PERSON,
    agreement.NeedsSecondPerson: Held.AGREEMENT,
    bulk_lock.BulkMailLocked: Held.LOCKED,
    sender_domains.DomainIsRed: Held.DOMAIN,
    size.TooLarge: Held.SIZE,
}


def _is_out_by(article: Article, at: dt.datetime) -> bool:
    if article.live:
        return article.expire_at is None or article.expire_at > at
    planned = article.scheduled_revision and article.scheduled_revision.approved_go_live_at
    return planned is not None and planned <= at


def _send_if_due(edition: Edition, *, at: dt.datetime) -> list[Edition]:
    """The edition, if it is held back now."""
    with transaction.atomic():
        edition = locked(edition)
        if edition.state != EditionState.SCHEDULED or edition.held_because:
            return []  # another worker or a person was faster
        why = _doubt(edition, at=at)
        if why:
            return [_hold(edition, why, at=at)]
        if edition.scheduled_at is None or edition.scheduled_at > at:
            return []
        try:
            with transaction.atomic():
                if edition.scheduled_by is None:
                    raise NotAllowed
                actions.send(edition, by=edition.scheduled_by, at=at)
                return []
        except OperationalError:
            raise
        except Exception as error:
            return [_hold(edition, _why(error), about=_about(error), at=at)]


def _doubt(edition: Edition, *, at: dt.datetime) -> Held | None:
    """What a person has to think about first; told as soon as it is known, so that there is time to."""
    mark = JournalMark.objects.first()
    if mark and mark.doubt:
        return Held.LOCKED
    if mark and mark.accepted_at and edition.schedule_set_at and mark.accepted_at > edition.schedule_set_at:
        return Held.RESTORED
    is_late = edition.scheduled_at is not None and at - edition.scheduled_at > LATE_AFTER
    return Held.LATE if is_late else None


def _hold(edition: Edition, why: Held, *, about: str = "", at: dt.datetime) -> Edition:
    change(edition, held_because=why, held_about=about[:300], held_at=at)
    log(edition, "depeche.hold_edition", data={"because": str(why), "about": about[:300]})
    return edition


def _why(error: Exception) -> Held:
    if type(error) not in _KNOWN:
        logger.exception("a scheduled edition could not be sent")
    return _KNOWN.get(type(error), Held.TROUBLE)


def _about(error: Exception) -> str:
    if isinstance(error, NotPublished):
        return error.article.title
    if isinstance(error, sender_domains.DomainIsRed):
        return error.domain
    return "" if type(error) in _KNOWN else f"{type(error).__name__}: {error}"
