"""The desk in figures: attribution, vague sources, overrides, dismissals, corrections, answers to readers.

What was read in an article counts in the month of its first publication; dismissals, corrections and reports in
the month in which they came. All of it is added up in the database.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Length, Substr, TruncMonth
from django.utils import timezone

from .models import Correction, Dismissal, ErrorReport, Person, ReadingFigures, Section

MISTAKES = (Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION)
_STEP = 4  # signs of a page's path below that of its section


@dataclass(frozen=True)
class Asked:
    """Which months (their first days, both included), of which section, by which author; None for all."""

    first: dt.date
    last: dt.date
    section: Section | None = None
    author: Person | None = None

    @property
    def months(self) -> list[dt.date]:
        """The first days of its months, the oldest first."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [month_after(self.first, number) for number in range(count)]


@dataclass(frozen=True)
class Line:
    """The figures of a month, a section, an author, or of everything asked for."""

    key: Any = None
    articles: int = 0
    checkable: int = 0
    sourced: int = 0
    vague: int = 0
    overrides: int = 0
    dismissals: int = 0
    corrections: int = 0
    reports: int = 0
    waits_s: tuple[float, ...] = field(default=(), repr=False)

    @property
    def attribution_percent(self) -> float | None:
        """How many of a hundred checkable claims have a source; None where nothing can be checked."""
        return 100 * self.sourced / self.checkable if self.checkable else None

    @property
    def median_wait_s(self) -> float | None:
        """Half of the reports that were answered waited no longer."""
        return statistics.median(self.waits_s) if self.waits_s else None


@dataclass(frozen=True)
class DeskFigures:
    """What was asked for: month by month (the oldest first), by section, by author, and together."""

    asked: Asked
    months: tuple[Line, ...]
    sections: tuple[Line, ...]
    authors: tuple[Line, ...]
    total: Line

    @property
    def is_empty(self) -> bool:
        total = self.total
        return not (total.articles or total.dismissals or total.corrections or total.reports)


def figures(asked: Asked) -> DeskFigures:
    """The figures for what was asked; sections and authors with the most articles first."""
    found = _lines(asked, _by_month)
    months = tuple(found.get(month, Line(month)) for month in asked.months)
    sections = {section.path: section for section in Section.objects.all()}
    authors = Person.objects.in_bulk()
    return DeskFigures(
        asked,
        months,
        _named(_lines(asked, _by_section), sections),
        _named(_lines(asked, _by_author), authors),
        together(months),
    )


def together(lines: Iterable[Line]) -> Line:
    """The sum of lines that have nothing in common."""
    lines = list(lines)
    names = ("articles", "checkable", "sourced", "vague", "overrides", "dismissals", "corrections", "reports")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    return Line(**sums, waits_s=tuple(wait for line in lines for wait in line.waits_s))


def month_after(month: dt.date, number: int) -> dt.date:
    """The first day of the month `number` months after (before, where it is negative)."""
    counted = month.year * 12 + month.month - 1 + number
    return dt.date(counted // 12, counted % 12 + 1, 1)


def _by_month(time: str) -> Any:
    return TruncMonth(time)


def _by_section(time: str) -> Any:
    return Substr("article__path", 1, Length("article__path") - _STEP)


def _by_author(time: str) -> Any:
    return F("article__bylines__person_id")


def _named(lines: Mapping[Any, Line], named: Mapping[Any, Any]) -> tuple[Line, ...]:
    """The lines whose key names something, with that thing for a key."""
    known = [Line(**{**vars(line), "key": named[key]}) for key, line in lines.items() if key in named]
    return tuple(sorted(known, key=lambda line: (-line.articles, str(line.key))))


def _lines(asked: Asked, by: Any) -> dict[Any, Line]:
    found: dict[Any, dict[str, Any]] = defaultdict(dict)
    for rows, time, counts in _counted():
        # An aggregate may not have the name of the field it adds up.
        prefixed = {f"all_{name}": count for name, count in counts.items()}
        for row in _within(rows, time, asked).order_by().values(line=by(time)).annotate(**prefixed):
            found[_key(row["line"])].update({name: row[f"all_{name}"] or 0 for name in counts})
    waits = _waits(asked, by)
    return {key: Line(key, **found[key], waits_s=waits.get(key, ())) for key in {*found, *waits}}


def _counted() -> Iterable[tuple[QuerySet, str, dict[str, Any]]]:
    """The rows, the time by which they count, and what is counted."""
    read = {name: Sum(name) for name in ("checkable", "sourced", "vague", "overrides")}
    yield ReadingFigures.objects.all(), "article__first_published_at", {"articles": Count("pk"), **read}
    dismissed = Dismissal.objects.standing().exclude(severity="error")
    yield dismissed, "at", {"dismissals": Count("pk")}
    yield Correction.objects.filter(kind__in=MISTAKES), "published_at", {"corrections": Count("pk")}
    reported = ErrorReport.objects.exclude(state=ErrorReport.State.SPAM)
    yield reported, "reported_at", {"reports": Count("pk")}


def _within(rows: QuerySet, time: str, asked: Asked) -> QuerySet:
    since, until = (
        timezone.make_aware(dt.datetime.combine(day, dt.time()))
        for day in (asked.first, month_after(asked.last, 1))
    )
    rows = rows.filter(**{f"{time}__gte": since, f"{time}__lt": until})
    if asked.section:
        rows = rows.filter(article__path__startswith=asked.section.path)
    if asked.author:
        rows = rows.filter(article__bylines__person=asked.author)
    return rows


def _waits(asked: Asked, by: Any) -> dict[Any, tuple[float, ...]]:
    found: dict[Any, list[float]] = defaultdict(list)
    answered = _within(ErrorReport.objects.answered(), "reported_at", asked).order_by()
    for key, came, left in answered.values_list(by("reported_at"), "reported_at", "answered_at"):
        found[_key(key)].append((left - came).total_seconds())
    return {key: tuple(waits) for key, waits in found.items()}


def _key(value: Any) -> Any:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
