"""After a material change of a legal text: ask those who agreed to an older version again, each once.

Whoever does not answer stays subscribed under what they agreed to; the pages of the text show how many did.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from depeche.delivery import actions as delivery
from depeche.delivery.messages import inlined
from depeche.delivery.models import TransactionalMessage

from . import agreeing, legal, recording, tokens
from .actions import heard_from, leave_url
from .consent import Action
from .legal import AskingAgain, Kind, LegalVersion
from .models import Subscriber, Subscription
from .recording import Happening, Shown

AGREE_WITHIN = dt.timedelta(days=90)
BATCH = 100
WAITING_AT_MOST = 500  # so that a confirmation somebody waits for is never far behind

_agreeing = signing.TimestampSigner(salt="subscribers.agree_again", sep=".")


def go_on(*, at: dt.datetime | None = None) -> int:
    """Write to those whose turn it is, as long as few mails wait; how many were written to.

    Each batch commits together with how far it got: stopped anywhere, nobody is passed over or asked twice.
    """
    written = 0
    for pk in AskingAgain.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        while TransactionalMessage.objects.open().count() < WAITING_AT_MOST:
            asked = _ask_some(pk, at or timezone.now())
            if asked is None:
                break
            written += asked
    return written


@transaction.atomic
def agree_again(
    reader: Subscriber, version: LegalVersion, *, shown: Shown, at: dt.datetime | None = None
) -> list[Subscription]:
    """The subscriptions this renews, each with its entry in the consent log; [] where all was agreed to already."""
    at = at or timezone.now()
    reader = Subscriber.objects.select_for_update().get(pk=reader.pk)
    renewed = agreeing.outdated(version, [reader]).get(reader.pk, [])
    recording.record_all(
        [
            Happening(
                Action.CONFIRM,
                reader.address,
                one.newsletter.purpose,
                shown,
                texts=legal.in_force(version.text.language, one.newsletter),
                basis=one.basis,
                facts={"newsletter": one.newsletter.name},
                at=at,
            )
            for one in renewed
        ]
    )
    heard_from(reader, at=at)
    if renewed:
        AskingAgain.objects.filter(version=version).update(answered=F("answered") + 1)
    return renewed


def read(token: str) -> tuple[Subscriber, LegalVersion]:
    """Who was asked, and about which version.

    Raises:
        tokens.InvalidToken, tokens.ExpiredToken.
        Subscriber.DoesNotExist: erased since.
    """
    try:
        key, _, version = _agreeing.unsign(token, max_age=AGREE_WITHIN).partition("-")
        reader_key, pk = uuid.UUID(key), int(version)
    except signing.SignatureExpired as error:
        raise tokens.ExpiredToken from error
    except (signing.BadSignature, ValueError) as error:
        raise tokens.InvalidToken from error
    reader = Subscriber.objects.get(key=reader_key)
    return reader, LegalVersion.objects.select_related("text__newsletter").get(pk=pk)


def url_of(version: LegalVersion) -> str:
    """The public page of exactly this version, in its language."""
    text = version.text
    with translation.override(text.language):
        if text.newsletter:
            return reverse("legal_notice_version", args=[text.newsletter.slug, version.number])
        return reverse("legal_version", args=[text.kind, version.number])


def _ask_some(pk: int, at: dt.datetime) -> int | None:
    """How many of the next readers were written to; None once none is left."""
    with transaction.atomic():
        asking = AskingAgain.objects.select_for_update(of=("self",)).get(pk=pk)
        if asking.finished_at:
            return None
        version = LegalVersion.objects.select_related("text__newsletter").get(pk=asking.version_id)
        readers = [] if agreeing.is_overtaken(version) else _next_readers(version, asking.last_reader)
        if not readers:
            asking.finished_at = at
            asking.save(update_fields=["finished_at"])
            return None
        to_ask = agreeing.outdated(version, readers)
        for reader in readers:
            if reader.pk in to_ask:
                _write(reader, to_ask[reader.pk], version)
        asking.last_reader, asking.asked = readers[-1].pk, asking.asked + len(to_ask)
        asking.save(update_fields=["last_reader", "asked"])
        return len(to_ask)


def _next_readers(version: LegalVersion, after: int) -> Sequence[Subscriber]:
    those = agreeing.resting_on(version.text).values("subscriber")
    return list(Subscriber.objects.filter(pk__gt=after, pk__in=those).order_by("pk")[:BATCH])


def _write(reader: Subscriber, subscriptions: Sequence[Subscription], version: LegalVersion) -> None:
    text, newsletter = version.text, subscriptions[0].newsletter
    with translation.override(text.language):
        token = _agreeing.sign(f"{reader.key.hex}-{version.pk}")
        context = {
            "newsletter": newsletter,
            "names": [one.newsletter.name for one in subscriptions],
            "version": version,
            "is_notice": text.kind == Kind.NOTICE,
            "title": version.fields["title"],
            "agree_url": settings.BASE_URL + reverse("agree_again", args=[token]),
            "text_url": settings.BASE_URL + url_of(version),
            "leave_urls": [
                (one.newsletter.name, leave_url(one.key, one.subscriber.language)) for one in subscriptions
            ],
            "days": AGREE_WITHIN.days,
            "language": text.language,
            "base_url": settings.BASE_URL,
        }
        delivery.send(
            sender=newsletter.sender,
            recipient=reader.address,
            subject=render_to_string("subscribers/mail_agree_again_subject.txt", context).strip(),
            text=render_to_string("subscribers/mail_agree_again.txt", context),
            html=inlined(render_to_string("subscribers/mail_agree_again.html", context)),
        )
