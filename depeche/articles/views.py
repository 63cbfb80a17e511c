"""Pages of a person and of a topic; and the two decisions about an article that need a reason."""

from __future__ import annotations

import contextlib
import itertools

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from . import actions, corrections_shown
from .models import Article, Person, Section, Topic


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Who somebody is and what they wrote, in whichever language, by year."""
    found = get_object_or_404(Person.objects.select_related("portrait"), slug=slug)
    articles = Article.objects.published().signed_by(found).for_lists()
    page = Paginator(articles, Section.per_page).get_page(request.GET.get("page"))
    by_year = itertools.groupby(page, key=lambda article: timezone.localtime(article.first_published_at).year)
    years = [{"year": year, "articles": list(group)} for year, group in by_year]
    corrections = corrections_shown.among(Article.objects.published().signed_by(found))
    context = {"person": found, "years": years, "articles": page, "corrections": corrections}
    return render(request, "articles/person.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about a topic, in the language of the page."""
    found = get_object_or_404(Topic, slug=slug)
    articles = (
        Article.objects.published()
        .filter(tagged_topics__tag=found, locale__language_code=get_language())
        .for_lists()
    )
    page = Paginator(articles, Section.per_page).get_page(request.GET.get("page"))
    return render(request, "articles/topic.html", {"topic": found, "articles": page})


class DelistingForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Kept on record for those who decide; readers do not see it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    requested_on = forms.DateField(label=gettext_lazy("Requested on"), widget=AdminDateInput)


@require_http_methods(["GET", "HEAD", "POST"])
def search_engines(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an article out of search engines at the request of somebody it names, or let them in again."""
    article = get_object_or_404(Article, pk=pk)
    user = request.user
    if not user.is_authenticated or not article.permissions_for_user(user).can_delist():
        raise PermissionDenied
    form = DelistingForm(request.POST if "delist" in request.POST else None)
    if request.method == "POST" and "relist" in request.POST:
        actions.relist(article, by=user)
        messages.success(request, _("Search engines may find it again."))
        return redirect("search_engines", pk)
    if request.method == "POST" and form.is_valid():
        with contextlib.suppress(actions.AlreadyDelisted):
            actions.delist(article, by=user, **form.cleaned_data)
        messages.success(request, _("It is out of the sitemap, and search engines are told to forget it."))
        return redirect("search_engines", pk)
    history = article.delistings.select_related("decided_by", "lifted_by").order_by("-decided_at")
    return render(
        request, "articles/search_engines.html", {"article": article, "form": form, "history": history}
    )
