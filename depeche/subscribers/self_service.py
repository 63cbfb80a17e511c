"""What readers do with their data by themselves: take it, correct their address, object, be erased."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from depeche import journal, keys
from depeche.delivery import actions as delivery
from depeche.delivery import suppression
from depeche.delivery.messages import address_key, inlined
from depeche.delivery.models import Reason, TransactionalMessage

from . import choosing, legal, privacy, recording, tokens
from .consent import Action, ConsentEntry, ConsentPerson
from .models import Newsletter, RightsRequest, Subscriber, Subscription
from .recording import Happening, Shown

MAILS_A_DAY = 3
ANSWERED_WITHIN = dt.timedelta(days=30)
Right, Outcome = RightsRequest.Right, RightsRequest.Outcome


class TooManyMails(Exception):
    """This address was written to often enough today."""


class AddressInUse(Exception):
    """The new address has subscriptions of its own."""


@transaction.atomic
def send_link(subscriber: Subscriber, *, at: dt.datetime | None = None) -> None:
    """Write to the reader's address a link to their data, good for an hour.

    Raises:
        TooManyMails.
    """
    url = _url("own_data", tokens.for_rights(subscriber.key), subscriber.language)
    _mail("link", subscriber.address, subscriber, url=url, at=at)


@transaction.atomic
def take(subscriber: Subscriber, *, as_: str, at: dt.datetime | None = None) -> dict[str, list[Any]]:
    """All that is held about the reader, by kind (GDPR art. 15 and 20); that it was taken is noted."""
    found = privacy.export(subscriber.address)
    _note(Right.ACCESS, subscriber.address, {"held": _counts(found), "as": as_}, at=at)
    return found


@transaction.atomic
def ask_new_address(subscriber: Subscriber, new: str, *, at: dt.datetime | None = None) -> None:
    """Write to the new address, to see that it is theirs; nothing changes before they press the button there.

    Raises:
        TooManyMails.
    """
    _may_ask_again(subscriber, at or timezone.now())
    url = _url("confirm_address", tokens.for_correcting(subscriber.key, new), subscriber.language)
    _mail("address", new, subscriber, url=url, at=at)
    happening = Happening(Action.REQUEST, subscriber.address, "address", facts={"what": "address"}, at=at)
    recording.record(happening)


@transaction.atomic
def correct_address(key: uuid.UUID, new: str, *, shown: Shown, at: dt.datetime | None = None) -> Subscriber:
    """The subscriber under the new address, with all they agreed to; the old one is told, without naming the new.

    Links in mails to the old address lead to no page of choices any more; leaving by them still works.

    Raises:
        Subscriber.DoesNotExist: erased, or corrected by this very link before.
        AddressInUse.
    """
    at = at or timezone.now()
    entry = move(key, new, shown=shown, at=at)
    _note(Right.RECTIFICATION, new, {"entries": [entry.number]}, at=at)
    return Subscriber.objects.get(address_key=address_key(new))


@transaction.atomic
def move(key: uuid.UUID, new: str, *, shown: Shown, at: dt.datetime) -> ConsentEntry:
    """Put the reader's address right and tell the old one; the entry of the consent log. Who asked is for callers to note.

    Raises:
        Subscriber.DoesNotExist, AddressInUse.
    """
    subscriber = Subscriber.objects.select_for_update(of=("self",)).get(key=key)
    old, is_respelt = subscriber.address, address_key(new) == subscriber.address_key
    if not is_respelt and Subscriber.objects.filter(address_key=address_key(new)).exists():
        raise AddressInUse
    left = None if is_respelt else _move_person(old, new)
    subscriber.address, subscriber.address_key = new, address_key(new)
    subscriber.address_hash, subscriber.key = keys.address_hash(new), uuid.uuid4()
    subscriber.last_contact_at, subscriber.repermission_asked_at = at, None
    subscriber.save()
    facts = {"what": "address", **({"from": left.name.hex} if left else {})}
    texts = legal.in_force(shown.language, None)
    entry = recording.record(Happening(Action.CHANGE, new, "address", shown, texts=texts, facts=facts, at=at))
    if left:  # the very next entry, as `proving` expects
        recording.erase(old, at=at, facts={"what": "address"})
    for subscription in subscriber.subscriptions.select_related("newsletter"):
        # A database restored from before must not write to the old address again.
        purpose = subscription.newsletter.purpose
        journal.note(journal.WITHDRAWN, at=at, address=keys.address_hash(old), purpose=purpose)
    if not is_respelt:
        _mail("moved", old, subscriber, at=at, is_limited=False)
    return entry


@transaction.atomic
def object_to_marketing(key: uuid.UUID, *, shown: Shown, at: dt.datetime | None = None) -> Subscriber:
    """The subscriber, who receives nothing any more and whom no import brings back (GDPR art. 21(2) and (3)).

    Raises:
        Subscriber.DoesNotExist.
    """
    at = at or timezone.now()
    subscriber = choosing.leave_everything(key, shown=shown, at=at)
    texts = legal.in_force(shown.language, None)
    happening = Happening(Action.OBJECTION, subscriber.address, "", shown, texts=texts, at=at)
    entry = recording.record(happening)
    suppression.suppress(subscriber.address, Reason.OBJECTION, at=at)
    _note(Right.OBJECTION, subscriber.address, {"entries": [entry.number]}, at=at)
    return subscriber


@transaction.atomic
def erase(subscriber: Subscriber, *, at: dt.datetime | None = None) -> None:
    """Delete all that is held about the reader, and note that it was done, naming nobody (GDPR art. 17)."""
    address = subscriber.address
    held = _counts(privacy.export(address))
    privacy.erase(address)
    person = recording.person_of(address)
    entries = ConsentEntry.objects.filter(person=person.name, action=Action.ERASURE) if person else []
    proof = {"held": held, "entries": [entry.number for entry in entries]}
    _note(Right.ERASURE, address, proof, at=at, keeps_address=False)


def _move_person(old: str, new: str) -> ConsentPerson | None:
    """The entries so far belong to the new address from now on.

    Where the new one has entries of its own, both stay apart: then the person left behind comes back.
    """
    person = recording.person_of(old)
    if person is None or recording.person_of(new) is not None:
        return person
    ConsentPerson.objects.filter(pk=person.pk).update(address_hash=keys.address_hash(new))
    return None


def _may_ask_again(subscriber: Subscriber, at: dt.datetime) -> None:
    person = recording.person_of(subscriber.address)
    asked = ConsentEntry.objects.filter(
        person=person.name if person else None,
        action=Action.REQUEST,
        purpose="address",
        at__gt=at - dt.timedelta(days=1),
    )
    if person and asked.count() >= MAILS_A_DAY:
        raise TooManyMails


def _mail(
    kind: str,
    recipient: str,
    subscriber: Subscriber,
    *,
    url: str = "",
    at: dt.datetime | None = None,
    is_limited: bool = True,
) -> None:
    since = (at or timezone.now()) - dt.timedelta(days=1)
    before = TransactionalMessage.objects.filter(
        recipient_key=address_key(recipient), purpose="rights", created_at__gt=since
    )
    if is_limited and before.count() >= MAILS_A_DAY:
        raise TooManyMails
    newsletter = _in_whose_name(subscriber)
    with translation.override(subscriber.language):
        context = {"kind": kind, "url": url, "newsletter": newsletter, "language": subscriber.language}
        subject = render_to_string("subscribers/mail_rights_subject.txt", context).strip()
        text = render_to_string("subscribers/mail_rights.txt", context)
        html = inlined(render_to_string("subscribers/mail_rights.html", context))
    sender = newsletter.sender if newsletter else settings.DEFAULT_FROM_EMAIL
    delivery.send(sender=sender, recipient=recipient, subject=subject, text=text, html=html, purpose="rights")


def _in_whose_name(subscriber: Subscriber) -> Newsletter | None:
    """The newsletter whose sender they know; else any in their language."""
    theirs = Subscription.objects.filter(subscriber=subscriber).select_related("newsletter")
    known = theirs.order_by("-confirmed_at").first()
    if known:
        return known.newsletter
    return Newsletter.objects.filter(language=subscriber.language).first() or Newsletter.objects.first()


def _note(
    right: str,
    address: str,
    proof: dict[str, Any],
    *,
    at: dt.datetime | None,
    keeps_address: bool = True,
) -> None:
    at = at or timezone.now()
    RightsRequest.objects.create(
        right=right,
        address=address if keeps_address else "",
        address_hash=keys.address_hash(address),
        came_by="self",
        received_at=at,
        due_on=timezone.localdate(at + ANSWERED_WITHIN),
        outcome=Outcome.DONE,
        proof=proof,
        done_at=at,
    )


def _counts(found: dict[str, list[Any]]) -> dict[str, int]:
    return {kind: len(rows) for kind, rows in found.items() if rows}


def _url(name: str, token: str, language: str) -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse(name, args=[token])
