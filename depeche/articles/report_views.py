"""« Signaler une erreur »: without script, without cookie; and what everybody may know of the answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from depeche import visitors

from . import report_figures, reporting
from .models import Article, ErrorReport
from .report_forms import ReportForm, plain

LONGEST_POST_BYTES = 64_000  # all fields full, each sign as %XX%XX%XX%XX, is half of it


# No CSRF cookie: readers get none. A form posted from another site is refused by its Origin instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report_error(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for an error in an article; taken down, it leads to its ticket."""
    article = get_object_or_404(Article.objects.published().defer_streamfields(), id=pk)
    if request.method != "POST":
        words = plain(request.GET.get("words", "")[:500]).strip()
        return _form_page(request, article, ReportForm(initial={"words": words}))
    if visitors.comes_from_elsewhere(request):
        return _form_page(request, article, ReportForm(), problem="elsewhere", status=403)
    if _size_bytes(request) > LONGEST_POST_BYTES:
        return _form_page(request, article, ReportForm(), problem="too_long", status=413)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _form_page(request, article, form, status=422)
    try:
        report = reporting.report(
            article, form.told, language=get_language() or "", network=visitors.network(request)
        )
    except reporting.TooMany:
        page = _form_page(request, article, form, problem="too_many", status=429)
        page["Retry-After"] = str(int(reporting.WITHIN.total_seconds()))
        return page
    response = redirect("report_sent", report.number)
    response.status_code = 303
    return response


@never_cache
@require_safe
def report_ticket(request: HttpRequest, number: str = "", *, is_new: bool = False) -> HttpResponse:
    """What became of a report: never what its reader wrote, nor who that was."""
    typed = number or request.GET.get("number", "")[:40]
    stored = reporting.number_in(typed)
    if stored and stored != number:
        return redirect("report_ticket", stored)
    tickets = ErrorReport.objects.select_related("article__locale", "correction")
    found = tickets.filter(number=stored).first() if stored else None
    if found is None:
        context = {"typed": typed.replace("\0", ""), "is_unknown": bool(typed)}
        return _page(request, "articles/reports/look_up.html", context, status=404 if typed else 200)
    return _page(request, "articles/reports/ticket.html", {"report": found, "is_new": is_new})


@require_safe
def report_statistics(request: HttpRequest) -> HttpResponse:
    """How many errors were reported, and how soon and with what outcome they were answered."""
    return render(request, "articles/reports/statistics.html")


@require_safe
def report_statistics_json(request: HttpRequest) -> JsonResponse:
    return JsonResponse(report_figures.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _size_bytes(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def _form_page(
    request: HttpRequest, article: Article, form: ReportForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "article": article,
        "form": form,
        "problem": problem,
        "kept_days": reporting.ADDRESSES_KEPT.days,
    }
    return _page(request, "articles/reports/form.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A page about one report: not for search engines, and without the sign-up form."""
    response = render(request, template, {"hide_sign_up": True, **context}, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
