"""A reader's rights by themselves: a link mailed to the address, good for an hour, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from depeche.visitors import comes_from_elsewhere

from . import portable, self_service, tokens
from .forms import SubscribeForm
from .models import Subscriber
from .reader_pages import masked, notice, page, url_without_token
from .recording import Shown
from .words import say


class AddressForm(forms.Form):
    """One address; what is wrong with it is said in the words of the sign-up form."""

    address = SubscribeForm.base_fields["address"]
    clean_address = SubscribeForm.clean_address


def _of_one_reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page behind a link; a visit changes nothing, another site's form neither, and a bad link says what it is."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "POST" and comes_from_elsewhere(request):
            return notice(request, "elsewhere", status=403)
        try:
            return view(request, token)
        except tokens.InvalidToken:
            return notice(request, "broken_link", status=404)
        except (tokens.ExpiredToken, Subscriber.DoesNotExist):
            return notice(request, "expired_link", status=410)
        except self_service.TooManyMails:
            return _page(request, "wrote_already", status=429)

    return guarded


@_of_one_reader
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the preference link: the button that has the other link mailed."""
    subscriber = Subscriber.objects.get(key=tokens.read_choosing(token))
    if request.method == "POST":
        self_service.send_link(subscriber)
    what = "mailed" if request.method == "POST" else "ask"
    return _page(request, what, address=masked(subscriber.address), preference_token=token)


@_of_one_reader
def object_(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the preference link too: to be left in peace must need nothing more."""
    key = tokens.read_choosing(token)
    if request.method == "POST":
        shown = _shown(say("object.button"), "object")
        self_service.object_to_marketing(key, shown=shown)
        return _page(request, "objected")
    subscriber = Subscriber.objects.get(key=key)
    return _page(request, "object", address=masked(subscriber.address), preference_token=token)


@_of_one_reader
def data(request: HttpRequest, token: str) -> HttpResponse:
    """What one can do with one's data; its POST gives the data, as a page, JSON or CSV."""
    subscriber = Subscriber.objects.get(key=tokens.read_rights(token))
    if request.method != "POST":
        return _page(request, "data", subscriber=subscriber, token=token)
    form = request.POST.get("as", "")
    if form not in ("page", "json", "csv"):
        return _page(request, "data", subscriber=subscriber, token=token, status=422)
    found = self_service.take(subscriber, as_=form)
    if form == "json":
        return _file(portable.as_json(found), "application/json", "data.json")
    if form == "csv":
        return _file(portable.as_csv(found), "application/zip", "data.zip")
    return _page(request, "data", held=portable.as_lines(found), token=token)


@_of_one_reader
def address(request: HttpRequest, token: str) -> HttpResponse:
    """Another address: a mail goes there first."""
    subscriber = Subscriber.objects.get(key=tokens.read_rights(token))
    if request.method != "POST":
        return _page(request, "address", form=AddressForm(), token=token)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, "address", form=form, token=token, status=422)
    self_service.ask_new_address(subscriber, form.cleaned_data["address"])
    return _page(request, "address_mailed", token=token)


@_of_one_reader
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link mailed to the new address: one button."""
    key, new = tokens.read_correcting(token)
    subscriber = Subscriber.objects.get(key=key)
    if request.method != "POST":
        return _page(request, "confirm_address", new=new)
    try:
        shown = _shown(say("confirm_address.button"), "confirm_address")
        subscriber = self_service.correct_address(key, new, shown=shown)
    except self_service.AddressInUse:
        return _page(request, "address_in_use", status=409)
    return _page(request, "address_changed", preference_token=tokens.for_choosing(subscriber.key))


@_of_one_reader
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """What goes, what stays and why, and one button."""
    subscriber = Subscriber.objects.get(key=tokens.read_rights(token))
    if request.method != "POST":
        return _page(request, "erase", address=subscriber.address, token=token)
    self_service.erase(subscriber)
    return _page(request, "erased")


def _page(request: HttpRequest, what: str, *, status: int = 200, **context: object) -> HttpResponse:
    return page(request, "subscribers/rights.html", status=status, what=what, **context)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _shown(words: str, form: str) -> Shown:
    return Shown(words, get_language() or "", form, url_without_token(form))
