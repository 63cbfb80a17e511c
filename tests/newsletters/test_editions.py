"""An edition: composed, tested, sent once to each confirmed reader, kept as it was."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from depeche.articles.models import Article
from depeche.delivery.acks import Fates
from depeche.delivery.models import State
from depeche.newsletters import actions
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import Edition, EditionDelivery
from depeche.subscribers import actions as subscribers
from depeche.subscribers import tokens
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db


def test_each_confirmed_reader_gets_it_once(compose, editor, subscribe, mailroom):
    addresses = [f"lecteur{number}@exemple.test" for number in range(45)]
    for address in addresses:
        subscribe(address)
    subscribe("attend@exemple.test", state="pending")
    subscribe("parti@exemple.test", state="withdrawn")
    edition = actions.send(compose(), by=editor)
    mails = mailroom.deliver()
    assert sorted(mail["To"] for mail in mails) == sorted(addresses)
    edition.refresh_from_db()
    assert (edition.state, edition.number) == ("sent", 1)
    assert actions.progress(edition) == {State.SENT: 45}


def test_an_edition_goes_out_only_once(compose, editor, subscribe, mailroom):
    subscribe()
    edition = compose()
    actions.send(edition, by=editor)
    with pytest.raises(actions.AlreadySent):
        actions.send(edition, by=editor)
    assert len(mailroom.deliver()) == 1


def test_the_database_itself_refuses_a_second_copy(compose, editor, subscribe):
    subscription = subscribe()
    edition = actions.send(compose(), by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionDelivery.objects.create(edition=edition, subscription=subscription, due_at=timezone.now())


def test_who_leaves_while_it_is_being_sent_gets_nothing(compose, editor, subscribe, mailroom):
    staying, leaving = subscribe("reste@exemple.test"), subscribe("part@exemple.test")
    edition = actions.send(compose(), by=editor)
    subscribers.withdraw(leaving.key, shown=Shown("", "fr", "unsubscribe", "/"))
    assert [mail["To"] for mail in mailroom.deliver()] == ["reste@exemple.test"]
    assert actions.progress(edition) == {State.SENT: 1, State.SUPPRESSED: 1}
    assert staying.deliveries.get().state == State.SENT


def test_the_mail_says_which_list_it_is_and_how_to_leave_it(compose, editor, subscribe, mailroom, newsletter):
    subscription = subscribe()
    actions.send(compose(), by=editor)
    (mail,) = mailroom.deliver()
    leave = f"/unsubscribe/{tokens.for_leaving(subscription.key)}/"
    assert mail["List-Id"] == newsletter.list_id
    assert mail["List-Unsubscribe"].endswith(f"{leave}>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert newsletter.sender_address in mail["From"]
    assert mail["Reply-To"] == newsletter.reply_to
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert leave in text
    assert leave in html
    assert "slot-" not in text + html
    assert "/actualites/la-passerelle-rouvrira/" in text
    assert "/actualites/la-passerelle-rouvrira/" in html
    assert "prefers-color-scheme: dark" in html
    assert "<script" not in html
    assert "<img" not in html


def test_a_copy_keeps_its_message_id_whoever_fills_it(compose, editor, subscribe):
    subscribe()
    actions.send(compose(), by=editor)
    lane, row = EditionLane(), EditionDelivery.objects.get()

    def message_id():
        (copy,) = lane.load([row.pk])
        return next(line for line in bytes(copy.content).split(b"\r\n") if line.startswith(b"Message-ID"))

    assert message_id() == message_id()


def test_the_edition_keeps_the_words_it_carried(compose, editor, write, client, subscribe):
    article = write("Le titre d’hier")
    edition = actions.send(compose(article), by=editor)
    article.title = "Le titre d’aujourd’hui"
    article.save_revision(user=editor).publish()
    edition.refresh_from_db()
    assert [carried.title for carried in edition.articles()] == ["Le titre d’hier"]
    page = client.get(edition.web_url.split("8000")[1])
    assert "Le titre d’hier" in page.content.decode()
    revision = edition.items.get().revision
    with pytest.raises(ProtectedError):
        revision.delete()


def test_a_draft_has_no_web_version(compose, client):
    edition = compose()
    assert client.get(f"/editions/{edition.newsletter.slug}/0/").status_code == 404
    assert client.get(f"/editions/{edition.newsletter.slug}/1/").status_code == 404


def test_what_is_not_published_is_not_sent(compose, editor, write):
    with pytest.raises(actions.NotPublished, match="Brouillon"):
        actions.send(compose(write("Brouillon", published=False)), by=editor)
    assert Edition.objects.get().is_draft
    assert not EditionDelivery.objects.exists()


def test_an_empty_edition_is_not_sent(newsletter, editor):
    edition = Edition.objects.create(newsletter=newsletter, subject="Vide")
    with pytest.raises(actions.NothingToSend):
        actions.send(edition, by=editor)


def test_who_may_not_send_does_not(compose, django_user_model):
    reader = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    with pytest.raises(actions.NotAllowed):
        actions.send(compose(), by=reader)


def test_numbers_count_the_editions_of_one_newsletter(compose, editor, write):
    article = write()
    assert [actions.send(compose(article), by=editor).number for _ in range(3)] == [1, 2, 3]


def test_a_test_touches_no_subscription(compose, mailroom, subscribe):
    subscribe()
    edition = compose()
    actions.send_test(edition, to=["moi@exemple.test"])
    (mail,) = mailroom.deliver()
    assert mail["To"] == "moi@exemple.test"
    assert mail["Subject"].startswith("[test]")
    assert not EditionDelivery.objects.exists()
    assert edition.is_draft


def test_a_worker_that_dies_in_the_middle_neither_loses_nor_doubles(compose, editor, subscribe, mailroom):
    for number in range(5):
        subscribe(f"lecteur{number}@exemple.test")
    edition = actions.send(compose(), by=editor)
    lane, now = EditionLane(), timezone.now()
    begun = lane.lease(5, worker="w1", at=now)[0]  # and here it dies
    lane.take_over(Fates(begun={(lane.name, begun.key)}), worker="w1", at=now)
    mailroom.deliver()
    assert actions.progress(edition) == {State.SENT: 4, State.UNCERTAIN: 1}
    edition.refresh_from_db()
    assert edition.state == "sent"


def test_a_password_passes_before_an_edition(compose, editor, subscribe, mailroom):
    from depeche.delivery import actions as delivery

    for number in range(30):
        subscribe(f"lecteur{number}@exemple.test")
    actions.send(compose(), by=editor)
    delivery.send(sender="a@depeche.test", recipient="presse@exemple.test", subject="Mot de passe", text="…")
    assert mailroom.deliver()[0]["To"] == "presse@exemple.test"


@pytest.fixture
def run(capsys):
    def _run(*arguments):
        call_command("edition", *map(str, arguments))
        return json.loads(capsys.readouterr().out)

    return _run


def test_an_edition_needs_no_browser(run, write, editor, subscribe, mailroom):
    subscribe()
    article = write()
    new = run("new", article.pk, "--subject", "Ce matin", "--by", editor.username, "--json")
    assert (new["state"], new["articles"]) == ("draft", [article.pk])
    run("test", new["id"], "--to", "moi@exemple.test", "--json")
    run("send", new["id"], "--yes", "--by", editor.username, "--json")
    mailroom.deliver()
    status = run("status", new["id"], "--json")
    assert (status["state"], status["copies"], status["number"]) == ("sent", {"sent": 1}, 1)
    with pytest.raises(CommandError, match="déjà"):
        run("send", new["id"], "--yes", "--by", editor.username)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["status", "99"], "pas d’édition 99"),
        (["new", "99", "--subject", "x"], "pas d’article 99"),
        (["send", "99", "--yes", "--by", "morel"], "pas d’édition 99"),
    ],
)
def test_what_is_not_there_is_named(run, editor, newsroom, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_a_subject_with_a_line_break_is_refused(run, write):
    with pytest.raises(CommandError, match="une ligne"):
        run("new", write().pk, "--subject", "Objet\nBcc: tous@exemple.test")


def test_no_is_no(run, compose, editor, monkeypatch):
    edition = compose()
    monkeypatch.setattr("builtins.input", lambda question: "n")
    with pytest.raises(CommandError, match="Rien n’a été envoyé"):
        run("send", edition.pk, "--by", editor.username)
    edition.refresh_from_db()
    assert edition.is_draft


def test_the_newsroom_composes_tests_and_sends_by_hand(client, editor, compose, subscribe, mailroom):
    client.force_login(editor)
    subscribe()
    edition = compose()
    page = f"/admin/editions/{edition.pk}/send/"
    assert "1 abonné confirmé" in client.get(page).content.decode()
    client.post(page, {"test": "1", "address": "moi@exemple.test"})
    client.post(page, {"send": "1"})
    edition.refresh_from_db()
    assert edition.is_draft, "nothing leaves without the box"
    client.post(page, {"send": "1", "confirmed": "1"})
    assert sorted(mail["To"] for mail in mailroom.deliver()) == ["lea@exemple.test", "moi@exemple.test"]
    assert "Accepté par le serveur" in client.get(page).content.decode()


def test_sending_is_not_for_everybody(client, compose, django_user_model):
    from depeche.newsroom.models import Role

    writer = django_user_model.objects.create_user("plume", "p@depeche.test", "un long mot de passe")
    writer.groups.add(Role.objects.get(key="editor").group)
    client.force_login(writer)
    edition = compose()
    answer = client.post(f"/admin/editions/{edition.pk}/send/", {"send": "1", "confirmed": "1"})
    assert answer.status_code in (302, 403)
    edition.refresh_from_db()
    assert edition.is_draft


@pytest.mark.parametrize("mode", ["html", "text"])
def test_the_preview_shows_the_mail(compose, client, editor, mode, rf):
    answer = compose().make_preview_request(preview_mode=mode, original_request=rf.get("/"))
    assert "La passerelle rouvrira" in answer.content.decode()


def test_an_article_taken_down_is_no_longer_shown_by_the_edition(compose, editor, write, client):
    article = write("À retirer")
    edition = actions.send(compose(article), by=editor)
    article.unpublish()
    page = client.get(edition.web_url.split("8000")[1]).content.decode()
    assert "À retirer" not in page
    assert "retiré" in page


def test_nobody_there_is_a_no(run, compose, editor, monkeypatch):
    def nobody(question):
        raise EOFError

    edition = compose()
    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="Rien n’a été envoyé"):
        run("send", edition.pk, "--by", editor.username)


def test_whatever_the_number_of_articles_their_sections_are_one_question(
    compose, write, django_assert_num_queries
):
    articles = compose(write("La passerelle"), write("La corderie")).articles()
    with django_assert_num_queries(0):
        assert [article.section.slug for article in articles] == ["actualites"] * 2


def test_an_edition_that_left_asks_nothing_for_each_article(
    compose, write, editor, django_assert_max_num_queries
):
    edition = actions.send(compose(*map(write, ("La passerelle", "La corderie", "Le pont"))), by=editor)
    with django_assert_max_num_queries(2):
        assert [article.section.slug for article in edition.articles()] == ["actualites"] * 3


@pytest.mark.parametrize("lost", ["kind", "sponsor", "standfirst"])
def test_a_mail_has_the_words_of_the_page(compose, write, editor, lost):
    edition = actions.send(compose(write("La passerelle", standfirst="Elle rouvrira.")), by=editor)
    Article.objects.update(
        title="Le pont", kind="sponsored", sponsor="La mairie", standfirst="Fermé.", live=False
    )
    revision = edition.items.get().revision
    del revision.content[lost]  # as in one from before there was such a field
    revision.save()
    (said,), (shown,) = edition.articles(), edition.articles(whole=True)
    for name in ("title", "kind", "kind_label", "sponsor", "standfirst", "live", "url", "section"):
        assert getattr(said, name) == getattr(shown, name), name
