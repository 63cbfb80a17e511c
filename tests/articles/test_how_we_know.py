"""How we know: sources and evidence once each, and what the newsroom discloses."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.articles.links import ArchivedLink
from depeche.articles.models import AnonymousSource, Evidence, RightOfReply, Source
from depeche.articles.who_says_what import ledger_of
from tests.articles.told import PONT, RIVIERE, claim, read, said, words_of

pytestmark = pytest.mark.django_db


def test_evidence_stands_with_its_claim_and_among_the_sources_once(told, page):
    Source.objects.create(article=told, who="Mairie", title="Arrêté", kind="document")
    said(Evidence, told, PONT, who="mairie", title="Arrêté", kind="document")
    said(Evidence, told, RIVIERE, who="Vigie", title="Relevé", kind="data", link="https://x.test/")
    grounds = ledger_of(told).grounds
    assert [(ground.who, ground.supports) for ground in grounds] == [("Mairie", [1]), ("Vigie", [4])]
    assert 'href="#source-2"' in page()
    assert 'id="source-2"' in page()
    assert "pour l’affirmation 4" in page()


def test_evidence_of_words_that_are_gone_is_not_shown(told):
    said(Evidence, told, "Le pont ouvre", who="Vigie", kind="data")
    assert ledger_of(told).grounds == []


def test_a_dead_link_says_since_when_and_that_a_copy_is_kept(told, page):
    Source.objects.create(
        article=told, who="Mairie", title="Arrêté", kind="document", link="https://x.test/a"
    )
    now = timezone.now()
    ArchivedLink.objects.create(
        url="https://x.test/a",
        checked_at=now,
        next_check_at=now,
        failing_since=dt.datetime(2026, 3, 3, tzinfo=dt.UTC),
        failures=3,
        problem="gone",
        archived_at=now,
    )
    assert "Lien mort depuis le 3\u00a0mars 2026 ; copie conservée par la rédaction" in words_of(page())


def test_who_was_asked_is_told_and_the_internal_note_is_not(told, page):
    RightOfReply.objects.create(
        article=told, who="Anne Roy", outcome="no_answer", asked_on=dt.date(2026, 3, 2), note="deux fois"
    )
    assert "Anne Roy, sollicitation du 2\u00a0mars 2026 : aucune réponse" in words_of(page())
    assert "deux fois" not in page()


def test_disclosures_are_told_in_plain_words(told, page):
    type(told).objects.filter(pk=told.pk).update(
        interests="declared",
        interests_note="L’autrice habite la rue.",
        ai_use="assisted",
        ai_note="Traduction.",
    )
    assert "L’autrice habite la rue." in page()
    assert "Traduction." in page()


def test_anonymity_is_told_with_its_reason_once_an_editor_agreed(told, editor, page, publisher):
    hidden = {"status": "attributed_anonymous", "quality": "anonymous_described"}
    read(told, claim(told, PONT, "un agent", **hidden))
    given = {"words": "Un agent", "reason": "Il perdrait son emploi.", "by": publisher("elise")}
    source = AnonymousSource.objects.create(article=told, key="k", at=timezone.now(), **given)
    assert "Il perdrait son emploi." not in page()
    source.approved_by, source.approved_at = editor, timezone.now()
    source.save()
    assert "Un agent : Il perdrait son emploi." in words_of(page())
