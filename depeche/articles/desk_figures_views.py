"""« Le desk en chiffres », for whoever may publish: lines over months, tables, and the same as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from . import desk_figures, line_drawing
from .desk_figures import Asked, Line
from .models import Person, Section
from .report_figures import in_words
from .templatetags.desk_figures import in_percent

MONTHS, MOST_MONTHS = 12, 60
COLUMNS = ("articles", "checkable", "sourced", "vague", "overrides", "dismissals", "corrections", "reports")


class DeskFiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return _may(request)


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """The figures as one asked for them."""
    if not _may(request):
        raise PermissionDenied
    asked = _asked(request.GET)
    found = desk_figures.figures(asked)
    context = {
        "found": found,
        "graphs": [_graph(measure, found) for measure in _measures()],
        "newest_first": found.months[::-1],
        "sections": Section.objects.order_by("title").only("title"),
        "authors": Person.objects.order_by("name").only("name"),
        "query": _query(asked),
    }
    return render(request, "articles/desk_figures.html", context)


@require_safe
def figures_file(request: HttpRequest) -> HttpResponse:
    """The same as CSV: a row for each month, section and author."""
    if not _may(request):
        raise PermissionDenied
    found = desk_figures.figures(_asked(request.GET))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["by", "name", *COLUMNS, "answered", "median_wait_h"])
    for kind, lines in (("month", found.months), ("section", found.sections), ("author", found.authors)):
        for line in lines:
            median = "" if line.median_wait_s is None else round(line.median_wait_s / 3600, 2)
            numbers = [getattr(line, name) for name in COLUMNS]
            writer.writerow([kind, _cell(line.key), *numbers, len(line.waits_s), median])
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="desk.csv"'
    return response


def _cell(key: Any) -> str:
    """A month as « 2026-11 », else a name; none that a spreadsheet takes for a formula."""
    if isinstance(key, dt.date):
        return f"{key:%Y-%m}"
    name = str(key)
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


@dataclass(frozen=True)
class Measure:
    """One thing that is drawn: its name, its value in a line, and how that is written."""

    name: str
    value: Callable[[Line], float | None]
    written: Callable[[float | None], str]
    top: float | None = None


@dataclass(frozen=True)
class Graph:
    """A measure over the months: all of it in words, and as a drawing."""

    name: str
    total: str
    newest: str
    top: str
    drawing: line_drawing.Drawing
    in_words: str


def _measures() -> list[Measure]:
    return [
        Measure(_("Claims with a source"), lambda line: line.attribution_percent, in_percent, 100),
        Measure(_("Vague sources"), lambda line: line.vague, _number),
        Measure(_("Overrides"), lambda line: line.overrides, _number),
        Measure(_("Findings dismissed"), lambda line: line.dismissals, _number),
        Measure(_("Corrections"), lambda line: line.corrections, _number),
        Measure(_("Time to answer a report (median)"), lambda line: line.median_wait_s, in_words),
    ]


def _graph(measure: Measure, found: desk_figures.DeskFigures) -> Graph:
    values = [measure.value(month) for month in found.months]
    words = ", ".join(
        f"{formats.date_format(month.key, 'F Y')} {measure.written(value)}"
        for month, value in zip(found.months, values, strict=True)
    )
    drawing = line_drawing.draw(values, top=measure.top)
    total = measure.written(measure.value(found.total))
    newest, top = measure.written(values[-1]), measure.written(drawing.top)
    return Graph(measure.name, total, newest, top, drawing, words)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _asked(given: QueryDict) -> Asked:
    """What the address asks for; what makes no sense falls back to the last twelve months of everything."""
    last = _month(given.get("until", "")) or timezone.localdate().replace(day=1)
    first = _month(given.get("since", "")) or desk_figures.month_after(last, 1 - MONTHS)
    if first > last:
        first, last = last, first
    first = max(first, desk_figures.month_after(last, 1 - MOST_MONTHS))
    section, author = _chosen(Section, given.get("section")), _chosen(Person, given.get("author"))
    return Asked(first, last, section, author)


def _month(text: str) -> dt.date | None:
    try:
        month = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if 1900 <= month.year <= 2999 else None


def _chosen(model: Any, key: str | None) -> Any:
    return model.objects.filter(id=int(key)).first() if key and key.isdecimal() and len(key) < 19 else None


def _query(asked: Asked) -> str:
    chosen = {"section": asked.section, "author": asked.author}
    months = {"since": f"{asked.first:%Y-%m}", "until": f"{asked.last:%Y-%m}"}
    return urlencode(months | {name: thing.pk for name, thing in chosen.items() if thing})


def _may(request: HttpRequest) -> bool:
    return page_permission_policy.user_has_permission(request.user, "publish")
