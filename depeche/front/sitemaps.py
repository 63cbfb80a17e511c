"""What search engines are told of: every page that is to be found, and nothing else."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from depeche.articles.models import Article, Section

from .models import Home


class _Pages(Sitemap):
    """Wagtail's pages know their whole address."""

    def get_urls(self, page: int | str = 1, site: object = None, protocol: str | None = None) -> list[dict]:
        return [
            {"location": item.full_url, "lastmod": self.lastmod(item), "item": item}
            for item in self.paginator.page(page).object_list
        ]

    def get_latest_lastmod(self) -> None:
        """The index tells none: it would take every page to know."""

    def lastmod(self, item: Article | Section | Home) -> dt.datetime | None:
        return item.last_published_at


class Articles(_Pages):
    limit = 10_000

    def items(self):  # type: ignore[no-untyped-def]
        return Article.objects.findable().defer_streamfields()

    def lastmod(self, item: Article) -> dt.datetime | None:  # type: ignore[override]
        return item.changed_at or item.first_published_at


class Fronts(_Pages):
    def items(self) -> list[Home | Section]:
        homes = list(Home.objects.live())
        return [*homes, *(section for home in homes for section in home.sections())]


SITEMAPS = {"articles": Articles, "fronts": Fronts}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    closed = ["/admin/"]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            closed += [reverse(name, args=["-"]).removesuffix("-/") for name in ("confirm", "unsubscribe")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join([*lines, "", f"Sitemap: {sitemap}", ""]), content_type="text/plain")
