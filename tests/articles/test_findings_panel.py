"""The findings panel's addresses: what they read of a form, whom they answer, what they refuse."""

import json
import time

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Locale

from depeche import environment
from depeche.articles import analysis, desk_seam
from depeche.articles.models import AnonymousSource, Article, Dismissal, Evidence, Person, Ruling
from depeche.newsroom.models import Role

HEARSAY = "La mairie aurait caché le rapport d’inspection de la piscine."
CLAIM = "Le bassin a fermé lundi."


@pytest.fixture(scope="module", autouse=True)
def _one_desk(tmp_path_factory):
    """A desk process for these tests, ended with them."""
    patch = pytest.MonkeyPatch()
    patch.setattr(environment, "DATA", tmp_path_factory.mktemp("desk"))
    yield
    desk_seam._starter.close()
    patch.undo()


@pytest.fixture
def somebody(newsroom, client, django_user_model):
    """A client signed in as a colleague with that role."""

    def _somebody(name: str, role: str = "editor") -> User:
        user = django_user_model.objects.filter(username=name).first()
        if user is None:
            user = django_user_model.objects.create_user(name, f"{name}@depeche.test", "un long mot de passe")
            user.groups.add(Role.objects.get(key=role).group)
        client.force_login(user)
        return user

    return _somebody


@pytest.fixture
def typed(form):
    """What the panel sends of a form: a headline, paragraphs of plain text, and what else is given."""

    def _typed(article: Article, *paragraphs: str, **changed: str) -> dict:
        blocks = {"body-count": str(len(paragraphs))}
        for number, text in enumerate(paragraphs):
            raw = {"key": "abcde", "text": text, "type": "unstyled", "depth": 0}
            raw |= {"inlineStyleRanges": [], "entityRanges": []}
            values = {"deleted": "", "order": str(number), "type": "paragraph", "id": f"block-{number}"}
            values["value"] = json.dumps({"blocks": [raw], "entityMap": {}})
            blocks |= {f"body-{number}-{name}": value for name, value in values.items()}
        return form(article) | blocks | changed

    return _typed


@pytest.fixture
def ask(client, typed):
    """The panel's answer for an article with these paragraphs in its form."""

    def _ask(article: Article, *paragraphs: str, status: int = 200, **changed) -> dict:
        response = client.post(reverse("findings", args=[article.pk]), typed(article, *paragraphs, **changed))
        assert response.status_code == status, response.content[:500]
        return response.json()

    return _ask


@pytest.fixture
def say(client, typed):
    """Answer something in the form's text; the panel's answer."""

    def _say(article: Article, text: str, do: str, status: int = 200, **said) -> dict:
        fields = {f"answer-{name}": str(value) for name, value in said.items()} | {"answer-do": do}
        fields |= {"panel-open": [said.get("at", "")], "panel-view": said.get("view", "")}
        response = client.post(reverse("findings_answer", args=[article.pk]), typed(article, text) | fields)
        assert response.status_code == status, response.content[:500]
        return response.json()

    return _say


def key_of(answer: dict, severity: str) -> str:
    return next(mark["key"] for mark in answer["marks"] if mark["severity"] == severity)


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


def test_an_article_that_is_not_saved_yet_is_read_but_not_answered(section, somebody, client, typed):
    somebody("camille", "contributor")
    url = reverse("findings_of_new", args=[section.pk])
    sent = typed(Article(title="La mairie aurait menti", slug="x"), HEARSAY)
    answer = client.post(url, sent).json()
    opened = client.post(url, sent | {"panel-open": key_of(answer, "error")}).json()
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


def test_a_warning_is_dismissed_with_a_reason_and_taken_back(write, somebody, ask, say):
    elise = somebody("elise")
    article = write(published=False)
    text = "Les experts s’attendent à une récolte médiocre."
    key = next(mark["key"] for mark in ask(article, text)["marks"] if mark["words"] == "Les experts")
    refused = say(article, text, "dismiss", status=409, key=key, at=key, reason=" ")
    assert "Dites pourquoi" in refused["html"]
    answer = say(article, text, "dismiss", key=key, at=key, reason="Panel défini plus haut.")
    dismissal = Dismissal.objects.get()
    assert (dismissal.by, dismissal.words) == (elise, "Les experts")
    assert "Panel défini plus haut." in answer["html"]
    assert answer["counts"]["warnings"] < refused["counts"]["warnings"]
    answer = say(article, text, "take_back", of="dismissals", row=dismissal.pk, at=key)
    assert answer["counts"]["warnings"] == refused["counts"]["warnings"]


def test_an_error_is_overridden_by_two(write, somebody, ask, say):
    somebody("elise")
    article = write(published=False)
    key = key_of(ask(article, HEARSAY), "error")
    answer = say(article, HEARSAY, "dismiss", key=key, at=key, reason="Le maire le confirme.")
    assert "attend une seconde personne" in answer["html"]
    row = Dismissal.objects.get().pk
    assert "seconde personne" in say(article, HEARSAY, "second", status=409, row=row, at=key)["html"]
    somebody("edgar")
    assert "qui peut publier" in say(article, HEARSAY, "second", status=409, row=row, at=key)["html"]
    paul = somebody("paul", "publisher")
    shown = ask(article, HEARSAY, **{"panel-open": key})
    assert "Le maire le confirme." in shown["html"]
    assert "Donner mon accord" in shown["html"]
    answer = say(article, HEARSAY, "second", row=row, at=key)
    assert Dismissal.objects.get().seconded_by == paul
    assert "attend une seconde personne" not in answer["html"]


def test_a_claim_is_put_right_and_stays_so_when_other_sentences_change(write, somebody, ask, say):
    somebody("elise")
    article = write(published=False)
    views = {"panel-view": "claims"}
    mark = next(m for m in ask(article, CLAIM, **views)["marks"] if m["words"].startswith("Le bassin"))
    key = mark["key"]
    say(article, CLAIM, "rule", key=key, at=key, view="claims", verdict="source", source="Paul Durand")
    assert Ruling.objects.get().engine_said["sentence"] == CLAIM
    shown = ask(article, f"{CLAIM} La rue est rouverte.", **views, **{"panel-open": key})
    assert "Paul Durand" in shown["html"]
    assert "elise" in shown["html"]


def test_evidence_is_checked_added_and_removed(write, somebody, ask, say):
    somebody("elise")
    article = write(published=False)
    key = next(
        m["key"] for m in ask(article, CLAIM, **{"panel-view": "claims"})["marks"] if m["path"][0] == "body"
    )
    given = {"key": key, "at": key, "view": "claims", "who": "Ville de Lille", "kind": "document"}
    wrong = say(article, CLAIM, "evidence", status=422, link="javascript:alert(1)", **given)
    assert "dp-problem" in wrong["html"]
    assert "Ville de Lille" in wrong["html"], "what was typed is kept"
    say(article, CLAIM, "evidence", link="https://exemple.test/avis", consulted_on="2026-11-02", **given)
    evidence = Evidence.objects.get()
    assert (evidence.who, str(evidence.consulted_on)) == ("Ville de Lille", "2026-11-02")
    shown = ask(article, CLAIM, **{"panel-view": "claims", "panel-open": key})
    assert "https://exemple.test/avis" in shown["html"]
    say(article, CLAIM, "take_back", of="evidence", row=evidence.pk, at=key, view="claims")
    assert not Evidence.objects.standing().exists()


def test_an_anonymous_source_is_asked_for_and_approved(write, somebody, ask, say):
    text = "Une source juge le président du club dépassé."
    somebody("elise")
    article = write(published=False)
    key = next(m["key"] for m in ask(article, text)["marks"] if m["words"] == "Une source")
    answer = say(article, text, "anonymity", key=key, at=key, reason="Elle craint pour son poste.")
    assert "Elle craint pour son poste." in answer["html"]
    row = AnonymousSource.objects.get()
    assert row.words == "Une source"
    somebody("paul", "publisher")
    say(article, text, "approve", row=row.pk, at=key)
    row.refresh_from_db()
    assert row.approved_at is not None


def test_words_that_changed_are_not_answered(write, somebody, ask, say):
    somebody("elise")
    article = write(published=False)
    key = key_of(ask(article, HEARSAY), "error")
    answer = say(article, CLAIM, "dismiss", status=404, key=key, reason="Vu.")
    assert "Ces mots ont changé" in answer["html"]
    for do in ("dismiss", "rule", "evidence", "anonymity"):
        say(article, CLAIM, do, status=404, key="0" * 16, reason="Vu.", verdict="observed", who="x")
    assert not Dismissal.objects.exists()


def test_rows_of_other_articles_are_out_of_reach(write, somebody, ask, say):
    somebody("elise")
    own, other = write(published=False), write("Ailleurs", published=False)
    key = key_of(ask(other, HEARSAY), "error")
    say(other, HEARSAY, "dismiss", key=key, reason="Vu.")
    row = Dismissal.objects.get().pk
    somebody("paul", "publisher")
    for number in (row, "²", "", "-1", "9" * 40):
        say(own, HEARSAY, "second", status=404, row=number)
        say(own, HEARSAY, "take_back", status=404, of="dismissals", row=number)
    say(own, HEARSAY, "take_back", status=400, of="revisions", row=row)
    say(own, HEARSAY, "publish", status=400)


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
