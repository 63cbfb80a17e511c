"""Readers as a file, for who may take them out; each time leaves its line in the audit log."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from . import exporting
from .models import Newsletter, Subscription, SubscriptionState


class TakeOutMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_take_out(request.user)


class TakeOutForm(forms.Form):
    newsletter = forms.ModelChoiceField(
        label=_("Newsletter"), queryset=Newsletter.objects.all(), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *SubscriptionState.choices], required=False
    )


class _Line:
    """What `csv.writer` writes to: each line comes back."""

    def write(self, line: str) -> str:
        return line


def may_take_out(user: Any) -> bool:
    return user.has_perm("subscribers.export_subscriber")


@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """A form that says what will be noted; its POST is the file, sent as it is written."""
    if not may_take_out(request.user):
        return HttpResponseForbidden(_("You may not take the list of readers out."))
    form = TakeOutForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "subscribers/take_out.html", {"form": form})
    found = _found(form.cleaned_data)
    newsletter, state = form.cleaned_data["newsletter"], form.cleaned_data["state"]
    asked = {"newsletter": newsletter.slug if newsletter else "", "state": state}
    # Noted before the first byte: a file that was broken off was taken all the same.
    log(
        request.user,
        "depeche.export_readers",
        user=request.user,
        data={"count": found.count(), "filter": asked},
    )
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    name = f"readers-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _found(asked: dict[str, Any]) -> QuerySet[Subscription]:
    found = Subscription.objects.all()
    if asked["newsletter"]:
        found = found.filter(newsletter=asked["newsletter"])
    return found.filter(state=asked["state"]) if asked["state"] else found


def _lines(found: QuerySet[Subscription]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(exporting.HEADER)
    for row in exporting.rows(found):
        yield writer.writerow(row)
