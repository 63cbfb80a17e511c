"""What a mail says beside its articles, and how large it may be."""

import datetime as dt
import json
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from depeche.newsletters import actions, rendering, scheduling, sending_words, size
from depeche.newsletters.models import Edition, EditionItem, Held
from depeche.ops import demo
from depeche.subscribers import imprint, publishing
from depeche.subscribers.models import LegalText, Newsletter, Subscriber

pytestmark = pytest.mark.django_db
ADDRESS = "Le Courrier, société coopérative\n12, rue des Halles\n\n29200 Brest  \n02 98 00 00 00"


@pytest.fixture
def say_who_publishes(newsroom, editor):
    def _say_who_publishes(publisher=ADDRESS, language="fr"):
        notice = LegalText.objects.get(kind="imprint", language=language)
        notice.publisher = publisher
        notice.save()
        publishing.publish(notice, by=editor)

    return _say_who_publishes


@pytest.fixture
def compose_of(compose, write, section):
    """An edition of this many articles whose standfirsts have this many letters; many are written at once."""

    def _compose_of(count, letters=250):
        edition = compose(write("Le premier", standfirst="é" * letters))
        first = edition.items.get().article
        for number in range(1, count):
            article = first.copy(
                to=section,
                update_attrs={"slug": f"piece-{edition.pk}-{number}", "title": f"Article {number}"},
                copy_revisions=False,
                keep_live=True,
                log_action=None,
            )
            EditionItem.objects.create(edition=edition, article=article, sort_order=number)
        return Edition.objects.get(pk=edition.pk)

    return _compose_of


def test_html_and_text_say_who_publishes_and_why_one_gets_it(compose, say_who_publishes):
    say_who_publishes()
    mail = rendering.render(compose())
    for part in (mail.text, mail.html):
        for line in (
            "Le Courrier, société coopérative",
            "12, rue des Halles",
            "29200 Brest",
            "02 98 00 00 00",
        ):
            assert line in part
        assert "/legal/imprint/" in part
        assert "l’abonnement de cette adresse" in part
    assert "12, rue des Halles\n29200 Brest" in mail.text
    assert "12, rue des Halles<br>" in mail.html


def test_what_is_still_to_be_completed_stands_in_no_mail(newsletter, compose):
    assert imprint.publisher("fr") == ""
    mail = rendering.render(compose())
    assert "compléter" not in mail.text + mail.html


def test_who_publishes_is_written_for_no_markup(compose, say_who_publishes):
    say_who_publishes('Dupont & Fils <script>alert("x")</script>')
    mail = rendering.render(compose())
    assert "<script" not in mail.html
    assert "Dupont &amp; Fils" in mail.html
    assert "Dupont & Fils" in mail.text


def test_the_page_of_an_edition_says_that_nobody_is_named_yet(client, editor, compose, say_who_publishes):
    client.force_login(editor)
    page = reverse("send_edition", args=[compose().pk])
    before = client.get(page)
    assert before.context["has_publisher"] is False
    say_who_publishes()
    assert client.get(page).context["has_publisher"] is True


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_text_part_holds_every_address_and_the_way_to_leave(newsroom, editor, language):
    demo.load()
    links = rendering.Links("https://lettre.test/quitter/1", "https://lettre.test/choisir/1")
    for edition in Edition.objects.filter(newsletter__language=language):
        mail = rendering.render(edition, links=links)
        addresses = [settings.BASE_URL + article.url for article in edition.articles()]
        assert len(addresses) >= 2
        for address in [*addresses, links.leave, links.preferences]:
            assert re.search(rf"^(?:.*\s)?{re.escape(address)}$", mail.text, re.M), address
            assert f'href="{address}"' in mail.html
        if edition.number:
            assert edition.web_url in mail.text
            assert f'href="{edition.web_url}"' in mail.html
        assert "<" not in mail.text
        assert "&amp;" not in mail.text


def test_nothing_in_a_mail_follows_its_reader(newsroom, editor):
    demo.load()
    for edition in Edition.objects.all():
        html = rendering.render(edition).html
        hosts = set(re.findall(r"https?://([^/\"'<>\s]+)", html))
        assert hosts == {settings.BASE_URL.partition("://")[2]}
        for image in re.findall(r"<img[^>]*>", html):
            assert re.search(r'\balt="', image), image
            assert not re.search(r'\b(?:width|height)="?[01]"', image), image
        assert not re.search(r"<(?:script|form|iframe|link|object)\b|url\(|data:", html)


def test_a_mail_of_forty_articles_leaves(compose_of, subscribe, editor):
    subscribe()
    edition = compose_of(40)
    assert size.html_bytes(edition) < size.WARNED_FROM_BYTES
    assert actions.send(edition, by=editor).has_left


@pytest.fixture
def large(compose_of):
    """One that is over by more than one article."""
    return compose_of(50, letters=1000)


def test_what_would_be_cut_off_does_not_leave_and_is_told_what_to_cut(large, editor, subscribe):
    subscribe()
    with pytest.raises(size.TooLarge) as caught:
        actions.send(large, by=editor)
    error, fresh = caught.value, Edition.objects.get(pk=large.pk)
    assert (fresh.is_draft, fresh.items.count()) == (True, 50), "nothing is lost"
    assert not fresh.items.exclude(revision=None).exists()
    assert 1 < error.spare < 50
    said = sending_words.refusal(error)
    assert str(error.spare) in said
    assert "100" in said
    keep = list(fresh.items.order_by("sort_order").values_list("pk", flat=True))[: 50 - error.spare]
    one_more = fresh.items.exclude(pk__in=keep).order_by("sort_order").first()
    fresh.items.exclude(pk__in=[*keep, one_more.pk]).delete()
    with pytest.raises(size.TooLarge):
        actions.send(Edition.objects.get(pk=large.pk), by=editor)
    one_more.delete()
    assert actions.send(Edition.objects.get(pk=large.pk), by=editor).has_left


def test_the_copy_a_reader_gets_is_no_larger_than_what_was_measured(
    compose, editor, subscribe, mailroom, say_who_publishes
):
    say_who_publishes()
    subscribe()
    edition = compose()
    measured = size.html_bytes(edition)
    actions.send(edition, by=editor)
    (mail,) = mailroom.deliver()
    part = mail.get_body(("html",)).get_payload(decode=True)
    assert len(part) <= measured <= len(part) + 100


def test_it_cannot_be_scheduled_either_and_is_held_back_where_it_grew(large, editor, subscribe):
    subscribe()
    leave_at = timezone.now() + dt.timedelta(hours=1)
    with pytest.raises(size.TooLarge):
        scheduling.schedule(large, leave_at=leave_at, by=editor)
    rest = list(large.items.filter(sort_order__gt=0))
    large.items.exclude(sort_order=0).delete()
    scheduling.schedule(Edition.objects.get(pk=large.pk), leave_at=leave_at, by=editor)
    EditionItem.objects.bulk_create(rest)
    (held,) = scheduling.send_due(at=leave_at)
    assert held.held_because == Held.SIZE
    assert sending_words.held_todo(held)


def test_one_is_warned_while_composing(client, editor, compose_of, large):
    client.force_login(editor)
    near, small = compose_of(40, letters=700), compose_of(2)
    said = []
    for edition in (small, near, large):
        page = client.get(reverse("send_edition", args=[edition.pk]))
        said.append(page.context["size_warning"])
        assert page.status_code == 200
    assert said[0] == ""
    assert said[1]
    assert said[2]
    assert said[1] != said[2]
    assert size.WARNED_FROM_BYTES < size.html_bytes(near) < size.AT_MOST_BYTES


def test_a_saved_edition_that_is_too_large_is_kept_and_says_so(client, editor, large, form_of):
    client.force_login(editor)
    answer = client.post(
        reverse("wagtailsnippets_newsletters_edition:edit", args=[large.pk]),
        form_of(large, subject="Encore"),
        follow=True,
    )
    saved = Edition.objects.get(pk=large.pk)
    assert saved.subject == "Encore"
    said = [str(message) for message in answer.context["messages"]]
    assert any(sending_words.size_warning(size.html_bytes(saved)) in one for one in said), said


def test_the_command_says_it_too(large, compose, editor, capsys):
    small = compose()
    capsys.readouterr()
    call_command("edition", "status", str(small.pk), "--json")
    assert json.loads(capsys.readouterr().out)["html_bytes"] < size.WARNED_FROM_BYTES
    call_command("edition", "status", str(large.pk))
    assert sending_words.size_warning(size.html_bytes(large)) in capsys.readouterr().out
    with pytest.raises(CommandError, match="100"):
        call_command("edition", "send", str(large.pk), "--yes", "--by", editor.username)


def test_each_language_has_its_own_publisher(newsroom, say_who_publishes):
    say_who_publishes("The Courier Ltd\n1 High Street", language="en")
    assert imprint.publisher("en") == "The Courier Ltd\n1 High Street"
    assert imprint.publisher("fr") == ""
    assert Newsletter.objects.filter(language="en").exists()


def test_each_reader_is_spoken_to_in_their_own_language(compose, editor, subscribe, mailroom):
    """What the articles do not say; a language that this site does not have any more is passed over."""
    subscribe("lea@exemple.test")
    for address, language in (("amy@exemple.test", "en"), ("kai@exemple.test", "xx")):
        Subscriber.objects.filter(pk=subscribe(address).subscriber_id).update(language=language)
    actions.send(compose(introduction="Bonjour à tous: voici."), by=editor)
    mails = {mail["To"]: mail for mail in mailroom.deliver()}
    for address, out, why, reads in (
        ("lea@exemple.test", "Me désabonner", "l’abonnement de cette adresse", "fr"),
        ("amy@exemple.test", "Unsubscribe", "because this address was subscribed", "en"),
        ("kai@exemple.test", "Me désabonner", "l’abonnement de cette adresse", "fr"),
    ):
        html, text = (mails[address].get_body((kind,)).get_content() for kind in ("html", "plain"))
        for part in (html, text):
            assert (out in part, why in part) == (True, True), (address, part)
            assert "Bonjour à tous\u00a0: voici." in part.replace("&nbsp;", "\u00a0"), (
                "by the rules of the newsletter’s language"
            )
        assert '<html lang="fr"' in html
        assert html.count(f'lang="{reads}"') >= 2


def test_a_worker_gets_ready_without_its_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        rendering.prepare()
