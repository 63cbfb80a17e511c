"""How many errors readers reported, how soon they were answered, and how often that led to a correction.

Counted by the month in which a report came, in the newsroom's time zone. The same report again counts once; what
was no report of an error is counted apart.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import ngettext

from .models import ErrorReport

MONTHS = 12
CACHED_S = 300
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Span:
    """What came of the reports of a month, or of all of them; `waits_s` are the seconds to each answer."""

    starts_on: dt.date | None
    waiting: int = 0
    unchanged: int = 0
    corrected: int = 0
    spam: int = 0
    waits_s: tuple[float, ...] = field(default=(), repr=False)

    @property
    def received(self) -> int:
        return self.waiting + self.answered

    @property
    def answered(self) -> int:
        return self.unchanged + self.corrected

    @property
    def corrected_share(self) -> float | None:
        """Of those answered, from 0 to 1; None where none is."""
        return self.corrected / self.answered if self.answered else None

    @property
    def corrected_percent(self) -> int | None:
        share = self.corrected_share
        return None if share is None else math.floor(100 * share + 0.5)

    @property
    def median_s(self) -> float | None:
        """Half of the answers took no longer; of an even number, the middle between the two in the middle."""
        return statistics.median(self.waits_s) if self.waits_s else None

    @property
    def ninetieth_s(self) -> float | None:
        """The shortest time within which at least nine in ten of the answers came (nearest rank)."""
        waits = sorted(self.waits_s)
        return waits[math.ceil(0.9 * len(waits)) - 1] if waits else None

    @property
    def median(self) -> str:
        return in_words(self.median_s)

    @property
    def ninetieth(self) -> str:
        return in_words(self.ninetieth_s)

    def as_json(self) -> dict[str, Any]:
        return {
            "received": self.received,
            "waiting": self.waiting,
            "answered": self.answered,
            "corrected": self.corrected,
            "corrected_share": None if self.corrected_share is None else round(self.corrected_share, 4),
            "median_s": self.median_s,
            "ninetieth_percentile_s": self.ninetieth_s,
            "no_report_of_an_error": self.spam,
        }


@dataclass(frozen=True)
class Figures:
    """The last twelve months, the newest first, and all of them together."""

    made_at: dt.datetime
    months: tuple[Span, ...]
    total: Span

    @property
    def is_empty(self) -> bool:
        return not (self.total.received or self.total.spam)


def figures(at: dt.datetime | None = None) -> Figures:
    """The figures as they are now, or were at most five minutes ago."""
    if at is not None:
        return _figures(at)
    found: Figures | None = cache.get("articles.report_figures")
    if found is None:
        found = _figures(timezone.now())
        cache.set("articles.report_figures", found, CACHED_S)
    return found


def as_json() -> dict[str, Any]:
    """The figures as plain data: shares from 0 to 1, times in seconds."""
    found = figures()
    months = [
        {"month": f"{month.starts_on:%Y-%m}", **month.as_json()} for month in found.months if month.starts_on
    ]
    return {"made_at": found.made_at.isoformat(), "months": months, "total": found.total.as_json()}


def in_words(seconds: float | None) -> str:
    """« 40 min », « 5 h », « 3 jours »; a dash for none."""
    if seconds is None:
        return "–"
    minutes = math.floor(seconds / 60 + 0.5)
    if minutes < 60:
        return f"{minutes}{NO_BREAK}min"
    hours = math.floor(seconds / 3600 + 0.5)
    if hours < 48:
        return f"{hours}{NO_BREAK}h"
    days = math.floor(seconds / 86_400 + 0.5)
    said = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    return said.replace(" ", NO_BREAK)


def _figures(at: dt.datetime) -> Figures:
    starts = _month_starts(timezone.localtime(at).date().replace(day=1))
    first = timezone.make_aware(dt.datetime.combine(starts[-1], dt.time()))
    counts: dict[dt.date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    waits: dict[dt.date, list[float]] = defaultdict(list)
    rows = ErrorReport.objects.filter(reported_at__gte=first, reported_at__lte=at)
    for reported_at, answered_at, state in rows.values_list("reported_at", "answered_at", "state"):
        month = timezone.localtime(reported_at).date().replace(day=1)
        counts[month][state] += 1
        if state in ErrorReport.ANSWERED and answered_at:
            waits[month].append((answered_at - reported_at).total_seconds())
    months = tuple(_span(start, counts[start], waits[start]) for start in starts)
    return Figures(at, months, _together(months))


def _month_starts(newest: dt.date) -> list[dt.date]:
    numbers = (newest.year * 12 + newest.month - 1 - back for back in range(MONTHS))
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def _span(starts_on: dt.date, counts: dict[str, int], waits_s: list[float]) -> Span:
    states = ErrorReport.State
    return Span(
        starts_on,
        waiting=counts[states.OPEN],
        unchanged=counts[states.UNCHANGED],
        corrected=counts[states.CORRECTED],
        spam=counts[states.SPAM],
        waits_s=tuple(waits_s),
    )


def _together(months: tuple[Span, ...]) -> Span:
    return Span(
        None,
        waiting=sum(month.waiting for month in months),
        unchanged=sum(month.unchanged for month in months),
        corrected=sum(month.corrected for month in months),
        spam=sum(month.spam for month in months),
        waits_s=tuple(wait for month in months for wait in month.waits_s),
    )
