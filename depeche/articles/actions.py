"""What changes articles: publishing, and noting when their content changed."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from depeche import facts

from . import second_person
from .models import Article


class NotAllowed(Exception):
    """This person may not do that here."""


@transaction.atomic
def publish(article: Article, *, by: AbstractBaseUser) -> Article:
    """Put the newest revision of `article` before readers; the audit log says who did.

    Raises:
        NotAllowed: `by` may not publish in this section.
        NeedsSecondPerson: they may, but not what they sign or alone wrote (PublishingRules).
    """
    second_person.check(article, by)
    if not article.permissions_for_user(by).can_publish():
        raise NotAllowed
    revision = article.get_latest_revision() or article.save_revision(user=by, clean=False)
    revision.publish(user=by)
    article.refresh_from_db()
    return article


def note_published(article: Article, *, at: dt.datetime | None = None) -> None:
    """Keep what was published, by whichever road: « changed at » moves only if the content did."""
    at = at or timezone.now()
    digest = article.digest()
    if digest != article.content_sha256:
        first = article.first_published_at if not article.content_sha256 else None
        article.content_sha256, article.changed_at = digest, first or at
        Article.objects.filter(pk=article.pk).update(content_sha256=digest, changed_at=article.changed_at)
    facts.announce(facts.ArticlePublished(article_id=article.pk, content_sha256=digest))
