"""The web version of an edition, and the archive of all of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from depeche.articles.models import Article
from depeche.delivery.showing import shown
from depeche.subscribers.models import Newsletter

from . import rendering
from .models import Edition, EditionState

EDITIONS_PER_PAGE = 30


@require_safe
def archive(request: HttpRequest, newsletter: str) -> HttpResponse:
    """All editions of a newsletter that left, newest first."""
    found = get_object_or_404(Newsletter, slug=newsletter)
    sent = (
        found.editions.filter(number__isnull=False).exclude(state=EditionState.CANCELLED).order_by("-number")
    )
    page = Paginator(sent, EDITIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "newsletters/archive.html", {"newsletter": found, "editions": page})


@require_safe
def edition(request: HttpRequest, newsletter: str, number: int) -> HttpResponse:
    found = get_object_or_404(
        Edition.objects.filter(number__isnull=False).select_related("newsletter"),
        newsletter__slug=newsletter,
        number=number,
    )
    articles = found.articles(whole=True)
    corrections = rendering.corrections_since_the_last(found)
    context = {"edition": found, "articles": articles, "corrections": corrections}
    response = render(request, "newsletters/edition_page.html", context)
    if any(article.is_hidden_from_search for article in articles):
        response["X-Robots-Tag"] = "noindex"  # its headline would lead to the name all the same
    return response


def preview_article(article: Article) -> HttpResponse:
    """How `article` would stand in a mail of the newsletter in its language."""
    newsletter = Newsletter.objects.filter(language=article.language).first()
    if newsletter is None:
        return HttpResponse(_("There is no newsletter in this language yet."))
    draft = Edition(newsletter=newsletter, subject=article.title)
    return shown(rendering.render(draft, articles=[article]).html)
