"""A check for programs: JSON, SARIF, the annotations of GitHub, and readings as plain data."""

import json
import re
from pathlib import Path

import pytest

from depeche.desk import catalogue, formats
from depeche.desk.article import read_article
from depeche.desk.checked import Checked, Unusable
from depeche.desk.house import Silenced
from depeche.desk.records import claims_of, record
from depeche.desk.spans import Attribution, Claim, Finding, Hedge, Quantity, Voice
from tests.desk.readings import ARTICLE, checked_of, finding, reading_of, span_of

pytestmark = pytest.mark.any_database

VAGUE = finding(ARTICLE, "ATT002", "Les experts")
LOADED = finding(ARTICLE, "LEX001", "régime", rewrite="dispositif", alternatives=("plan",))
FIGURES = finding(
    ARTICLE,
    "NUM001",
    "5 millions",
    "error",
    related=["4,2 millions d’euros"],
    values=(("other", "4,2 millions"),),
)
GONE = Unusable("parti, loin.txt", "missing", "parti, loin.txt : ce fichier n’existe pas.\nVérifiez.")


def sarif(*results):
    return json.loads(formats.as_sarif(results, "fr", "1.2"))["runs"][0]


def test_a_reading_becomes_the_record_of_the_gold_standard():
    text = "Elle n’a pas dit que le pont fermerait."
    article = read_article(f"Pont\n\n{text}", source_format="text")
    at = article.text.index("Elle")
    reading = reading_of(
        article,
        attributions=(
            Attribution("indirect", (at, at + 4), None, ((at + 21, at + 38),), "pronoun"),
            Attribution(
                *("nominal", None, (at, at + 4), ()),
                stance="neutral",
                parent=0,
                negated=True,
                mental=True,
                source_ref=(0, 4),
                source_parts=((0, 2), (2, 4)),
                quotes=((1, 2),),
            ),
        ),
        hedges=(Hedge((1, 2), "conditional_not_hearsay", "T3"), Hedge((3, 4), "modal")),
        quantities=(Quantity((5, 9), 180, 220, "person", approximate=True),),
        voices=(Voice("Elle", ((at, at + 4),), 17, 0.33333, "mairie"),),
        claims=(Claim((0, 4), "source", "certain", "attributed_named", attribution=1),),
    )
    row = record(reading, "fr")
    assert row["attributions"] == [
        {
            "type": "indirect",
            "source": [at, at + 4],
            "cue": None,
            "content": [[at + 21, at + 38]],
            "source_quality": "pronoun",
        },
        {
            "type": "nominal",
            "source": None,
            "cue": [at, at + 4],
            "content": [],
            "source_quality": "none",
            "stance_class": "neutral",
            "polarity": "neg",
            "mental": True,
            "nested_in": 0,
            "source_parts": [[0, 2], [2, 4]],
            "source_ref": [0, 4],
            "quotes": [[1, 2]],
        },
    ]
    assert row["hedges"] == [{"span": [1, 2], "type": "conditional_not_hearsay", "trap": "T3"}]
    assert row["other_hedges"] == [{"span": [3, 4], "type": "modal"}]
    assert row["quantities"] == [{"span": [5, 9], "value": [180, 220], "unit": "person", "approximate": True}]
    assert row["voices"] == [
        {"source": "Elle", "spans": [[at, at + 4]], "characters": 17, "share": 0.3333, "camp": "mairie"}
    ]
    assert claims_of(reading)[0]["attribution"] == 1


def test_a_finding_carries_its_words_message_question_rewrite_and_relations():
    row = record(reading_of(ARTICLE, LOADED, FIGURES), "en")["findings"]
    assert row[0]["rewrite"] == "dispositif"
    assert row[0]["alternatives"] == ["plan"]
    assert row[0]["message"].startswith("“régime” judges")
    assert row[1]["related"] == [list(span_of(ARTICLE, "4,2 millions d’euros"))]
    assert row[1]["words"] == ARTICLE[slice(*row[1]["span"])] == "5 millions"
    assert row[1]["question"].endswith("?")


def test_json_gives_every_file_its_findings_with_lines_and_the_sums():
    silenced = (Silenced(VAGUE, "panel cité plus bas"), Silenced(LOADED, ""))
    data = json.loads(formats.as_json([checked_of(ARTICLE, FIGURES, silenced=silenced), GONE], "fr", "1.2"))
    read, gone = data["files"]
    found = read["findings"][0]
    assert (found["code"], found["start"], found["end"]) == (
        "NUM001",
        {"line": 5, "column": 73},
        {"line": 5, "column": 83},
    )
    assert found["related"][0]["start"] == {"line": 5, "column": 21}
    assert [one["reason"] for one in read["silenced"]] == [
        "panel cité plus bas",
        "mot admis par la rédaction",
    ]
    assert gone["error"]["code"] == "missing"
    assert data["summary"] == {
        "files": 1,
        "unusable": 1,
        "words": 41,
        "error": 1,
        "warning": 0,
        "info": 0,
        "silenced": 2,
        "per_100_words": 2.44,
    }


def test_sarif_has_what_the_standard_requires():
    run = sarif(checked_of(ARTICLE, LOADED, VAGUE, FIGURES), GONE)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(catalogue.codes())
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "pont.txt"
        assert place["region"]["startLine"] >= 1
        assert place["region"]["endColumn"] > place["region"]["startColumn"] >= 1
    assert run["invocations"][0]["executionSuccessful"] is False
    notice = run["invocations"][0]["toolExecutionNotifications"][0]
    assert notice["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "parti%2C%20loin.txt"


def test_sarif_offers_the_rewrite_as_a_fix_and_points_to_the_other_figure():
    loaded, figures = sarif(checked_of(ARTICLE, LOADED, FIGURES))["results"]
    replacement = loaded["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["deletedRegion"] == {
        "startLine": 3,
        "startColumn": 4,
        "endLine": 3,
        "endColumn": 10,
    }
    assert replacement["insertedContent"] == {"text": "dispositif"}
    related = figures["relatedLocations"][0]["physicalLocation"]["region"]
    assert related["snippet"]["text"] == "4,2 millions d’euros"


def test_sarif_shows_silenced_findings_as_suppressed():
    run = sarif(checked_of(ARTICLE, silenced=(Silenced(VAGUE, "panel"),)))
    assert run["results"][0]["suppressions"] == [{"kind": "external", "justification": "panel"}]


def test_fingerprints_outlive_a_new_line_above_and_tell_equal_words_apart():
    def fingerprints(text):
        first, second = (Finding("LEX004", "info", span_of(text, "hélas", n)) for n in (1, 2))
        results = sarif(checked_of(text, first, second))["results"]
        return [result["partialFingerprints"]["words/v1"] for result in results]

    before = fingerprints("Titre du jour\n\nIl pleut hélas, et hélas il vente.\n")
    after = fingerprints("Titre du jour\n\nUne phrase de plus.\n\nIl pleut hélas, et hélas il vente.\n")
    assert before == after
    assert len(set(before)) == 2


def test_an_absolute_path_becomes_a_file_address():
    run = sarif(checked_of(ARTICLE, VAGUE, name="/articles/l’été.txt"))
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == Path("/articles/l’été.txt").as_uri()


def test_the_snippet_of_a_marked_up_file_is_what_the_file_has():
    source = "# Le pont rouvre\n\nLes **experts** du port redoutent des bouchons sur la rive gauche.\n"
    article = read_article(source, name="pont.md")
    found = Finding("ATT002", "warning", span_of(article.text, "Les experts"))
    run = sarif(Checked("pont.md", source, reading_of(article, found)))
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (3, 1, 14)
    assert region["snippet"]["text"] == "Les **experts"


def test_github_gets_one_escaped_command_a_finding():
    lines = list(formats.github_lines([checked_of(ARTICLE, FIGURES, name="a,b:c%.txt"), GONE], "fr"))
    assert re.match(
        r"::error file=a%2Cb%3Ac%25.txt,line=5,endLine=5,col=73,endColumn=83,title=NUM001 [^:]+::« 5 mill",
        lines[0].replace("\u00a0", " "),
    )
    assert lines[1] == (
        "::error file=parti%2C loin.txt::parti, loin.txt : ce fichier n’existe pas.%0AVérifiez."
    )


def test_github_gets_no_columns_for_words_over_two_lines():
    text = "Titre du jour\n\nIl pleut\nhélas\n"
    whole = Finding("INF005", "info", span_of(text, "pleut\nhélas"))
    (line,) = formats.github_lines([checked_of(text, whole)], "en")
    assert line.startswith("::notice file=pont.txt,line=3,endLine=4,title=INF005 ")
