"""Composing and sending an edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from depeche.articles.models import Article
from depeche.delivery import actions as delivery
from depeche.delivery import bulk_lock
from depeche.delivery.messages import compose
from depeche.delivery.models import State
from depeche.jobs.wake import wake
from depeche.subscribers.models import Newsletter

from . import agreement, entering, readers, rendering, sender_domains, size
from .models import NOT_YET, UNDER_WAY, Edition, EditionDelivery, EditionItem, EditionState

STALE_AFTER = dt.timedelta(days=1)  # what a mail server refused for now so long is no news any more


class NothingToSend(Exception):
    """The edition holds no article."""


class NotPublished(Exception):
    """An article of the edition is not before readers."""

    def __init__(self, article: Article) -> None:
        super().__init__(article.title)
        self.article = article


class AlreadySent(Exception):
    """The edition is on its way or arrived: it goes out once."""


class NotAllowed(Exception):
    """This person may not send editions."""


class NotNow(Exception):
    """This cannot be done to an edition in its `state`."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition.state)
        self.edition, self.state = edition, EditionState(edition.state)


@transaction.atomic
def compose_edition(
    newsletter: Newsletter,
    *,
    subject: str,
    introduction: str,
    articles: Sequence[Article],
    by: AbstractUser | None,
) -> Edition:
    """A new draft with these articles in this order."""
    edition = Edition.objects.create(newsletter=newsletter, subject=subject, introduction=introduction)
    for order, article in enumerate(articles):
        EditionItem.objects.create(edition=edition, article=article, sort_order=order)
    log(edition, "wagtail.create", user=by)
    return edition


def send_test(edition: Edition, *, to: Iterable[str]) -> None:
    """One copy to each address in `to`, marked as a test; nobody's subscription is touched.

    Raises:
        NothingToSend: no article yet.
        UnsafeHeader: a line break in an address or the subject.
    """
    if not edition.articles():
        raise NothingToSend
    mail = rendering.render(edition)
    for address in to:
        delivery.enqueue(
            compose(
                sender=edition.newsletter.sender,
                recipient=address,
                subject=f"[test] {mail.subject}",
                text=mail.text,
                html=mail.html,
            )
        )


@transaction.atomic
def send(edition: Edition, *, by: AbstractUser, at: dt.datetime | None = None) -> Edition:
    """Freeze the edition and enter each reader it is due for into its ledger, once; the worker does the rest.

    Raises:
        NotAllowed, AlreadySent, NothingToSend, NotPublished.
        size.TooLarge: mail programs would cut off its end.
        BulkMailLocked: after a restore, until a person accepts.
        DomainIsRed: by what is kept of the sender domain; `sender_domains.ask_first`, before any transaction, asks.
        agreement.NeedsSecondPerson: nobody else agreed yet; see `control.send_now`.
    """
    refuse_unless(by)
    bulk_lock.refuse_if_locked()
    at = at or timezone.now()
    edition = locked(edition)
    if edition.state not in NOT_YET:
        raise AlreadySent
    agreement.check(edition, at=at)
    sender_domains.refuse_red(edition.newsletter, at=at)
    _freeze_articles(edition)
    size.check(edition)
    # The newsletter's row is the lock that keeps two editions from one number.
    Newsletter.objects.select_for_update().get(pk=edition.newsletter_id)
    last = edition.newsletter.editions.aggregate(last=Max("number"))["last"] or 0
    edition.number, edition.state, edition.sent_by = last + 1, EditionState.SENDING, by
    edition.sending_since, edition.stale_at, edition.marks = at, at + STALE_AFTER, [[at.timestamp(), 0]]
    edition.held_because = edition.held_about = ""
    edition.held_at = None
    edition.save()
    entering.enter(edition, readers.due(edition.newsletter, at=at), at=at)
    log(edition, "depeche.send_edition", user=by)
    finish_if_done(edition, at=at)
    wake("delivery")
    return edition


def finish_if_done(edition: Edition, *, at: dt.datetime) -> None:
    """Close an edition that has no open copy left."""
    if finish([edition.pk], at=at):
        edition.refresh_from_db()


def finish(editions: Collection[int], *, at: dt.datetime) -> int:
    """Close those of them that have no open copy left; how many these are."""
    with transaction.atomic():
        rows = Edition.objects.filter(pk__in=editions).order_by("pk").select_for_update()
        ours = list(rows.values_list("pk", flat=True))
        # A statement of its own, which sees what those did whom the one before waited for.
        return done().filter(pk__in=ours).update(state=EditionState.SENT, sent_at=at)


def done() -> QuerySet[Edition]:
    """Editions under way that have no open copy left."""
    is_open = Exists(EditionDelivery.objects.filter(edition=OuterRef("pk")).open())
    return Edition.objects.filter(~is_open, state__in=UNDER_WAY)


def locked(edition: Edition) -> Edition:
    """The edition as it is now; nobody else changes its state until the transaction ends."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("newsletter")
    return rows.get(pk=edition.pk)


def change(edition: Edition, **values: object) -> None:
    """Save only these fields: what others edit meanwhile stays theirs."""
    for name, value in values.items():
        setattr(edition, name, value)
    edition.save(update_fields=list(values))


def refuse_unless(by: AbstractUser) -> None:
    """Raises NotAllowed unless this person may send."""
    if not may_send(by):
        raise NotAllowed


def may_send(user: AbstractUser | AnonymousUser) -> bool:
    """Whether this person may send to everybody, which is more than composing."""
    return user.has_perm("newsletters.send_edition")


def about(edition: int) -> str:
    """By what name reports are kept that are about copies of this edition."""
    return f"edition/{edition}"


def progress(edition: Edition) -> dict[str, int]:
    """How many copies are in which state; states without a copy are left out."""
    rows = edition.deliveries.values_list("state").annotate(Count("pk")).order_by("state")
    return dict(rows)


def held_back(edition: Edition) -> dict[str, int]:
    """How many copies were not sent, by what the ledger keeps of the cause; "" where the reader left or pauses."""
    held = edition.deliveries.filter(state=State.SUPPRESSED)
    return dict(held.values_list("reply").annotate(count=Count("pk")).order_by("-count", "reply"))


def _freeze_articles(edition: Edition) -> None:
    items = list(edition.items.select_related("article"))
    if not items:
        raise NothingToSend
    for item in items:
        article = item.article
        if not article.live:
            raise NotPublished(article)
        item.revision = article.live_revision or article.save_revision(clean=False)
        item.save(update_fields=["revision"])
