"""The method page: made from the catalogue, the words of the ledger and the rules in force."""

import re
from html import unescape

import pytest
from django.utils import translation

from depeche.articles import analysis, method
from depeche.articles.claim_labels import CERTAINTIES, CERTAINTY_MARKS, STATUSES, certainty_of
from depeche.articles.models import GateRule, PublishingRules

pytestmark = pytest.mark.django_db


def shown(client, address: str = "/method/") -> str:
    return unescape(re.sub(r"<[^>]*>", "", client.get(address).content.decode())).replace("\u00a0", " ")


def test_every_word_of_certainty_is_explained_and_has_its_mark():
    assert set(method.EXAMPLES) == set(CERTAINTIES) == set(CERTAINTY_MARKS)
    for language in ("fr", "en"):
        with translation.override(language):
            for word in method.certainties():
                assert word.meaning
                assert word.words


def test_every_way_to_name_a_source_is_explained_or_is_a_certainty():
    assert set(STATUSES) <= {*method.QUALITIES, *CERTAINTIES}


def test_what_somebody_thinks_or_does_in_speaking_is_not_called_certain():
    assert certainty_of("certain", "attributed_named", "opinion") == "opinion"
    assert certainty_of("certain", "speech_act_reported", "accusation") == "retold"
    assert certainty_of("certain", "attributed_named", "event") == "certain"
    assert certainty_of("denied", "denied", "opinion") == "denied"


@pytest.mark.parametrize(("language", "address"), [("fr", "/method/"), ("en", "/en/method/")])
def test_every_rule_of_the_desk_stands_there_with_why_it_matters(newsroom, client, language, address):
    page = " ".join(
        client.get(address).content.decode().replace("\u00a0", " ").replace("\u202f", " ").split()
    )
    rules = analysis.rules(language)
    assert len(rules) > 40
    assert len(method.families()) == len(method.FAMILIES)
    assert sum(page.count(f"<dt>{rule.title}"[:12]) > 0 for rule in rules) == len(rules)


def test_the_rules_in_force_are_told_and_follow_the_newsroom(newsroom, client):
    assert "sauf si deux personnes en répondent" in shown(client)
    assert "ne le publie pas seul" not in shown(client)
    rules = PublishingRules.load()
    rules.needs_second_person = True
    rules.gate_rules.add(GateRule(kind="", stops_at="", most_unattributed_percent=20, ai="off"))
    rules.save()
    page = shown(client)
    assert "ne le publie pas seul" in page
    assert "Au plus 20 % de ce qui est vérifiable" in page
    assert "Rien de ce que relève le programme n’arrête l’article" in page
    assert "recours à l’IA" not in page


def test_there_is_no_score(newsroom, client):
    assert "aucune note, ni de vérité ni de confiance" in shown(client)
    assert "no score here" in shown(client, "/en/method/")


def test_the_page_is_linked_from_every_page(newsroom, client):
    assert 'href="/method/"' in client.get("/").content.decode()
    assert 'href="/en/method/"' in client.get("/en/").content.decode()
