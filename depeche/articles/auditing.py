"""Whether everything readers have passed the gate, by whatever road it came: asked every night."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from depeche import facts

from . import analysis, gate, gatekeeping
from .manuscript import manuscript_of
from .models import Article, Clearance, SlippedPast

log = logging.getLogger(__name__)


def audit(at: dt.datetime | None = None) -> list[SlippedPast]:
    """Look at every article before readers; those with a text the gate would stop come back, newest first.

    What passes now is noted as passed: rules that came later make no old article wrong, and one that was
    published before there was a gate is read once. Stops early where the desk does not answer.
    """
    at = at or timezone.now()
    SlippedPast.objects.exclude(article__live=True).delete()
    articles = Article.objects.live().filter(alias_of=None).order_by("-first_published_at")
    for pk in list(articles.values_list("pk", flat=True)):
        article = Article.objects.live().filter(pk=pk).first()
        try:
            if article is not None:
                _look_at(article, at)
        except analysis.DeskUnreachable as error:
            log.error("The audit stopped, the desk does not answer: %s", error)
            break
    return list(SlippedPast.objects.select_related("article").order_by("-found_at", "-pk"))


def _look_at(article: Article, at: dt.datetime) -> None:
    manuscript = manuscript_of(article)
    if Clearance.objects.filter(article=article, manuscript_sha256=manuscript.sha256).exists():
        SlippedPast.objects.filter(article=article).delete()
        return
    reading = gatekeeping.reading_of(article, manuscript)
    examination = gatekeeping.examine(article, manuscript, reading)
    if examination.is_open:
        gatekeeping.note_clearance(article, examination)
        SlippedPast.objects.filter(article=article).delete()
    else:
        _remember(article, examination, at)


@transaction.atomic
def _remember(article: Article, examination: gate.Examination, at: dt.datetime) -> None:
    sha256 = examination.reading.manuscript_sha256
    known = SlippedPast.objects.filter(article=article).first()
    if known and known.manuscript_sha256 == sha256:
        return
    stopping = [
        [item.name, ", ".join(item.words)]
        if isinstance(item, gate.Requirement)
        else [item.finding.code, item.finding.place.words]
        for item in examination.stopping
    ]
    SlippedPast.objects.update_or_create(
        article=article, defaults={"manuscript_sha256": sha256, "stopping": stopping, "found_at": at}
    )
    facts.announce(facts.SlippedPastTheGate(article_id=article.pk))
