"""Copies that were refused for good, and copies of unknown fate: what an editor sees of them, and decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from . import undelivered
from .models import Edition
from .sending_views import of_one_edition, try_, user_of
from .sending_words import number

DECIDED_AT_ONCE = 500
LONGEST_ID = 18  # digits; a database takes no longer number


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_edition
def failed(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Refused copies by the words of the mail server; those chosen are sent again, after a question."""
    refusals = undelivered.refusals(edition)
    context: dict[str, Any] = {"edition": edition, "refusals": refusals}
    if request.method == "POST":
        wanted = set(request.POST.getlist("refusal"))
        chosen = [one for one in refusals if one.key in wanted]
        if chosen and request.POST.get("confirmed"):
            return _resend(request, edition, chosen)
        if chosen:
            return render(request, "newsletters/sending/confirm.html", _about_resending(edition, chosen))
        messages.error(request, _("Choose at least one line first."))
    return render(request, "newsletters/sending/failed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_edition
def uncertain(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Copies of unknown fate by name; those chosen are taken as arrived, or sent again, after a question."""
    copies = undelivered.uncertain(edition)
    shown = copies[:DECIDED_AT_ONCE]
    if request.method == "POST":
        chosen = _chosen(request, shown)
        verb = next((name for name in ("arrived", "again") if name in request.POST), None)
        if chosen and verb and request.POST.get("confirmed"):
            return _decide(request, edition, chosen, arrived=verb == "arrived")
        if chosen and verb:
            context = _about_deciding(edition, chosen, arrived=verb == "arrived")
            return render(request, "newsletters/sending/confirm.html", context)
        messages.error(request, _("Choose at least one copy first, and what becomes of it."))
    context = {"edition": edition, "copies": shown, "more": len(copies) - len(shown)}
    return render(request, "newsletters/sending/uncertain.html", context)


def _resend(request: HttpRequest, edition: Edition, chosen: list[undelivered.Refusal]) -> HttpResponse:
    def act() -> str:
        count = undelivered.resend_failed(edition, by=user_of(request), keys=[one.key for one in chosen])
        return ngettext("%(count)s copy is sent again.", "%(count)s copies are sent again.", count) % {
            "count": number(count)
        }

    try_(request, act)
    return redirect("send_edition", pk=edition.pk)


def _about_resending(edition: Edition, chosen: list[undelivered.Refusal]) -> dict[str, Any]:
    count = sum(one.count for one in chosen)
    sentences = [
        ngettext(
            "%(count)s copy is tried again, with the edition as it left.",
            "%(count)s copies are tried again, with the edition as it left.",
            count,
        )
        % {"count": number(count)},
        _("Who left meanwhile does not get it."),
    ]
    if any(one.is_about_the_address for one in chosen):
        sentences.append(
            _(
                "Some were refused because of the address. Trying such addresses again and again harms our name."
            )
        )
    return {
        "edition": edition,
        "question": _("Send them again?"),
        "sentences": sentences,
        "kept": [("refusal", one.key) for one in chosen],
        "act": _("Send again"),
        "back": reverse("edition_failed", args=[edition.pk]),
        "is_mild": True,
    }


def _chosen(request: HttpRequest, shown: list[undelivered.Uncertain]) -> list[undelivered.Uncertain]:
    if request.POST.get("all"):
        return shown
    sent = request.POST.getlist("copy")
    wanted = {int(pk) for pk in sent if pk.isdecimal() and len(pk) <= LONGEST_ID}
    return [one for one in shown if one.copy in wanted]


def _decide(
    request: HttpRequest, edition: Edition, chosen: list[undelivered.Uncertain], *, arrived: bool
) -> HttpResponse:
    def act() -> str:
        copies = [one.copy for one in chosen]
        count = undelivered.decide(edition, copies, arrived=arrived, by=user_of(request))
        said = (
            ngettext("%(count)s copy is taken as arrived.", "%(count)s copies are taken as arrived.", count)
            if arrived
            else ngettext("%(count)s copy is sent again.", "%(count)s copies are sent again.", count)
        )
        return said % {"count": number(count)}

    try_(request, act)
    return redirect(
        "edition_uncertain" if len(undelivered.uncertain(edition)) else "send_edition", pk=edition.pk
    )


def _about_deciding(
    edition: Edition, chosen: list[undelivered.Uncertain], *, arrived: bool
) -> dict[str, Any]:
    count = len(chosen)
    if arrived:
        question, act = _("Take them as arrived?"), _("Take as arrived")
        meaning = _("Where the mail server had not taken it after all, the reader does not get this edition.")
        said = ngettext(
            "%(count)s copy is noted as sent and not tried again.",
            "%(count)s copies are noted as sent and not tried again.",
            count,
        )
    else:
        question, act = _("Send them again?"), _("Send again")
        meaning = _("Where it had arrived after all, the reader gets this edition twice.")
        said = ngettext("%(count)s copy is sent once more.", "%(count)s copies are sent once more.", count)
    return {
        "edition": edition,
        "question": question,
        "sentences": [said % {"count": number(count)}, meaning, _("It cannot be undone.")],
        "names": [one.address for one in chosen],
        "kept": [("arrived" if arrived else "again", "1"), *(("copy", one.copy) for one in chosen)],
        "act": act,
        "back": reverse("edition_uncertain", args=[edition.pk]),
    }
