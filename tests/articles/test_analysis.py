"""What comes back from the desk: findings and claims in the places of the manuscript, by keys that last."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche import environment
from depeche.articles import analysis, desk_seam
from depeche.articles.analysis import (
    Claim,
    DeskUnreachable,
    Finding,
    Place,
    Reading,
    key_of,
    reading_from_json,
    sentence_around,
)
from depeche.articles.manuscript import Manuscript, Zone

pytestmark = [pytest.mark.any_database, pytest.mark.xdist_group("desk process")]

ROOT = Path(__file__).parents[2]
PLACES = st.builds(
    Place,
    zone=st.integers(0, 5),
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    path=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    words=st.text(max_size=9),
    occurrence=st.integers(0, 3),
)
WORDS = st.text(max_size=9)
FINDINGS = st.builds(
    Finding,
    *[WORDS] * 4,
    PLACES,
    st.lists(PLACES, max_size=2).map(tuple),
    WORDS,
    st.lists(WORDS, max_size=2).map(tuple),
    st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
)
CLAIMS = st.builds(Claim, *[WORDS] * 2, PLACES, *[WORDS] * 7, st.booleans(), WORDS)
READINGS = st.builds(
    Reading,
    *[WORDS] * 2,
    st.booleans(),
    st.integers(0, 9999),
    st.lists(FINDINGS, max_size=3).map(tuple),
    st.lists(CLAIMS, max_size=3).map(tuple),
    st.lists(st.tuples(WORDS, st.floats(0, 1)), max_size=3).map(tuple),
    WORDS,
)


@pytest.fixture(scope="module", autouse=True)
def _a_desk(tmp_path_factory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "DATA", tmp_path_factory.mktemp("desk"))
        yield
        desk_seam.stop()


def article(*texts: str, **changed: str) -> Manuscript:
    """A reportage of these paragraphs, each a field of its own."""
    zones = [Zone(("body", str(number)), "paragraph", text) for number, text in enumerate(texts)]
    return replace(
        Manuscript("fr", "reportage", tuple(zones), byline="Jeanne Morel", place="Lens"), **changed
    )


def quoted(text: str, speaker: str = "", language: str = "fr") -> Manuscript:
    zone = Zone(("body", "q", "text"), "quotation", text, speaker)
    return Manuscript(language, "reportage", (zone,), "Jeanne Morel", "Lens")


def codes(manuscript: Manuscript) -> list[str]:
    return [finding.code for finding in analysis.read(manuscript).findings]


def test_findings_stand_in_the_zone_and_at_the_words_they_are_about():
    manuscript = article("La mairie a voté mardi.", "Selon certains, le projet est un échec retentissant.")
    vague = next(f for f in analysis.read(manuscript).findings if f.code == "ATT002")
    assert vague.place == Place(1, 6, 14, ("body", "1"), "certains", 0)
    assert "certains" in vague.message("fr")
    assert vague.question("en") != vague.question("fr") != ""


def test_the_same_words_are_counted_over_all_zones_of_a_field():
    text = "Selon certains, la piscine fermera."
    zones = tuple(Zone(path, "paragraph", text) for path in [("body", "a"), ("body", "b"), ("body", "a")])
    twice = Zone(
        ("body", "a"), "paragraph", "Des élus, certains de gagner, parlent. Selon certains, elle rouvrira."
    )
    reading = analysis.read(Manuscript("fr", "reportage", (*zones, twice), "Jeanne Morel", "Lens"))
    places = [finding.place for finding in reading.findings if finding.code == "ATT002"]
    assert [(place.zone, place.occurrence) for place in places] == [(0, 0), (1, 0), (2, 1), (3, 3)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_quotation_without_marks_is_read_as_one(language):
    text = {"fr": "Nous refusons. Ce scandale est honteux.", "en": "We refuse. This scandal is outrageous."}
    reading = analysis.read(quoted(text[language], "Claire Morel", language))
    assert [claim.place.words for claim in reading.claims] == [text[language]]
    assert reading.claims[0].place.start == 0
    assert not [finding for finding in reading.findings if finding.code.startswith("LEX")]


@pytest.mark.parametrize(
    "text", ['Il a dit "non"', "Il a dit « non »", "C’est « non » et c’est un scandale honteux"]
)
def test_marks_within_a_quotation_do_not_end_it(text):
    reading = analysis.read(quoted(text, "Claire Morel"))
    assert ("Claire Morel", text) in {(claim.source, claim.place.words) for claim in reading.claims}
    assert not reading.findings
    assert reading.voices == (("Claire Morel", 1.0),)


@pytest.mark.parametrize("text", ["« Nous refusons ce projet. »", "“Nous refusons ce projet.”"])
def test_a_quotation_keeps_the_marks_it_has(text):
    reading = analysis.read(quoted(text, "Claire Morel"))
    assert "QUO002" not in [finding.code for finding in reading.findings]
    assert all(claim.place.words in text for claim in reading.claims)


def test_a_quotation_is_its_speakers_as_its_block_says():
    text = "Nous n’avons jamais été consultés. Le maire a détourné de l’argent."
    reading = analysis.read(quoted(text, "Claire Morel"))
    assert {(claim.source, claim.voice, claim.status) for claim in reading.claims} == {
        ("Claire Morel", "source", "attributed_named")
    }
    assert not {"QUO003", "ATT001"} & {finding.code for finding in reading.findings}
    assert reading.voices == (("Claire Morel", 1.0),)


def test_a_claim_names_its_source_where_the_text_says_a_pronoun():
    text = "Anne Dubois a présenté le budget. Elle a déclaré que la piscine rouvrira en mai."
    said = [claim for claim in analysis.read(article(text)).claims if claim.cue == "a déclaré"]
    assert [(claim.source, claim.quality) for claim in said] == [("Anne Dubois", "pronoun")]


def test_the_keys_of_a_sentence_survive_edits_of_others_and_die_with_it():
    kept = "Selon certains, le projet est un échec retentissant."
    first, second, third = (
        analysis.read(article(text))
        for text in (
            f"Il pleut. {kept}",
            f"Il neige à Lens depuis mardi. {kept}",
            f"Il pleut. {kept[:-1]} total.",
        )
    )
    for rows in ("findings", "claims"):
        one, two, other = (
            {row.key for row in getattr(reading, rows) if "certains" in sentence_of(reading, row)}
            for reading in (first, second, third)
        )
        assert one
        assert one == two
        assert not one & other


def sentence_of(reading: Reading, row: Finding | Claim) -> str:
    return row.sentence if isinstance(row, Claim) else row.place.words + " certains"


def test_a_key_depends_on_the_words_a_finding_is_held_against():
    assert key_of("NUM001", "3", "Il y a 3 morts.", ["4"]) != key_of("NUM001", "3", "Il y a 3 morts.", ["5"])


def test_a_key_is_the_same_however_the_words_are_typed():
    assert key_of("X", "l'eau", "« L'eau » est  là") == key_of(
        "X", "L’eau", '"l’eau" est là'.replace('"l', '" l').replace('u"', 'u "')
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Il pleut. C’est M. Dupont qui le dit. Voilà.", "C’est M. Dupont qui le dit."),
        (
            "Il pleut. Selon l’art. 3 de J. K. Martin, qui le dit ? Oui.",
            "Selon l’art. 3 de J. K. Martin, qui le dit ?",
        ),
        ("Il pleut. « Qui le dit ? » Voilà.", "« Qui le dit ? »"),
        ("qui le dit", "qui le dit"),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text, sentence):
    start = text.index("qui le dit") if "qui le dit" in text else text.index("Qui")
    assert sentence_around(text, start, start + 10) == sentence


def test_an_opinion_may_judge_and_a_reportage_may_not():
    text = "Le projet de la mairie est un échec retentissant."
    assert "LEX001" in codes(article(text))
    assert "LEX001" not in codes(article(text, kind="opinion"))


def test_only_a_reportage_lacks_its_place_and_no_article_its_date():
    text = "La mairie a voté le budget mardi."
    missing = [
        dict(finding.values).get("missing")
        for kind in ("reportage", "analysis")
        for finding in analysis.read(article(text, kind=kind, place="")).findings
        if finding.code == "STR002"
    ]
    assert missing == ["place"]
    assert "STR002" not in codes(article(text))


def test_odd_characters_move_no_offset():
    text = "\ufeffZut\x00 \x0b😀 \ud800 e\u0301té. Selon certains, le maire part."
    found = [f.place for f in analysis.read(article(text)).findings if f.code == "ATT002"]
    assert [text[place.start : place.end] for place in found] == ["certains"]


def test_a_real_reading_survives_storage_and_is_small():
    texts = [
        "Selon certains, le projet est un échec retentissant. La mairie a annoncé un budget de 3 millions."
    ] * 12
    reading = analysis.read(article(*texts))
    stored = json.dumps(reading.as_json(), separators=(",", ":"))
    assert reading_from_json(json.loads(stored)) == reading
    assert reading_from_json(json.loads(stored)).desk == reading.desk == analysis.desk_version()
    assert len(stored) < 16_000


@given(READINGS)
def test_any_reading_survives_storage(reading):
    stored = reading_from_json(json.loads(json.dumps(reading.as_json())))
    assert all(getattr(stored, field.name) == getattr(reading, field.name) for field in fields(Reading))


def test_a_reading_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format"):
        reading_from_json({"format": 0})


def test_a_language_the_desk_does_not_read_starts_nothing(monkeypatch):
    monkeypatch.setattr(desk_seam, "ask", lambda *_, **__: pytest.fail("asked"))
    reading = analysis.read(article("Der Rat tagt.", language="de"))
    assert not reading.is_read
    assert reading_from_json(reading.as_json()) == reading


def test_a_reading_of_other_words_is_none_of_ours(monkeypatch):
    other = Reading("0" * 64, "fr", is_read=True).as_json()
    monkeypatch.setattr(desk_seam, "ask", lambda *_, **__: json.dumps(other).encode())
    with pytest.raises(DeskUnreachable, match="another release"):
        analysis.read(article("Il pleut."))


@pytest.mark.quiet
def test_warming_up_starts_the_process_and_waits_for_nothing():
    desk_seam.stop()
    start = time.monotonic()
    analysis.warm_up("fr")
    analysis.warm_up("de")
    assert time.monotonic() - start < 0.1
    while not desk_seam.address().exists():
        time.sleep(0.02)
        assert time.monotonic() - start < 10


def test_the_languages_are_those_of_the_desk():
    from depeche.desk import reading as desk

    assert analysis.languages() == set(desk.languages())


def test_asking_the_desk_loads_no_parser():
    source = "import sys, depeche.articles.analysis\nprint({'spacy', 'numpy', 'depeche.desk.reading'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
