"""Whoever writes does not publish alone: asked of the database, refused by name, said in a sentence."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Revision
from wagtail.permissions import page_permission_policy

from . import four_eyes
from .people import Person
from .rules import PublishingRules

if TYPE_CHECKING:
    from .models import Article

NAMED_AT_MOST = 3


class NeedsSecondPerson(PermissionDenied):
    """This person may publish, but not this article: they sign it, or they alone wrote it."""

    def __init__(self, article: Article, by: Any, reason: four_eyes.Reason) -> None:
        super().__init__(f"{reason.value}: {article.pk} by {by.pk}")
        self.article, self.by, self.reason = article, by, reason


def check(article: Article, by: Any, revision: Revision | None = None) -> None:
    """Nothing, if `by` may publish `revision` (the newest one) as far as this rule goes.

    Raises:
        NeedsSecondPerson: they may not.
    """
    reason = refusal(article, by, revision)
    if reason:
        raise NeedsSecondPerson(article, by, reason)


def refusal(article: Article, by: Any, revision: Revision | None = None) -> four_eyes.Reason | None:
    """Why `by` may not publish `revision` (the newest one); None where they may or the rule is off."""
    if not is_on(by):
        return None
    revision = revision or article.get_latest_revision()
    if by.pk in _signers(article, revision):
        return four_eyes.Reason.SIGNS
    if not hasattr(by, "_written_alone"):
        by._written_alone = {}  # asked many times for one page of the editor
    newest = (revision.pk, revision.created_at) if revision else None
    asked = (article.pk, article.content_sha256, article.last_published_at, newest)
    if asked not in by._written_alone:
        by._written_alone[asked] = _written_alone(article, by, revision)
    return by._written_alone[asked]


def _written_alone(article: Article, by: Any, revision: Revision | None) -> four_eyes.Reason | None:
    versions = article.revisions.order_by("created_at", "pk").defer("content")
    if revision:
        versions = versions.filter(created_at__lte=revision.created_at)
    if article.last_published_at:
        versions = versions.filter(created_at__gt=article.last_published_at)
    return four_eyes.refusal(
        by.pk,
        signed_by=(),
        published_digest=article.content_sha256 or None,
        versions=[_Version(article, found) for found in versions],
    )


class _Version:
    """A revision whose content is read once, and only if asked for."""

    def __init__(self, article: Article, revision: Revision) -> None:
        self.by = revision.user_id
        self._article, self._revision = article, revision

    @cached_property
    def digest(self) -> str:
        return self._article.with_content_json(self._revision.content).digest()


def sentence(error: NeedsSecondPerson) -> str:
    """The refusal and the way out, for whoever was refused."""
    publishers = page_permission_policy.users_with_permission_for_instance("publish", error.article)
    colleagues = publishers.filter(is_active=True).exclude(pk=error.by.pk).order_by("pk")
    may_publish = (user for user in colleagues if refusal(error.article, user) is None)
    others = itertools.islice(may_publish, NAMED_AT_MOST)
    names = _(" or ").join(get_user_display_name(user) for user in others)
    if error.reason is four_eyes.Reason.SIGNS:
        why = _("You sign “%(headline)s”.") % {"headline": error.article.draft_title}
    else:
        why = _("You alone wrote “%(headline)s” since it was last published.") % {
            "headline": error.article.draft_title
        }
    if names:
        return why + " " + _("Ask %(names)s to publish it.") % {"names": names}
    return why + " " + _("Nobody else here may publish: an administrator can add somebody.")


def is_on(by: Any) -> bool:
    """Whether the newsroom decided so; asked once for each person a request loads, as Wagtail does."""
    if not hasattr(by, "_needs_second_person"):
        by._needs_second_person = PublishingRules.load().needs_second_person
    return by._needs_second_person


def _signers(article: Article, revision: Revision | None) -> set[Any]:
    """The accounts of those who sign."""
    if revision is None:
        people = [person.pk for person in article.authors]
    else:
        people = [byline["person"] for byline in revision.content.get("bylines", [])]
    return set(Person.objects.filter(pk__in=people, user__isnull=False).values_list("user_id", flat=True))
