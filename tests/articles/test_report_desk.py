"""The desk of tickets: who may, what is found, answered, set aside; and quick with a thousand."""

import datetime as dt
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from depeche.articles import reporting
from depeche.articles.models import ErrorReport
from depeche.articles.reporting import Answer
from depeche.newsroom import notices, waiting

pytestmark = pytest.mark.django_db

ANSWER = {"verdict": "unchanged", "text": "La mairie le confirme.", "correction": ""}


@pytest.fixture
def filed(write):
    """So many reports about an article, in the past minutes."""

    def _filed(article, count: int = 1, said: str = "Erreur", **fields) -> list[ErrorReport]:
        now = timezone.now()
        already = ErrorReport.objects.count()
        rows = [
            ErrorReport(
                article=article,
                number=f"{already + number:08}".replace("0", "A").replace("1", "B"),
                message=f"{said} {number}",
                language="fr",
                reported_at=now - dt.timedelta(minutes=count - number),
                **fields,
            )
            for number in range(count)
        ]
        return ErrorReport.objects.bulk_create(rows)

    return _filed


@pytest.mark.parametrize(
    ("role", "status"), [("editor", 200), ("publisher", 200), ("contributor", 302), ("subscriber_desk", 302)]
)
def test_who_edits_articles_sees_the_desk(client, write, filed, somebody, role, status):
    (report,) = filed(write())
    somebody(role, role)
    assert client.get(reverse("error_reports")).status_code == status
    assert client.get(reverse("error_report", args=[report.pk])).status_code == status
    assert client.post(reverse("error_reports_set_aside"), {"reports": report.pk}).status_code == 302
    report.refresh_from_db()
    assert report.state == ("spam" if status == 200 else "open")


def test_an_editor_of_one_section_sees_its_reports_only(client, write, filed, django_user_model):
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    from depeche.articles.models import Section

    mine, other = write("Le mien"), write("L’autre")
    elsewhere = Section(title="Sport", slug="sport", locale=mine.locale)
    mine.get_parent().get_parent().add_child(instance=elsewhere)
    mine.move(elsewhere, pos="last-child")
    mine.refresh_from_db()
    group = Group.objects.create(name="Sport")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=elsewhere, permission=change)
    user = django_user_model.objects.create_user("sport", "sport@depeche.test", "un long mot de passe")
    user.groups.add(group)
    client.force_login(user)
    (ours,), (theirs,) = filed(mine, said="Ici"), filed(other, said="Là")
    page = client.get(reverse("error_reports")).content.decode()
    assert "Ici 0" in page
    assert "Là 0" not in page
    assert client.get(reverse("error_report", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("error_report", args=[ours.pk])).status_code == 200


def test_an_answer_leads_on_to_the_next_of_the_article(client, write, filed, somebody):
    article = write()
    first, second = filed(article, 2)
    somebody("morin")
    address = reverse("error_report", args=[first.pk])
    assert client.post(address, {**ANSWER, "text": " "}).status_code == 200
    assert client.post(address, ANSWER)["Location"] == reverse("error_report", args=[second.pk])
    address = reverse("error_report", args=[second.pk])
    assert client.post(address, {**ANSWER, "set_aside": "1"})["Location"] == reverse("error_reports")
    assert sorted(ErrorReport.objects.values_list("state", flat=True)) == ["spam", "unchanged"]
    assert client.post(address, {"take_up_again": "1"}).status_code == 302
    assert ErrorReport.objects.open().get() == second


def test_the_history_of_the_article_says_who_answered_and_not_what_the_reader_wrote(write, filed, editor):
    from wagtail.models import PageLogEntry

    (report,) = filed(write(), address="lea@exemple.test")
    reporting.answer(report, Answer("Non.", False), by=editor)
    entry = PageLogEntry.objects.get(action="depeche.answer_report")
    assert entry.data == {"reports": [report.number], "state": "unchanged"}
    assert entry.user == editor


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "hangar"}, 2),
        ({"q": "rouvrira"}, 3),
        ({"q": "nulle part"}, 0),
        ({"pile": "spam"}, 1),
        ({"pile": "answered"}, 0),
        ({"pile": "n’importe"}, 5),
        ({"p": "99", "article": "x" * 99, "q": "\0"}, 5),
        ({"article": "9" * 30}, 5),
    ],
)
def test_reports_are_found(client, write, filed, somebody, asked, found):
    filed(write(), 3)
    filed(write("Ailleurs"), 2, said="Le hangar")
    filed(write("Encore"), 1, state="spam", answered_at=timezone.now())
    somebody("morin")
    assert client.get(reverse("error_reports"), asked).context["page"].paginator.count == found


def test_a_number_is_found_as_it_is_read(client, write, filed, somebody):
    report = filed(write(), 3)[1]
    somebody("morin")
    page = client.get(reverse("error_reports"), {"q": report.ticket.lower()}).context["page"]
    assert list(page) == [report]


def test_reports_stand_by_article(client, write, filed, somebody):
    filed(write(), 3)
    filed(write("Ailleurs"), 2)
    somebody("morin")
    page = client.get(reverse("error_reports"), {"pile": "articles"}).context["page"]
    assert sorted((row["headline"], row["count"]) for row in page) == [
        ("Ailleurs", 2),
        ("La passerelle rouvrira", 3),
    ]


def test_only_those_ticked_are_set_aside_and_all_found_only_by_a_search(client, write, filed, somebody):
    article = write()
    reports = filed(article, 60)
    filed(write("Ailleurs"), 5)
    somebody("morin")
    address = reverse("error_reports_set_aside")
    client.post(address, {"reports": [reports[0].pk, reports[1].pk, "x", "9" * 40]})
    assert ErrorReport.objects.open().count() == 63
    client.post(address, {"everything": "1"})
    assert ErrorReport.objects.open().count() == 63, "a whole pile is never set aside at once"
    client.post(address, {"everything": "1", "article": article.pk})
    assert ErrorReport.objects.open().count() == 5


def test_what_readers_wrote_is_shown_as_text(client, write, filed, somebody):
    (report,) = filed(write(), said="<script>alert(1)</script>", words="<b>gras</b>")
    somebody("morin")
    for address in (reverse("error_reports"), reverse("error_report", args=[report.pk])):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>gras" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.quiet
def test_a_thousand_reports_are_listed_within_a_fifth_of_a_second(client, write, filed, somebody):
    for number in range(5):
        filed(write(f"Article {number}"), 200)
    somebody("morin")
    for asked in ({}, {"p": "20"}, {"q": "erreur 7"}, {"pile": "articles"}):
        client.get(reverse("error_reports"), asked)
        took_s = []
        for _ in range(3):
            began = time.perf_counter()
            assert client.get(reverse("error_reports"), asked).status_code == 200
            took_s.append(time.perf_counter() - began)
        assert min(took_s) < 0.2, asked


def test_a_page_of_reports_asks_the_database_no_more_often_than_one_report(
    client, write, filed, somebody, django_assert_max_num_queries
):
    filed(write(), 60)
    somebody("morin")
    client.get(reverse("error_reports"))
    with django_assert_max_num_queries(20):
        client.get(reverse("error_reports"))


# The dashboard, and the mail to colleagues


def test_reported_errors_wait_on_the_dashboard_of_who_may_answer(write, filed, somebody):
    filed(write(), 3)
    filed(write("Réglé"), 1, state="spam", answered_at=timezone.now())
    (pile,) = [pile for pile in waiting.piles(somebody("morin")) if pile.key == "reports"]
    (row,) = pile.rows
    assert (row.headline, row.note) == ("La passerelle rouvrira", "3 signalements")
    for role in ("contributor", "subscriber_desk"):
        assert "reports" not in [pile.key for pile in waiting.piles(somebody(role, role))]


def test_colleagues_get_one_mail_an_hour_for_an_article_however_many_reports(
    write, filed, somebody, mailroom
):
    article = write()
    for name, role in (("morin", "editor"), ("plume", "contributor")):
        somebody(name, role)
    filed(article, 30)
    now = timezone.now()
    assert notices.tell_reports(now) == 1
    filed(article, 10)
    assert notices.tell_reports(now + dt.timedelta(minutes=59)) == 0
    filed(write("Ailleurs"))
    assert notices.tell_reports(now + dt.timedelta(minutes=59)) == 1
    assert notices.tell_reports(now + dt.timedelta(minutes=61)) == 1
    assert notices.tell_reports(now + dt.timedelta(hours=9)) == 0
    first, second, third = mailroom.deliver()
    assert first["To"] == "morin@depeche.test"
    assert "La passerelle rouvrira (30 signalements)" in first.get_content()
    assert "Ailleurs (1 signalement)" in second.get_content()
    assert "La passerelle rouvrira (10 signalements)" in third.get_content()


def test_administrators_hear_of_reports_where_nobody_else_may_answer(write, filed, editor, mailroom):
    filed(write())
    assert notices.tell_reports() == 1
    assert mailroom.deliver()[0]["To"] == editor.email
