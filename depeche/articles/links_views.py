"""Dead links, for the newsroom: which articles need another source, and the copies that were made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from . import link_checks, link_copies
from .links import ArchivedLink, LinkQuerySet
from .models import Article, Evidence, Source

WHO_MAY = ["add", "change", "publish"]
_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
}


class DeadLinks(ReportView):
    """The dead links of what readers have, those that died last first."""

    page_title = gettext_lazy("Dead links")
    header_icon = "link"
    index_url_name = "dead_links"
    index_results_url_name = "dead_links_results"
    results_template_name = "articles/dead_links.html"
    permission_policy = page_permission_policy
    any_permission_required = WHO_MAY
    model = ArchivedLink
    is_searchable = False
    list_export = ["url", "failing_since", "problem", "archived_at"]

    def get_queryset(self) -> LinkQuerySet:
        here = {"link": OuterRef("url"), "article__live": True}
        is_shown = Exists(Source.objects.filter(**here)) | Exists(Evidence.objects.standing().filter(**here))
        return ArchivedLink.objects.dead().filter(is_shown).order_by("-failing_since", "pk")

    def decorate_paginated_queryset(self, object_list: Iterable[ArchivedLink]) -> list[ArchivedLink]:
        links = list(object_list)
        uses = _uses([link.url for link in links])
        for link in links:
            link.uses = uses[link.url]  # type: ignore[attr-defined]
        return links


def _uses(urls: list[str]) -> dict[str, list[tuple[Article, str]]]:
    """The live articles each address is used in, and as what, each pair once."""
    found: dict[str, dict[tuple[Article, str], None]] = defaultdict(dict)
    for rows in (Source.objects.all(), Evidence.objects.standing()):
        here = rows.filter(link__in=urls, article__live=True).select_related("article").order_by("article_id")
        for row in here:
            found[row.link][row.article, row.who] = None
    return defaultdict(list, {url: list(pairs) for url, pairs in found.items()})


class DeadLinksMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return _may(request)


def _may(request: HttpRequest) -> bool:
    return page_permission_policy.user_has_any_permission(request.user, WHO_MAY)


@require_safe
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """One address: how it answered last, its copies, and asking again."""
    found = _link(request, pk)
    return render(request, "articles/link.html", {"link": found, "uses": _uses([found.url])[found.url]})


@require_POST
def link_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the site now; with `copy`, copy what is there, beside the earlier copies."""
    found = _link(request, pk)
    met = link_checks.check_now(found, copy="copy" in request.POST)
    if met.fails:
        messages.warning(request, _("It does not answer: %(why)s.") % {"why": found.get_problem_display()})
    elif met.problem:
        messages.warning(request, found.get_problem_display())
    elif met.page:
        messages.success(request, _("It answers, and a copy was made."))
    else:
        messages.success(request, _("It answers."))
    return redirect("link", pk)


@require_safe
def link_copy(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """A copy as a file to keep: no browser shows what others made under our address."""
    found = _link(request, pk)
    if sha256 not in found.digests:
        raise Http404
    try:
        content = link_copies.kept(sha256)
    except (OSError, ValueError) as error:
        raise Http404 from error
    types = {found.sha256: found.content_type, **{row[0]: row[2] for row in found.earlier}}
    site = "".join(sign for sign in urlsplit(found.url).hostname or "" if sign.isalnum() or sign in ".-")
    name = f"{site}-{sha256[:8]}.{_ENDINGS.get(types[sha256], 'bin')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _link(request: HttpRequest, pk: int) -> ArchivedLink:
    if not _may(request):
        raise PermissionDenied
    return get_object_or_404(ArchivedLink, pk=pk)
