"""Requests about personal data that came by letter, telephone or mail: entered, answered within a month, proved.

What somebody does by themselves on their page is in `self_service`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from depeche import keys
from depeche.delivery import suppression
from depeche.delivery.messages import address_key
from depeche.delivery.models import Reason

from . import actions, legal, portable, privacy, recording, rights_mail, self_service
from .consent import Action, ConsentEntry
from .models import RightsRequest, Subscriber, SubscriptionState
from .recording import Happening, Shown

NEAR = dt.timedelta(days=7)
MONTHS, MORE_MONTHS = 1, 2  # GDPR art. 12(3)
FORM = "rights-desk"
Right, Outcome = RightsRequest.Right, RightsRequest.Outcome


class AlreadyAnswered(Exception):
    """Somebody was faster."""


class NoMoreTime(Exception):
    """More time was taken already, or the first month is over."""


class NotAReader(Exception):
    """Nobody subscribes with the address of the request."""


@dataclass(frozen=True)
class Received:
    """A request as it came in; `came_by` is a word for the road."""

    right: str
    address: str
    came_by: str
    message: str
    at: dt.datetime


@dataclass(frozen=True)
class Answer:
    """Who answers, with which words of their own."""

    by: User
    words: str = ""


def may_answer(user: Any) -> bool:
    return user.has_perm("subscribers.change_rightsrequest")


@transaction.atomic
def enter(received: Received, *, by: User) -> RightsRequest:
    """The request, to be answered within one calendar month (GDPR art. 12(3))."""
    request = RightsRequest.objects.create(
        right=received.right,
        address=received.address,
        address_hash=keys.address_hash(received.address),
        came_by=received.came_by,
        message=received.message,
        received_at=received.at,
        due_on=months_after(timezone.localdate(received.at), MONTHS),
    )
    log(request, "wagtail.create", user=by)
    return request


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month where it has none (regulation 1182/71, art. 3(2)(c))."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def latest_day(request: RightsRequest) -> dt.date:
    """Until when the answer may take with the two further months of GDPR art. 12(3)."""
    return months_after(timezone.localdate(request.received_at), MONTHS + MORE_MONTHS)


def may_extend(request: RightsRequest, *, on: dt.date) -> bool:
    """Whether more time may still be taken: once, and only before the first month is over."""
    return request.outcome == Outcome.OPEN and request.extended_at is None and on <= request.due_on


@transaction.atomic
def extend(request: RightsRequest, answer: Answer, *, at: dt.datetime | None = None) -> RightsRequest:
    """Take two further months and tell the person why (GDPR art. 12(3)). `answer.words` are the reason.

    Raises:
        AlreadyAnswered, NoMoreTime.
    """
    request, at = _locked(request), at or timezone.now()
    if not may_extend(request, on=timezone.localdate(at)):
        raise NoMoreTime
    request.extended_at, request.extension_reason = at, answer.words
    request.due_on, request.reminded_at = latest_day(request), None
    unsent = rights_mail.write(request.address, "extended", answer.words, due_on=request.due_on)
    if unsent:
        request.proof = {"extension_unsent": unsent}
    request.save()
    log(request, "depeche.extend_rights", user=answer.by, data={"until": request.due_on.isoformat()})
    return request


def open_requests() -> QuerySet[RightsRequest]:
    """Those to be answered, the most urgent first."""
    return RightsRequest.objects.filter(outcome=Outcome.OPEN).order_by("due_on", "pk")


def near_requests(on: dt.date) -> QuerySet[RightsRequest]:
    """Those due within a week (or overdue) of which the desk was not reminded yet."""
    return open_requests().filter(due_on__lte=on + NEAR, reminded_at=None)


def note_reminded(requests: Iterable[RightsRequest], *, at: dt.datetime) -> None:
    """The desk was told of these; it is not told again."""
    RightsRequest.objects.filter(pk__in=[request.pk for request in requests]).update(reminded_at=at)


def held(address: str) -> dict[str, int]:
    """How much is held about an address, by kind; nothing under what is empty."""
    return {kind: len(rows) for kind, rows in privacy.export(address).items() if rows}


@transaction.atomic
def give_access(request: RightsRequest, answer: Answer, *, at: dt.datetime | None = None) -> RightsRequest:
    """Mail all that is held to the address it is about (GDPR art. 15 and 20).

    Raises:
        AlreadyAnswered.
    """
    request = _locked(request)
    found = privacy.export(request.address)
    written = portable.as_json(found)
    proof = {"held": _counts(found), "sha256": hashlib.sha256(written).hexdigest()}
    proof |= _mailed(request.address, "access", answer, lines=portable.as_lines(found))
    return _close(request, answer, proof, at=at)


@transaction.atomic
def erase(request: RightsRequest, answer: Answer, *, at: dt.datetime | None = None) -> RightsRequest:
    """Delete all that is held about the address; the request stays, without it (GDPR art. 17).

    Raises:
        AlreadyAnswered.
    """
    request = _locked(request)
    address = request.address
    proof: dict[str, Any] = {"held": held(address)}
    voice = rights_mail.voice(address)
    proof["deleted"] = privacy.erase(address, actor="desk", reason="request", at=at)
    person = recording.person_of(address)
    entries = ConsentEntry.objects.filter(person=person.name, action=Action.ERASURE) if person else []
    proof["entries"] = [entry.number for entry in entries]
    request.refresh_from_db()
    proof |= _mailed(address, "erased", answer, as_=voice)
    words = privacy.without(address, answer.words)
    return _close(request, Answer(answer.by, words), proof, at=at)


@transaction.atomic
def rectify(
    request: RightsRequest, new_address: str, answer: Answer, *, at: dt.datetime | None = None
) -> RightsRequest:
    """Put the reader's address right, with all they agreed to (GDPR art. 16).

    Raises:
        AlreadyAnswered, NotAReader, self_service.AddressInUse.
    """
    request, at = _locked(request), at or timezone.now()
    reader = Subscriber.objects.filter(address_key=address_key(request.address)).first()
    if reader is None:
        raise NotAReader
    entry = self_service.move(reader.key, new_address, shown=_shown(request), at=at)
    request.address, request.address_hash = new_address, keys.address_hash(new_address)
    proof = {"entries": [entry.number], **_mailed(new_address, "rectified", answer)}
    return _close(request, answer, proof, at=at)


@transaction.atomic
def object_(request: RightsRequest, answer: Answer, *, at: dt.datetime | None = None) -> RightsRequest:
    """Nothing is sent to the address any more, and no import brings it back (GDPR art. 21(2) and (3)).

    Raises:
        AlreadyAnswered.
    """
    request, at = _locked(request), at or timezone.now()
    shown = _shown(request)
    left = 0
    for reader in Subscriber.objects.select_for_update().filter(address_key=address_key(request.address)):
        for subscription in reader.subscriptions.exclude(state=SubscriptionState.WITHDRAWN):
            left += bool(actions.withdraw(subscription.key, shown=shown, actor="desk", at=at))
        actions.heard_from(reader, at=at)
    texts = legal.in_force(shown.language, None)
    entry = recording.record(
        Happening(Action.OBJECTION, request.address, "", shown, texts=texts, actor="desk", at=at)
    )
    suppression.suppress(request.address, Reason.OBJECTION, at=at)
    proof = {"left": left, "entries": [entry.number], **_mailed(request.address, "objected", answer)}
    return _close(request, answer, proof, at=at)


@transaction.atomic
def refuse(request: RightsRequest, answer: Answer, *, at: dt.datetime | None = None) -> RightsRequest:
    """Tell the person why not, and where they may complain (GDPR art. 12(4)). `answer.words` are the reason.

    Raises:
        AlreadyAnswered.
    """
    request = _locked(request)
    proof = _mailed(request.address, "refused", answer)
    return _close(request, answer, proof, at=at, outcome=Outcome.REFUSED)


def log_download(request: RightsRequest, *, by: User) -> bytes:
    """A ZIP of all that is held about the address of a request; that it was taken is noted."""
    found = privacy.export(request.address)
    log(request, "depeche.take_data", user=by, data={"held": _counts(found)})
    packed = io.BytesIO(portable.as_csv(found))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", portable.as_json(found))
    return packed.getvalue()


def _locked(request: RightsRequest) -> RightsRequest:
    found = RightsRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if found.outcome != Outcome.OPEN:
        raise AlreadyAnswered
    return found


def _close(
    request: RightsRequest,
    answer: Answer,
    proof: dict[str, Any],
    *,
    at: dt.datetime | None,
    outcome: str = Outcome.DONE,
) -> RightsRequest:
    request.outcome, request.answer = outcome, answer.words
    request.proof = {**request.proof, **proof, "by": answer.by.get_username()}
    request.done_at, request.done_by = at or timezone.now(), answer.by
    request.save()
    log(request, "depeche.answer_rights", user=answer.by, data={"right": request.right, "outcome": outcome})
    return request


def _mailed(address: str, what: str, answer: Answer, **context: Any) -> dict[str, Any]:
    """What the proof says of the mail: nothing where it is on its way, else why it is not."""
    unsent = rights_mail.write(address, what, answer.words, **context)
    return {"unsent": unsent} if unsent else {}


def _shown(request: RightsRequest) -> Shown:
    language, _sender = rights_mail.voice(request.address)
    # Not what they wrote: words shown are kept for ever.
    return Shown(f"[{request.right}, {request.came_by}]", language, FORM, settings.BASE_URL)


def _counts(found: dict[str, list[Any]]) -> dict[str, int]:
    return {kind: len(rows) for kind, rows in found.items() if rows}
