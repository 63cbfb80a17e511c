"""What answers at the address of an article that readers knew and find no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from . import history

if TYPE_CHECKING:
    from .models import Article


def answer(article: Article, request: HttpRequest) -> HttpResponse:
    """The redirect the newsroom set up for this address; else 410, with what was decided."""
    address = request.path.removesuffix(f"{history.PATH}/")
    found = get_redirect(request, Redirect.normalise_path(address, decode_unicode=False))
    if found and found.link and found.redirect_page_id != article.pk:
        return redirect(found.link, permanent=found.is_permanent)
    takedowns = article.takedowns.order_by("-taken_down_at")
    if article.last_published_at:  # an earlier one was lifted by the publication
        takedowns = takedowns.filter(taken_down_at__gte=article.last_published_at)
    section = article.section
    context = {"takedown": takedowns.first(), "section": section if section.live else None}
    return render(request, "410.html", context, status=410)
