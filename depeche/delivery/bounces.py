"""What follows from mail that comes back, whichever way we hear of it: at once, by a report, or by a complaint.

Only what proves to be about a mail of ours counts: by the address it came back to (`verp`), or by its Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from . import mail_reports, verp
from .lanes import InHand, Lane, Mailed, all_lanes
from .mail_reports import KEPT, Report
from .models import State
from .outside import Kind as Heard
from .returned import Kind, Told, What, classify, kind_of
from .returned.judging import reply_of
from .smtp.outcomes import Fault, SmtpOutcome

logger = logging.getLogger(__name__)

_HEARD = {
    Kind.HARD: Heard.DEAD,
    Kind.SOFT: Heard.SOFT,
    Kind.OURS: Heard.OURS,
    Kind.COMPLAINT: Heard.COMPLAINT,
}
_OF_THE_MAILBOX = re.compile(r"4\.2\.\d+")
_GRAVITY = [Kind.NONE, Kind.OURS, Kind.SOFT, Kind.HARD, Kind.COMPLAINT]


class Taken(NamedTuple):
    """What became of one returned mail; `is_ours`: it proved to be about a mail of ours. `is_new`: not heard before."""

    what: What
    kind: Kind = Kind.NONE
    is_ours: bool = False
    is_new: bool = False


class _Copy(NamedTuple):
    lane: Lane
    key: int
    mailed: Mailed
    is_signed: bool  # by an address made for this recipient, so that whom it names need not be asked


@transaction.atomic
def take(raw: bytes, *, at: dt.datetime | None = None) -> Taken:
    """Act on a mail that came back, once for each mail of ours and kind, and not where that left 30 days ago."""
    at = at or timezone.now()
    returned = classify(raw)
    if not returned.told:
        return Taken(returned.what)
    copy = _by_address(returned.addresses) or _by_message_id(returned.message_id)
    if copy is None or copy.mailed.at < at - KEPT:
        return Taken(returned.what, max((one.kind for one in returned.told), key=_GRAVITY.index))
    told = _about(copy, returned.told)
    if told is None or told.kind is Kind.NONE:
        return Taken(returned.what, is_ours=True)
    if told.kind is not Kind.COMPLAINT:
        copy.lane.came_back(copy.key, told.words)
    is_new = _hear(copy.lane, copy.key, copy.mailed, told.kind, told.status, at=at)
    return Taken(returned.what, told.kind, is_ours=True, is_new=is_new)


def learn_from(results: Iterable[tuple[InHand, SmtpOutcome]], *, at: dt.datetime) -> None:
    """What refusals for good at the very first say of the addresses; trouble with that keeps no mail from leaving."""
    for message, outcome in results:
        if outcome.state is not State.FAILED or outcome.fault not in (Fault.RECIPIENT, Fault.CONTENT):
            continue
        try:
            reply = reply_of(outcome.words, outcome.enhanced)
            mailed = message.lane.mailed(message.key)
            if outcome.code and mailed:
                _hear(message.lane, message.key, mailed, kind_of(reply), reply.enhanced, at=at)
        except Exception:
            logger.exception("what was said of a recipient of %s is not kept", message.lane.name)


def given_up(lane: Lane, copies: Iterable[tuple[int, str]], *, at: dt.datetime) -> None:
    """What was refused for now until it was too late, by keys and the last words: a full mailbox counts, a slow server does not."""
    for key, words in copies:
        reply = reply_of(words)
        mailed = lane.mailed(key) if _OF_THE_MAILBOX.fullmatch(reply.enhanced) else None
        if mailed:
            _hear(lane, key, mailed, Kind.SOFT, reply.enhanced, at=at)


def _by_address(addresses: Iterable[str]) -> _Copy | None:
    for named in filter(None, map(verp.read, addresses)):
        lane = next((one for one in all_lanes() if one.code == named.code), None)
        mailed = lane.mailed(named.key) if lane else None
        if lane and mailed and verp.is_of(named, mailed.recipient):
            return _Copy(lane, named.key, mailed, is_signed=True)
    return None


def _by_message_id(message_id: str) -> _Copy | None:
    for lane in all_lanes() if message_id else ():
        key = lane.named(message_id)
        mailed = lane.mailed(key) if key is not None else None
        if key is not None and mailed:
            return _Copy(lane, key, mailed, is_signed=False)
    return None


def _about(copy: _Copy, told: Iterable[Told]) -> Told | None:
    """What is said of the recipient of this mail; of whom it was forwarded to, the least.

    Who only knows the Message-ID may have had the mail under an address the reader had before: then a name is asked for.
    """
    told = list(told)
    own = [one for one in told if one.recipient == copy.mailed.recipient.lower()]
    complaints = [one for one in told if one.kind is Kind.COMPLAINT]
    others = told if copy.is_signed else complaints
    return min(own or others, key=lambda one: _GRAVITY.index(one.kind), default=None)


def _hear(lane: Lane, key: int, mailed: Mailed, kind: Kind, status: str, *, at: dt.datetime) -> bool:
    """Dated when the mail left: who confirmed since that they want mail stays."""
    if kind not in _HEARD:
        return False
    report = Report(
        kind=_HEARD[kind],
        address=mailed.recipient,
        at=mailed.at,
        own=f"{lane.name}\0{key}\0{kind}",
        about=mailed.about,
        status=status,
    )
    return mail_reports.hear(report, at=at)
