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
from django.template.loader import render_to_string
from django.utils import timezone, translation
from wagtail.log_actions import log

from depeche import keys
from depeche.delivery import actions as delivery
from depeche.delivery import suppression
from depeche.delivery.messages import address_key
from depeche.delivery.models import Reason

from . import actions, legal, portable, privacy, recording, self_service
from .consent import Action, ConsentEntry
from .models import RightsRequest, Subscriber, SubscriptionState
from .recording import Happening, Shown

NEAR = dt.timedelta(days=7)
FORM = "rights-desk"
Right, Outcome = RightsRequest.Right, RightsRequest.Outcome


class AlreadyAnswered(Exception):
    """Somebody was faster."""


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
        due_on=a_month_after(timezone.localdate(received.at)),
    )
    log(request, "wagtail.create", user=by)
    return request


def a_month_after(day: dt.date) -> dt.date:
    """The same day of the next month, or its last where it has none (regulation 1182/71, art. 3(2)(c))."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


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
    _write(request, answer, "access", lines=portable.as_lines(found))
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
    language, sender = _voice(address)
    proof["deleted"] = privacy.erase(address, actor="desk", reason="request", at=at)
    person = recording.person_of(address)
    entries = ConsentEntry.objects.filter(person=person.name, action=Action.ERASURE) if person else []
    proof["entries"] = [entry.number for entry in entries]
    request.refresh_from_db()
    words = privacy.without(address, answer.words)
    _mail(address, answer, "erased", language=language, sender=sender)
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
    shown = _shown(request)
    self_service.correct_address(reader.key, new_address, shown=shown, at=at)
    proof = _taken_over(Right.RECTIFICATION, new_address, at)
    request.address, request.address_hash = new_address, keys.address_hash(new_address)
    _write(request, answer, "rectified")
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
    _write(request, answer, "objected")
    return _close(request, answer, {"left": left, "entries": [entry.number]}, at=at)


@transaction.atomic
def refuse(request: RightsRequest, answer: Answer, *, at: dt.datetime | None = None) -> RightsRequest:
    """Tell the person why not, and where they may complain (GDPR art. 12(4)). `answer.words` are the reason.

    Raises:
        AlreadyAnswered.
    """
    request = _locked(request)
    _write(request, answer, "refused")
    return _close(request, answer, {}, at=at, outcome=Outcome.REFUSED)


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
    request.proof = {**proof, "by": answer.by.get_username()}
    request.done_at, request.done_by = at or timezone.now(), answer.by
    request.save()
    log(request, "depeche.answer_rights", user=answer.by, data={"right": request.right, "outcome": outcome})
    return request


def _taken_over(right: str, address: str, at: dt.datetime) -> dict[str, Any]:
    """The proof of what was done a moment ago, from the note it left: this request is that note."""
    note = RightsRequest.objects.filter(right=right, address=address, done_at=at, came_by="self").latest("pk")
    note.delete()
    return note.proof


def _shown(request: RightsRequest) -> Shown:
    language, _sender = _voice(request.address)
    # Not what they wrote: words shown are kept for ever.
    return Shown(f"[{request.right}, {request.came_by}]", language, FORM, settings.BASE_URL)


def _voice(address: str) -> tuple[str, str]:
    """In which language, and in whose name, somebody is written to."""
    reader = Subscriber.objects.filter(address_key=address_key(address)).first()
    if reader is None:
        return settings.LANGUAGE_CODE, settings.DEFAULT_FROM_EMAIL
    known = reader.subscriptions.select_related("newsletter").order_by("-confirmed_at").first()
    return reader.language, known.newsletter.sender if known else settings.DEFAULT_FROM_EMAIL


def _write(request: RightsRequest, answer: Answer, what: str, **context: Any) -> None:
    language, sender = _voice(request.address)
    _mail(request.address, answer, what, language=language, sender=sender, **context)


def _mail(address: str, answer: Answer, what: str, *, language: str, sender: str, **context: Any) -> None:
    with translation.override(language):
        privacy_text = legal.current(legal.Kind.PRIVACY, language)
        context |= {
            "what": what,
            "words": answer.words,
            "authority": privacy_text.fields.get("authority", "") if privacy_text else "",
        }
        subject = render_to_string("subscribers/mail_rights_desk_subject.txt", context)
        text = render_to_string("subscribers/mail_rights_desk.txt", context)
    delivery.send(
        sender=sender,
        recipient=address,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        purpose=suppression.RIGHTS,
    )


def _counts(found: dict[str, list[Any]]) -> dict[str, int]:
    return {kind: len(rows) for kind, rows in found.items() if rows}
