"""No page of the newsroom without a second factor for whoever needs one, where one is required."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from . import second_factor

PROLONG_EVERY_S = 600
# What the pages of signing in need themselves.
ALWAYS_OPEN = {
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
}


class SecondFactor:
    """Leads to the walk through, and keeps the session of who works from ending. Costs readers nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        from .signing_in_urls import urlpatterns

        self.get_response = get_response
        self.open = ALWAYS_OPEN | {str(pattern.name) for pattern in urlpatterns} - {"newsroom_account"}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return None
        if not _is_for_a_script(request):
            _prolong(request)
        if request.resolver_match is None or request.resolver_match.url_name in self.open:
            return None
        if second_factor.is_required() and second_factor.lacks_second_factor(request.user):
            return _lead(request, "mfa_activate_totp")
        if second_factor.has_codes_to_keep(request) and not _is_for_a_script(request):
            return _lead(request, "mfa_view_recovery_codes")
        return None


def _lead(request: HttpRequest, name: str) -> HttpResponse:
    if _is_for_a_script(request):
        reason = _("What you may do here needs a second factor: open the newsroom in a page of its own.")
        return JsonResponse({"error": "second_factor_required", "reason": reason}, status=403)
    wanted = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}")


def _is_for_a_script(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "text/html")
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or "text/html" not in accepted


def _prolong(request: HttpRequest) -> None:
    """A session ends twelve hours after the last page; pages far apart enough move that end."""
    now = int(time.time())
    if now - request.session.get("seen_at", 0) > PROLONG_EVERY_S:
        request.session["seen_at"] = now
