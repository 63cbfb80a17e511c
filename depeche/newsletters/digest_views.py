"""The page of a newsletter's digest: when it leaves, what it would carry, and what became of each day."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from depeche.subscribers.models import Newsletter

from . import actions, digest_words, digesting, newsroom_clock, sending_words
from .digest import Digest
from .digest_forms import DigestForm
from .sending_views import user_of

DAYS_SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """For those who may send; every time is the newsroom's."""
    if not actions.may_send(request.user):
        raise PermissionDenied
    newsletter = get_object_or_404(Newsletter, pk=pk)
    with timezone.override(None):
        found = digesting.digest_of(newsletter)
        form = DigestForm(request.POST or None, digest=found)
        if request.method == "POST":
            if form.is_valid():
                done = digesting.set_up(newsletter, **form.cleaned_data, by=user_of(request))
                messages.success(request, _said(done))
                return redirect("newsletter_digest", pk=pk)
            messages.error(request, _("Nothing was changed: see below."))
        return render(request, "newsletters/digest.html", {"form": form, **_shown(found)})


def _said(digest: Digest) -> str:
    if not digest.is_on:
        return _("No digest leaves by itself.")
    return _("The digest leaves %(days)s at %(hour)s.") % {
        "days": digest_words.days(digest),
        "hour": digest_words.hour(digest),
    }


def _shown(digest: Digest) -> dict[str, Any]:
    now = timezone.now()
    due = digesting.next_due(digest, after=now)
    runs = digest.runs.select_related("edition")[:DAYS_SHOWN] if digest.pk else []
    shown: dict[str, Any] = {
        "newsletter": digest.newsletter,
        "digest": digest,
        "due": due,
        "days": [(run, digest_words.outcome(run)) for run in runs],
    }
    if due:
        said = sending_words.when(due.at, now)
        if newsroom_clock.on_clock(due.at).time() != digest.leaves_at:
            said.append(_("The clock is put forward over its hour that night, so it leaves as much later."))
        shown |= {
            "when": said,
            "since": digesting.since(digest, due),
            "articles": digesting.articles_for(digest, due),
        }
    return shown
