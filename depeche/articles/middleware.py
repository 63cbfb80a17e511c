"""A closed gate is an answer, by whichever view of the newsroom somebody came."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from wagtail.admin import messages
from wagtail.users.models import UserProfile

from . import gatekeeping


def closed_gate(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Say why an article is not published, and lead to its editor."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, gatekeeping.GateClosed) or not request.user.is_authenticated:
            return None
        pk = exception.article.pk
        there = reverse("wagtailadmin_pages:edit", args=[pk]) if pk else reverse("wagtailadmin_home")
        with translation.override(UserProfile.get_for_user(request.user).get_preferred_language()):
            messages.error(request, str(exception))
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":  # a dialogue of the workflow
            return JsonResponse({"step": "success", "redirect": there})
        return HttpResponseRedirect(there)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
