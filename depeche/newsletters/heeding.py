"""An edition that readers call spam, or that mail servers refuse for how it is sent, pauses by itself.

Its copies are counted as they come back; what is counted, and when it is too much, stands in docs/reference/returned-mail.md.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from depeche.delivery import mail_reports
from depeche.delivery.models import State
from depeche.delivery.outside import Kind

from . import actions
from .actions import change, locked
from .models import Edition, EditionState, StoppedItself

# Google and Yahoo put up with less than 0.3 % and ask for less than 0.1 %. One complaint alone is about one reader.
WARNS_AT, WARNS_FROM = 0.001, 2
PAUSES_AT, PAUSES_FROM = 0.003, 3
REFUSED_AT, REFUSED_FROM = 0.01, 5
_LEFT = (State.SENT, State.UNCERTAIN, State.FAILED)


class Heard(NamedTuple):
    """Of the copies that left: how many readers complained, and how many were refused for how we send."""

    left: int
    complaints: int
    refusals: int

    @property
    def is_worth_a_warning(self) -> bool:
        return _is_much(self.complaints, self.left, WARNS_AT, WARNS_FROM)


def heard(edition: Edition, counts: dict[str, int] | None = None) -> Heard:
    """What was heard of an edition in the last 30 days; `counts` as `actions.progress` gives them."""
    told = mail_reports.told_of(actions.about(edition.pk))
    if not told:
        return Heard(0, 0, 0)
    counts = actions.progress(edition) if counts is None else counts
    left = sum(counts.get(state, 0) for state in _LEFT)
    return Heard(left, told.get(Kind.COMPLAINT, 0), told.get(Kind.OURS, 0))


def heed(*, at: dt.datetime | None = None) -> int:
    """How many editions on their way were paused, for what was heard since they last paused for that."""
    at, paused = at or timezone.now(), 0
    for edition in Edition.objects.filter(state=EditionState.SENDING):
        if _too_much(edition, heard(edition)):
            paused += _pause(edition, at=at)
    return paused


def status_most_heard(edition: Edition) -> str:
    """By which status most of the refusals were, for what to mend."""
    return next(iter(mail_reports.statuses_of(actions.about(edition.pk), Kind.OURS)), "")


def _too_much(edition: Edition, heard: Heard) -> StoppedItself | None:
    complaints, refusals = (
        heard.complaints - edition.complaints_known,
        heard.refusals - edition.refusals_known,
    )
    if _is_much(complaints, heard.left, PAUSES_AT, PAUSES_FROM):
        return StoppedItself.COMPLAINTS
    if _is_much(refusals, heard.left, REFUSED_AT, REFUSED_FROM):
        return StoppedItself.REFUSED
    return None


def _is_much(some: int, of: int, rate: float, at_least: int) -> bool:
    return some >= at_least and some >= rate * of


@transaction.atomic
def _pause(edition: Edition, *, at: dt.datetime) -> bool:
    edition = locked(edition)
    now = heard(edition)
    why = _too_much(edition, now)
    if edition.state != EditionState.SENDING or why is None:
        return False
    change(
        edition,
        state=EditionState.PAUSED,
        paused_at=at,
        paused_itself=why,
        complaints_known=now.complaints,
        refusals_known=now.refusals,
    )
    log(edition, "depeche.pause_edition", data={"because": why.value, **now._asdict()})
    return True
