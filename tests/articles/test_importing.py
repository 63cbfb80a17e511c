"""A text becomes a draft: whole, once, by permission; and what cannot is refused in words."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from depeche.articles import importing
from depeche.articles.models import Article, ImportedText, Person

pytestmark = pytest.mark.django_db

TWIN = Path(__file__).parent.parent / "desk" / "twin.txt"


@pytest.fixture
def run(newsroom, capsys):
    """Run `bin/depeche import …`: exit code, output, errors."""

    def _run(*arguments):
        code = 0
        try:
            call_command("import_articles", *map(str, arguments))
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        return code, out, err

    return _run


def nothing_is_written():
    return not Article.objects.exists() and not ImportedText.objects.exists() and not Person.objects.exists()


def test_the_twin_becomes_a_draft_and_its_furniture_is_reported(run):
    code, out, _ = run(TWIN, "--json")
    report = json.loads(out)
    article = Article.objects.get()
    kinds = [zone["kind"] for zone in report["zones"]]
    assert code == 0
    assert not article.live
    assert (kinds.count("headline"), kinds.count("standfirst")) == (1, 1)
    assert (kinds.count("crosshead"), kinds.count("paragraph"), kinds.count("furniture")) == (4, 7, 3)
    assert [left["reason"] for left in report["left_out"]] == ["theme_switch", "sign_up", "agreement"]
    assert [block.block_type for block in article.body].count("paragraph") == 7
    assert report["id"] == article.pk
    assert report["url"].endswith(f"/actualites/{article.slug}/")
    text = TWIN.read_text()
    assert all(text[zone["start"] : zone["end"]] == zone["text"] for zone in report["zones"])


def test_nothing_but_furniture_is_lost(run):
    run(TWIN)
    article = Article.objects.get()
    kept = [article.title, article.standfirst, *(str(block.value) for block in article.body)]
    kept_letters = "".join("".join(kept).replace("<p>", "").replace("</p>", "").split())
    report = importing.read(TWIN.read_bytes())
    for zone in report.zones:
        if zone.kind != "furniture":
            assert "".join(zone.text.split()) in kept_letters.replace("&#x27;", "'").replace("&amp;", "&")


def test_the_same_text_is_recognised_whatever_its_line_ends(run, tmp_path):
    run(TWIN)
    again = tmp_path / "again.txt"
    again.write_bytes(TWIN.read_text().replace("\n", "\r\n").replace("’", "'").encode("utf-8"))
    _, out, _ = run(again, "--json")
    assert json.loads(out)["new"] is False
    assert json.loads(out)["id"] == Article.objects.get().pk


def test_another_text_is_another_article(run, tmp_path):
    run(TWIN)
    other = tmp_path / "other.txt"
    other.write_text(TWIN.read_text().replace("sept", "huit") + "\n\nUn mot de plus, dit la mairie.\n")
    run(other)
    assert Article.objects.count() == 2


def sober(folder) -> Path:
    """A text the desk has nothing against."""
    text = folder / "sobre.txt"
    text.write_text(
        "Le marché couvert rouvre samedi\n\nLa mairie l’a annoncé mardi.\n\n"
        "Le maire, Alain Roussel, ouvrira les portes à neuf heures.\n"
    )
    return text


def test_publish_needs_somebody_who_answers_for_it(run, django_user_model):
    with pytest.raises(CommandError, match="--by"):
        run(TWIN, "--publish")
    with pytest.raises(CommandError, match="personne"):
        run(TWIN, "--publish", "--by", "personne")
    django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    code, _, err = run(TWIN, "--publish", "--by", "stagiaire")
    assert code == 1
    assert "ne peut pas publier" in err
    assert nothing_is_written()


def test_an_editor_publishes_at_once(run, editor, client, tmp_path):
    _, out, _ = run(sober(tmp_path), "--publish", "--by", editor.username, "--json")
    report = json.loads(out)
    assert report["live"]
    article = Article.objects.get()
    assert article.owner == editor
    assert client.get(f"/actualites/{article.slug}/").status_code == 200


def test_latin_1_is_read_letter_by_letter(run, tmp_path):
    old = tmp_path / "ancien.txt"
    old.write_bytes("L’été à Nîmes : la fête a coûté 3 000 €\n\nLe maire l’a précisé.".encode("cp1252"))
    code, out, _ = run(old, "--json")
    assert code == 0
    assert Article.objects.get().title == "L’été à Nîmes : la fête a coûté 3 000 €"
    assert json.loads(out)["encoding"].lower() in ("cp1252", "windows-1252")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "aucun texte"),
        (b" \n\t\r\n ", "aucun texte"),
        (b"Mode Fonc\xc3\xa9 Mode Clair\n", "aucun texte"),
        (b"x" * 20_000_000, "plus de 2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 200, "pas du texte"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "pas du texte"),
        (bytes(range(256)) * 50, "pas du texte"),
    ],
    ids=["empty", "blank", "furniture only", "20 MB", "picture", "docx", "noise"],
)
def test_what_cannot_be_imported_is_refused_and_nothing_is_written(run, tmp_path, content, words):
    bad = tmp_path / "mauvais.txt"
    bad.write_bytes(content)
    code, out, err = run(bad)
    assert code == 1
    assert words in err
    assert "mauvais.txt" in err
    assert not out
    assert nothing_is_written()


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    code, _, err = run(tmp_path / "absent.txt")
    assert code == 1
    assert "absent.txt: ce fichier n’existe pas" in err


def test_one_bad_file_does_not_stop_the_others(run, tmp_path):
    bad = tmp_path / "vide.txt"
    bad.write_bytes(b"")
    code, _, err = run(bad, TWIN)
    assert code == 1
    assert "vide.txt" in err
    assert Article.objects.count() == 1


def test_hostile_html_leaves_only_its_words(run, tmp_path, client, editor):
    page = tmp_path / "hostile.html"
    page.write_text(
        """<html lang="fr"><body><article><h1>Un titre <script>alert(1)</script>calme</h1><p>Le chapô.</p>
        <p onclick="alert(2)">Le maire <a href="javascript:alert(3)">a parlé</a>
        <img src=x onerror=alert(4)> <b>hier</b>.</p><iframe src="https://ailleurs.example"></iframe>
        <style>body{display:none}</style><p>Il l’a <a href="https://exemple.example/x">écrit</a>.</p>
        <svg onload=alert(5)><p>dedans</svg></article></body></html>"""
    )
    code, _, _ = run(page, "--publish", "--by", editor.username)
    assert code == 0
    article = Article.objects.get()
    assert article.title == "Un titre calme"
    stored = str(article.body.get_prep_value())
    for danger in (
        "alert",
        "javascript",
        "onclick",
        "onerror",
        "<script",
        "<iframe",
        "<style",
        "<svg",
        "<img",
    ):
        assert danger not in stored
    assert 'href="https://exemple.example/x"' in stored
    assert "<b>hier</b>" in stored
    shown = client.get(f"/actualites/{article.slug}/").content.decode()
    assert "alert(" not in shown


def test_a_headline_that_would_not_fit_is_refused(run, tmp_path):
    page = tmp_path / "long.html"
    page.write_text(f"<h1>{'Un titre bien trop long ' * 20}</h1><p>Le texte.</p><p>La suite.</p>")
    code, _, err = run(page)
    assert code == 1
    assert "titre" in err
    assert nothing_is_written()


def test_a_language_the_newsroom_does_not_have_is_refused_with_the_way_out(run, tmp_path):
    page = tmp_path / "seite.html"
    page.write_text('<html lang="de"><h1>Eine Nachricht</h1><p>Der Text.</p><p>Mehr.</p></html>')
    code, _, err = run(page)
    assert code == 1
    assert "--language" in err
    assert run(page, "--language", "en")[0] == 0
    assert Article.objects.get().language == "en"


def test_names_of_the_byline_become_people(run, tmp_path):
    text = tmp_path / "signe.txt"
    text.write_text(
        "Le port ferme\n\nPar Jeanne Morel et Luc Abadie\n\nLe port ferme lundi.\n\nIl rouvrira mardi.\n"
    )
    run(text)
    assert [person.name for person in Article.objects.get().authors] == ["Jeanne Morel", "Luc Abadie"]


def test_an_address_on_this_machine_is_not_fetched(run):
    code, _, err = run("http://127.0.0.1:8000/admin/")
    assert code == 1
    assert nothing_is_written()
    code, _, err = run("http://127.0.0.1/")
    assert "pas sur l’internet public" in err


def test_a_redirect_to_this_machine_is_not_followed(run, monkeypatch):
    """The first server stands for a public one; where it points to must be checked all the same."""
    from depeche.articles.management.commands import import_articles
    from depeche.jobs import fetch as fetching

    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1/secret")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.2", 0), Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]

    def fetch(url, **options):
        return fetching.fetch(
            url, allow=lambda ip: str(ip) == "127.0.0.2", allowed_ports=(80, 443, port), **options
        )

    monkeypatch.setattr(import_articles, "fetch", fetch)
    code, _, err = run(f"http://127.0.0.2:{port}/article")
    server.shutdown()
    server.server_close()
    assert code == 1
    assert "pas sur l’internet public" in err
    assert nothing_is_written()


def test_what_was_read_is_counted_in_words_that_agree(run, tmp_path):
    text = tmp_path / "musée.txt"
    text.write_text("Le musée ferme\n\nSelon la directrice, Ana Petit, dix tableaux manquent.\n")
    assert "0 intertitre, 1 paragraphe, lu comme" in run(text)[1]
    text.write_text(
        "Le musée rouvre\n\nLa directrice l’annonce.\n\nLe maire la remercie.\n\nLe préfet viendra.\n"
    )
    assert "2 paragraphes, lu comme" in run(text)[1]


def test_publishing_what_is_known_never_publishes_somebody_elses_later_draft(run, editor):
    run(TWIN)
    article = Article.objects.get()
    article.title = "NE PAS PUBLIER"
    article.save_revision(user=editor)
    code, _, err = run(TWIN, "--publish", "--by", editor.username)
    assert code == 1
    assert "publiez-le dans l’éditeur" in err
    article.refresh_from_db()
    assert not article.live


def test_a_draft_nobody_touched_is_published_by_a_second_import(run, editor, tmp_path):
    text = sober(tmp_path)
    run(text)
    assert run(text, "--publish", "--by", editor.username)[0] == 0
    assert Article.objects.get().live


@pytest.mark.parametrize(
    ("byline", "names", "reported"),
    [
        ("Par Jeanne Morel", ["Jeanne Morel"], False),
        ("Par Jeanne Morel et Luc d'Abadie", ["Jeanne Morel", "Luc d'Abadie"], False),
        ("Par Maria de la Cruz", ["Maria de la Cruz"], False),
        ("Par Jeanne Morel, envoyée spéciale à Lille", ["Jeanne Morel"], True),
        ("Par Jeanne Morel avec AFP", ["Jeanne Morel"], True),
        ("Par la rédaction", [], True),
    ],
)
def test_what_a_byline_says_besides_names_is_reported(byline, names, reported):
    assert importing.read_byline(byline) == (names, reported)


def test_a_headline_without_a_letter_of_ours_gets_an_address(run, tmp_path):
    text = tmp_path / "arabe.txt"
    text.write_text("افتتاح الجسر من جديد\n\nأعلن رئيس البلدية ذلك يوم الاثنين.\n\nسيفتح في أبريل.\n")
    code, _, _ = run(text)
    assert code == 0
    assert Article.objects.get().slug.startswith("article-")


def test_quotation_marks_of_a_block_quotation_are_not_doubled(run, tmp_path):
    page = tmp_path / "citation.html"
    page.write_text(
        "<h1>Titre</h1><p>Chapô.</p><p>Texte.</p>"
        "<blockquote>« Je l’ai vu. »<cite>Lucie Arnaud</cite></blockquote><p>Fin.</p>"
    )
    run(page)
    quotation = next(block for block in Article.objects.get().body if block.block_type == "quotation")
    assert quotation.value["text"] == "Je l’ai vu."
    assert quotation.value["speaker"] == "Lucie Arnaud"


def test_a_named_encoding_is_believed_or_refused(run, tmp_path):
    text = tmp_path / "texte.txt"
    text.write_bytes("L’été à Nîmes\n\nLe maire l’a dit.\n\nLa suite.".encode("cp1252"))
    assert "pas d’encodage" in run(text, "--encoding", "klingon")[2]
    assert "pas écrit en utf-8" in run(text, "--encoding", "utf-8")[2]
    assert nothing_is_written()
    assert run(text, "--encoding", "cp1252")[0] == 0
    assert Article.objects.get().title == "L’été à Nîmes"


def test_a_known_text_is_not_silently_left_in_another_section(run):
    run(TWIN)
    code, _, err = run(TWIN, "--language", "en")
    assert code == 1
    assert "dans une autre rubrique" in err
