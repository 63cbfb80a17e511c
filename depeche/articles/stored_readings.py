"""Readings kept in step with texts: of a draft the newest, of what readers had every one.

Tasks only look: what is missing stands in the rows, so a sweep finds what a lost task missed.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Revision

from . import analysis, gatekeeping
from .manuscript import manuscript_of
from .models import Article, StoredReading

AT_MOST = 20  # readings a sweep makes: the next one follows in minutes
LOOKED_BACK = dt.timedelta(days=7)
TIME_TO_START = dt.timedelta(minutes=1)  # what was saved later than that, its own task reads
REST_S = 60.0
FAILURES_TO_STOP = 3

log = logging.getLogger(__name__)


class _Rest:
    """A desk that does not answer is left alone for a while: each try would hold up all other jobs."""

    until = 0.0

    @classmethod
    def begin(cls) -> None:
        cls.until = time.monotonic() + REST_S

    @classmethod
    def is_on(cls) -> bool:
        return time.monotonic() < cls.until


def read_saved(revision_id: int) -> analysis.Reading | None:
    """The reading, now stored, of what that revision holds by now; None where a newer one stands, or the desk
    does not answer.
    """
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None or not revision.is_latest_revision() or _Rest.is_on():
        return None
    try:
        return gatekeeping.reading_of(revision.as_object())
    except analysis.DeskUnreachable as error:
        log.warning("Not read yet, the desk does not answer: revision %s (%s)", revision_id, error)
        _Rest.begin()
        return None


def keep_published(article: Article) -> bool:
    """Keep the reading of what readers now have for ever; false where there is none."""
    readings = StoredReading.objects.filter(
        article_id=article.pk, manuscript_sha256=manuscript_of(article).sha256
    )
    return bool(readings.update(is_published=True))


def read_published(article: Article) -> analysis.Reading:
    """The reading of the words readers have, now stored for ever.

    Raises:
        DeskUnreachable: there was none, and the desk does not answer.
    """
    reading = gatekeeping.reading_of(article)
    if not keep_published(article):  # another save was faster than we, and pruned it
        with transaction.atomic():
            gatekeeping.store(article, reading)
            keep_published(article)
    return reading


def sweep(at: dt.datetime | None = None) -> int:
    """Read what was saved or published and has no reading, some at a time; how many were read."""
    done = failed = 0
    for read in _missing(at or timezone.now()):
        try:
            done += read()
        except analysis.DeskUnreachable as error:
            log.warning("Not read yet, the desk does not answer: %s", error)
            failed += 1
        except Exception:  # one draft that cannot be loaded stops no other
            log.exception("Not read: the text cannot be loaded")
        if failed == FAILURES_TO_STOP or done == AT_MOST:
            break
    return done


def _missing(at: dt.datetime) -> Iterator[Callable[[], bool]]:
    """For each text that may lack a reading a way to read it, which tells whether it did lack one.

    They come in any order, so that a bad one is not always first.
    """
    drafts = (
        Article.objects.filter(latest_revision__created_at__range=(at - LOOKED_BACK, at - TIME_TO_START))
        .exclude(readings__made_at__gte=F("latest_revision__created_at"))
        .order_by("?")
    )
    for revision_id in list(drafts.values_list("latest_revision_id", flat=True)):
        yield partial(_read_revision, revision_id)
    unread = Article.objects.live().exclude(readings__is_published=True).order_by("?")
    for article_id in list(unread.values_list("pk", flat=True)[:AT_MOST]):
        yield partial(_read_live, article_id)


def _read_revision(revision_id: int) -> bool:
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None:
        return False
    article = revision.as_object()
    manuscript = manuscript_of(article)
    if StoredReading.objects.filter(article_id=article.pk, manuscript_sha256=manuscript.sha256).exists():
        return False  # its words are those of an earlier revision
    gatekeeping.reading_of(article, manuscript)
    return True


def _read_live(article_id: int) -> bool:
    article = Article.objects.live().filter(pk=article_id).first()
    if article is None:
        return False
    read_published(article)
    return True
