"""Putting right what readers had: filing a correction, and who has to hear of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from depeche import facts

from .actions import NotAllowed
from .manuscript import manuscript_of
from .models import Article, Correction, PublishedVersion

# Who else was sent a revision: upper apps enter a count here, `(revision ids) -> readers to write to`.
_audiences: list[Callable[[Collection[int]], int]] = []


class NotCorrected(Exception):
    """The correction does not fit what readers have; `str()` says how to mend it, in the user's language."""


def register_audience(count: Callable[[Collection[int]], int]) -> None:
    """Let `count` say how many people were sent any of some revisions and still want to hear from us."""
    _audiences.append(count)


def audience(versions: Collection[PublishedVersion]) -> int:
    """How many readers would be written to about these versions."""
    revisions = [version.revision_id for version in versions]
    return sum(count(revisions) for count in _audiences) if revisions else 0


def versions_with(article: Article, words: str) -> list[PublishedVersion]:
    """The versions before the newest one that say `words` (all of them for none): those that were wrong."""
    earlier = list(article.versions.select_related("revision"))[:-1]
    return [version for version in earlier if not words or says(version, words)]


@transaction.atomic
def file_correction(
    article: Article,
    *,
    kind: str,
    was: str,
    now: str,
    reason: str,
    by: User,
    changes_meaning: bool = True,
    tells_readers: bool = False,
    at: dt.datetime | None = None,
) -> Correction:
    """Put on record, before readers, that `was` is now `now`; whoever was sent the wrong words may be told.

    Raises:
        NotAllowed: `by` may not publish in this section.
        NotCorrected: readers do not have the right words yet, or never had the wrong ones.
    """
    if not article.live or not article.permissions_for_user(by).can_publish():
        raise NotAllowed
    was, now, reason = (" ".join(words.split()) for words in (was, now, reason))
    newest = article.versions.select_related("revision").last()
    wrong = versions_with(article, was)
    _check(newest, wrong, was=was, now=now, reason=reason)
    correction = Correction.objects.create(
        article=article,
        kind=kind,
        was=was,
        now=now,
        reason=reason,
        changes_meaning=changes_meaning,
        tells_readers=tells_readers,
        corrected_in=newest,
        published_at=at or timezone.now(),
        filed_by=by,
    )
    correction.wrong_versions.set(wrong)
    log(article, "depeche.correct", user=by, data={"was": was[:200], "now": now[:200], "reason": reason})
    facts.announce(facts.CorrectionPublished(correction_id=correction.pk, article_id=article.pk))
    return correction


def _check(
    newest: PublishedVersion | None,
    wrong: Sequence[PublishedVersion],
    *,
    was: str,
    now: str,
    reason: str,
) -> None:
    if newest is None or (not wrong and not was):
        raise NotCorrected(_("Readers had no other version: change the article and publish it first."))
    if not was and not now:
        raise NotCorrected(_("Give the wrong words, the right ones, or both."))
    if not reason:
        raise NotCorrected(_("Say in one sentence what was wrong."))
    if now and not says(newest, now):
        raise NotCorrected(_("Readers do not have the right words yet: publish the corrected article first."))
    if was and not wrong:
        raise NotCorrected(_("No earlier version says the wrong words: copy them as they were published."))
    if was and says(newest, was) and was not in now:
        raise NotCorrected(_("The article still says the wrong words: publish the corrected article first."))


def says(version: PublishedVersion, words: str) -> bool:
    """Whether these words stand in a version, whatever the typography."""
    manuscript = manuscript_of(version.revision.as_object())
    text = "\n".join(zone.text for zone in manuscript.zones)
    return _folded(words) in _folded(text)


_SAME = str.maketrans({"’": "'", "«": '"', "»": '"', "“": '"', "”": '"', "\u00ad": None})


def _folded(text: str) -> str:
    return " ".join(text.translate(_SAME).split()).replace('" ', '"').replace(' "', '"')
