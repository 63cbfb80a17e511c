"""Blocks become zones: headline, standfirst, byline, crossheads, and their near misses."""

import pytest

from depeche.desk.article import read_article
from depeche.desk.zoning import reads_as_crosshead

pytestmark = pytest.mark.any_database

PROSE = "Le conseil municipal a voté hier soir la réouverture du pont aux piétons, selon la maire."


def kinds(*blocks):
    return [zone.kind for zone in read_article("\n\n".join(blocks), source_format="text").zones]


@pytest.mark.parametrize(
    "line",
    [
        "Une ville coupée",
        "Une nouvelle saison ?",
        "Enfin !",
        "12 000 soldats",
        "« Un choc »",
        "« Libérer » la province",
        "La maire : « Un choc »",
        "État d’urgence",
        "1. Une île coupée",
        "x".upper() + "y" * 99,
    ],
)
def test_short_lines_without_a_closing_mark_read_as_crossheads(line):
    assert reads_as_crosshead(line)


@pytest.mark.parametrize(
    "line",
    [
        "Une ville coupée.",
        "Une ville coupée…",
        "Une ville coupée...",
        "Une ville coupée :",
        "Une ville coupée ;",
        "Une ville coupée,",
        "une ville coupée",
        "— Oui",
        "- Oui",
        "X" + "y" * 100,
        "Un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
        "« Nous n’avons rien vu venir depuis des mois »",
        "« Jamais ! »",
        "« On verra bien » — la maire",
        "« On verra bien » (la maire)",
        "***",
        "",
    ],
)
def test_other_lines_do_not_read_as_crossheads(line):
    assert not reads_as_crosshead(line)


def test_a_crosshead_needs_text_after_it():
    assert kinds("Le pont rouvre", PROSE, PROSE, "Une ville coupée", PROSE)[3] == "crosshead"
    assert kinds("Le pont rouvre", PROSE, PROSE, "Une ville coupée")[3] == "paragraph"
    assert kinds("Le pont rouvre", PROSE, PROSE, "Une ville coupée", "Une autre")[3:] == [
        "paragraph",
        "paragraph",
    ]


def test_a_crosshead_before_furniture_only_is_a_paragraph():
    assert kinds("Le pont rouvre", PROSE, PROSE, "Une ville coupée", "S’abonner")[3:] == [
        "paragraph",
        "furniture",
    ]


def test_a_crosshead_may_stand_above_a_list():
    assert kinds("Le pont rouvre", PROSE, "Les chiffres", "- un\n- deux")[2:] == [
        "crosshead",
        "list_item",
        "list_item",
    ]


def test_two_short_lines_above_text_are_crossheads_and_three_are_not():
    assert kinds("Le pont", PROSE, "Le bac", "Le gué", PROSE)[2:4] == ["crosshead", "crosshead"]
    assert kinds("Le pont", PROSE, "Le bac", "Le gué", "Le quai", PROSE)[2:5] == ["paragraph"] * 3


def test_the_first_paragraph_is_the_standfirst_where_others_follow():
    assert kinds("Le pont rouvre", PROSE, PROSE) == ["headline", "standfirst", "paragraph"]


def test_a_single_paragraph_is_the_body():
    assert kinds("Le pont rouvre", PROSE) == ["headline", "paragraph"]


def test_without_a_paragraph_before_the_first_crosshead_there_is_no_standfirst():
    assert "standfirst" not in kinds("Le pont rouvre", "Une ville coupée", PROSE, PROSE)


def test_a_standfirst_may_be_followed_by_crossheads_at_once():
    assert kinds("Le pont", PROSE, "Une ville coupée", PROSE) == [
        "headline",
        "standfirst",
        "crosshead",
        "paragraph",
    ]


def test_byline_and_dates_stand_between_headline_and_standfirst():
    article = read_article(f"Le pont rouvre\nPar Jeanne Morel\nPublié le 12 mars 2026\n\n{PROSE}\n\n{PROSE}")
    assert [zone.kind for zone in article.zones] == [
        "headline",
        "byline",
        "furniture",
        "standfirst",
        "paragraph",
    ]
    assert (article.byline, article.furniture[0].reason) == ("Par Jeanne Morel", "date_line")


def test_byline_and_date_may_follow_the_standfirst():
    assert kinds("Le pont", PROSE, "Par Jeanne Morel", "12 mars 2026", PROSE)[2:4] == ["byline", "furniture"]


def test_a_byline_may_come_before_the_headline():
    assert kinds("Par Jeanne Morel", "Le pont rouvre", PROSE)[:2] == ["byline", "headline"]


def test_a_byline_may_be_the_last_line():
    assert kinds("Le pont rouvre", PROSE, PROSE, PROSE, "Par Jeanne Morel", "© 2026 X")[-2:] == [
        "byline",
        "furniture",
    ]


def test_a_name_in_the_middle_of_the_text_is_no_byline():
    assert "byline" not in kinds("Le pont rouvre", PROSE, PROSE, PROSE, "Par Jeanne Morel", PROSE)


def test_a_date_in_the_middle_of_the_text_is_a_crosshead():
    assert kinds("Le pont rouvre", PROSE, PROSE, PROSE, "12 mars 2026", PROSE)[4] == "crosshead"


def test_an_agency_dateline_stays_in_its_paragraph():
    article = read_article(f"Le pont rouvre\n\nGENÈVE, 3 mars – {PROSE}\n\n{PROSE}")
    assert article.standfirst.startswith("GENÈVE, 3 mars – Le conseil")


def test_quoted_lines_and_dialogue_are_paragraphs():
    quoted = "« Nous n’avons rien vu venir depuis des mois »"
    assert kinds("Le pont rouvre", PROSE, quoted, "— Oui", PROSE)[2:4] == ["paragraph", "paragraph"]


def test_furniture_keeps_its_words_wherever_it_stands():
    article = read_article(
        f"Accueil\n\nLe pont rouvre\n\n{PROSE}\n\nLire aussi : le bac\n\n{PROSE}\n\nS’abonner"
    )
    assert [zone.text for zone in article.furniture] == ["Accueil", "Lire aussi : le bac", "S’abonner"]
    assert [zone.reason for zone in article.furniture] == ["navigation", "related", "sign_up"]


def test_a_line_of_ornaments_is_furniture():
    assert kinds("Le pont rouvre", PROSE, "* * *", PROSE) == [
        "headline",
        "standfirst",
        "furniture",
        "paragraph",
    ]
