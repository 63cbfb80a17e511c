"""What changes articles: publishing, and noting when their content changed."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from depeche import facts

from . import gatekeeping, second_person
from .models import Article, Delisting, PublishedVersion, Takedown


class NotAllowed(Exception):
    """This person may not do that here."""


class NotPublished(Exception):
    """Readers do not see this article: there is nothing to take from them."""


class AlreadyDelisted(Exception):
    """It is out of search engines already."""


def publish(article: Article, *, by: User) -> Article:
    """Put the newest revision of `article` before readers; the audit log says who did.

    Raises:
        NotAllowed: `by` may not publish in this section.
        NeedsSecondPerson: they may, but not what they sign or alone wrote (PublishingRules).
        GateClosed: what the desk found in it is not answered.
    """
    second_person.check(article, by)
    if not article.permissions_for_user(by).can_publish():
        raise NotAllowed
    revision = article.get_latest_revision() or article.save_revision(user=by, clean=False)
    gatekeeping.clear(revision.as_object())
    with transaction.atomic():
        revision.publish(user=by)
    article.refresh_from_db()
    return article


@transaction.atomic
def take_down(article: Article, *, reason: str, by: User, at: dt.datetime | None = None) -> Takedown:
    """Take `article` from readers, who find `reason` at its address (410).

    Raises:
        NotAllowed: `by` may not unpublish in this section.
        NotPublished: it is not before readers.
    """
    if not article.permissions_for_user(by).can_unpublish():
        raise NotAllowed if article.live else NotPublished
    takedown = Takedown.objects.create(
        article=article,
        headline=Article.objects.values_list("title", flat=True).get(pk=article.pk),
        reason=reason,
        taken_down_by=by,
        taken_down_at=at or timezone.now(),
    )
    article.unpublish(user=by)
    return takedown


@transaction.atomic
def delist(
    article: Article,
    *,
    reason: str,
    requested_on: dt.date,
    by: User,
    at: dt.datetime | None = None,
) -> Delisting:
    """Keep `article` out of search engines and sitemaps, at once; readers who have its address still read it.

    Raises:
        NotAllowed: `by` may not publish in this section.
        AlreadyDelisted: a decision stands already.
    """
    if not article.permissions_for_user(by).can_delist():
        raise NotAllowed
    try:
        with transaction.atomic():
            delisting = Delisting.objects.create(
                article=article,
                reason=reason,
                requested_on=requested_on,
                decided_by=by,
                decided_at=at or timezone.now(),
            )
    except IntegrityError as error:
        raise AlreadyDelisted from error
    log(article, "depeche.delist", user=by, data={"requested_on": str(requested_on)})
    return delisting


@transaction.atomic
def relist(article: Article, *, by: User, at: dt.datetime | None = None) -> None:
    """Lift the decision: search engines may find `article` again. Why it was taken stays on record.

    Raises:
        NotAllowed: `by` may not publish in this section.
    """
    if not article.permissions_for_user(by).can_delist():
        raise NotAllowed
    if article.delistings.filter(lifted_at=None).update(lifted_at=at or timezone.now(), lifted_by=by):
        log(article, "depeche.relist", user=by)


def note_published(article: Article, *, at: dt.datetime | None = None) -> None:
    """Keep what was published, by whichever road: « changed at » moves only if the content did."""
    at = at or timezone.now()
    digest = article.digest()
    if digest != article.content_sha256:
        first = article.first_published_at if not article.content_sha256 else None
        article.content_sha256, article.changed_at = digest, first or at
        Article.objects.filter(pk=article.pk).update(content_sha256=digest, changed_at=article.changed_at)
        _note_version(article, at=at)
    facts.announce(facts.ArticlePublished(article_id=article.pk, content_sha256=digest))


def _note_version(article: Article, *, at: dt.datetime) -> None:
    """Keep what readers have now as the newest version, where a revision holds it."""
    if article.live_revision_id is None:
        return
    last = article.versions.aggregate(last=Max("number"))["last"] or 0
    PublishedVersion.objects.create(
        article_id=article.pk,
        number=last + 1,
        revision_id=article.live_revision_id,
        content_sha256=article.content_sha256,
        published_at=at,
    )
