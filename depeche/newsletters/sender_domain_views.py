"""Settings › Sender domains: what mailbox providers look up about us, and the lines that mend it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from depeche.delivery import mail_domains, pace
from depeche.delivery.examining.findings import Level, as_read
from depeche.delivery.mail_domain_words import said, verdict
from depeche.delivery.models import MailDomain
from depeche.subscribers.models import Newsletter

from . import actions, sender_domains

SHOWN_FIRST = (Level.RED, Level.UNKNOWN, Level.AMBER)


def may_look(user: AbstractUser | AnonymousUser) -> bool:
    """Whoever may send has to learn why they cannot, and whoever sets paces is who mends it."""
    return pace.may_set(user) or actions.may_send(user)


class SenderDomainsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


class RiskForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Why it may leave all the same"),
        max_length=MailDomain._meta.get_field("accepted_because").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sender_domains_page(request: HttpRequest) -> HttpResponse:
    """What was found last, for each domain; a look at the page asks no name server, a button does."""
    user = request.user
    if not isinstance(user, AbstractUser) or not may_look(user):
        raise PermissionDenied
    ours = sender_domains.domains()
    if request.method == "POST":
        _act(request, user, ours)
        return redirect("sender_domains")
    with timezone.override(None):
        shown = [_shown(domain, newsletters, user) for domain, newsletters in ours.items()]
        return render(request, "newsletters/sender_domains.html", {"domains": shown})


def _act(request: HttpRequest, user: AbstractUser, ours: dict[str, list[Newsletter]]) -> None:
    domain = request.POST.get("domain", "")
    if domain not in ours:
        messages.error(request, _("Nothing was done: no newsletter comes from this domain any more."))
    elif "check" in request.POST:
        row = mail_domains.refresh(domain)
        mail_domains.forget_others(ours)
        tell = messages.success if row.level == Level.GREEN else messages.warning
        tell(
            request,
            _("%(domain)s was looked up. %(verdict)s")
            % {"domain": as_read(domain), "verdict": verdict(Level(row.level))},
        )
    elif "accept" in request.POST:
        _accept(request, user, domain)
    else:
        messages.error(request, _("Nothing was done: the form said not what to do."))


def _accept(request: HttpRequest, user: AbstractUser, domain: str) -> None:
    if not pace.may_set(user):
        raise PermissionDenied
    form, row = RiskForm(request.POST), mail_domains.kept(domain)
    if row is None or not mail_domains.is_blocked(row):
        messages.error(request, _("Nothing was done: nothing is held back because of this domain."))
    elif not form.is_valid():
        messages.error(request, _("Nothing was done: say why, in 300 characters at most."))
    else:
        because = form.cleaned_data["because"]
        mail_domains.accept(row, because=because)
        data = {"domain": domain, "codes": row.accepted_codes, "because": because}
        log(row, "depeche.accept_red_domain", user=user, data=data)
        messages.success(
            request, _("Noted. Editions from %(domain)s may leave.") % {"domain": as_read(domain)}
        )


def _shown(domain: str, newsletters: list[Newsletter], user: AbstractUser) -> dict[str, Any]:
    row = mail_domains.kept(domain)
    context: dict[str, Any] = {"domain": domain, "as_read": as_read(domain), "newsletters": newsletters}
    if row is None:
        return context
    rows = [(finding, said(finding)) for finding in mail_domains.findings_of(row)]
    first = [one for level in SHOWN_FIRST for one in rows if one[0].level is level]
    is_blocked = mail_domains.is_blocked(row)
    return context | {
        "row": row,
        "verdict": verdict(Level(row.level)),
        "first": first,
        "rest": [one for one in rows if one[0].level not in SHOWN_FIRST],
        "is_blocked": is_blocked,
        "risk_form": RiskForm() if is_blocked and pace.may_set(user) else None,
        "is_accepted": bool(row.accepted_codes) and bool(mail_domains.red_codes(row)) and not is_blocked,
    }
