"""What the desk gets to read of an article, and which field each word stands in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.articles.manuscript import Manuscript, Zone, manuscript_from_json, manuscript_of

WORDS = st.text(max_size=9)
ZONES = st.builds(Zone, st.lists(WORDS, max_size=3).map(tuple), WORDS, WORDS, WORDS)
MANUSCRIPTS = st.builds(Manuscript, WORDS, WORDS, st.lists(ZONES, max_size=4).map(tuple), WORDS, WORDS, WORDS)
NOTE = Manuscript("fr", "reportage", (Zone(("body", "a"), "paragraph", "Il pleut."),), "Jeanne Morel")


@pytest.mark.any_database
@given(MANUSCRIPTS)
def test_a_manuscript_survives_the_way_to_the_desk(manuscript):
    there = manuscript_from_json(json.loads(json.dumps(manuscript.as_json())))
    assert there == manuscript
    assert there.sha256 == manuscript.sha256


@pytest.mark.any_database
@pytest.mark.parametrize("data", [{}, {"zones": [[1]]}, {"zones": 3}])
def test_what_is_no_manuscript_is_refused(data):
    with pytest.raises((KeyError, TypeError, ValueError)):
        manuscript_from_json(data)


@pytest.mark.any_database
def test_the_digest_changes_with_words_kind_and_language_and_not_with_identifiers_or_the_day():
    zone = NOTE.zones[0]
    same = [
        replace(NOTE, published_on="2026-03-02"),
        replace(NOTE, zones=(replace(zone, path=("body", "z")),)),
    ]
    assert {other.sha256 for other in same} == {NOTE.sha256}
    other = [
        replace(NOTE, language="en"),
        replace(NOTE, kind="opinion"),
        replace(NOTE, byline=""),
        replace(NOTE, zones=(replace(zone, text="Il neige."),)),
        replace(NOTE, zones=(replace(zone, kind="quotation"),)),
        replace(NOTE, zones=(replace(zone, speaker="Anne Dubois"),)),
        replace(NOTE, zones=()),
    ]
    assert len({NOTE.sha256, *(changed.sha256 for changed in other)}) == 8


def test_every_block_gives_its_words_and_where_they_stand(write):
    draft = write(
        "La passerelle rouvrira",
        published=False,
        standfirst="Elle était fermée.",
        body=[
            (
                "paragraph",
                "<p>La mairie <b>l’annonce</b> &amp; s’en réjouit.<br/>Enfin.</p><p></p><p>Demain.</p>",
            ),
            ("crosshead", "Les travaux"),
            ("quotation", {"text": "Nous attendions.", "speaker": "Anne Dubois"}),
            ("list", {"items": ["<p>un</p>", "<p>deux</p>"]}),
            ("fact_box", {"title": "En bref", "text": "<p>Trois ans.</p>"}),
            ("timeline", {"title": "Les dates", "events": [{"when": "Mars", "what": "Fermeture"}]}),
        ],
    )
    manuscript = manuscript_of(draft)
    assert [(zone.kind, zone.text) for zone in manuscript.zones] == [
        ("headline", "La passerelle rouvrira"),
        ("standfirst", "Elle était fermée."),
        ("paragraph", "La mairie l’annonce & s’en réjouit.\nEnfin."),
        ("paragraph", "Demain."),
        ("crosshead", "Les travaux"),
        ("quotation", "Nous attendions."),
        ("list_item", "un"),
        ("list_item", "deux"),
        ("crosshead", "En bref"),
        ("paragraph", "Trois ans."),
        ("crosshead", "Les dates"),
        ("paragraph", "Fermeture"),
    ]
    assert manuscript.zones[5].speaker == "Anne Dubois"
    assert manuscript.zones[5].path == ("body", str(draft.body[2].id), "text")
    assert manuscript.zones[2].path == manuscript.zones[3].path == ("body", str(draft.body[0].id))
    assert (manuscript.language, manuscript.kind, manuscript.published_on) == ("fr", "reportage", "")


def test_a_stored_article_gives_the_manuscript_it_was_written_as(write):
    draft = write(published=False)
    stored = type(draft).objects.get(pk=draft.pk)
    assert manuscript_of(stored).sha256 == manuscript_of(draft).sha256
    assert manuscript_of(stored.get_latest_revision_as_object()) == manuscript_of(stored)
