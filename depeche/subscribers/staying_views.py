"""The page on which a reader not heard of for long says that they want to stay. Looking at it changes nothing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from depeche.visitors import comes_from_elsewhere

from . import retention, tokens
from .models import Subscriber
from .recording import Shown


@csrf_exempt  # readers get no cookie; a form posted from another site is refused by its Origin instead
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    try:
        reader = Subscriber.objects.filter(key=tokens.read_staying(token)).first()
    except tokens.InvalidToken:
        return _page(request, "broken", status=404)
    if reader is None:
        return _page(request, "gone", status=410)
    if request.method == "POST":
        if comes_from_elsewhere(request):
            return _page(request, "elsewhere", status=403)
        url = settings.BASE_URL + reverse("stay", args=["…"]).replace("%E2%80%A6", "…")
        try:
            retention.stay(reader, shown=Shown(_words(), get_language(), retention.FORM, url))
        except Subscriber.DoesNotExist:  # erased this very moment
            return _page(request, "gone", status=410)
        return _page(request, "stays")
    return _page(request, "asked" if reader.repermission_asked_at else "stays")


def _words() -> str:
    why = _("We have not heard from you for three years. Press the button and everything stays as it is.")
    return "\n".join((_("Do you want to keep our newsletters?"), why, f"[{_('Yes, I stay')}]"))


def _page(request: HttpRequest, what: str, *, status: int = 200) -> HttpResponse:
    context = {"what": what, "hide_sign_up": True, "days": retention.ANSWER_WITHIN.days}
    response = render(request, "subscribers/stay.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
