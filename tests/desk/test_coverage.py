"""What packs say of themselves, and the page that tells how to write one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from depeche.desk import catalogue, coverage, lexicon, parsing, reading
from depeche.desk.article import read_article
from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.reading import read

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-language.md"
TOLD = {
    "findings": ["LEX001"],
    "attributions": ["direct"],
    "gaps": {"fr": "Presque rien.", "en": "Hardly anything is."},
}


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """Writes the `reads.json` of a language that is read."""
    monkeypatch.setattr(coverage, "LANGUAGES", tmp_path)

    def write(data, language="eo"):
        (tmp_path / language).mkdir(exist_ok=True)
        text = data if isinstance(data, str) else json.dumps(data)
        (tmp_path / language / "reads.json").write_text(text, encoding="utf-8")
        return language

    return write


@pytest.mark.parametrize("language", reading.languages())
def test_every_language_that_is_read_says_what_is_read(language):
    told = coverage.coverage(language)
    assert told.findings
    assert told.attributions
    assert told.told("fr") != told.told("en")


def test_french_reads_every_code_with_its_parser_and_fewer_without():
    assert coverage.coverage("fr").findings == catalogue.codes()
    assert coverage.coverage("fr").unread == ()
    reduced = coverage.coverage("fr", parsed=False)
    assert set(reduced.findings) < set(catalogue.codes())
    assert "ATT" in reduced.unread


def test_what_is_unread_is_a_family_where_nothing_of_it_is_read_else_its_codes():
    unread = coverage.coverage("en").unread
    assert "INF" in unread
    assert "ATT001" in unread
    assert "ATT" not in unread
    assert "ATT002" not in unread


def test_a_pack_that_needs_no_parser_reads_the_same_without():
    assert coverage.coverage("en", parsed=False) == coverage.coverage("en")


def test_a_language_of_the_interface_without_a_sentence_is_told_in_english(pack):
    assert coverage.coverage(pack(TOLD)).told("de") == "Hardly anything is."


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        ("[", "cannot be read as JSON"),
        ([], "must have the keys"),
        ({**TOLD, "more": 1}, "must have the keys"),
        ({**TOLD, "findings": ["LEX999"]}, "LEX999"),
        ({**TOLD, "findings": ["LEX001", "LEX001"]}, "LEX001” twice"),
        ({**TOLD, "findings": "LEX001"}, "must be a list"),
        ({**TOLD, "attributions": ["loud"]}, "loud"),
        ({**TOLD, "gaps": {"en": "Nothing."}}, "one sentence for each"),
        ({**TOLD, "gaps": {"fr": " ", "en": "Nothing."}}, "none of them empty"),
        ({**TOLD, "without_parser": {"findings": []}}, "without_parser must be an object"),
        ({**TOLD, "without_parser": {**TOLD, "findings": ["LEX002"]}}, "not read with a parser"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_cause(pack, data, cause):
    with pytest.raises(PackError, match=re.escape(cause)) as raised:
        coverage.coverage(pack(data))
    assert "reads.json" in str(raised.value)


def test_a_pack_that_says_nothing_of_itself_is_refused(pack):
    pack(TOLD)
    with pytest.raises(PackError, match=r"reads\.json is missing"):
        coverage.coverage("ia")


# The page that tells how to add a language


def test_the_how_to_page_makes_a_language_that_is_read(tmp_path, monkeypatch):
    page = PAGE.read_text(encoding="utf-8")
    folder = tmp_path / "eo"
    folder.mkdir()
    files = re.findall(r"`(\w+\.json)`:\n\n```json\n(.*?)```", page, re.DOTALL)
    for name, content in files:
        (folder / name).write_text(content, encoding="utf-8")
    for module in (coverage, lexicon, parsing, reading):
        monkeypatch.setattr(module, "LANGUAGES", tmp_path)
    article = read_article(re.search(r"```text\n(.*?)```", page, re.DOTALL)[1], source_format="text")
    done = read(article, "eo")
    sources = [article.text[slice(*a.source)] for a in done.attributions if a.source]
    assert sources == ["La urbestro", "ŝi"]
    assert [(f.code, article.text[slice(*f.span)]) for f in done.findings] == [("LEX001", "reĝimo")]
    assert coverage.coverage("eo").told("en") == "Only a few words of Esperanto are read."


def test_the_how_to_page_names_the_files_of_the_pack_and_no_other():
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+\.json)`", page))
    packs = {path.name for language in ("fr", "en") for path in (LANGUAGES / language).glob("*.json")}
    english = {path.name for path in (LANGUAGES / "en").glob("*.json")}
    assert english <= named <= packs


def test_every_list_of_the_pack_is_json_without_doubles():
    for path in sorted((LANGUAGES / "en").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        groups = data.values() if isinstance(data, dict) else [row.get("words", []) for row in data]
        for words in groups:
            assert not isinstance(words, list) or len(words) == len(set(map(str, words))), path
