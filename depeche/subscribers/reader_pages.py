"""What the pages about one reader share."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse


def page(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """A page about one reader: not for search engines, and without the sign-up form."""
    response = render(request, template, {"hide_sign_up": True, **context}, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def notice(request: HttpRequest, what: str, *, status: int = 200, **context: object) -> HttpResponse:
    """A page that says one thing; see `subscribers/notice.html`."""
    return page(request, "subscribers/notice.html", status=status, what=what, **context)


def see_other(address: str) -> HttpResponse:
    """What a form answers: the page to look at next, so that loading it again sends nothing again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def url_without_token(name: str) -> str:
    """The address of a page as the consent log keeps it."""
    return settings.BASE_URL + reverse(name, args=["…"]).replace("%E2%80%A6", "…")


def masked(address: str) -> str:
    """« l…@exemple.test »: enough to know one's own address by, in a mail that went astray."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
