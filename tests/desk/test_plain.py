"""Lines of a plain text become blocks: wrapped or not, lists, dialogue."""

import pytest

from depeche.desk.packs import load_furniture
from depeche.desk.plain import list_item_words, plain_blocks

pytestmark = pytest.mark.any_database

WRAPPED = """Le conseil municipal a voté hier soir la réouverture du pont aux
piétons, selon la maire, qui attend une foule nombreuse dès la semaine
prochaine.

Une ville coupée
Depuis deux ans, les habitants des deux rives font un détour de neuf
kilomètres – une heure
à pied – pour se retrouver. « Nous avons
perdu la moitié de nos clients », dit une boulangère de la rive
gauche.

- un premier point qui est assez long pour devoir passer à la ligne
  suivante
- un second
"""
LONG = "Le conseil municipal a voté hier soir la réouverture du pont aux piétons, selon la maire de la ville haute."


def blocks(text):
    found = plain_blocks(text, load_furniture())
    assert all(text[block.start : block.start + len(block.text)] == block.text for block in found)
    return found


def starts(text):
    return [" ".join(block.text.split())[:12] for block in blocks(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_wrapped_lines_are_joined_to_paragraphs_whatever_their_ends(end):
    assert starts(WRAPPED.replace("\n", end)) == [
        "Le conseil m",
        "Une ville co",
        "Depuis deux ",
        "- un premier",
        "- un second",
    ]


def test_a_line_for_each_paragraph_needs_no_blank_lines():
    assert len(blocks(f"Le pont rouvre\n{LONG}\nUne ville coupée\n{LONG}\n{LONG}")) == 5


def test_blank_lines_of_spaces_are_blank():
    assert len(blocks(f"Le pont rouvre\n \u00a0\t\n{LONG}")) == 2


def test_short_lines_that_begin_in_capitals_are_not_joined():
    assert len(blocks("Le pont\nLe bac\nLe gué\nLe tunnel")) == 4


def test_a_headline_broken_in_an_unwrapped_text_is_joined():
    assert (
        len(blocks(f"Le pont de l’île rouvre aux piétons après deux ans\nde travaux\n\n{LONG}\n{LONG}")) == 3
    )


def test_a_finished_line_is_not_joined_to_one_in_lower_case():
    assert len(blocks(f"Le pont rouvre\n{LONG}\niPhone : la panne continue.\n{LONG}")) == 4


@pytest.mark.parametrize("marker", ["-", "•", "*", "‣", "–", "—"])
def test_lines_with_a_marker_are_list_items(marker):
    found = blocks(f"Le pont rouvre\n\n{marker} une voie ;\n{marker} deux quais <neufs>.")
    assert [block.kind for block in found] == [None, "list_item", "list_item"]
    assert [block.reason for block in found[1:]] == ["unordered", "unordered"]
    assert [block.html for block in found[1:]] == ["une voie ;", "deux quais &lt;neufs&gt;."]


def test_numbered_lines_are_ordered_list_items():
    found = blocks("Le pont rouvre\n\n1. Une voie\n2) Deux quais")
    assert [block.reason for block in found] == ["", "ordered", "ordered"]


@pytest.mark.parametrize(
    "line", ["— Oui, dit-il.", "– Non.", "-Oui", "-12 degrés", "2026. Une année", "* * *", "12 morts"]
)
def test_dialogue_and_figures_are_no_list_items(line):
    assert [block.kind for block in blocks(f"Le pont rouvre\n\n{line}")] == [None, None]


def test_dialogue_begins_a_block_on_every_line():
    assert len(blocks("Le pont rouvre\n\n— Oui.\n— Non.\n— Si.")) == 4


def test_a_lone_numbered_line_is_no_list():
    assert blocks(f"Le pont rouvre\n\n1. Une île coupée\n{LONG}")[1].kind is None
    assert blocks("Le pont rouvre\n\n1. Une île coupée du monde.\n\nFin.")[1].kind == "list_item"


def test_furniture_among_full_lines_stays_by_itself():
    text = (
        "Titre\n\n"
        + "le conseil a voté un texte de plus\n" * 6
        + "Partager cet article sur Facebook\net la suite\n"
    )
    assert "Partager cet article sur Facebook" not in {block.text for block in blocks(text)[:2]}


@pytest.mark.parametrize(
    ("text", "words"), [("- un\n  point", "un point"), ("2. deux", "deux"), ("trois", "trois")]
)
def test_words_of_a_list_item_come_without_their_marker(text, words):
    assert list_item_words(text) == words
