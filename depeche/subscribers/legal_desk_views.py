"""Where the newsroom publishes its legal texts, compares their versions, and sees who agreed to which."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from . import agreeing, asking, publishing
from .legal_forms import PublishForm
from .legal_shown import HEADINGS, compared, unpublished
from .models import LegalText, LegalVersion

VERSIONS_PER_PAGE = 20
READERS_PER_PAGE = 50


def may_publish(user: Any) -> bool:
    return user.is_authenticated and user.has_perm("subscribers.change_legaltext")


def may_see_readers(user: Any) -> bool:
    return user.has_perm("subscribers.view_consententry")


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What readers will find changed and how many are asked again; the POST publishes."""
    text = _text(request, pk, to_change=True)
    seen = text.versions.select_related("text").first()
    readers = agreeing.readers_to_ask(text) if seen else 0
    form = PublishForm(
        request.POST if request.method == "POST" else None, text=text, has_readers=bool(readers)
    )
    if request.method == "POST" and form.is_valid():
        missing = _publish(request, text, form)
        if not missing:
            return redirect("legal_text_versions", pk)
    else:
        missing = publishing.missing(text)
    context = {
        "text": text,
        "seen": seen,
        "changes": unpublished(text, seen),
        "missing": [(HEADINGS[name], f"{_edit_url(text)}#id_{name}") for name in missing],
        "readers": readers,
        "form": form,
        "edit_url": _edit_url(text),
    }
    return render(request, "subscribers/desk_publish.html", context, status=422 if form.errors else 200)


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version with its date, its hash and how many agreed to it: where the log is long, when asked to count."""
    text = _text(request, pk)
    all_of_them = text.versions.select_related("text__newsletter", "asking")
    page = Paginator(all_of_them, VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    is_counted = "count" in request.GET or agreeing.is_counted_at_once()
    counts = agreeing.with_counts(list(page)) if is_counted else [(version, None) for version in page]
    context = {
        "text": text,
        "page": page,
        "rows": [
            (version, count, asking.url_of(version) if text.kind != "form" else "")
            for version, count in counts
        ],
        "numbers": list(all_of_them.values_list("number", flat=True)[:500]),
        "may_publish": may_publish(request.user),
        "may_see_readers": may_see_readers(request.user),
        "edit_url": _edit_url(text),
    }
    return render(request, "subscribers/desk_versions.html", context)


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed from one version to any other."""
    text = _text(request, pk)
    old, new = (_version(text, request.GET.get(name, "")) for name in ("from", "to"))
    context = {"text": text, "old": old, "new": new, "changes": compared(old, new)}
    return render(request, "subscribers/desk_compare.html", context)


@require_safe
def agreed(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Who agreed to one version, as far as the log may still name them."""
    text = _text(request, pk)
    if not may_see_readers(request.user):
        raise PermissionDenied
    version = _version(text, str(number))
    entries = agreeing.entries_under(version).prefetch_related("details")
    page = Paginator(entries, READERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "subscribers/desk_agreed.html", {"text": text, "version": version, "page": page})


def _publish(request: HttpRequest, text: LegalText, form: PublishForm) -> tuple[str, ...]:
    """The fields that are missing, if it was refused for that; what came of it is said to the user."""
    try:
        version = publishing.publish(
            text,
            by=request.user,
            is_material=form.cleaned_data.get("is_material", False),
            change=form.cleaned_data["change"],
        )
    except publishing.FieldsMissing as refused:
        return refused.names
    except publishing.NothingChanged:
        messages.info(request, _("Readers see exactly this already: there is nothing to publish."))
        return ()
    said = _("Version %(number)d is published.") % {"number": version.number}
    if version.is_material:
        readers = agreeing.readers_to_ask(text)
        said += " " + ngettext(
            "Within minutes we begin to write to %(count)d reader.",
            "Within minutes we begin to write to %(count)d readers.",
            readers,
        ) % {"count": readers}
    messages.success(request, said)
    return ()


def _text(request: HttpRequest, pk: int, *, to_change: bool = False) -> LegalText:
    """Raises PermissionDenied, Http404."""
    user = request.user
    may_look = user.is_authenticated and (
        may_publish(user) or (not to_change and user.has_perm("subscribers.view_legaltext"))
    )
    if not may_look:
        raise PermissionDenied
    return get_object_or_404(LegalText.objects.select_related("newsletter"), pk=pk)


def _version(text: LegalText, number: str) -> LegalVersion:
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    return get_object_or_404(text.versions.select_related("text__newsletter"), number=int(number))


def _edit_url(text: LegalText) -> str:
    return reverse("wagtailsnippets_subscribers_legaltext:edit", args=[text.pk])
