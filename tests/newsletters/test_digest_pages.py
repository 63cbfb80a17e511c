"""Where the newsroom sets a digest up, sees when the next one leaves, and what became of those before."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from newsroom_days import SEVEN, paris, pass_time

from depeche.newsletters import actions, control, digest_words, digesting
from depeche.newsletters.digest import Digest, DigestRun
from depeche.newsletters.models import Edition
from depeche.newsroom import waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_days_before")]


def test_a_day_without_articles_sends_nothing_and_says_so(
    digest_on, newsletter, publish_at, editor, client, mailroom, time_machine, capsys
):
    digest = digest_on()
    publish_at(paris("3-23", 12), "Trop vieux")
    assert pass_time(time_machine, begin=paris("3-25", 6), end=paris("3-25", 9)) == []
    assert (mailroom.deliver(), Edition.objects.count()) == ([], 0)
    run = DigestRun.objects.get()
    assert (run.day, run.articles, run.edition) == (dt.date(2027, 3, 25), 0, None)
    said = digest_words.outcome(run)
    assert "24" in said, "since when"
    client.force_login(editor)
    assert said in client.get(reverse("newsletter_digest", args=[newsletter.pk])).content.decode()
    rows = [row for pile in waiting.piles(editor) for row in pile.rows]
    assert said in [row.note for row in rows]
    call_command("edition", "digest", newsletter.slug)
    assert said in capsys.readouterr().out
    publish_at(paris("3-25", 12), "Le jour d’après")
    assert pass_time(time_machine, begin=paris("3-26", 6), end=paris("3-26", 9)) == [paris("3-26")]
    assert digest.runs.count() == 2


def test_where_a_person_looks_first_it_waits_on_the_dashboard(
    digest_on, publish_at, editor, mailroom, time_machine
):
    digest_on(needs_review=True)
    publish_at(paris("3-24", 13))
    assert pass_time(time_machine, begin=paris("3-25", 7), end=paris("3-25", 22)) == []
    edition = Edition.objects.get()
    assert (edition.is_draft, mailroom.deliver()) == (True, [])
    (row,) = next(pile for pile in waiting.piles(editor) if pile.key == "editions").rows
    assert row.headline == edition.subject
    assert row.note != edition.newsletter.name
    assert row.url == reverse("send_edition", args=[edition.pk])
    control.send_now(edition, by=editor)
    assert len(mailroom.deliver()) == 1


@pytest.fixture
def page(client, newsletter, editor):
    client.force_login(editor)
    return reverse("newsletter_digest", args=[newsletter.pk])


def form(**changed):
    return {"is_on": "on", "leaves_at": "07:00", "weekdays": ["1", "7"], "needs_review": "on"} | changed


def test_the_newsroom_sets_it_up_and_sees_when_the_next_leaves(client, page, editor, publish_at):
    publish_at(paris("3-27", 20), "Pour dimanche")
    before = client.get(page)
    assert (before.context["due"], before.context["days"]) == (None, [])
    client.post(page, form())
    digest = Digest.objects.get()
    assert (digest.is_on, digest.weekdays, digest.needs_review, digest.on_by) == (True, "17", True, editor)
    shown = client.get(page)
    assert shown.context["due"].at == paris("3-28")
    assert "Pour dimanche" in shown.content.decode()


def test_what_the_page_shows_of_a_night_without_its_hour(client, page):
    client.post(page, form(leaves_at="02:30"))
    shown = client.get(page)
    assert shown.context["due"].at == paris("3-28", 3, 30)
    assert len(shown.context["when"]) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"weekdays": []},
        {"weekdays": ["8"]},
        {"weekdays": ["1", "x\0"]},
        {"leaves_at": ""},
        {"leaves_at": "25:00"},
        {"leaves_at": "sept heures"},
        {"leaves_at": "07:00" * 10_000},
        {"leaves_at": "\0"},
    ],
)
def test_what_cannot_be_meant_is_refused_and_what_was_typed_is_kept(client, page, changed):
    answer = client.post(page, form(**changed))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Digest.objects.exists()


def test_it_can_be_off_without_a_day(client, page):
    client.post(page, {"leaves_at": "07:00"})
    assert not Digest.objects.get().is_on


def test_only_who_may_send_sees_and_sets_it(client, page, newsletter, django_user_model):
    from depeche.newsroom.models import Role

    writer = django_user_model.objects.create_user("plume", "p@depeche.test", "un long mot de passe")
    writer.groups.add(Role.objects.get(key="editor").group)
    client.force_login(writer)
    assert client.get(page).status_code in (302, 403)
    assert client.post(page, form()).status_code in (302, 403)
    assert not Digest.objects.exists()
    with pytest.raises(actions.NotAllowed):
        digesting.set_up(newsletter, is_on=True, leaves_at=SEVEN, weekdays="1", needs_review=False, by=writer)


def test_the_newsletter_leads_to_its_digest(client, page, newsletter):
    for name, arguments in (("edit", [newsletter.pk]), ("list", [])):
        address = reverse(f"wagtailsnippets_subscribers_newsletter:{name}", args=arguments)
        assert page in client.get(address).content.decode()


def test_the_command_sets_it_up_and_shows_it(newsletter, editor, publish_at, capsys, time_machine):
    def run(*arguments):
        capsys.readouterr()
        call_command("edition", "digest", *arguments, "--json")
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [one["is_on"] for one in run()] == [False, False]
    on = ("--on", "--at", "06:30", "--days", "7", "--no-review", "--by", editor.username)
    (one,) = run(newsletter.slug, *on)
    assert (one["is_on"], one["leaves_at"], one["needs_review"]) == (True, "06:30", False)
    assert dt.datetime.fromisoformat(one["next_at"]) == paris("3-28", 6, 30)
    publish_at(paris("3-28", 6))
    pass_time(time_machine, begin=paris("3-28", 6, 30), end=paris("3-28", 6, 35))
    (one,) = run(newsletter.slug)
    assert [day["articles"] for day in one["days"]] == [1]
    call_command("edition", "digest")
    assert capsys.readouterr().out.count("\n") == 3
    (one,) = run(newsletter.slug, "--off", "--by", editor.username)
    assert one["next_at"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["soir"],
        ["--on"],
        ["matin", "--on"],
        ["matin", "--on", "--by", "personne"],
        ["matin", "--at", "7h", "--by", "morel"],
        ["matin", "--days", "0", "--by", "morel"],
        ["matin", "--on", "--days", "", "--by", "morel"],
    ],
)
def test_the_command_says_what_is_wrong(newsroom, editor, arguments):
    with pytest.raises(CommandError):
        call_command("edition", "digest", *arguments)
    assert not Digest.objects.filter(is_on=True).exists()
