"""Telling readers of a correction: those whose copy of an edition carried the wrong words, each once."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from depeche.articles.correcting import Audience, IsWrong, Mistake, Sent
from depeche.articles.models import Article, Correction
from depeche.delivery.models import OPEN_STATES, State
from depeche.jobs.wake import wake
from depeche.subscribers.models import SubscriptionState

from .models import CorrectionDelivery, CorrectionMailing, Edition, EditionDelivery, EditionItem

BATCH = 1_000
# A copy of unknown fate may have arrived: one mail too many is forgiven, a mistake nobody mends is not.
REACHED = (State.SENT, State.UNCERTAIN)


def wrong_editions(article: Article, is_wrong: IsWrong) -> list[Edition]:
    """The editions that left with the article in a wrong revision, oldest first."""
    items = EditionItem.objects.filter(article=article, revision__isnull=False, edition__number__isnull=False)
    verdicts: dict[int, bool] = {}
    found = []
    for item in items.select_related("revision", "edition__newsletter").order_by("edition__sending_since"):
        if item.revision_id not in verdicts:
            verdicts[item.revision_id] = is_wrong(item.revision)
        if verdicts[item.revision_id]:
            found.append(item.edition)
    return found


def audience(article: Article, is_wrong: IsWrong) -> Audience:
    """The readers to write to, copies on their way included, and the editions that carried the wrong words."""
    editions = wrong_editions(article, is_wrong)
    copies = _wanted_copies(editions).filter(state__in=(*REACHED, *OPEN_STATES))
    readers = copies.aggregate(readers=Count("subscription__subscriber", distinct=True))["readers"]
    sent = (
        Sent(
            _("%(newsletter)s, no. %(number)s")
            % {"newsletter": edition.newsletter.name, "number": edition.number},
            edition.sending_since or edition.created_at,
            edition.web_url,
        )
        for edition in editions
    )
    return Audience(readers, tuple(sent))


def progress(correction: Correction) -> list[tuple[str, int]]:
    """How many mails about it are in which state; states without one are left out."""
    rows = CorrectionDelivery.objects.filter(correction=correction).values_list("state")
    counts = dict(rows.annotate(Count("pk")).order_by("state"))
    return [(str(label), counts[state]) for state, label in State.choices if state in counts]


def plan(correction: Correction, *, at: dt.datetime | None = None) -> int:
    """Enter every reader whose copy reached them and who still subscribes, once; how many were new.

    May be called again at any time, by several at once: who is entered stays entered once. Batches are
    committed one by one, so that a first mail need not wait for the last reader.
    """
    if not correction.tells_readers:
        return 0
    at = at or timezone.now()
    mailing, _created = CorrectionMailing.objects.get_or_create(correction=correction)
    mistake = Mistake(correction.was, correction.now)
    editions = wrong_editions(correction.article, mistake.is_in_revision)
    # Looked at first: a copy that arrives while we enter readers is found the next time.
    all_arrived = not EditionDelivery.objects.filter(edition__in=editions).open().exists()
    entered = 0
    last_reader = 0
    while batch := _next_copies(correction, editions, after=last_reader):
        rows = [
            CorrectionDelivery(correction=correction, subscriber_id=reader, copy_id=copy, due_at=at)
            for reader, copy in batch
        ]
        CorrectionDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        entered += len(rows)
        last_reader = batch[-1][0]
    if all_arrived:
        CorrectionMailing.objects.filter(pk=mailing.pk).update(planned_at=at)
    if entered:
        wake("delivery")
    return entered


def plan_due(*, at: dt.datetime | None = None) -> int:
    """Plan what was never planned to its end: a lost task, or copies that were still on their way."""
    due = Correction.objects.filter(tells_readers=True).exclude(mailing__planned_at__isnull=False)
    return sum(plan(correction, at=at) for correction in due.select_related("article"))


def newest_copy(row: CorrectionDelivery) -> EditionDelivery | None:
    """The copy by which this reader is still a reader: theirs, or another that carried the same wrong words."""
    correction = row.correction
    mistake = Mistake(correction.was, correction.now)
    editions = wrong_editions(correction.article, mistake.is_in_revision)
    copies = _wanted_copies(editions).filter(subscription__subscriber=row.subscriber_id, state__in=REACHED)
    return copies.order_by("pk").last()


def _next_copies(correction: Correction, editions: list[Edition], *, after: int) -> list[tuple[int, int]]:
    """The next readers, in order of their key, who are not entered yet: (reader, newest copy)."""
    entered = CorrectionDelivery.objects.filter(correction=correction).values("subscriber")
    copies = (
        _wanted_copies(editions)
        .filter(state__in=REACHED, subscription__subscriber__gt=after)
        .exclude(subscription__subscriber__in=entered)
    )
    readers = copies.values("subscription__subscriber").annotate(newest=Max("pk"))
    return list(
        readers.order_by("subscription__subscriber").values_list("subscription__subscriber", "newest")[:BATCH]
    )


def _wanted_copies(editions: list[Edition]) -> QuerySet[EditionDelivery]:
    return EditionDelivery.objects.filter(
        edition__in=editions, subscription__state=SubscriptionState.CONFIRMED
    )
