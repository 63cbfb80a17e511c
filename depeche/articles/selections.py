"""Which articles: those readers see, those search engines may find, those that may lead the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page, PageQuerySet

from .parts import Delisting
from .people import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .models import Article, Section


def know_their_sections(articles: Iterable[Article], sections: Mapping[str, Section]) -> None:
    """Spare a query for each section, of those known by path: a page's parent has the page's path less one step."""
    for article in articles:
        parent = sections.get(article.path[: -Page.steplen])
        if parent:
            article._cached_parent_obj = parent


class Kind(models.TextChoices):
    """What readers have to know of an article before they read it."""

    REPORTAGE = "reportage", _("Reportage")
    ANALYSIS = "analysis", _("Analysis")
    BACKGROUND = "background", _("Background")
    OPINION = "opinion", _("Opinion")
    REVIEW = "review", pgettext_lazy("kind of article", "Review")
    SPONSORED = "sponsored", _("Sponsored")
    SATIRE = "satire", _("Satire")


class ArticleQuerySet(PageQuerySet):
    def published(self) -> ArticleQuerySet:
        """What readers see, newest first."""
        return self.live().public().order_by("-first_published_at", "-pk")

    def findable(self) -> ArticleQuerySet:
        """What search engines are told of."""
        return self.published().exclude(delistings__in=Delisting.objects.filter(lifted_at=None))

    def news(self) -> ArticleQuerySet:
        """Neither paid for nor made up: what may lead the paper unasked."""
        return self.exclude(kind__in=[Kind.SPONSORED, Kind.SATIRE, Kind.OPINION])

    def signed_by(self, person: Person) -> ArticleQuerySet:
        return self.filter(bylines__person=person)

    def for_lists(self) -> ArticleQuerySet:
        """With what a list shows, without their text."""
        return (
            self.defer_streamfields()
            .select_related("picture", "locale")
            .prefetch_related("bylines__person", "picture__renditions")
        )
