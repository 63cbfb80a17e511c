"""Floors under what the desk gets right on our own texts: a change that loses accuracy fails here."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from depeche.desk.article import read_article
from depeche.desk.draft import Dossier
from depeche.desk.reading import read
from scripts.evaluation.measures import Counts
from scripts.evaluation.texts import OwnText, TextScore, add_text, load_texts, read_text

pytestmark = pytest.mark.any_database

FRENCH = Path(__file__).parent / "texts/fr"
DEMO = Path(__file__).parents[2] / "depeche/ops/demo_articles/fr"
KINDS = {"opinion": "opinion", "satire": "opinion", "analysis": "analysis"}
ENGLISH = Path(__file__).parent / "texts/en"


@cache
def scored(folder: Path, first: int, last: int) -> TextScore:
    score = TextScore()
    for own in load_texts(folder, range(first, last + 1)):
        add_text(score, own, read_text(own))
    return score


def total(score: TextScore) -> Counts:
    counts = list(score.by_code.values())
    return Counts(sum(c.right for c in counts), sum(c.wrong for c in counts), sum(c.missed for c in counts))


@pytest.mark.parametrize(
    ("folder", "first", "last", "precision", "recall"),
    [(FRENCH, 1, 20, 0.97, 0.93), (FRENCH, 31, 38, 0.88, 0.55), (ENGLISH, 1, 20, 0.97, 0.93)],
)
def test_findings_stay_as_precise_as_they_were(
    folder: Path, first: int, last: int, precision: float, recall: float
) -> None:
    counts = total(scored(folder, first, last))
    assert counts.right >= 20
    assert counts.right / (counts.right + counts.wrong) >= precision
    assert counts.right / (counts.right + counts.missed) >= recall


def test_errors_are_right() -> None:
    for last, first in ((20, 1), (38, 31)):
        errors = scored(FRENCH, first, last).errors
        assert errors.right >= 8
        assert errors.wrong == 0


@pytest.mark.parametrize("own", list(load_texts(FRENCH, range(1, 39))), ids=lambda own: own.name)
def test_clean_copy_has_no_error_and_hardly_a_warning(own: OwnText) -> None:
    if own.sort != "clean":
        return
    found = [finding.severity for finding in read_text(own).findings]
    assert "error" not in found
    assert found.count("warning") <= 1


def test_there_are_sixty_texts_and_every_code_is_tried() -> None:
    texts = list(load_texts(FRENCH, range(1, 39)))
    assert len(texts) >= 60
    expected = {mark.code for own in texts for mark in own.expected}
    near = {mark.code for own in texts for mark in own.near_misses}
    assert len(expected & near) == 45


def test_our_demo_newspaper_is_clean() -> None:
    words = warnings = 0
    for path in sorted(DEMO.glob("*.toml")):
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        if "headline" not in given:
            continue
        texts = [part["text"] for part in given.get("body", ()) if isinstance(part.get("text"), str)]
        source = "\n\n".join([f"# {given['headline']}", given.get("standfirst", ""), *texts])
        article = read_article(source, source_format="markdown")
        reading = read(article, "fr", Dossier(kind=KINDS.get(given.get("kind", ""), "news")))
        words += len(article.text.split())
        severities = [finding.severity for finding in reading.findings]
        assert "error" not in severities, article.headline
        warnings += severities.count("warning")
    assert words > 5_000
    assert 100 * warnings / words <= 1
