"""The desk's page about suppressed addresses: one address is asked for, since the table holds only hashes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from depeche.delivery import bulk_lock, suppression
from depeche.delivery.models import Reason, Suppression

from . import lifting, replaying
from .models import Newsletter


class SuppressedMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return lifting.may_look(request.user)


class AddressForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("Address"), max_length=320)


@require_http_methods(["GET", "HEAD", "POST"])
def suppressed(request: HttpRequest) -> HttpResponse:
    """What holds for one address and since when; the address is posted, so that no log of a server keeps it."""
    user = request.user
    if not isinstance(user, User) or not lifting.may_look(user):
        raise PermissionDenied
    if request.method == "POST" and "accept" in request.POST:
        return _accept(request, user)
    form = AddressForm(request.POST or None)
    context: dict[str, Any] = {"form": form, **_lock(user)}
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        reason = request.POST.get("reason", "")
        if reason in Reason.values and "confirmed" in request.POST:
            _lift(request, address, Reason(reason), user)
            reason = ""
        rows = suppression.standing(address)
        context |= {
            "address": address,
            "rows": [(row, _about(row), _may_lift(row, user)) for row in rows],
            "lifting": next((row for row in rows if row.reason == reason and _may_lift(row, user)), None),
        }
    return render(request, "subscribers/suppressed.html", context)


def _lift(request: HttpRequest, address: str, reason: Reason, by: User) -> None:
    try:
        lifting.lift(address, reason, by=by)
    except lifting.NotAllowed as error:
        raise PermissionDenied from error
    except suppression.NotTheirsToLift:
        messages.error(request, _("Only the reader can lift this, by subscribing anew and confirming it."))
    except lifting.NothingStands:
        messages.warning(request, _("Nothing to lift: it no longer held."))
    else:
        messages.success(request, _("Lifted. Mail may go to this address again."))


def _accept(request: HttpRequest, by: User) -> HttpResponse:
    if not lifting.may_accept(by):
        raise PermissionDenied
    if not request.POST.get("understood"):
        messages.error(request, _("Tick the box first: it says what may happen."))
    elif lifting.accept(by=by):
        messages.success(request, _("Editions may leave again."))
    return redirect("suppressed_addresses")


def _lock(user: User) -> dict[str, Any]:
    doubt = bulk_lock.doubt()
    return {
        "doubt": doubt and doubt.label,
        "meaning": replaying.WHAT_ACCEPTING_MEANS,
        "may_accept": lifting.may_accept(user),
    }


def _about(row: Suppression) -> str:
    """The newsletter it is about, or all mail."""
    kind, _colon, key = row.scope.partition(":")
    if kind != "newsletter":
        return _("the address")
    name = next((found.name for found in Newsletter.objects.all() if found.key.hex == key), None)
    return name or _("a newsletter that no longer exists")


def _may_lift(row: Suppression, user: User) -> bool:
    return lifting.is_for_the_desk(row.reason) and lifting.may_lift(user)
