"""How long an address is kept: three years after its person was last heard of, then a question, then erasure.

Source: GDPR art. 5(1)(e); CNIL, référentiel « gestion commerciale »: three years after collection or the last contact
*from the person*; a mail that was opened is none. Every function may stop anywhere and be run again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from depeche.delivery import actions as delivery
from depeche.delivery import suppression
from depeche.delivery.messages import inlined
from depeche.delivery.models import Reason, TransactionalMessage

from . import legal, privacy, recording, tokens
from .actions import heard_from
from .consent import Action
from .models import RightsRequest, Subscriber, Subscription, SubscriptionState
from .recording import Happening, Shown

YEARS = 3
ANSWER_WITHIN = dt.timedelta(days=30)
ASKED_A_DAY = 5_000  # a list that came in on one day is not asked on one day
BATCH = 500
RIGHTS_KEPT_YEARS, RIGHTS_PROOF_KEPT_YEARS = 3, 5  # C. civ. art. 2224: claims are brought within five

FORM = "repermission"


def ask_silent_readers(*, at: dt.datetime | None = None, at_most: int = ASKED_A_DAY) -> int:
    """Ask readers not heard of for three years whether they want to stay, once; how many mails there were."""
    at = at or timezone.now()
    asked = 0
    for some in _batches(_silent(at).filter(_has_confirmed(), repermission_asked_at=None)):
        blocked = suppression.blocked([reader.address for reader in some], purpose=suppression.REPERMISSION)
        for reader in some:
            if reader.address in blocked:
                continue  # erased by `erase_silent_readers`: nobody may ask them
            if asked >= at_most:
                return asked
            asked += _ask(reader.pk, at)
    return asked


def erase_silent_readers(*, at: dt.datetime | None = None) -> int:
    """Erase who did not answer within thirty days, and who cannot be asked; how many people."""
    at = at or timezone.now()
    did_not_answer = Q(repermission_asked_at__lte=at - ANSWER_WITHIN)
    gone = 0
    for some in _batches(_silent(at).filter(did_not_answer | ~_has_confirmed())):
        gone += sum(_erase(reader.pk, at, "no answer") for reader in some)
    for some in _batches(_silent(at).filter(_has_confirmed(), repermission_asked_at=None)):
        blocked = suppression.blocked([reader.address for reader in some], purpose=suppression.REPERMISSION)
        gone += sum(_erase(reader.pk, at, "may not be asked") for reader in some if reader.address in blocked)
    return gone


@transaction.atomic
def stay(reader: Subscriber, *, shown: Shown, at: dt.datetime | None = None) -> bool:
    """They want to stay: kept three years more. False, and nothing changed, if they were not being asked."""
    reader = Subscriber.objects.select_for_update().get(pk=reader.pk)
    if reader.repermission_asked_at is None:
        return False
    at = at or timezone.now()
    heard_from(reader, at=at)
    confirmed = reader.subscriptions.filter(state=SubscriptionState.CONFIRMED).select_related("newsletter")
    recording.record_all(
        [
            Happening(
                Action.CONFIRM,
                reader.address,
                subscription.newsletter.purpose,
                shown,
                texts=legal.in_force(shown.language, subscription.newsletter),
                basis=subscription.basis,
                facts={"newsletter": subscription.newsletter.name},
                at=at,
            )
            for subscription in confirmed
        ]
    )
    return True


def forget_rights_used(*, at: dt.datetime | None = None) -> int:
    """Empty what names a person in requests answered three years ago, delete those of five; how many."""
    at = at or timezone.now()
    over, _ = RightsRequest.objects.filter(done_at__lte=years_before(at, RIGHTS_PROOF_KEPT_YEARS)).delete()
    old = RightsRequest.objects.filter(done_at__lte=years_before(at, RIGHTS_KEPT_YEARS))
    emptied = {"address": "", "message": "", "answer": "", "extension_reason": ""}
    return over + old.exclude(**emptied).update(**emptied)


def forget_mails_to_the_erased() -> int:
    """Delete the rows of answers that went to somebody erased: they would be all that still names them; how many."""
    mails = TransactionalMessage.objects.filter(purpose=suppression.RIGHTS, finished_at__isnull=False)
    gone = 0
    for mail in mails.only("recipient").iterator():
        if any(held.reason == Reason.ERASED for held in suppression.standing(mail.recipient)):
            gone += mail.delete()[0]
    return gone


def years_before(at: dt.datetime, years: int) -> dt.datetime:
    """The same day, that many years ago; 28 February for a 29th there was not."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


def stay_url(reader: Subscriber) -> str:
    """The page on which somebody says that they want to stay."""
    with translation.override(reader.language):
        return settings.BASE_URL + reverse("stay", args=[tokens.for_staying(reader.key)])


def _silent(at: dt.datetime) -> QuerySet[Subscriber]:
    limit = years_before(at, YEARS)
    is_old = Q(last_contact_at__lte=limit) | Q(last_contact_at=None, created_at__lte=limit)
    return Subscriber.objects.filter(is_old)


def _has_confirmed() -> Exists:
    confirmed = Subscription.objects.filter(subscriber=OuterRef("pk"), state=SubscriptionState.CONFIRMED)
    return Exists(confirmed)


def _batches(readers: QuerySet[Subscriber]) -> Iterable[list[Subscriber]]:
    """All of them by their keys, some at a time, whatever happens to those given before."""
    last = 0
    while some := list(readers.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = some[-1].pk
        yield some


@transaction.atomic
def _ask(pk: int, at: dt.datetime) -> int:
    reader = _silent(at).select_for_update().filter(pk=pk, repermission_asked_at=None).first()
    if reader is None:
        return 0
    reader.repermission_asked_at = at
    reader.save(update_fields=["repermission_asked_at"])
    confirmed = reader.subscriptions.filter(state=SubscriptionState.CONFIRMED).select_related("newsletter")
    newsletters = [subscription.newsletter for subscription in confirmed.order_by("pk")]
    if not newsletters:
        return 0
    context = {
        "newsletters": newsletters,
        "newsletter": newsletters[0],
        "stay_url": stay_url(reader),
        "days": ANSWER_WITHIN.days,
        "since": reader.last_contact_at or reader.created_at,
        "language": reader.language,
    }
    with translation.override(reader.language):
        subject = render_to_string("subscribers/mail_stay_subject.txt", context)
        text = render_to_string("subscribers/mail_stay.txt", context)
        html = inlined(render_to_string("subscribers/mail_stay.html", context))
    delivery.send(
        sender=newsletters[0].sender,
        recipient=reader.address,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        html=html,
        purpose=suppression.REPERMISSION,
    )
    return 1


@transaction.atomic
def _erase(pk: int, at: dt.datetime, reason: str) -> int:
    """Unless they were heard of since the list was made."""
    reader = _silent(at).select_for_update().filter(pk=pk).first()
    if reader is None:
        return 0
    privacy.erase(reader.address, actor="system", reason=reason, at=at)
    return 1
