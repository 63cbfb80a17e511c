"""Earlier versions that must not be read any more: kept on record, not shown, and readers are told why."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from .actions import NotAllowed
from .models import PublishedVersion


class NotWithheld(Exception):
    """The version stays to be read; `str()` says why, in the user's language."""


@transaction.atomic
def withhold(version: PublishedVersion, *, reason: str, by: User) -> PublishedVersion:
    """Stop showing `version` to readers, who find `reason` in its place.

    Raises:
        NotAllowed: `by` may not publish in this section.
        NotWithheld: it is what readers have now, or no reason is given.
    """
    article = version.article
    if not article.permissions_for_user(by).can_publish():
        raise NotAllowed
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise NotWithheld(_("Give readers a reason: they find it in the place of the version."))
    if not article.versions.filter(number__gt=version.number).exists():
        raise NotWithheld(_("This is what readers have now: change the article, or take it down."))
    version.withheld_because, version.withheld_by = reason, by
    version.save(update_fields=["withheld_because", "withheld_by"])
    log(article, "depeche.withhold", user=by, data={"version": version.number, "reason": reason})
    return version
