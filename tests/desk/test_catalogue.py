"""What is said of each finding: in every language, for every code, with or without what a rule adds."""

import json
import re
import shutil

import pytest

from depeche.desk import catalogue
from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.spans import Finding

pytestmark = pytest.mark.any_database

NO_BREAK, NARROW = "\u00a0", "\u202f"


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A copy of the catalogues to spoil; gives a function that changes one and loads it."""
    for language in ("fr", "en"):
        (tmp_path / language).mkdir()
        shutil.copy(LANGUAGES / language / "catalogue.json", tmp_path / language)
    monkeypatch.setattr(catalogue, "LANGUAGES", tmp_path)

    def spoiled(change, language="fr"):
        path = tmp_path / language / "catalogue.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(json.dumps(data), encoding="utf-8")
        return catalogue.languages()

    return spoiled


def finding(code, **more):
    return Finding(code, catalogue.entry(code, "fr").severity, (0, 5), **more)


def test_the_catalogue_has_the_45_codes_of_nine_families():
    assert len(catalogue.codes()) == 45
    assert catalogue.families() == ("ATT", "LEX", "INF", "NUM", "QUO", "HED", "BAL", "STR", "TRN")
    assert catalogue.entry("ATT010", "fr").severity == "error"
    assert catalogue.entry("ATT006", "fr").severity == "info"
    assert catalogue.entry("QUO002", "en").family == "QUO"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", catalogue.codes())
def test_every_code_speaks_with_and_without_values(code, language):
    values = tuple(
        (name, "dix") for name in re.findall(r"\{(\w+)\}", catalogue.entry(code, language).message)
    )
    for given in (finding(code), finding(code, values=values, alternatives=("mot",))):
        said = catalogue.message(given, "des mots", language)
        asked = catalogue.question(given, "des mots", language)
        assert "{" not in said + asked
        assert "[" not in said + asked
        assert "  " not in said + asked
        assert said.endswith((".", "?")) or said.endswith(f"{NO_BREAK}»")
        assert "?" in asked


@pytest.mark.parametrize("code", catalogue.codes())
def test_french_has_no_break_spaces_and_curly_apostrophes(code):
    entry = catalogue.entry(code, "fr")
    text = "\n".join([entry.title, entry.message, entry.question, entry.why, entry.example, entry.silence])
    assert not re.search(r"[^\S\u202f][;!?]", text)
    assert not re.search(r"«[^\u00a0]|[^\u00a0]»| :", text)
    assert "'" not in text


def test_a_part_without_its_value_is_left_out_or_said_otherwise():
    alone = catalogue.message(finding("BAL001"), "titre", "fr")
    told = catalogue.message(
        finding("BAL001", values=(("share", "82 %"), ("source", "la direction"))), "titre", "fr"
    )
    assert alone == "L’essentiel de ce qui est rapporté vient d’un seul côté."
    assert told == f"82 % de ce qui est rapporté vient d’une seule voix{NO_BREAK}: la direction."


def test_neutral_words_are_listed_the_rewrite_first_and_once():
    said = catalogue.message(
        finding("LEX001", rewrite="gouvernement", alternatives=("gouvernement", "autorités", "pouvoir")),
        "régime",
        "en",
    )
    assert said == "“régime” judges as it names; more neutral: “gouvernement”, “autorités” or “pouvoir”."


def test_names_of_values_become_words_of_the_language():
    missing = finding("STR002", values=(("missing", "date, byline"),))
    assert catalogue.message(missing, "x", "fr") == "Il manque la date et la signature."
    assert catalogue.message(missing, "x", "en") == "Missing: date and byline."


def test_a_value_that_only_repeats_the_words_is_left_out():
    second_hand = finding("ATT007", values=(("source", "le quotidien"),))
    assert ", le quotidien," in catalogue.message(second_hand, "a dit", "fr")
    assert "quotidien»" in catalogue.message(second_hand, "le quotidien", "fr").replace(NO_BREAK, "")
    assert ", le quotidien," not in catalogue.message(second_hand, "le quotidien", "fr")


def test_values_that_no_sentence_has_are_ignored():
    assert catalogue.message(finding("LEX004", values=(("weather", "fine"),)), "hélas", "fr")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("«\u00a0oui\u00a0»", "oui"),
        ("le « chef »\n de gare", "le “chef” de gare"),
        ('le "chef" de gare', "le “chef” de gare"),
        ("jusqu'", "jusqu'"),
        ("»", "»"),
        ("mot " * 40, f"{'mot ' * 16}mot…"),
        ("x" * 100, f"{'x' * 70}…"),
    ],
)
def test_words_are_shown_on_one_line_without_marks_in_marks(words, shown):
    said = catalogue.message(finding("LEX004"), words, "fr")
    assert said.startswith(f"«{NO_BREAK}{shown}{NO_BREAK}»")


def test_a_language_without_catalogue_is_answered_in_english():
    assert catalogue.entry("ATT001", "de").title == catalogue.entry("ATT001", "en").title


def test_a_code_that_is_none_is_refused():
    with pytest.raises(KeyError):
        catalogue.entry("ATT999", "fr")


def test_a_missing_code_is_named(pack):
    with pytest.raises(PackError, match=r"fr/catalogue.json: findings must have every code.*ATT004"):
        pack(lambda data: data["findings"].pop("ATT004"))


def test_an_unknown_key_is_refused(pack):
    with pytest.raises(PackError, match="ATT004 must have exactly these keys"):
        pack(lambda data: data["findings"]["ATT004"].update(colour="red"))


def test_an_empty_text_is_refused(pack):
    with pytest.raises(PackError, match=r"ATT004\.why must be a text"):
        pack(lambda data: data["findings"]["ATT004"].update(why=" "))


def test_placeholders_must_be_the_same_in_all_languages(pack):
    with pytest.raises(PackError, match=r"ATT004\.message and that of en differ in \{other\}"):
        pack(lambda data: data["findings"]["ATT004"].update(message="« {words} » {other}"))


def test_a_placeholder_outside_templates_is_refused(pack):
    with pytest.raises(PackError, match=r"ATT004\.why is no template"):
        pack(lambda data: data["findings"]["ATT004"].update(why="{words}"))


def test_a_file_that_is_no_json_is_named(tmp_path, monkeypatch):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "catalogue.json").write_text("{")
    monkeypatch.setattr(catalogue, "LANGUAGES", tmp_path)
    with pytest.raises(PackError, match="cannot be read as JSON"):
        catalogue.languages()
