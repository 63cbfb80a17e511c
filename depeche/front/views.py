"""What the paper put right: all corrections of one language, by month."""

from __future__ import annotations

import itertools

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from depeche.articles import corrections_shown
from depeche.articles.models import Article

CORRECTIONS_PER_PAGE = 30


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The public log; not for search engines where an article of the page is kept from them."""
    articles = Article.objects.published().filter(locale__language_code=get_language())
    found = corrections_shown.among(articles)
    page = Paginator(found, CORRECTIONS_PER_PAGE).get_page(request.GET.get("page"))
    by_month = itertools.groupby(
        page, key=lambda correction: timezone.localtime(correction.published_at).date().replace(day=1)
    )
    context = {
        "corrections": page,
        "months": [{"month": month, "corrections": list(group)} for month, group in by_month],
        "since": articles.order_by("first_published_at").values_list("first_published_at", flat=True).first(),
    }
    response = render(request, "front/corrections.html", context)
    named = articles.filter(pk__in={correction.article_id for correction in page})
    if named.count() > named.findable().count():
        response["X-Robots-Tag"] = "noindex"
    return response
