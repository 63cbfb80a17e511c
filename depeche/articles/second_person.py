"""Whoever writes does not publish alone: asked of the database, refused by name, said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Revision
from wagtail.permissions import page_permission_policy

from . import four_eyes
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
    versions = article.revisions.order_by("created_at", "pk")
    if revision:
        versions = versions.filter(created_at__lte=revision.created_at)
    if article.last_published_at:
        versions = versions.filter(created_at__gt=article.last_published_at)
    signers = _signers(revision.as_object() if revision else article)
    if by.pk not in signers and by.pk not in set(versions.values_list("user_id", flat=True)):
        return None
    return four_eyes.refusal(
        by.pk,
        signed_by=signers,
        published_digest=article.content_sha256 or None,
        versions=[four_eyes.Version(found.user_id, found.as_object().digest()) for found in versions],
    )


def sentence(error: NeedsSecondPerson) -> str:
    """The refusal and the way out, for whoever was refused."""
    publishers = page_permission_policy.users_with_permission_for_instance("publish", error.article)
    others = publishers.filter(is_active=True).exclude(pk=error.by.pk).order_by("pk")[:NAMED_AT_MOST]
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


def _signers(article: Article) -> set[Any]:
    """The accounts of those who sign."""
    return {person.user_id for person in article.authors} - {None}
