"""What a page, a label, a title or a quotation says by its place and names, and the near misses."""

import pytest

from depeche.desk.article import read_article

pytestmark = pytest.mark.any_database

PROSE = "Le conseil municipal a voté hier soir la réouverture du pont aux piétons, selon la maire."
STORY = f"<p>{PROSE}</p><p>{PROSE}</p>"


def page(source):
    return read_article(source, source_format="html")


def seen(inner):
    zones = page(f"<article><h1>Titre</h1><p>{PROSE}</p>{inner}{STORY}</article>").zones[2:-2]
    return [(zone.kind, zone.text) for zone in zones]


def text(*blocks):
    return read_article("\n\n".join(blocks), source_format="text")


@pytest.mark.parametrize(
    "opening",
    ['div class="share"', 'div class="newsletter"', 'section class="newsletter-signup"', 'div id="comments"'],
)
def test_a_region_named_like_furniture_is_furniture(opening):
    assert seen(f"<{opening}><p>Des mots à part.</p></{opening.split()[0]}>") == [
        ("furniture", "Des mots à part.")
    ]


@pytest.mark.parametrize(
    "name", ["shareholders", "tag-cookies", "has-comments", "social-embed", "commentary"]
)
def test_a_name_that_only_resembles_them_is_not(name):
    assert seen(f'<div class="{name}"><p>Des mots à part.</p></div>') == [("paragraph", "Des mots à part.")]


def test_the_region_with_most_of_the_text_is_never_dropped():
    read = page(f'<article><h1>Titre</h1><div class="social">{STORY}</div></article>')
    assert [zone.kind for zone in read.zones] == ["headline", "standfirst", "paragraph"]


def test_links_side_by_side_are_separate_words_but_halves_of_one_link_are_one():
    assert seen("<p>Un <a href=/a>lien</a><a href=/b>deux</a>.</p>") == [("paragraph", "Un lien deux.")]
    assert seen("<p>Un <a href=/a>li</a><a href=/a>en</a>.</p>") == [("paragraph", "Un lien.")]


def test_an_aside_with_sentences_is_editorial():
    aside = "<h3>Repères</h3><p>Le département compte 214 écoles et 38 collèges.</p></aside>"
    assert [kind for kind, _ in seen(f'<aside class="encadre">{aside}')] == ["crosshead", "paragraph"]
    assert {kind for kind, _ in seen(f'<aside class="promo">{aside}')} == {"furniture"}
    links = "<aside><a href=/z>Le département compte 214 écoles et 38 collèges.</a></aside>"
    assert [kind for kind, _ in seen(links)] == ["furniture"]


def test_an_h1_that_links_home_is_the_name_of_the_site():
    home = "<header><h1><a href=/>Le Courrier</a></h1></header>"
    assert page(f"{home}<main><h2>Le pont rouvre</h2>{STORY}</main>").headline == "Le pont rouvre"
    story = home.replace("href=/", "href=/pont")
    assert page(f"{story}<main><h2>Une ville</h2>{STORY}</main>").headline == "Le Courrier"


def test_a_title_with_the_name_of_the_site_is_found_in_the_body_and_not_repeated():
    read = page(f"<title>Le vrai titre - Le Site</title><body><p>Le vrai titre</p>{STORY}")
    assert (read.headline, read.standfirst) == ("Le vrai titre", PROSE)
    other = page(f"<title>Le vrai titre - Le Site</title><body>{STORY}")
    assert other.headline == "Le vrai titre - Le Site"


def test_a_label_in_capitals_before_the_headline_is_furniture():
    read = text("POLITIQUE", "Le pont rouvre lundi", "Le 3 mai 2026", PROSE, PROSE)
    assert read.headline == "Le pont rouvre lundi"
    assert [zone.reason for zone in read.furniture] == ["navigation", "date_line"]
    assert text("LE PONT ROUVRE", PROSE, PROSE).headline == "LE PONT ROUVRE"
    assert text("CANICULE", PROSE, PROSE).headline == "CANICULE"


def test_a_line_of_the_site_between_paragraphs_is_a_crosshead_and_at_the_edges_furniture():
    read = text("Le pont", PROSE, "Politique de confidentialité", PROSE, "Conditions d'utilisation")
    assert [zone.kind for zone in read.zones][2:] == ["crosshead", "paragraph", "furniture"]
    assert text("Le pont", PROSE, "Publicité", PROSE).furniture[0].text == "Publicité"


def test_a_compound_broken_at_the_line_end_is_joined():
    assert text("Le pont du Val-de-\nMarne rouvre", PROSE, PROSE).headline == "Le pont du Val-de-Marne rouvre"
    assert text("Le pont -\nla suite", PROSE, PROSE).headline != "Le pont -la suite"


@pytest.mark.parametrize("line", ["— Jean Tual, maire", "-- Jean Tual, maire", "-- *Jean Tual*, maire"])
def test_the_last_line_of_a_markdown_quotation_names_its_speaker(line):
    zone = read_article(f"# Titre\n\n{PROSE}\n\n> Rien ne va plus\n> {line}\n", name="a.md").zones[-1]
    assert (zone.kind, zone.text, zone.speaker) == ("quotation", "Rien ne va plus", "Jean Tual, maire")


@pytest.mark.parametrize(
    "lines", ["> — Oui\n> — Non Merci", "> Rien\n> — c'est tout", "> Rien\n> — Vraiment ?"]
)
def test_a_dialogue_in_a_markdown_quotation_has_no_speaker(lines):
    assert read_article(f"# Titre\n\n{PROSE}\n\n{lines}\n", name="a.md").zones[-1].speaker == ""


def test_the_language_is_guessed_from_many_function_words_only():
    english = "The bridge was closed and the mayor said that it would open after the summer for the people."
    assert text("Le pont", PROSE, PROSE).language == "fr"
    assert text("The bridge", english, english).language == "en"
    assert text("Le pont", PROSE, english).language == ""
    assert text("Le pont", "Une ville coupée en deux.").language == ""
