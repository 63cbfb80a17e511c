"""Answers given in the findings panel: by whom, to what, and what stays of them."""

import pytest
from django.urls import reverse

from depeche.articles.models import AnonymousSource, Article, Dismissal, Evidence, Ruling

HEARSAY = "La mairie aurait caché le rapport d’inspection de la piscine."
CLAIM = "Le bassin a fermé lundi."


@pytest.fixture
def say(desk_process, client, typed):
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
