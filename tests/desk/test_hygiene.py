"""What is left over from the page and what an article lacks: the rule and its near miss."""

from __future__ import annotations

import datetime as dt

import pytest

from depeche.desk.draft import BlockReading, Dossier
from depeche.desk.hygiene import findings
from depeche.desk.spans import Zone
from tests.desk.drafts import draft, says, words
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database

DATED = Dossier(date=dt.date(2026, 5, 3), byline="Anne Roy", place="Lens")


def missing(*blocks, dossier=DATED):
    given = draft(*blocks, dossier=dossier)
    return [
        (text, dict(finding.values)["missing"])
        for finding in findings(given)
        if finding.code == "STR002"
        for text in words(given, [finding])
    ]


def left_over(*blocks):
    given = draft(*blocks, dossier=DATED)
    return words(given, findings(given), "STR001")


def test_each_zone_of_furniture_is_reported_once():
    zones = [
        Zone("furniture", 0, 11, "Mode sombre", reason="theme_switch"),
        Zone("furniture", 50, 70, "Recevez notre lettre", reason="sign_up"),
    ]
    found = findings(draft(dossier=DATED), zones)
    assert [(f.code, f.severity, f.span) for f in found] == [
        ("STR001", "info", (0, 11)),
        ("STR001", "info", (50, 70)),
    ]


def test_a_date_line_or_a_credit_is_no_leftover():
    zones = [Zone("furniture", 0, 9, "3 mai 2026", reason="date_line")]
    assert findings(draft(dossier=DATED), zones) == []


def test_a_line_of_furniture_inside_a_paragraph_is_reported():
    text = "Le pont rouvre lundi .\nPartagez cet article sur Facebook\nLa mairie est contente ."
    read = passage("Le pont rouvre lundi .")
    read = type(read)(**{f: getattr(read, f) for f in FIELDS} | {"text": text})
    assert left_over(read) == ["Partagez cet article sur Facebook"]


def test_a_short_paragraph_that_asks_readers_to_sign_up_is_reported():
    assert left_over(passage("Pour ne rien manquer , inscrivez-vous à notre infolettre !"))
    assert left_over(passage("Article réservé à nos abonnés"))


def test_a_subscription_that_is_the_news_is_no_boilerplate():
    assert not left_over(passage("Les habitants qui souhaitent s' abonner au bassin paieront demi-tarif ."))
    read = passage("La mairie précise que l' article est réservé aux abonnés .")
    assert not left_over(BlockReading(read, (says(read, "La mairie", "précise", "réservé aux abonnés"),)))
    assert not left_over(passage("« Abonnez-vous à notre lettre » , répète la pancarte ."))


def test_an_article_that_has_no_byline_place_or_date_is_asked_for_it():
    title = passage("Le pont rouvre", kind="headline")
    assert missing(title, dossier=Dossier(date=DATED.date, byline="", place="Lens")) == [
        ("Le pont rouvre", "byline")
    ]
    assert missing(title, dossier=Dossier(byline="Anne Roy")) == [("Le pont rouvre", "date")]
    assert missing(title, dossier=Dossier(date=DATED.date, place="Lens")) == [("Le pont rouvre", "byline")]
    assert missing(title, dossier=Dossier(kind="brief", date=DATED.date, place="Lens")) == []


def test_what_the_dossier_does_not_tell_is_not_asked_for():
    assert missing(passage("Le pont rouvre", kind="headline"), dossier=Dossier()) == []
    assert missing(passage("Le pont rouvre", kind="headline")) == []


def test_a_date_in_the_dateline_is_a_date():
    title, first = passage("Le pont rouvre", kind="headline"), passage("LENS , 12 mars – Le pont rouvre .")
    assert missing(title, first, dossier=Dossier(byline="Anne Roy", place="Lens")) == []


def test_a_document_published_recently_has_no_date():
    read = passage("Le groupe le dit dans un communiqué publié récemment .")
    assert missing(read) == [("un communiqué publié récemment", "source_date")]


def test_a_dated_document_or_another_recent_thing_is_left_alone():
    assert missing(passage("Le groupe le dit dans un communiqué daté du 3 mai .")) == []
    assert missing(passage("Le pont a été rouvert récemment .")) == []
    assert missing(passage("Un rapport existe . Le maire a parlé récemment .")) == []


def test_an_empty_draft_has_no_findings():
    assert findings(draft()) == []


FIELDS = (
    *("kind", "words", "starts", "ends", "lemmas", "tags", "morphs", "deps", "heads"),
    *("sentences", "quotations", "parsed"),
)
