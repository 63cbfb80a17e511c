"""The desk of tickets: what readers reported, found, grouped, answered, or set aside by the dozen."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from . import reporting
from .corrections import ErrorReportQuerySet, may_answer
from .models import Article, ErrorReport
from .report_forms import AnswerForm

PER_PAGE = 50
STATES = {
    "open": [ErrorReport.State.OPEN],
    "answered": list(ErrorReport.ANSWERED),
    "spam": [ErrorReport.State.SPAM],
}


class ErrorReportsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_answer(request.user)


@require_safe
def error_reports(request: HttpRequest) -> HttpResponse:
    """The reports of one pile, newest first; those that wait also by article."""
    theirs = _theirs(request.user)
    asked = _Asked(request.GET)
    reports = asked.of(theirs)
    found: QuerySet = _by_article(reports) if asked.is_by_article else _with_headlines(reports)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "asked": asked,
        "page": page,
        "piles": _piles(theirs, asked),
        "article": Article.objects.filter(pk=asked.article).only("title").first() if asked.article else None,
        "here": asked.query(),
    }
    return render(request, "articles/reports/desk.html", context)


@require_POST
def error_reports_set_aside(request: HttpRequest) -> HttpResponse:
    """Put on the spam pile those ticked, or all that the search finds."""
    asked = _Asked(request.POST)
    found = asked.of(_theirs(request.user))
    if "everything" not in request.POST or not asked.is_narrow:
        ticked = [value for value in request.POST.getlist("reports") if value.isdecimal() and len(value) < 19]
        found = found.filter(pk__in=ticked[:PER_PAGE])
    count = reporting.set_aside(found, by=_colleague(request))
    sentence = ngettext(
        "%(count)d report is set aside: no report of an error.",
        "%(count)d reports are set aside: no reports of an error.",
        count,
    )
    messages.success(request, sentence % {"count": count})
    return redirect(f"{reverse('error_reports')}?{asked.query()}")


@require_http_methods(["GET", "HEAD", "POST"])
def error_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what its reader wrote, and our answer."""
    report = get_object_or_404(_theirs(request.user).select_related("article", "correction"), id=pk)
    by = _colleague(request)
    if request.method == "POST" and "take_up_again" in request.POST:
        reporting.take_up_again(report, by=by)
        return redirect("error_report", report.pk)
    if request.method == "POST" and "set_aside" in request.POST:
        reporting.set_aside(ErrorReport.objects.filter(pk=report.pk), by=by)
        messages.success(request, _("%(ticket)s is set aside: no report of an error.") % {"ticket": report})
        return _to_the_next(request, report)
    given = {"verdict": report.state, "text": report.answer, "correction": report.correction_id}
    form = AnswerForm(request.POST or None, article=report.article, initial=given)
    if request.method == "POST" and form.is_valid():
        _answer(report, form, by)
        mailed = _("%(ticket)s is answered, and the answer is on its way by mail.")
        said = mailed if report.address else _("%(ticket)s is answered.")
        messages.success(request, said % {"ticket": report})
        return _to_the_next(request, report)
    others = _theirs(request.user).open().filter(article_id=report.article_id).exclude(pk=report.pk)
    context = {"report": report, "form": form, "others": others[:10], "count_of_others": others.count()}
    return render(request, "articles/reports/answer.html", context)


def _answer(report: ErrorReport, form: AnswerForm, by: User) -> None:
    given = form.cleaned_data
    is_corrected = given["verdict"] == ErrorReport.State.CORRECTED
    reporting.answer(report, reporting.Answer(given["text"], is_corrected, given["correction"]), by=by)


def _to_the_next(request: HttpRequest, report: ErrorReport) -> HttpResponse:
    """On to another report of the same article, else to the list."""
    waiting = _theirs(request.user).open().filter(article_id=report.article_id).exclude(pk=report.pk).first()
    return redirect("error_report", waiting.pk) if waiting else redirect("error_reports")


class _Asked:
    """What somebody asked the list for; what makes no sense is not asked."""

    def __init__(self, given: QueryDict) -> None:
        pile, article = given.get("pile", ""), given.get("article", "")
        self.is_by_article = pile == "articles"
        self.pile = pile if pile in STATES or self.is_by_article else "open"
        self.article = int(article) if article.isdecimal() and len(article) < 19 else None
        self.words = given.get("q", "").replace("\0", "").strip()[:100]

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for less than a whole pile."""
        return bool(self.article or self.words)

    def of(self, reports: ErrorReportQuerySet) -> ErrorReportQuerySet:
        return self.narrowed(reports).filter(state__in=STATES.get(self.pile, STATES["open"]))

    def narrowed(self, reports: ErrorReportQuerySet) -> ErrorReportQuerySet:
        """Those of its article with its words, on whichever pile."""
        if self.article:
            reports = reports.filter(article_id=self.article)
        if not self.words:
            return reports
        said = Q(message__icontains=self.words) | Q(words__icontains=self.words)
        said |= Q(article__title__icontains=self.words)
        if number := reporting.number_in(self.words):
            said |= Q(number=number)
        return reports.filter(said)

    def query(self, **changed: Any) -> str:
        """The same as an address; with `changed`, something else."""
        asked = {"pile": self.pile, "article": self.article or "", "q": self.words, **changed}
        return urlencode({name: value for name, value in asked.items() if value})


def _piles(theirs: ErrorReportQuerySet, asked: _Asked) -> list[dict[str, Any]]:
    narrowed = asked.narrowed(theirs).order_by()
    counts = dict(narrowed.values_list("state").annotate(count=Count("pk")))
    articles = narrowed.open().aggregate(count=Count("article_id", distinct=True))["count"]
    labels = [
        ("open", _("Waiting"), sum(counts.get(state, 0) for state in STATES["open"])),
        ("articles", _("Waiting, by article"), articles),
        ("answered", _("With an answer"), sum(counts.get(state, 0) for state in STATES["answered"])),
        ("spam", _("No report of an error"), counts.get(ErrorReport.State.SPAM, 0)),
    ]
    return [
        {"label": label, "count": count, "query": asked.query(pile=pile), "is_here": pile == asked.pile}
        for pile, label, count in labels
    ]


def _with_headlines(reports: ErrorReportQuerySet) -> QuerySet:
    return reports.annotate(headline=F("article__title")).order_by("-reported_at", "-pk")


def _by_article(reports: ErrorReportQuerySet) -> QuerySet:
    rows = reports.order_by().values("article_id", headline=F("article__title"))
    counted = rows.annotate(count=Count("pk"), newest_at=Max("reported_at"), oldest_at=Min("reported_at"))
    return counted.order_by("-newest_at", "-article_id")


def _theirs(user: Any) -> ErrorReportQuerySet:
    """The reports somebody may answer.

    Raises:
        PermissionDenied: they may answer none.
    """
    if not may_answer(user):
        raise PermissionDenied
    return ErrorReport.objects.answerable_by(user)


def _colleague(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
