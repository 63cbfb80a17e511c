"""The desk in figures: each counted by hand, by month, section and author; quick with five thousand articles."""

import csv
import datetime as dt
import io
import time
import zoneinfo

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from depeche.articles import desk_counts, desk_figures, line_drawing
from depeche.articles.analysis import Claim, Place, Reading
from depeche.articles.desk_figures import Asked
from depeche.articles.ledger import packed
from depeche.articles.manuscript import manuscript_of
from depeche.articles.models import (
    Article,
    Byline,
    Clearance,
    Correction,
    Dismissal,
    ErrorReport,
    Evidence,
    Person,
    ReadingFigures,
    Ruling,
    Section,
    StoredReading,
)

pytestmark = pytest.mark.django_db

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def on(month: int, day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=PARIS)


@pytest.fixture
def counted(write):
    """An article first published then, with what the desk counted in it."""

    def _counted(headline: str, at: dt.datetime, checkable=10, sourced=8, vague=1, overrides=0) -> Article:
        article = write(headline)
        Article.objects.filter(pk=article.pk).update(first_published_at=at)
        ReadingFigures.objects.update_or_create(
            article=article,
            defaults={
                "checkable": checkable,
                "sourced": sourced,
                "vague": vague,
                "overrides": overrides,
                "noted_at": at,
            },
        )
        return article

    return _counted


def report(article, at, after_h=None, state="unchanged") -> None:
    ErrorReport.objects.create(
        article=article,
        number=f"{ErrorReport.objects.count():08}",
        message="x",
        language="fr",
        reported_at=at,
        state="open" if after_h is None else state,
        answer="" if after_h is None else "x",
        answered_at=None if after_h is None else at + dt.timedelta(hours=after_h),
    )


def correction(article, at, kind="correction") -> None:
    Correction.objects.create(
        article=article,
        kind=kind,
        was="80",
        now="60",
        reason="x",
        corrected_in=article.versions.last(),
        published_at=at,
    )


def dismissal(article, at, **fields) -> None:
    key = str(Dismissal.objects.count())
    Dismissal.objects.create(
        article=article, key=key, words="x", at=at, reason="x", **{"severity": "warning", **fields}
    )


# What is counted in a text


def claim(key: str, status: str, checkable: bool = True) -> Claim:
    place = Place(0, 0, 1, ("body", "x", "value"), "x", 0)
    return Claim(key, "claim", place, "x", "", "", "newsroom", "certain", status, "event", checkable)


@pytest.fixture
def read(write):
    """An article whose published text the desk read so."""

    def _read(*claims: Claim) -> Article:
        article = write()
        sha256 = manuscript_of(article).sha256
        reading = Reading(sha256, "fr", True, 10, claims=claims, desk="x")
        StoredReading.objects.update_or_create(
            article=article,
            manuscript_sha256=sha256,
            defaults={
                "packed": packed(reading),
                "desk": "x",
                "made_at": timezone.now(),
                "is_published": True,
            },
        )
        ReadingFigures.objects.all().delete()
        return article

    return _read


def noted(article) -> tuple[int, int, int, int]:
    row = ReadingFigures.objects.get(article=article)
    return row.checkable, row.sourced, row.vague, row.overrides


def test_claims_are_counted_by_whether_somebody_is_named(read):
    article = read(
        claim("a", "attributed_named"),
        claim("b", "attributed_vague"),
        claim("c", "asserted_unattributed"),
        claim("d", "hearsay_no_source"),
        claim("e", "hedged_newsroom"),
        claim("f", "attributed_institution", checkable=False),
    )
    assert desk_counts.note(article)
    assert noted(article) == (5, 2, 1, 0)


def test_what_a_colleague_names_is_a_source_until_it_is_taken_back(read, editor):
    article = read(*(claim(key, "asserted_unattributed") for key in "abcd"), claim("e", "attributed_vague"))
    now = timezone.now()
    said = {"article": article, "words": "x", "by": editor, "at": now}
    Ruling.objects.create(key="a", verdict="source", source="La mairie", **said)
    Ruling.objects.create(key="b", verdict="not_a_claim", **said)
    Ruling.objects.create(key="c", verdict="observed", taken_back_at=now, **said)
    Evidence.objects.create(key="e", who="La mairie", **said)
    desk_counts.note(article)
    assert noted(article) == (5, 2, 0, 0)


def test_overrides_are_those_of_exactly_this_text(read):
    article = read(claim("a", "attributed_named"))
    sha256 = manuscript_of(article).sha256
    Clearance.objects.filter(article=article).delete()
    for digest, overridden in ((sha256, [["ATT001", "x"], ["ai", ""]]), ("0" * 64, [["NUM001", "y"]])):
        Clearance.objects.create(
            article=article, manuscript_sha256=digest, overridden=overridden, cleared_at=timezone.now()
        )
    desk_counts.note(article)
    assert noted(article)[3] == 2


def test_what_is_published_is_counted_then(desk_process, write, work):
    article = work(write)
    assert ReadingFigures.objects.filter(article=article).exists()


def test_what_was_missed_or_answered_since_is_counted_every_hour(read, editor):
    article = read(claim("a", "asserted_unattributed"))
    assert desk_counts.keep_up() == 1
    assert desk_counts.keep_up() == 0
    Evidence.objects.create(
        article=article, key="a", words="x", who="La mairie", by=editor, at=timezone.now()
    )
    assert desk_counts.keep_up() == 1
    assert noted(article) == (1, 1, 0, 0)
    assert desk_counts.keep_up() == 0


# What is added up


def test_months_are_added_up_by_hand(counted):
    one = counted("Un", on(10, 3), checkable=10, sourced=6, vague=2, overrides=1)
    two = counted("Deux", on(11, 1, 0), checkable=30, sourced=30, vague=0)
    counted("Trop tôt", on(9, 30, 23))
    correction(one, on(11, 5))
    correction(one, on(11, 6), kind="clarification")
    correction(one, on(11, 7), kind="update")
    dismissal(two, on(10, 9))
    dismissal(two, on(10, 9), severity="error")
    dismissal(two, on(10, 9), taken_back_at=on(10, 10))
    report(two, on(11, 2), 4)
    report(two, on(11, 3), 8)
    report(two, on(11, 4))
    report(two, on(11, 4), 100, state="spam")
    found = desk_figures.figures(Asked(OCTOBER, NOVEMBER))
    october, november = found.months
    assert (october.articles, october.checkable, october.sourced, october.vague) == (1, 10, 6, 2)
    assert (october.overrides, october.dismissals, october.corrections, october.reports) == (1, 1, 0, 0)
    assert october.attribution_percent == 60
    assert october.median_wait_s is None
    assert (november.articles, november.dismissals, november.corrections, november.reports) == (1, 0, 2, 3)
    assert november.median_wait_s == 6 * 3600
    assert (found.total.articles, found.total.attribution_percent) == (2, 90)  # 36 of 40, not (60 + 100) / 2


def test_sections_and_authors_are_told_apart(counted, section):
    sport = Section(title="Sport", slug="sport", locale=section.locale)
    section.get_parent().add_child(instance=sport)
    here, there = counted("Ici", on(11, 3)), counted("Là", on(11, 3), checkable=4, sourced=1)
    there.move(sport, pos="last-child")
    lea, ali = (Person.objects.create(name=name, slug=name.lower()) for name in ("Léa", "Ali"))
    Byline.objects.create(article=here, person=lea)
    Byline.objects.create(article=Article.objects.get(pk=there.pk), person=lea)
    Byline.objects.create(article=Article.objects.get(pk=there.pk), person=ali)
    report(there, on(11, 4), 2)
    found = desk_figures.figures(Asked(NOVEMBER, NOVEMBER))
    assert {line.key.title: (line.articles, line.reports) for line in found.sections} == {
        "Actualités": (1, 0),
        "Sport": (1, 1),
    }
    assert {line.key.name: (line.articles, line.checkable) for line in found.authors} == {
        "Léa": (2, 14),
        "Ali": (1, 4),
    }
    assert found.total.articles == 2, "two authors make no two articles"
    assert desk_figures.figures(Asked(NOVEMBER, NOVEMBER, section=sport)).total.checkable == 4
    assert desk_figures.figures(Asked(NOVEMBER, NOVEMBER, author=ali)).total.checkable == 4
    assert desk_figures.figures(Asked(NOVEMBER, NOVEMBER, section=section, author=ali)).total.articles == 0


def test_a_month_with_nothing_is_there_and_empty(counted):
    counted("Un", on(11, 3))
    found = desk_figures.figures(Asked(dt.date(2026, 8, 1), NOVEMBER))
    assert [month.key.month for month in found.months] == [8, 9, 10, 11]
    assert [month.attribution_percent for month in found.months] == [None, None, None, 80]


# The line


def test_a_line_goes_from_nought_to_the_top_and_leaves_gaps():
    drawn = line_drawing.draw([0, 50, None, 100, None], top=100)
    assert drawn.pieces == ("4,60 62,32",)
    assert drawn.dots == ((178.0, 4.0),)
    assert line_drawing.draw([None, None]).pieces == ()
    assert line_drawing.draw([0, 0]).pieces == ("4,60 236,60",)
    assert line_drawing.draw([7]).dots == ((236.0, 4.0),)


# The page


@pytest.mark.parametrize(
    ("role", "status"), [("publisher", 200), ("editor", 302), ("contributor", 302), ("subscriber_desk", 302)]
)
def test_who_may_publish_sees_the_figures(client, somebody, role, status):
    somebody(role, role)
    assert client.get(reverse("desk_figures")).status_code == status
    assert client.get(reverse("desk_figures_file")).status_code == status
    assert (reverse("desk_figures") in client.get("/admin/").content.decode()) is (status == 200)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"since": "2026-11", "until": "2026-01"},
        {"since": "0001-01", "until": "9999-12"},
        {"since": "hier", "until": "2026-13", "section": "x", "author": "9" * 40},
        {"section": "-1", "author": "\0"},
    ],
)
def test_whatever_is_asked_is_a_page(client, counted, somebody, asked):
    counted("Un", timezone.now())
    somebody("directrice", "publisher")
    page = client.get(reverse("desk_figures"), asked)
    assert page.status_code == 200
    assert len(page.context["found"].months) <= 60


def test_without_anything_the_page_says_so(client, somebody):
    somebody("directrice", "publisher")
    page = client.get(reverse("desk_figures")).content.decode()
    assert "<svg viewBox" not in page
    assert "Rien n’a été publié" in page


def test_each_line_has_its_words_and_a_table(client, counted, somebody):
    counted("Un", timezone.now())
    somebody("directrice", "publisher")
    page = client.get(reverse("desk_figures")).content.decode()
    assert page.count('<svg viewBox="0 0 240 64" role="img" aria-label="') == 6
    assert "80\u00a0%" in page
    assert page.count("<caption>") == 2
    assert "0 à 100\u00a0%" in page


def test_the_file_holds_what_the_page_shows(client, counted, somebody):
    article = counted("Un", on(11, 3), vague=3)
    Byline.objects.create(article=article, person=Person.objects.create(name="=1+1", slug="x"))
    report(article, on(11, 4), 3)
    somebody("directrice", "publisher")
    answer = client.get(reverse("desk_figures_file"), {"since": "2026-11", "until": "2026-11"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["by"], row["name"]) for row in rows] == [
        ("month", "2026-11"),
        ("section", "Actualités"),
        ("author", "'=1+1"),
    ]
    assert {(row["articles"], row["vague"], row["answered"], row["median_wait_h"]) for row in rows} == {
        ("1", "3", "1", "3.0")
    }


@pytest.mark.quiet
def test_five_thousand_articles_are_added_up_within_half_a_second(client, counted, somebody):
    original = counted("Un", on(1, 1))
    people = [Person.objects.create(name=f"P{number}", slug=f"p{number}") for number in range(20)]
    _copies_of(original, 5000)
    copies = list(Article.objects.exclude(pk=original.pk).values_list("pk", flat=True))
    assert len(copies) == 5000
    ReadingFigures.objects.bulk_create(
        ReadingFigures(article_id=pk, checkable=20, sourced=15, vague=2, overrides=0, noted_at=on(1, 1))
        for pk in copies
    )
    Byline.objects.bulk_create(Byline(article_id=pk, person=people[pk % 20]) for pk in copies)
    somebody("directrice", "publisher")
    asked = {"since": "2025-12", "until": "2026-11"}
    client.get(reverse("desk_figures"), asked)
    took_s = []
    for _ in range(3):
        began = time.perf_counter()
        page = client.get(reverse("desk_figures"), asked)
        took_s.append(time.perf_counter() - began)
    assert page.context["found"].total.articles == 5001
    assert min(took_s) < 0.5


def _copies_of(article: Article, count: int) -> None:
    """So many pages beside `article` with its content, published over a year; past treebeard, which is slow."""
    from wagtail.models import Page

    parent = article.get_parent()
    page = Page.objects.get(pk=article.pk)
    pages = []
    for number in range(count):
        values = {field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields}
        values |= {"id": None, "slug": f"copie-{number}", "path": Page._get_path(parent.path, 4, number + 50)}
        values |= {"translation_key": f"00000000-0000-4000-8000-{number:012}", "url_path": f"/c{number}/"}
        values["first_published_at"] = on(1, 1) + dt.timedelta(hours=1.5 * number)
        pages.append(Page(**values))
    Page.objects.bulk_create(pages, batch_size=500)
    columns = [
        f'"{field.column}"' for field in Article._meta.local_concrete_fields if field.column != "page_ptr_id"
    ]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into articles_article (page_ptr_id, {names}) select p.id, {names} from articles_article,"
            " wagtailcore_page p where page_ptr_id = %s and p.slug like 'copie-%%'",
            [article.pk],
        )
