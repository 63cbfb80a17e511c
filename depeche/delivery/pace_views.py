"""Settings › Sending: how fast mail leaves, in plain words."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from . import pace
from .pace import FALLBACK, MAIN, Of
from .pace_forms import DomainForm, DomainForms, TransportForm, domains_now
from .pace_words import shown

TRANSPORTS = {
    MAIN: gettext_lazy("All newsletters together"),
    FALLBACK: gettext_lazy("All newsletters together, while the second mail server has to help out"),
}


class SendingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return pace.may_set(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def sending(request: HttpRequest) -> HttpResponse:
    """The pace of each transport and of each domain; all are saved together, or none."""
    user = request.user
    if not isinstance(user, User) or not pace.may_set(user):
        raise PermissionDenied
    limits = pace.limits()
    rates = {limit.of.transport: shown(limit.rate) for limit in limits if limit.of.transport and limit.rate}
    posted = request.POST if request.method == "POST" else None
    transports = {
        name: TransportForm(posted, prefix=name, initial={"rate": rates.get(name, "")})
        for name in pace.transports()
    }
    domains = DomainForms(posted, prefix="domains", initial=domains_now(limits))
    if posted is not None:
        wrong = [form for form in transports.values() if not form.is_valid()]
        if domains.is_valid() and not wrong:
            _save(transports, list(domains), user)
            messages.success(request, _("Saved. Mail keeps these paces from now on."))
            return redirect("sending")
        messages.error(request, _("Nothing was saved: look at the fields that are marked."))
    named = [(TRANSPORTS[name], form) for name, form in transports.items()]
    return render(request, "delivery/sending.html", {"transports": named, "domains": domains})


@transaction.atomic
def _save(transports: dict[str, TransportForm], domains: list[DomainForm], by: User) -> None:
    for name, form in transports.items():
        if form.has_changed():
            _set(Of(transport=name), form, by)
    for domain in domains:
        if domain.has_changed():
            _set(Of(domain=domain.cleaned_data["domain"]), domain, by)


def _set(of: Of, form: TransportForm | DomainForm, by: User) -> None:
    given = form.cleaned_data
    if given["rate"] is None or given.get("DELETE"):
        pace.clear(of=of, by=by)
    else:
        pace.set_pace(given["rate"], of=of, has_subdomains=given.get("has_subdomains", False), by=by)
