"""An editor files a correction: from the words that changed, over what readers will get, to the record."""

import re
from html import unescape

import pytest
from django.urls import reverse

from depeche.articles import actions, correcting
from depeche.articles.correcting import Audience, Sent
from depeche.articles.models import Article, Correction
from depeche.articles.suggesting import Suggestion, suggestions

pytestmark = pytest.mark.django_db
WRONG = "<p>La mairie l’annonce. La passerelle mesure 80 mètres, selon elle.</p>"
RIGHT = "<p>La mairie l’annonce. La passerelle mesure 60 mètres, selon elle.</p>"
SAID = {
    "kind": "correction",
    "was": "80 mètres",
    "now": "60 mètres",
    "reason": "La longueur était fausse.",
    "changes_meaning": "on",
    "tells_readers": "on",
}


@pytest.fixture
def change(editor):
    def _change(article, **changed):
        article = Article.objects.get(pk=article.pk)
        for name, value in changed.items():
            setattr(article, name, value)
        article.save_revision(user=editor)
        return actions.publish(article, by=editor)

    return _change


@pytest.fixture
def corrected(write, change):
    return change(write(body=[("paragraph", WRONG)]), body=[("paragraph", RIGHT)])


@pytest.fixture
def post(client, corrected):
    def _post(article=corrected, **values):
        answer = client.post(reverse("file_correction", args=[article.pk]), SAID | values)
        return unescape(answer.content.decode()) if answer.status_code == 200 else answer

    return _post


@pytest.fixture
def _mails(monkeypatch, corrected):
    class Post:
        def audience(self, article, is_wrong):
            return Audience(
                9_500, (Sent("Le matin, n° 12", article.first_published_at, "https://x.test/12"),)
            )

        def progress(self, correction):
            return [("accepté", 7), ("en attente", 3)]

    monkeypatch.setattr(correcting, "_messengers", [Post()])


@pytest.mark.usefixtures("_mails")
def test_it_is_filed_in_two_steps(client, editor, corrected, post):
    client.force_login(editor)
    page = post(check="1")
    assert not Correction.objects.exists()
    for seen in (
        "au-dessus du texte",
        "La longueur était fausse.",
        "Nous avions écrit",
        "Version 1",
        "Le matin, n° 12",
        "9500 lecteurs recevront un courriel",
    ):
        assert seen in page.replace("\u202f", "").replace("\u00a0", " ") or seen in page, seen
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    assert {name: hidden[name] for name in ("was", "now", "kind")} == {
        name: SAID[name] for name in ("was", "now", "kind")
    }
    answer = client.post(reverse("file_correction", args=[corrected.pk]), {**hidden, "publish": "1"})
    assert answer.status_code == 302
    correction = Correction.objects.get()
    assert (correction.tells_readers, correction.changes_meaning) == (True, True)
    history = client.get(answer["Location"]).content.decode()
    assert "Accepté : 7" in history.replace("\u00a0", " ").replace("Accepté:", "Accepté :")


@pytest.mark.usefixtures("_mails")
def test_who_is_not_to_be_written_to_is_counted_all_the_same(client, editor, post):
    client.force_login(editor)
    page = post(check="1", tells_readers="").replace("\u202f", "")
    assert "ne recevront pas de courriel" in page
    assert "Publier la correction" in page


def test_what_stands_below_is_announced_below(client, editor, post):
    client.force_login(editor)
    assert "au-dessous du texte" in post(check="1", changes_meaning="")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"was": "70 mètres"}, "Aucune version"),
        ({"now": "61 mètres"}, "publiez"),
        ({"reason": " "}, "en une phrase"),
        ({"was": "", "now": ""}, "les deux"),
        ({"kind": "mystery"}, "mystery"),
        ({"was": "x" * 1001}, "1000"),
        ({"reason": "x" * 301}, "300"),
    ],
)
def test_what_does_not_fit_is_said_in_the_form_and_what_was_typed_stays(client, editor, post, changed, told):
    client.force_login(editor)
    for step in ("check", "publish"):
        page = post(**changed, **{step: "1"})
        assert told in page.replace("\u202f", "").replace("\u00a0", " "), step
        assert 'name="check"' in page
        assert (changed.get("was") or changed.get("now") or "60 mètres") in page
    assert not Correction.objects.exists()


def test_changing_ones_mind_keeps_what_was_typed(client, editor, post):
    client.force_login(editor)
    page = post(change="1", tells_readers="")
    assert 'name="check"' in page
    assert "La longueur était fausse." in page
    assert re.search(r'name="changes_meaning"[^>]*checked', page)
    assert not re.search(r'name="tells_readers"[^>]*checked', page)


def test_pressing_twice_files_once(client, editor, post):
    client.force_login(editor)
    assert post(publish="1").status_code == 302
    assert "déjà publiée" in post(publish="1")
    assert Correction.objects.count() == 1


def test_the_words_that_changed_are_offered(client, editor, corrected):
    client.force_login(editor)
    assert suggestions(corrected) == [
        Suggestion("passerelle mesure 80 mètres, selon", "passerelle mesure 60 mètres, selon")
    ]
    address = reverse("file_correction", args=[corrected.pk])
    page = client.get(address).content.decode()
    (link,) = re.findall(r'href="(\?was=[^"]+)"', page)
    begun = client.get(address + unescape(link)).content.decode()
    assert "passerelle mesure 80 mètres, selon</textarea>" in begun


def test_what_is_offered_can_be_filed(corrected, editor, change):
    article = change(
        corrected,
        title="Un tout autre titre",
        body=[("paragraph", "<p>La mairie le dit. Elle mesure 60 mètres ! Et une phrase de plus.</p>")],
    )
    found = suggestions(article)
    assert found
    for each in found:
        draft = correcting.Draft("correction", each.was, each.now, "Une raison.")
        assert correcting.check(article, draft)


def test_before_a_second_version_there_is_nothing_to_file(client, editor, write):
    client.force_login(editor)
    page = client.get(reverse("file_correction", args=[write().pk])).content.decode()
    assert "aucune autre version" in page
    assert 'name="check"' not in page
    assert "Aucune correction de cet article" in page


@pytest.mark.parametrize(
    ("role", "may"),
    [("publisher", True), ("editor", False), ("contributor", False), ("subscriber_desk", False)],
)
def test_only_who_may_publish_files(client, somebody, corrected, post, role, may):
    somebody("camille", role)
    answer = client.get(reverse("file_correction", args=[corrected.pk]))
    assert (answer.status_code == 200) is may
    post(publish="1")
    assert Correction.objects.exists() is may


def test_the_button_stands_by_what_readers_have(client, editor, corrected, write):
    client.force_login(editor)
    address = reverse("file_correction", args=[corrected.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[corrected.pk])).content.decode()
    draft = write("Brouillon", published=False)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert reverse("file_correction", args=[draft.pk]) not in edit
    assert client.get(reverse("file_correction", args=[draft.pk])).status_code in (302, 403)


def test_no_button_for_who_may_not(client, somebody, corrected):
    somebody("camille", "editor")
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[corrected.pk])).content.decode()
    assert reverse("file_correction", args=[corrected.pk]) not in edit


def test_the_preview_speaks_the_language_of_the_article(client, editor, post, settings):
    client.force_login(editor)
    page = client.post(
        reverse("file_correction", args=[Article.objects.get().pk]),
        SAID | {"check": "1"},
        headers={"accept-language": "en"},
    ).content.decode()
    assert "Nous avions écrit" in page


def test_hostile_words_stay_words_in_the_newsroom(client, editor, corrected, post, change):
    client.force_login(editor)
    change(corrected, title='<script>alert("1")</script>')
    for step in ("check", "publish"):
        page = post(reason='<script>alert("2")</script>', **{step: "1"})
        assert "<script>alert" not in (
            client.get(reverse("file_correction", args=[corrected.pk])).content.decode()
        )
    answer = client.post(
        reverse("file_correction", args=[corrected.pk]), SAID | {"reason": "<b>x", "check": "1"}
    )
    assert "<b>x" not in answer.content.decode()
    assert page
