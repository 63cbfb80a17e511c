"""A second person agrees before an edition leaves, where the newsletter asks for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.contrib.auth.models import AbstractUser
from wagtail.log_actions import log

from .models import Edition, SendRequest


class NeedsSecondPerson(Exception):
    """Nobody but the one who sends agreed yet to what the edition says now."""


class SamePerson(Exception):
    """Whoever asked cannot agree."""


class NothingAsked(Exception):
    """Nobody asks any more: it was answered, or the edition was changed since."""


def is_missing(edition: Edition, *, at: dt.datetime) -> bool:
    """Whether a second person still has to agree that the edition, as it is, leaves at this time.

    An agreement is to these words, and to no earlier time than the one that was asked for.
    """
    if not edition.newsletter.needs_second_person:
        return False
    agreed = edition.requests.filter(is_agreed=True, words=words(edition))
    return not any(one.leave_at is None or one.leave_at <= at for one in agreed)


def check(edition: Edition, *, at: dt.datetime) -> None:
    """Raises NeedsSecondPerson where `is_missing`."""
    if is_missing(edition, at=at):
        raise NeedsSecondPerson


def open_request(edition: Edition) -> SendRequest | None:
    """What somebody asks now; None where nobody does or the edition was changed since."""
    asked = edition.requests.filter(answered_at=None).select_related("asked_by").first()
    return asked if asked and asked.words == words(edition) else None


def last_answer(edition: Edition) -> SendRequest | None:
    """The newest request that was answered: `is_agreed`, `answered_by`, `because`."""
    answered = edition.requests.exclude(answered_at=None).select_related("asked_by", "answered_by")
    return answered.order_by("-answered_at", "-pk").first()


def ask(edition: Edition, *, by: AbstractUser, leave_at: dt.datetime | None, at: dt.datetime) -> SendRequest:
    """Ask for it, in place of what was asked before; the edition is locked by the caller."""
    edition.requests.filter(answered_at=None).delete()
    log(edition, "depeche.ask_to_send", user=by, data={"leave_at": leave_at and leave_at.isoformat()})
    return SendRequest.objects.create(
        edition=edition, asked_by_id=by.pk, asked_at=at, leave_at=leave_at, words=words(edition)
    )


def answer(
    edition: Edition, *, by: AbstractUser, is_agreed: bool, because: str = "", at: dt.datetime
) -> SendRequest:
    """Answer what is asked; the edition is locked by the caller.

    Raises:
        NothingAsked.
        SamePerson: who asked agrees. They may decline, which takes the request back.
    """
    asked = open_request(edition)
    if asked is None:
        raise NothingAsked
    if is_agreed and asked.asked_by_id == by.pk:
        raise SamePerson
    asked.answered_by_id, asked.answered_at = by.pk, at
    asked.is_agreed, asked.because = is_agreed, because[:300]
    asked.save()
    action = "depeche.agree_to_send" if is_agreed else "depeche.decline_to_send"
    log(edition, action, user=by, data={"because": because[:300]})
    return asked


def words(edition: Edition) -> str:
    """A digest of what one agrees to: the newsletter, the subject, the introduction, the articles in their order."""
    articles = list(edition.items.order_by("sort_order", "pk").values_list("article_id", flat=True))
    said = [edition.newsletter_id, edition.subject, edition.introduction, articles]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
