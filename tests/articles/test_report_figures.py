"""The public figures on reported errors, held against what was counted by hand."""

import datetime as dt
import json
import time
import zoneinfo

import pytest
from django.core.cache import cache
from django.utils import timezone

from depeche.articles import report_figures
from depeche.articles.models import ErrorReport

pytestmark = pytest.mark.django_db

PARIS = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def filed(write):
    """A report of some day, answered after so many hours; None for not yet."""
    article = write()
    numbers = iter(range(10_000))

    def _filed(
        at: dt.datetime, *, after_h: float | None = None, state: str = "unchanged", times: int = 1
    ) -> None:
        state = "open" if after_h is None else state
        ErrorReport.objects.create(
            article=article,
            number=f"{next(numbers):08}",
            message="x",
            language="fr",
            state=state,
            answer="x" if state in ("corrected", "unchanged") else "",
            reported_at=at,
            answered_at=None if after_h is None else at + dt.timedelta(hours=after_h),
            times=times,
        )

    return _filed


def day(month: int, day: int, hour: int = 12, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))


def test_months_are_counted_by_hand(filed):
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        filed(day(11, 3), after_h=hours, state="corrected" if hours <= 3 else "unchanged")
    filed(day(11, 4))
    filed(day(11, 4), after_h=1, state="spam", times=7)
    filed(day(10, 31, 23), after_h=30)
    found = report_figures.figures(NOW)
    november, october = found.months[:2]
    assert (november.received, november.answered, november.waiting, november.corrected, november.spam) == (
        11,
        10,
        1,
        3,
        1,
    )
    assert november.corrected_share == 0.3
    assert november.median_s == 5.5 * 3600
    assert november.ninetieth_s == 9 * 3600
    assert (october.received, october.median_s, october.ninetieth_s) == (1, 30 * 3600, 30 * 3600)
    total = found.total
    assert (total.received, total.answered, total.corrected, total.spam) == (12, 11, 3, 1)
    assert total.median_s == 6 * 3600  # the sixth of 1 2 3 4 5 6 7 8 9 30 100
    assert total.ninetieth_s == 30 * 3600  # 0.9 × 11 = 9.9: the tenth


@pytest.mark.parametrize(
    ("hours", "median_h", "ninetieth_h"),
    [
        ([4], 4, 4),
        ([4, 8], 6, 8),
        ([8, 4, 6], 6, 8),
        (range(1, 21), 10.5, 18),
        (range(1, 12), 6, 10),
        ([0], 0, 0),
    ],
)
def test_median_and_nine_in_ten(filed, hours, median_h, ninetieth_h):
    for after in hours:
        filed(day(11, 1), after_h=after)
    month = report_figures.figures(day(11, 30)).months[0]
    assert (month.median_s, month.ninetieth_s) == (median_h * 3600, ninetieth_h * 3600)


def test_a_month_begins_at_midnight_in_the_newsroom(filed):
    filed(dt.datetime(2026, 9, 30, 22, 30, tzinfo=dt.UTC))  # half past midnight of October in Paris
    filed(dt.datetime(2026, 9, 30, 21, 30, tzinfo=dt.UTC))
    months = {month.starts_on.month: month.received for month in report_figures.figures(NOW).months}
    assert (months[9], months[10]) == (1, 1)


def test_twelve_months_and_not_a_day_more(filed):
    filed(day(12, 1, 0, year=2025))
    filed(day(11, 30, 23, year=2025))
    found = report_figures.figures(NOW)
    assert [f"{month.starts_on:%Y-%m}" for month in found.months][:: len(found.months) - 1] == [
        "2026-11",
        "2025-12",
    ]
    assert len(found.months) == 12
    assert found.total.received == 1


def test_a_month_without_answers_has_no_times_and_no_share(filed):
    filed(day(11, 3))
    month = report_figures.figures(NOW).months[0]
    assert (month.median_s, month.ninetieth_s, month.corrected_share) == (None, None, None)
    assert month.median == "–"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0\u00a0min"),
        (59 * 60, "59\u00a0min"),
        (59.6 * 60, "1\u00a0h"),
        (47 * 3600, "47\u00a0h"),
        (48 * 3600, "2\u00a0jours"),
        (60 * 3600, "3\u00a0jours"),
    ],
)
def test_times_are_said_in_words(seconds, words):
    assert report_figures.in_words(seconds) == words


def test_everybody_can_read_them_as_a_page_and_as_data(client, filed, time_machine):
    time_machine.move_to(NOW, tick=False)
    for hours in (1, 2, 3):
        filed(day(11, 3), after_h=hours, state="corrected")
    filed(day(11, 3), after_h=4)
    page = client.get("/reports/").content.decode()
    assert "75\u00a0%" in page
    assert "novembre 2026" in page
    data = json.loads(client.get("/reports.json").content)
    assert data["months"][0] == {
        "month": "2026-11",
        "received": 4,
        "waiting": 0,
        "answered": 4,
        "corrected": 3,
        "corrected_share": 0.75,
        "median_s": 9000.0,
        "ninetieth_percentile_s": 14400.0,
        "no_report_of_an_error": 0,
    }
    assert data["total"]["received"] == 4


def test_without_a_report_the_page_says_so(client, newsroom):
    page = client.get("/reports/").content.decode()
    assert "<table" not in page
    assert client.get("/reports.json").json()["total"]["received"] == 0


def test_they_are_counted_once_in_five_minutes(client, filed, django_assert_num_queries):
    report_figures.figures()
    filed(timezone.now() - dt.timedelta(minutes=1))
    with django_assert_num_queries(0):
        assert report_figures.figures().total.received == 0
    cache.clear()
    assert report_figures.figures().total.received == 1


@pytest.mark.quiet
def test_ten_thousand_reports_are_counted_within_a_second(filed, write):
    article = write("Un autre")
    rows = [
        ErrorReport(
            article=article,
            number=f"B{number:07}",
            message="x",
            language="fr",
            reported_at=NOW - dt.timedelta(minutes=50 * number),
            state="unchanged",
            answer="x",
            answered_at=NOW,
        )
        for number in range(10_000)
    ]
    ErrorReport.objects.bulk_create(rows, batch_size=1000)
    began = time.perf_counter()
    assert report_figures.figures(NOW).total.received == 10_000
    assert time.perf_counter() - began < 1
