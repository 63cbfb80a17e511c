"""A source becomes an article: the twin, formats, refusals and fingerprints."""

from pathlib import Path

import pytest

from depeche.desk.article import MAX_SOURCE_BYTES, UnreadableSource, read_article

pytestmark = pytest.mark.any_database

TWIN = Path(__file__).parent / "twin.txt"
PROSE = "Le conseil municipal a voté hier soir la réouverture du pont aux piétons, selon la maire."
STORY = (
    f"Le pont rouvre\n\n{PROSE}\n\nUne ville coupée\n{PROSE}\n\n« C’est l’été », dit-elle : 12 € l’entrée.\n"
)


def kinds(article):
    return [zone.kind for zone in article.zones]


def refusal(source, **options):
    with pytest.raises(UnreadableSource) as caught:
        read_article(source, **options)
    return caught.value


def test_the_twin_has_headline_standfirst_four_crossheads_seven_paragraphs_and_three_lines_of_furniture():
    article = read_article(TWIN.read_bytes(), name="twin.txt")
    assert kinds(article).count("headline") == kinds(article).count("standfirst") == 1
    assert kinds(article).count("crosshead") == 4
    assert kinds(article).count("paragraph") == 7
    assert [zone.reason for zone in article.furniture] == ["theme_switch", "sign_up", "agreement"]
    assert len(article.zones) == 16
    assert (article.encoding, article.source_format, article.language) == ("utf-8", "text", "fr")


def test_the_twin_keeps_the_order_of_its_sections():
    body = [zone.kind[0] for zone in read_article(TWIN.read_text()).body]
    assert "".join(body) == "cpcppcpppcp"


def test_the_twin_says_its_headline_and_standfirst():
    article = read_article(TWIN.read_text())
    assert article.headline.startswith("À Vaucresson-les-Flots, le phare rouvre")
    assert article.standfirst.startswith("La municipalité de Vaucresson-les-Flots")
    assert article.byline == ""


def test_plain_text_is_kept_as_given():
    text = STORY.replace("\n", "\r\n")
    article = read_article(text)
    assert article.text == text
    assert all(text[zone.start : zone.end] == zone.text for zone in article.zones)


def test_a_control_character_becomes_a_space_and_moves_no_offset():
    article = read_article("Le pont\x07rouvre\n\n" + PROSE)
    assert article.headline == "Le pont rouvre"
    assert len(article.text) == len("Le pont\x07rouvre\n\n" + PROSE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("page.html", "html"),
        ("page.HTM", "html"),
        ("/monde/article.html?x=1#y", "html"),
        ("notes.md", "markdown"),
        ("notes.markdown", "markdown"),
        ("# brouillon.txt", "text"),
    ],
)
def test_the_ending_of_the_name_says_the_format(name, expected):
    assert read_article("<h1>Le pont</h1>\n\n<p>Il rouvre.</p>", name=name).source_format == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<!DOCTYPE html><h1>Le pont</h1><p>Il rouvre.</p>", "html"),
        ("<!-- x --><h1>Le pont</h1><p>Il rouvre.</p>", "html"),
        ("<h1>Le pont</h1><p>Il rouvre.</p>", "html"),
        ("Le pont</h1><p>Il rouvre.</p>", "html"),
        ("# Le pont\n\nIl rouvre.", "markdown"),
        ("Le pont\n=======\n\nIl rouvre.", "markdown"),
        ("Intro\n\n## Un\n\nTexte.\n\n## Deux\n\nTexte.", "markdown"),
        ("---\ntitle: Le pont\n---\n\nIl rouvre.", "markdown"),
        ("Le pont <rouvre> enfin\n\nIl rouvre.", "text"),
        ("Le hashtag #pont monte\n\nIl rouvre.", "text"),
        ("---\n\nLe pont\n\nIl rouvre.", "text"),
        (STORY, "text"),
    ],
)
def test_without_a_name_the_content_says_the_format(source, expected):
    assert read_article(source).source_format == expected


def test_the_given_format_wins_over_name_and_content():
    assert read_article("# Le pont\n\nIl rouvre.", source_format="text", name="a.md").headline == "# Le pont"


def test_an_unknown_format_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="source format") as caught:
        read_article(STORY, source_format="docx")
    assert not isinstance(caught.value, UnreadableSource)


@pytest.mark.parametrize(
    "source", ["", b"", " \r\n\t\n ", b"\xef\xbb\xbf \n", "\u200b\n\ufeff\n", "* * *\n\n---"]
)
def test_a_source_without_words_is_empty(source):
    assert refusal(source).code == "empty"


def test_a_source_of_nothing_but_furniture_is_empty():
    assert refusal("Mode sombre\n\nS'abonner\n\nPartager sur Facebook").code == "empty"


def test_a_page_that_is_filled_in_by_a_script_is_empty():
    page = (
        "<html><head><title>Le pont rouvre</title></head><body><div id=root></div><script>x()</script></body>"
    )
    assert refusal(page).code == "empty"


def test_a_source_that_is_too_large_says_its_size_and_the_limit():
    error = refusal(b"a" * (MAX_SOURCE_BYTES + 1), name="livre.txt")
    assert (error.code, error.size_bytes, error.limit_bytes) == ("too_large", 2_000_001, 2_000_000)
    assert str(error).startswith("livre.txt has 2000001 bytes")


def test_the_limit_counts_bytes_of_a_text_too():
    assert refusal("é" * 1_000_001).code == "too_large"
    assert read_article("Titre\n" + "é" * 999_990).headline == "Titre"


def test_a_source_of_exactly_the_limit_is_read():
    assert read_article((b"Titre\n\n" + b"a" * MAX_SOURCE_BYTES)[:MAX_SOURCE_BYTES]).headline == "Titre"


@pytest.mark.parametrize(
    "source",
    ["Le pont\x00rouvre", b"Le pont\x00rouvre", "%PDF-1.7 texte", b"\x01\x02\x03\x04\x05\x06\x07\x08 abc"],
)
def test_what_is_not_text_is_binary(source):
    assert refusal(source).code == "binary"


def test_a_long_paragraph_on_top_asks_for_a_headline():
    error = refusal(f"{PROSE} {PROSE} {PROSE}\n\nUn titre\n\n{PROSE}", name="texte.txt")
    assert error.code == "no_headline"
    assert str(error) == "texte.txt begins with a paragraph: put the headline alone on the first line."


def test_two_sentences_on_top_ask_for_a_headline():
    assert refusal("Le pont est fermé. Les habitants protestent.\n\nSuite du texte.").code == "no_headline"


@pytest.mark.parametrize(
    "headline",
    [
        "Le pont rouvre.",
        "Lille. Un incendie détruit une école.",
        "Pourquoi les prix montent-ils ? Comment les contenir ?",
        "M. Le Goff, le maire de l’île, démissionne.",
        "x" * 220,
    ],
)
def test_a_headline_may_end_in_a_full_stop_or_name_a_place_first(headline):
    assert read_article(f"{headline}\n\n{PROSE}").headline == headline


def test_a_headline_alone_is_an_article_to_be():
    article = read_article("Le pont rouvre")
    assert (article.headline, article.body) == ("Le pont rouvre", ())


def test_a_headline_over_two_lines_is_said_on_one():
    text = (
        "Le pont de l’île rouvre aux piétons après deux ans de travaux\nmais reste fermé aux voitures\n\n"
        + PROSE
    )
    article = read_article(text)
    assert article.headline.endswith("de travaux mais reste fermé aux voitures")
    assert article.zones[0].text in text


def test_reading_twice_gives_the_same():
    assert read_article(STORY) == read_article(STORY)


@pytest.mark.parametrize(
    "variant",
    [
        STORY.replace("\n", "\r\n"),
        STORY.replace("\n", "\r"),
        STORY.replace("’", "'"),
        STORY.replace("« ", "«\u00a0")
        .replace(" »", "\u202f»")
        .replace(" :", "\u00a0:")
        .replace(" €", "\u00a0€"),
        STORY.replace("« ", '"').replace(" »", '"'),
        STORY.encode("cp1252"),
        STORY.encode("iso-8859-15", "replace").replace(b"?", b"'"),
        STORY.encode("utf-16"),
        STORY.replace("é", "e\u0301"),
        "Mode Foncé Mode Clair\n\n" + STORY + "\n\nS’abonner\n\n© 2026 La Gazette",
        STORY.replace("\n\n", "\n"),
    ],
)
def test_the_same_story_has_the_same_fingerprint(variant):
    assert read_article(variant).fingerprint == read_article(STORY).fingerprint


def test_the_same_story_has_the_same_fingerprint_in_every_format():
    markdown = STORY.replace("Le pont rouvre", "# Le pont rouvre").replace(
        "Une ville coupée", "\n## Une ville coupée\n"
    )
    page = "".join(f"<p>{line}</p>" for line in STORY.splitlines()[1:] if line)
    assert read_article(markdown).fingerprint == read_article(STORY).fingerprint
    assert read_article(f"<h1>Le pont rouvre</h1>{page}").fingerprint == read_article(STORY).fingerprint


@pytest.mark.parametrize("change", [("12 €", "13 €"), ("Le pont", "Le bac"), ("dit-elle", "dit-il")])
def test_another_story_has_another_fingerprint(change):
    assert read_article(STORY.replace(*change)).fingerprint != read_article(STORY).fingerprint


def test_a_fingerprint_is_a_sha256_in_hexadecimal():
    assert len(read_article(STORY).fingerprint) == 64
    assert set(read_article(STORY).fingerprint) <= set("0123456789abcdef")
