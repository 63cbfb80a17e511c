"""What the desk counts in each text that readers have: noted at its publication, and kept up with what people
add later, so that a year of the paper is added up in the database.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from .analysis import Claim
from .manuscript import manuscript_of
from .models import Article, Clearance, Evidence, ReadingFigures, Ruling, StoredReading

WITHOUT_SOURCE = frozenset({"asserted_unattributed", "hedged_newsroom", "hearsay_no_source"})
VAGUE = "attributed_vague"
AT_MOST = 500  # articles a run: some seconds

log = logging.getLogger(__name__)


def note(article: Article, *, at: dt.datetime | None = None) -> bool:
    """Count what stands in the text of `article` as readers have it; false where it is not read yet."""
    sha256 = manuscript_of(article).sha256
    stored = StoredReading.objects.filter(article_id=article.pk, manuscript_sha256=sha256).first()
    if stored is None:
        return False
    by_hand = _sourced_by_hand(article)
    claims = [claim for claim in stored.reading.claims if claim.checkable]
    clearance = Clearance.objects.filter(article_id=article.pk, manuscript_sha256=sha256).first()
    ReadingFigures.objects.update_or_create(
        article_id=article.pk,
        defaults={
            "checkable": len(claims),
            "sourced": sum(_has_source(claim, by_hand) for claim in claims),
            "vague": sum(claim.status == VAGUE and claim.key not in by_hand for claim in claims),
            "overrides": len(clearance.overridden) if clearance else 0,
            "noted_at": at or timezone.now(),
        },
    )
    return True


def keep_up(*, at: dt.datetime | None = None) -> int:
    """Note what readers have and is not noted, or was answered since; how many articles were noted."""
    at = at or timezone.now()
    published = Article.objects.live().filter(readings__is_published=True)
    is_behind = Q(reading_figures=None) | Q(last_published_at__gt=F("reading_figures__noted_at"))
    waiting = published.filter(is_behind | Q(pk__in=_changed_since()))
    done = 0
    for article in waiting.distinct().order_by("-pk")[:AT_MOST]:
        try:
            done += note(article, at=at)
        except ValueError:  # a reading of another release stops no other
            log.exception("Not counted: the reading of article %s cannot be unpacked", article.pk)
    return done


def _has_source(claim: Claim, by_hand: set[str]) -> bool:
    return claim.status not in WITHOUT_SOURCE or claim.key in by_hand


def _sourced_by_hand(article: Article) -> set[str]:
    """The claims that somebody named a source for, saw themselves, or gave evidence for."""
    keys: set[str] = set()
    rulings = Ruling.objects.standing().exclude(verdict=Ruling.Verdict.NOT_A_CLAIM)  # type: ignore[attr-defined]
    for rows in (rulings, Evidence.objects.standing()):
        keys.update(rows.filter(article_id=article.pk).values_list("key", flat=True))
    return keys


def _changed_since() -> set[Any]:
    """The articles of which somebody said or took back something after they were noted."""
    noted_at = F("article__reading_figures__noted_at")
    changed = Q(at__gt=noted_at) | Q(taken_back_at__gt=noted_at)
    return {
        key
        for model in (Ruling, Evidence)
        for key in model.objects.filter(changed).values_list("article_id", flat=True)  # type: ignore[attr-defined]
    }
