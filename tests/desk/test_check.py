"""The command: what it prints, for people and programs, what it exits with, and that nothing stops it."""

import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from depeche.desk import check, check_lines, files
from depeche.desk.parsing import load_pipeline
from depeche.desk.reading import UnreadLanguage, read
from tests.desk.readings import ARTICLE, reading_of, span_of

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[2]
CLEAN = "Le pont de Sermont rouvre lundi\n\nLe chantier est fini, indique la régie dans son communiqué.\n"
KNOWN = {"Les experts": ("ATT002", "warning"), "5 millions": ("NUM001", "error"), "hélas": ("LEX004", "info")}


def quick_read(article, language, dossier):
    """A stand-in for `read` that knows three words and no language but French."""
    from depeche.desk.spans import Finding

    if language != "fr":
        raise UnreadLanguage(language, ("en", "fr"))
    text = article.text
    found = [Finding(*KNOWN[word], span_of(text, word)) for word in KNOWN if word in text]
    return reading_of(article, *sorted(found, key=lambda f: f.span), language=language, dossier=dossier)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs the command in a folder of its own: gives exit code, standard output and standard error."""
    monkeypatch.setattr(files, "read", quick_read)
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    files._nearest_house.cache_clear()

    def ran(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = check.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


@pytest.fixture
def pont(tmp_path):
    path = tmp_path / "pont.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "clean.txt").write_text(CLEAN, encoding="utf-8")
    return Path("pont.txt")


def test_findings_make_exit_code_1_and_clean_copy_0(run, pont):
    code, out, err = run(pont)
    assert (code, err) == (1, "")
    assert "pont.txt:3:40: warning[ATT002]" in out
    assert out.endswith("1 error and 1 warning in 41 words: 4.9 per 100 words.\n")
    assert run("clean.txt") == (0, "clean.txt: nothing to report in 16 words.\n", "")


@pytest.mark.parametrize(
    ("words", "fail_on", "code"),
    [
        ("Les experts", "warning", 1),
        ("Les experts", "error", 0),
        ("Les experts", "info", 1),
        ("hélas", None, 0),
        ("hélas", "info", 1),
        ("5 millions", "error", 1),
        ("5 millions", "never", 0),
    ],
)
def test_fail_on_says_from_which_severity_on_it_fails(run, tmp_path, words, fail_on, code):
    (tmp_path / "a.txt").write_text(f"Titre du jour\n\nVoici {words} du jour.\n")
    assert run("a.txt", *(["--fail-on", fail_on] if fail_on else []))[0] == code


def test_messages_are_in_the_language_asked_for_else_of_the_locale_else_french(run, pont, monkeypatch):
    assert "demander" in run(pont, "--lang", "fr")[1]
    assert "ask:" in run(pont)[1]
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert "demander" in run(pont)[1]
    monkeypatch.setenv("LC_ALL", "en")
    assert "ask:" in run(pont)[1]


def test_select_and_ignore_choose_codes_and_families(run, pont):
    def codes(*options):
        data = json.loads(run(pont, "--format", "json", *options)[1])
        return [found["code"] for found in data["files"][0]["findings"]]

    assert codes() == ["ATT002", "NUM001"]
    assert codes("--select", "num") == ["NUM001"]
    assert codes("--select=ATT,NUM001", "--ignore=ATT002") == ["NUM001"]
    assert codes("--ignore", "NUM,LEX") == ["ATT002"]


def test_one_unusable_file_stops_no_other(run, pont):
    code, out, err = run("gone.txt", pont, "clean.txt")
    assert code == 2
    assert err == "gone.txt: there is no such file. Check the name.\n"
    assert "pont.txt:3:40" in out
    assert out.endswith("1 file could not be read.\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.txt is empty"),
        (b"%PDF-1.4", "a.txt is a PDF file: save it as text"),
        (b"ab\x00\x01\x02\x03\x04", "a.txt is not text"),
        (b"x" * 5_000_000, "a.txt has 5,000,000 bytes, more than 2 MB"),
        (
            "Die Brücke\n\nDie Brücke über den Fluss bleibt bis zum Frühjahr gesperrt, sagte die Bürgermeisterin "
            "am Montag. Die Arbeiten sind nach Angaben der Stadt noch nicht abgeschlossen.".encode(),
            "a.txt seems to be in German; the desk reads ",
        ),
        (b"---\ndate: demain\n---\nTitre\n\nTexte.", "a.txt: \u201cdemain\u201d is no date"),
        (b"---\nsource: b.txt\n---\nTitre\n\nTexte.", "a.txt: the source text b.txt cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_way_out(run, tmp_path, content, said):
    (tmp_path / "a.txt").write_bytes(content)
    code, out, err = run("a.txt")
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_folder_and_a_forbidden_file_are_told(run, tmp_path):
    (tmp_path / "f").mkdir()
    assert "f is a folder: name its files, for instance f/*.md." in run("f/")[2]
    assert "there is no such file" in run("a\x00b")[2]


def test_a_language_that_is_not_read_is_told(run, pont):
    code, _, err = run(pont, "--language", "de")
    assert (code, err) == (2, "pont.txt: the desk does not read “German”; it reads English and French.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name a file to check"),
        (["a", "--colour"], "There is no option --colour"),
        (["a", "-x"], "There is no option -x"),
        (["a", "--jsonl=1"], "There is no option --jsonl"),
        (["a", "--format"], "--format needs a value"),
        (["a", "--format", "--jsonl"], "--format needs a value"),
        (["a", "--format", "xml"], "--format: “xml” is not possible here; choose from text, json, sarif or"),
        (["a", "--kind", "poem"], "--kind: “poem”"),
        (["a", "--lang", "de"], "--lang: “de”"),
        (["a", "--fail-on", "x"], "--fail-on: “x” is not possible here; choose from error, warning"),
        (["a", "--select", "ATT99"], "--select: “ATT99” is no code and no family"),
        (["a", "--date", "demain"], "--date: “demain” is no date"),
        (["a", "--camp", "mairie"], "--camp: write NAME=SPEAKER"),
        (["a", "--source", "no.txt"], "--source: no.txt cannot be read"),
        (["a", "--config", "no.toml"], "no.toml cannot be read"),
        (["a", "--jsonl", "--format", "json"], "leave --format out"),
    ],
)
def test_what_was_typed_wrong_is_told_and_exits_2(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_help_names_every_option_in_both_languages(run):
    for language in ("fr", "en"):
        code, out, _ = run("--help", "--lang", language)
        assert code == 0
        for option in ("--format", "--jsonl", "--select", "--camp", "--fail-on", "--config", "desk.toml"):
            assert option in out
        assert max(map(len, out.splitlines())) <= 100


def test_options_and_front_matter_tell_what_the_text_does_not(run, pont, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(files, "read", lambda *given: seen.append(given[2]) or quick_read(*given))
    (tmp_path / "communiqué.txt").write_text("Le communiqué.", encoding="utf-8")
    run(
        *(pont, "--kind", "brief", "--date", "2026-03-12", "--byline", "", "--place=Sermont"),
        *("--source", "communiqué.txt", "--camp", "mairie=Odile Roy, M. Roy", "--camp", "régie=Luc Petit"),
    )
    (dossier,) = seen
    assert (dossier.kind, str(dossier.date), dossier.byline, dossier.place) == (
        *("brief", "2026-03-12", "", "Sermont"),
    )
    assert dossier.sources == ("Le communiqué.",)
    assert dossier.camps == {"mairie": ("Odile Roy", "M. Roy"), "régie": ("Luc Petit",)}


def test_a_source_of_the_front_matter_is_looked_for_beside_the_article(run, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(files, "read", lambda *given: seen.append(given[2]) or quick_read(*given))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "s.txt").write_text("Les mots exacts.")
    (tmp_path / "d" / "a.txt").write_text(f"---\nsource: s.txt\n---\n{CLEAN}")
    assert run("d/a.txt")[0] == 0
    assert seen[0].sources == ("Les mots exacts.",)


def test_an_odd_kind_is_noted_and_read_as_news(run, tmp_path):
    (tmp_path / "a.txt").write_text(f"---\nkind: poème\n---\n{CLEAN}")
    code, _, err = run("a.txt")
    assert code == 0
    assert "“poème” is no kind of article and is read as news" in err


def test_standard_input_is_a_file_too(run):
    code, out, _ = run("-", stdin=ARTICLE.encode())
    assert code == 1
    assert "-:3:40: warning[ATT002]" in out


def test_a_name_that_begins_with_a_dash_comes_after_two_dashes(run, tmp_path):
    (tmp_path / "-a.txt").write_text(CLEAN)
    assert run("--", "-a.txt")[0] == 0


def test_the_newsroom_s_rules_are_found_beside_the_file(run, pont, tmp_path):
    (tmp_path / "desk.toml").write_text('fail_on = "never"\n[silence]\nATT002 = "essai"\n')
    code, out, _ = run(pont)
    assert code == 0
    assert "ATT002" not in out
    assert f"1 finding set aside by {tmp_path / 'desk.toml'}." in out
    assert run(pont, "--fail-on", "error")[0] == 1


def test_rules_named_on_the_command_line_go_before(run, pont, tmp_path):
    (tmp_path / "desk.toml").write_text("broken")
    (tmp_path / "other.toml").write_text('[words.flag]\nbouchons = ["files"]\n')
    code, out, _ = run(pont, "--config", "other.toml", "--select", "LEX")
    assert code == 1
    assert "try: “files”" in out


def test_broken_rules_stop_nothing_but_their_files(run, pont, tmp_path):
    (tmp_path / "desk.toml").write_text("colour = 1")
    code, _, err = run(pont)
    assert code == 2
    assert "“colour” is unknown here; the file may have fail_on, language, words, silence or kinds." in err


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_programs_get_one_document_with_what_failed_in_it(run, pont, form):
    code, out, err = run(pont, "gone.txt", "--format", form)
    assert code == 2
    assert "gone.txt" in out
    assert json.loads(out)
    assert err


def test_github_gets_its_commands(run, pont):
    code, out, _ = run(pont, "clean.txt", "--format", "github")
    assert code == 1
    assert [line.split()[0] for line in out.splitlines()] == ["::warning", "::error"]


def lines_of(out):
    return [json.loads(line) for line in out.splitlines()]


def test_json_lines_give_one_object_a_line(run):
    given = [{"id": "a", "text": "Les experts le disent."}, {"id": 7, "text": "Rien."}, {"text": "Seul."}]
    stdin = "\n".join(json.dumps(row, ensure_ascii=False) for row in given).encode()
    code, out, err = run("--jsonl", stdin=stdin)
    rows = lines_of(out)
    assert (code, err) == (1, "")
    assert [row["id"] for row in rows] == ["a", 7, 3]
    assert list(rows[0]) == [
        "id",
        "attributions",
        "hedges",
        "other_hedges",
        "findings",
        "quantities",
        "voices",
    ]
    assert rows[0]["findings"][0]["span"] == [0, 11]
    assert rows[0]["findings"][0]["question"]


def test_a_bad_line_is_answered_in_its_place_and_the_others_are_read(run):
    stdin = b"\n".join(
        [
            b'{"id": "a", "text": "Bien."}',
            b"{nothing",
            b"",
            b"[1]",
            b'{"id": "b"}',
            b'{"id": "c", "text": " "}',
            b'{"id": "d", "text": "x", "kind": "poem"}',
            b'{"id": "e", "text": "x", "date": "demain"}',
            b'{"id": "f", "text": "x", "sources": "y"}',
            b'{"id": "g", "text": "x", "camps": {"a": "b"}}',
            b'{"id": "h", "text": "x", "language": "de"}',
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"id": "z", "text": "Bien."}',
        ]
    )
    code, out, err = run("--jsonl", "--lang", "en", stdin=stdin)
    rows = lines_of(out)
    assert (code, err) == (2, "")
    assert [row["id"] for row in rows] == ["a", 2, 4, "b", "c", "d", "e", "f", "g", "h", 12, 13, "z"]
    assert ["error" in row for row in rows] == [False, *[True] * 11, False]
    assert rows[1]["error"].startswith("-, line 2 is no JSON")
    assert "is no object with a “text”" in rows[3]["error"]
    assert "“kind” must be one of news, brief" in rows[5]["error"]
    assert "“date” must be a date such as 2026-03-12" in rows[6]["error"]
    assert "German" in rows[9]["error"]


def test_what_a_line_tells_goes_before_the_options(run, monkeypatch):
    seen = []
    monkeypatch.setattr(files, "read", lambda *given: seen.append(given[2]) or quick_read(*given))
    row = {
        "text": "Bien.",
        "kind": "interview",
        "date": "2026-02-01",
        "byline": "",
        "sources": ["s"],
        "camps": {"a": ["b"]},
    }
    stdin = f'{json.dumps(row)}\n{{"text": "Bien."}}\n'.encode()
    run("--jsonl", "--kind", "brief", "--date", "2026-03-12", "--place", "Lens", stdin=stdin)
    first, second = seen
    assert (first.kind, str(first.date), first.byline, first.place) == (
        *("interview", "2026-02-01", "", "Lens"),
    )
    assert (first.sources, first.camps) == (("s",), {"a": ("b",)})
    assert (second.kind, str(second.date), second.byline, second.sources) == (
        *("brief", "2026-03-12", None, ()),
    )


def test_a_line_too_long_is_skipped_in_little_memory(run, monkeypatch):
    monkeypatch.setattr(check_lines, "LONGEST_LINE", 100)
    stdin = b'{"text": "' + b"a" * 500 + b'"}\n{"id": "b", "text": "Bien."}\n'
    code, out, _ = run("--jsonl", stdin=stdin)
    assert code == 2
    assert [("error" in row, row["id"]) for row in lines_of(out)] == [(True, 1), (False, "b")]


def test_json_lines_come_from_files_too(run, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "Bien."}\n')
    code, out, err = run("--jsonl", "gone.jsonl", "a.jsonl")
    assert (code, [row["id"] for row in lines_of(out)]) == (2, ["a"])
    assert "gone.jsonl: there is no such file" in err


def test_lone_surrogates_and_nuls_do_no_harm(run):
    stdin = b'{"id": "\\ud800", "text": "Les experts\\u0000 \\udfff disent."}\n'
    code, out, _ = run("--jsonl", stdin=stdin)
    assert code == 1
    assert lines_of(out)[0]["findings"][0]["code"] == "ATT002"


def test_the_version_is_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == check.VERSION


@pytest.fixture(scope="module")
def command():
    """Runs the real command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "fr_FR.UTF-8"}
    for name in ("LC_ALL", "LC_MESSAGES", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)

    def ran(shell, stdin=b""):
        return subprocess.run(
            ["bash", "-c", shell], input=stdin, capture_output=True, cwd=ROOT, env=environment, check=False
        )

    return ran


def test_the_command_reads_french_without_django(command):
    stdin = b"Le pont ferme\n\nLes experts redoutent un effondrement du vieux pont de Sermont.\n"
    hidden = (
        "import sys; sys.modules['django'] = sys.modules['wagtail'] = None; sys.argv[1:] = ['check', '-']"
    )
    done = command(
        f"{sys.executable} -c \"{hidden}; import runpy; runpy.run_module('depeche', run_name='__main__')\"",
        stdin,
    )
    assert done.stderr == b""
    assert "-:3:1: avertissement[ATT002] Source collective et vague" in done.stdout.decode()
    assert done.returncode == 1


def test_a_closed_pipe_is_quiet(command):
    stdin = b'{"text": "Bien."}\n' * 50
    done = command(f"{sys.executable} -m depeche check --jsonl | head -n 1; exit ${{PIPESTATUS[0]}}", stdin)
    assert done.stderr == b""
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == 1


def test_a_pipeline_that_cannot_be_loaded_is_named(run, monkeypatch):
    monkeypatch.setenv("DEPECHE_DESK_PIPELINE_FR", "nowhere_at_all")
    monkeypatch.setattr(files, "read", read)
    load_pipeline.cache_clear()
    code, _, err = run("-", "--language", "fr", stdin=b"Il pleut sur la ville.")
    load_pipeline.cache_clear()
    assert code == 2
    assert "nowhere_at_all" in err
    assert "DEPECHE_DESK_PIPELINE_FR" in err
