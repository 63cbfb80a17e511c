"""The figures of an evaluation: what counts as found, and how far it can be trusted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from depeche.desk.spans import Finding
from scripts.evaluation import attributions, conditionals, printing, texts
from scripts.evaluation.measures import Counts, bootstrap_f1, total, wilson
from tests.desk.readings import reading_of, span_of

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[2]
TEXT = "Selon la mairie, le pont est fermé. « Il rouvrira lundi », a dit Odile Roy."


def said(content, source=None, cue=None, kind="indirect"):
    def span(words):
        return list(span_of(TEXT, words)) if words else None

    return {
        "type": kind,
        "source": span(source),
        "cue": span(cue),
        "content": [span(part) for part in content],
    }


GOLD = [
    said(["le pont est fermé"], "la mairie", "Selon", "adverbial"),
    said(["« Il rouvrira lundi »"], "Odile Roy", "a dit", "direct"),
]


def test_precision_recall_and_f1():
    counts = Counts(right=6, wrong=2, missed=4)
    assert (counts.precision, counts.recall) == (0.75, 0.6)
    assert counts.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert (Counts().precision, Counts().recall) == (1, 1)
    assert total([counts, Counts(1)]) == Counts(7, 2, 4)


def test_wilson_s_interval_is_that_of_the_books():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0, 1)
    assert wilson(10, 10)[1] == pytest.approx(1)


def test_the_bootstrap_is_the_same_each_time_and_holds_the_figure():
    by_text = [Counts(3, 1, 0), Counts(1, 0, 2), Counts(0, 0, 0), Counts(5, 1, 1)] * 5
    low, high = bootstrap_f1(by_text)
    assert bootstrap_f1(by_text) == (low, high)
    assert low < total(by_text).f1 < high
    assert bootstrap_f1([]) == (0, 1)


def test_edges_do_not_count():
    found = [
        said(["est fermé."], "mairie", "Selon", "adverbial"),
        said(["Il rouvrira lundi"], "Odile", None, "direct"),
    ]
    score = attributions.AttributionScore()
    matching = attributions.add_text(score, TEXT, GOLD, found)
    assert set(matching.pairs) == {(0, 0), (1, 1)}
    assert score.right[0.3] == {"source": 2, "cue": 1, "type": 2, "exact": 1}
    assert total(score.by_text[0.8]) == Counts(right=1, wrong=1, missed=1)


def test_a_content_more_than_twice_as_long_is_no_full_match():
    whole = [said([TEXT])]
    assert attributions.match(TEXT, GOLD[:1], whole, 0.8) == []
    assert attributions.match(TEXT, GOLD[:1], whole, 0.3) == [(0, 0)]


def test_an_attribution_without_content_matches_by_its_cue():
    gold, found = [said([], cue="Selon")], [said([], cue="Selon"), said([], cue="a dit")]
    assert attributions.match(TEXT, gold, found, 0.8) == [(0, 0)]


def test_hearsay_is_counted_apart_from_what_only_looks_like_it():
    gold = {
        "hedges": [
            {"span": [0, 5], "type": "conditional_hearsay", "trap": None},
            {"span": [10, 15], "type": "conditional_not_hearsay", "trap": "T3"},
            {"span": [20, 25], "type": "conditional_hearsay", "trap": "T10"},
        ],
        "vague": [[0, 5], [40, 45]],
    }
    found = {
        "hedges": [
            {"span": [1, 4], "type": "conditional_hearsay", "trap": None},
            {"span": [10, 15], "type": "conditional_hearsay", "trap": None},
        ],
        "findings": [{"code": "ATT002", "span": [3, 9]}],
    }
    score = conditionals.HedgeScore()
    mistakes = conditionals.add_text(score, gold, found)
    assert score.hearsay == Counts(right=1, wrong=1, missed=1)
    assert score.without_source == Counts(right=1, wrong=1, missed=0)
    assert score.vague == Counts(right=1, wrong=0, missed=1)
    assert (score.taken_for_hearsay["T3"], score.same_trap["T3"]) == (1, 0)
    assert (mistakes.missed, mistakes.wrong) == (([20, 25],), ([10, 15],))
    assert "T3 1/1" in "\n".join(printing.hedge_lines(score))


OWN = """
kind = "news"
date = "2026-03-12"
byline = ""
text = \"\"\"
Le pont de Sermont rouvre lundi

Les experts le disent, hélas. Les experts aussi. Le régime tombe.
\"\"\"
[[expected]]
code = "ATT002"
words = "Les experts"
severity = "error"
[[expected]]
code = "NUM001"
words = "lundi"
[[near_miss]]
code = "LEX001"
words = "régime"
note = "un régime alimentaire"
[[expected]]
code = "ATT002"
words = "Les experts"
occurrence = 2
"""


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "fr"
    folder.mkdir()
    (folder / "faulty-01.toml").write_text(OWN, encoding="utf-8")
    (folder / "faulty-15.toml").write_text(OWN, encoding="utf-8")
    return folder


def test_texts_beyond_the_numbers_are_not_opened(own):
    (own / "faulty-15.toml").write_text("broken")
    (text,) = texts.load_texts(own, range(1, 15))
    assert (text.sort, text.language, text.dossier.byline, str(text.dossier.date)) == (
        *("faulty", "fr", "", "2026-03-12"),
    )
    with pytest.raises(texts.WrongText, match="faulty-15"):
        list(texts.load_texts(own, range(15, 21)))


def test_words_that_do_not_stand_there_are_a_mistake_in_the_text(own):
    (own / "faulty-01.toml").write_text(OWN.replace('words = "lundi"', 'words = "mardi"'))
    with pytest.raises(texts.WrongText, match="“mardi”"):
        list(texts.load_texts(own, range(1, 2)))


def test_expected_findings_near_misses_and_what_nobody_marked(own):
    (text,) = texts.load_texts(own, range(1, 2))

    def found(code, words, severity="warning", related=()):
        return Finding(code, severity, span_of(text.text, words), related=related)

    findings = (
        found("ATT002", "Les experts"),
        found("LEX001", "régime", "info"),
        found("LEX004", "hélas", "info"),
        found("INF001", "disent"),
        found("NUM001", "pont", "error", related=(span_of(text.text, "lundi"),)),
    )
    score = texts.TextScore()
    mistakes = texts.add_text(score, text, reading_of(text.text, *findings))
    assert score.by_code == {
        "ATT002": Counts(right=1, missed=1),
        "NUM001": Counts(right=1),
        "LEX001": Counts(wrong=1),
        "INF001": Counts(wrong=1),
    }
    assert score.unjudged == {"LEX004": 1}
    assert score.same_severity == Counts(right=0, wrong=1)
    assert score.errors == Counts(right=1)
    assert [mark.code for mark in mistakes.missed] == ["ATT002"]
    assert [(finding.code, note) for finding, note in mistakes.wrong] == [
        ("LEX001", "un régime alimentaire"),
        ("INF001", ""),
    ]
    assert "faulty     1 texts" in "\n".join(printing.text_lines(score))


def test_the_script_scores_given_predictions(tmp_path):
    row = {"id": "a", "text": TEXT, "attributions": GOLD, "hedges": [], "vague": []}
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    gold.write_text(json.dumps(row) + "\n", encoding="utf-8")
    predicted.write_text(
        json.dumps({**row, "attributions": GOLD[:1], "findings": []}) + "\n", encoding="utf-8"
    )
    script = ROOT / "scripts/evaluate_desk.py"
    done = subprocess.run(
        [sys.executable, script, gold, "--predicted", predicted, "--show"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "attributions @0.3  P 1.000  R 0.500  F1 0.667" in done.stdout
    assert "MISSED  direct [Odile Roy] {a dit} ⟨« Il rouvrira lundi »⟩" in done.stdout
