"""The findings panel's addresses: what they read of a form, whom they answer, what they refuse."""

import time

import pytest
from django.urls import reverse
from wagtail.models import Locale

from depeche.articles import analysis, desk_seam
from depeche.articles.models import Article, Person

HEARSAY = "La mairie aurait caché le rapport d’inspection de la piscine."
CLAIM = "Le bassin a fermé lundi."


def test_what_stands_in_the_form_is_read_not_what_is_stored(write, somebody, ask):
    somebody("elise")
    article = write(published=False)
    answer = ask(article, HEARSAY, "Tout va bien.")
    mark = next(mark for mark in answer["marks"] if mark["words"] == "aurait caché")
    assert mark["path"] == ["body", "block-0"]
    assert mark["severity"] == "error"
    assert answer["counts"]["errors"] >= 1
    assert "Conditionnel de rumeur" in answer["html"]
    article.refresh_from_db()
    assert "aurait" not in str(article.body)


def test_the_headline_and_the_authors_of_the_form_count(write, somebody, ask):
    somebody("elise")
    article = write(published=False)
    person = Person.objects.create(name="Léa Roy", slug="lea-roy")
    rows = {"bylines-TOTAL_FORMS": "1", "bylines-0-person": str(person.pk), "bylines-0-ORDER": "1"}
    unsigned = ask(article, CLAIM, title="Le bassin est fermé", dateline="Lille")
    signed = ask(article, CLAIM, title="Le bassin est fermé", dateline="Lille", **rows)
    assert "la signature" in unsigned["html"]
    assert "la signature" not in signed["html"]


def test_a_form_that_would_not_be_saved_is_read(write, somebody, ask):
    somebody("elise")
    write("Déjà prise", slug="deja-prise")
    article = write(published=False)
    answer = ask(article, HEARSAY, title="", slug="deja-prise", kind="nonsense", go_live_at="never")
    assert answer["counts"]["errors"] >= 1


def test_what_stops_an_article_beside_its_text_counts_too_and_stands_first(write, somebody, ask):
    somebody("elise")
    article = write(published=False)
    without = ask(article, "La mairie l’annonce.")
    answer = ask(article, "La mairie l’annonce.", ai_use="generated")
    assert answer["counts"]["urgent"] == without["counts"]["urgent"] + 1
    stops, findings = answer["html"].index("recours à l’IA"), answer["html"].find("dp-group--")
    assert findings == -1 or stops < findings


def test_quoted_words_are_not_quoted_twice(write, somebody, ask):
    somebody("elise")
    answer = ask(
        write(published=False),
        "La ville a une maquette du phare, que les régatiers surnomment « la vieille dame ».",
    )
    assert "la vieille dame" in answer["html"]
    assert "<q>«" not in answer["html"]


@pytest.mark.usefixtures("desk_process")
def test_an_article_that_is_not_saved_yet_is_read_but_not_answered(section, somebody, client, typed):
    somebody("camille", "contributor")
    url = reverse("findings_of_new", args=[section.pk])
    sent = typed(Article(title="La mairie aurait menti", slug="x"), HEARSAY)
    answer = client.post(url, sent).json()
    error = next(mark["key"] for mark in answer["marks"] if mark["severity"] == "error")
    opened = client.post(url, sent | {"panel-open": error}).json()
    assert "Les réponses sont gardées avec le brouillon" in opened["html"]
    assert "<form" not in opened["html"]


def test_an_empty_article_is_told_so(write, somebody, ask):
    somebody("elise")
    answer = ask(write(published=False), title="")
    assert "Rien à lire encore" in answer["html"]
    assert answer["marks"] == []


def test_a_language_the_desk_does_not_read_is_said(write, somebody, ask):
    somebody("elise")
    article = write(published=False)
    Locale.objects.create(language_code="nl")
    Article.objects.filter(pk=article.pk).update(locale=Locale.objects.get(language_code="nl"))
    article.refresh_from_db()
    answer = ask(article, HEARSAY)
    assert "ne lit pas cette langue" in answer["html"]
    assert "français" in answer["html"]
    assert answer["counts"]["urgent"] == 0


def test_a_desk_that_does_not_answer_is_said(write, somebody, ask, monkeypatch):
    somebody("elise")

    def silent(*_args, **_options):
        raise desk_seam.DeskUnreachable("nobody there")

    monkeypatch.setattr(analysis.desk_seam, "ask", silent)
    assert "ne répond pas" in ask(write(published=False), "Un autre texte.", status=503)["error"]


def test_only_who_may_edit_is_answered(write, section, somebody, client, typed):
    article = write(published=False)
    urls = [reverse("findings", args=[article.pk]), reverse("findings_answer", args=[article.pk])]
    for url in (*urls, reverse("findings_of_new", args=[section.pk])):
        assert client.post(url, typed(article, CLAIM)).status_code == 302, "to sign in"
    somebody("camille", "contributor")
    for url in urls:
        response = client.post(url, typed(article, CLAIM), headers={"X-Requested-With": "XMLHttpRequest"})
        assert response.status_code == 403, "somebody else's article"
    assert client.get(urls[0], headers={"X-Requested-With": "XMLHttpRequest"}).status_code in (403, 405)
    somebody("elise")
    assert client.post(reverse("findings", args=[999_999]), {}).status_code == 404
    assert client.post(reverse("findings_of_new", args=[article.pk]), {}).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"body-count": "many"},
        {"body-count": "1000000000"},
        {"body-count": "1"},
        {"body-count": "1", "body-0-deleted": "", "body-0-order": "first", "body-0-type": "paragraph"},
        {
            "body-count": "1",
            **{"body-0-deleted": "", "body-0-order": "0", "body-0-type": "paragraph", "body-0-id": "x"},
            "body-0-value": "[" * 100_000,
        },
        {
            "body-count": "1",
            **{"body-0-deleted": "", "body-0-order": "0", "body-0-type": "paragraph", "body-0-id": "x"},
            "body-0-value": '{"blocks": 7}',
        },
    ],
)
def test_what_is_no_form_is_refused(write, somebody, client, sent):
    somebody("elise")
    response = client.post(reverse("findings", args=[write(published=False).pk]), sent)
    assert response.status_code == 400, response.content[:300]
    assert "rouvrez-le" in response.json()["error"]


@pytest.mark.quiet
def test_formsets_of_hostile_size_cost_nothing(write, somebody, ask):
    somebody("elise")
    rows = {"bylines-TOTAL_FORMS": "999999999", "replies-TOTAL_FORMS": "-5", "ai_reviewed_by": "²"}
    began = time.monotonic()
    ask(write(published=False), CLAIM, **rows)
    assert time.monotonic() - began < 5


def test_a_text_beyond_all_measure_is_refused(write, somebody, client, typed):
    somebody("elise")
    article = write(published=False)
    url = reverse("findings", args=[article.pk])
    assert client.post(url, typed(article, "mot " * 60_000)).status_code == 413
    assert client.post(url, typed(article, "mot " * 700_000)).status_code == 400


def test_the_panel_is_in_both_views_and_not_in_what_autosave_renders(write, section, somebody, client):
    somebody("elise")
    article = write(published=False)
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    create = reverse("wagtailadmin_pages:add", args=["articles", "article", section.pk])
    for url in (edit, create):
        assert b'data-side-panel="findings"' in client.get(url).content
    assert b"data-findings" not in client.get(f"{edit}?_w_hydrate_create_view=1").content
    assert b"data-findings" not in client.get(reverse("wagtailadmin_pages:edit", args=[section.pk])).content


def test_the_panel_speaks_the_language_of_who_looks(write, somebody, ask):
    elise = somebody("elise")
    article = write(published=False)
    profile = elise.wagtail_userprofile if hasattr(elise, "wagtail_userprofile") else None
    if profile is None:
        from wagtail.users.models import UserProfile

        profile = UserProfile.get_for_user(elise)
    profile.preferred_language = "en"
    profile.save()
    assert "Errors" in ask(article, HEARSAY)["html"]
