"""Asking for a newsletter, confirming, leaving. Each leaves its entry in the consent log."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
import uuid
from collections.abc import Mapping

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

from . import agreeing, legal, recording, tokens
from .consent import Action, Detail
from .models import Newsletter, Subscriber, Subscription, SubscriptionState
from .recording import Happening, Shown

MAILS_PER_WINDOW = 2
WINDOW = dt.timedelta(days=1)
PURGED_AT_ONCE = 200


class UsedLink(Exception):
    """This confirmation was answered already, and the reader left since."""


@transaction.atomic
def request(
    newsletter: Newsletter,
    *,
    address: str,
    language: str,
    shown: Shown,
    network_address: str = "",
    user_agent: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Note that somebody asked for `newsletter`, and write to the address to ask if it was them.

    Says nothing about whether the address was known. At most two mails a day go to one address,
    however often it is entered.
    """
    at = at or timezone.now()
    subscriber = _subscriber(address, language, at)
    subscription, _ = Subscription.objects.get_or_create(
        subscriber=subscriber, newsletter=newsletter, defaults={"requested_at": at}
    )
    if not _may_mail(subscriber, at):
        return
    if subscription.state == SubscriptionState.CONFIRMED:
        _mail(subscription, language, "already")
        return
    # A second request keeps the first mail's link working: people click on either.
    subscription.request_nonce = subscription.request_nonce or secrets.token_hex(8)
    subscription.requested_at = at
    subscription.save(update_fields=["request_nonce", "requested_at"])
    mail = _mail(subscription, language, "confirm")
    details: dict[str, str] = {
        Detail.MESSAGE_ID: mail.message_id,
        Detail.NETWORK_ADDRESS: network_address,
        Detail.USER_AGENT: user_agent,
    }
    _record(subscription, Action.REQUEST, at=at, shown=shown, details=details)


@transaction.atomic
def confirm(asked: tokens.Request, *, shown: Shown, at: dt.datetime | None = None) -> Subscription:
    """The subscription, confirmed from now on; a second time changes nothing.

    Raises:
        UsedLink: confirmed once and left since, or a newer request stands: no old link brings it back.
        Subscription.DoesNotExist: purged or erased.
    """
    subscription = Subscription.objects.select_for_update(of=("self",)).get(key=asked.key)
    if subscription.state == SubscriptionState.CONFIRMED:
        return subscription
    if not asked.nonce or not secrets.compare_digest(subscription.request_nonce, asked.nonce):
        raise UsedLink
    at = at or timezone.now()
    subscription.state, subscription.confirmed_at, subscription.request_nonce = (
        SubscriptionState.CONFIRMED,
        at,
        "",
    )
    subscription.save(update_fields=["state", "confirmed_at", "request_nonce"])
    suppression.lift_by_opt_in(subscription.subscriber.address, scope=subscription.newsletter.purpose, at=at)
    heard_from(subscription.subscriber, at=at)
    # They agreed when they asked: to what the form showed then, whatever was published since.
    texts = agreeing.texts_of_request(subscription)
    _record(subscription, Action.CONFIRM, at=at, shown=shown, texts=texts)
    return subscription


@transaction.atomic
def withdraw(
    key: uuid.UUID, *, shown: Shown, actor: str = "reader", at: dt.datetime | None = None
) -> Subscription | None:
    """The subscription, left from now on; None if there is none by that key. A second time changes nothing."""
    subscription = Subscription.objects.select_for_update(of=("self",)).filter(key=key).first()
    if subscription is None or subscription.state == SubscriptionState.WITHDRAWN:
        return subscription
    at = at or timezone.now()
    subscription.state, subscription.withdrawn_at, subscription.request_nonce = (
        SubscriptionState.WITHDRAWN,
        at,
        "",
    )
    subscription.save(update_fields=["state", "withdrawn_at", "request_nonce"])
    _record(subscription, Action.WITHDRAW, at=at, shown=shown, actor=actor)
    address, purpose = subscription.subscriber.address, subscription.newsletter.purpose
    journal.note(journal.WITHDRAWN, at=at, address=keys.address_hash(address), purpose=purpose)
    suppression.suppress(address, Reason.UNSUBSCRIBED, scope=purpose, at=at)
    return subscription


def heard_from(subscriber: Subscriber, *, at: dt.datetime) -> None:
    """The reader themselves did something: what keeps an address from being forgotten after three years."""
    subscriber.last_contact_at, subscriber.repermission_asked_at = at, None
    subscriber.save(update_fields=["last_contact_at", "repermission_asked_at"])


def purge_unconfirmed(
    *, older_than: dt.timedelta = dt.timedelta(days=30), at: dt.datetime | None = None
) -> int:
    """Forget who never confirmed anything, in the consent log too; how many subscriptions went."""
    limit = (at or timezone.now()) - older_than
    stale = Subscription.objects.filter(state=SubscriptionState.PENDING, requested_at__lt=limit)
    count = 0
    while keys_of_some := list(stale.values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        count += stale.filter(pk__in=keys_of_some).delete()[0]
    nothing_left = Subscriber.objects.filter(subscriptions__isnull=True, created_at__lt=limit)
    while some := list(nothing_left.values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        with transaction.atomic():
            for subscriber in nothing_left.select_for_update(of=("self",)).filter(pk__in=some):
                if not recording.has_agreed(subscriber.address):
                    recording.erase(
                        subscriber.address, actor="system", facts={"reason": "never confirmed"}, at=at
                    )
                subscriber.delete()
    return count


def leave_url(key: uuid.UUID | str, language: str) -> str:
    """The address of the page, and of the RFC 8058 POST, by which the subscription with this key ends."""
    return settings.BASE_URL + _page("unsubscribe", language) % tokens.for_leaving(key)


def preferences_url(key: uuid.UUID | str, language: str) -> str:
    """The address of the page of this subscriber's choices; good as long as their address stays the same."""
    return settings.BASE_URL + _page("preferences", language) % tokens.for_choosing(key)


def readers_pages(language: str) -> tuple[str, str]:
    """What `leave_url` and `preferences_url` are made of for all readers of this language, « %s » for the token."""
    base = settings.BASE_URL.replace("%", "%%")
    return base + _page("unsubscribe", language), base + _page("preferences", language)


@functools.cache
def _page(name: str, language: str) -> str:
    """The path of a page in this language, « %s » where its token stands: found once, not for each mail."""
    with translation.override(language):
        return reverse(name, args=["token"]).replace("%", "%%").replace("token", "%s")


def _subscriber(address: str, language: str, at: dt.datetime) -> Subscriber:
    """The subscriber with this address, locked until the transaction ends."""
    subscriber, _ = Subscriber.objects.get_or_create(
        address_key=address_key(address),
        defaults={
            "address": address,
            "address_hash": keys.address_hash(address),
            "language": language,
            "created_at": at,
        },
    )
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


def _may_mail(subscriber: Subscriber, at: dt.datetime) -> bool:
    if subscriber.requests_since is None or at - subscriber.requests_since > WINDOW:
        subscriber.requests_since, subscriber.requests_mailed = at, 0
    if subscriber.requests_mailed >= MAILS_PER_WINDOW:
        return False
    subscriber.requests_mailed += 1
    subscriber.save(update_fields=["requests_since", "requests_mailed"])
    return True


def _mail(subscription: Subscription, language: str, kind: str) -> TransactionalMessage:
    newsletter = subscription.newsletter
    with translation.override(language):
        context = {
            "newsletter": newsletter,
            "confirm_url": _confirm_url(subscription) if kind == "confirm" else "",
            "leave_url": leave_url(subscription.key, subscription.subscriber.language),
            "base_url": settings.BASE_URL,
            "preferences_url": preferences_url(subscription.subscriber.key, subscription.subscriber.language),
            "days": tokens.CONFIRM_WITHIN.days,
            "language": language,
        }
        subject = render_to_string(f"subscribers/mail_{kind}_subject.txt", context).strip()
        text = render_to_string(f"subscribers/mail_{kind}.txt", context)
        html = inlined(render_to_string(f"subscribers/mail_{kind}.html", context))
    return delivery.send(
        sender=newsletter.sender,
        recipient=subscription.subscriber.address,
        subject=subject,
        text=text,
        html=html,
        purpose=suppression.CONFIRMATION,
    )


def _confirm_url(subscription: Subscription) -> str:
    token = tokens.for_confirming(subscription.key, subscription.request_nonce)
    return settings.BASE_URL + reverse("confirm", args=[token])


def _record(
    subscription: Subscription,
    action: str,
    *,
    at: dt.datetime,
    shown: Shown,
    actor: str = "reader",
    details: Mapping[str, str] | None = None,
    texts: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    newsletter = subscription.newsletter
    recording.record(
        Happening(
            action,
            subscription.subscriber.address,
            newsletter.purpose,
            shown,
            texts=texts or legal.in_force(shown.language, newsletter, at=at),
            basis=subscription.basis,
            actor=actor,
            details=details or {},
            facts={"newsletter": newsletter.name},
            at=at,
        )
    )
