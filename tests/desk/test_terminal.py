"""A check in a terminal: the line cut around the words, underlined where they stand, in colours or not."""

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.desk import terminal
from depeche.desk.checked import Totals, totals
from depeche.desk.interface_words import words_of
from depeche.desk.spans import Finding
from tests.desk.readings import ARTICLE, checked_of, finding, span_of

pytestmark = pytest.mark.any_database


def shown(checked, width=80, language="fr", colours=False):
    return list(terminal.file_lines(checked, terminal.Screen(words_of(language), width, colours)))


def underlined(lines):
    """The words above the marks, by columns."""
    row = next(n for n, line in enumerate(lines) if re.fullmatch(r" +│ +\^+| +│ \^+", line))
    first = lines[row].index("^")
    marks = lines[row].count("^")
    columns = []
    for character in lines[row - 1]:
        wide = unicodedata.east_asian_width(character) in "WF"
        none = unicodedata.combining(character)
        columns += [] if none else [character, ""] if wide else [character]
    return "".join(columns[first : first + marks])


def test_a_finding_is_a_place_a_line_with_its_words_underlined_a_message_and_a_question():
    lines = shown(checked_of(ARTICLE, finding(ARTICLE, "ATT002", "Les experts")), language="en")
    assert lines[0] == "pont.txt:3:40: warning[ATT002] Vague collective source"
    assert underlined(lines) == "Les experts"
    assert lines[3] == "     │ “Les experts” is nobody in particular: readers cannot tell who speaks, or"
    assert lines[5].startswith("     │ ask: Who exactly?")
    assert lines[-1] == ""


def test_neutral_words_stand_once_and_the_other_figure_with_its_place():
    loaded = finding(ARTICLE, "LEX001", "régime", alternatives=("dispositif", "plan"))
    figures = finding(ARTICLE, "NUM001", "5 millions", "error", related=["4,2 millions d’euros"])
    text = "\n".join(shown(checked_of(ARTICLE, loaded, figures), language="en"))
    assert text.count("dispositif") == 1
    assert "try: “dispositif” or “plan”" in text
    assert "see also: 5:21 “4,2 millions d’euros”" in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 500])
def test_no_line_but_the_heading_is_wider_than_the_screen(width):
    long = ARTICLE.replace("démissionné", "démissionné " + "et puis encore " * 30 + "fini")
    findings = [
        finding(long, "ATT004", "aurait démissionné", "error"),
        finding(long, "ATT002", "Les experts"),
        finding(long, "INF001", "fini"),
        finding(long, "ATT001", "Le régime de circulation change lundi. Les experts redoutent des bouchons"),
    ]
    for one in findings:
        lines = shown(checked_of(long, one), width)
        assert all(terminal.width_of(line) <= max(40, min(width, 120)) for line in lines[1:])
        words = long[slice(*one.span)]
        assert words.startswith(underlined(lines).rstrip("…"))


@pytest.mark.parametrize(
    "before", ["", "東京の首相は、", "e\u0301te\u0301 : ", "\u202eאבג\u202c ", "👩‍🚒 ", "\t", "\x1b[31m"]
)
def test_the_marks_stand_under_the_words_whatever_stands_before_them(before):
    text = f"Titre du jour\n\nIci {before}des experts parlent.\n"
    lines = shown(checked_of(text, finding(text, "ATT002", "des experts")))
    assert underlined(lines) == "des experts"
    assert "\x1b" not in lines[1]
    assert "\u202e" not in lines[1]


def test_wide_words_get_wide_marks():
    text = "Titre du jour\n\nLe mot 東京 est là.\n"
    lines = shown(checked_of(text, finding(text, "LEX001", "東京")))
    assert lines[2].count("^") == 4


def test_words_over_two_lines_are_marked_to_the_end_of_the_first():
    text = "Titre du jour\n\nIl pleut\nhélas encore.\n"
    lines = shown(checked_of(text, finding(text, "INF005", "pleut\nhélas")))
    assert underlined(lines) == "pleut"


def test_a_finding_on_the_whole_headline_marks_it():
    headline = ARTICLE.splitlines()[0]
    lines = shown(checked_of(ARTICLE, finding(ARTICLE, "BAL003", headline, "info")))
    assert underlined(lines) == headline
    assert lines[0].startswith("pont.txt:1:1: remarque[BAL003]")


@given(st.text(min_size=1, max_size=200), st.data())
def test_no_text_breaks_the_excerpt(text, data):
    article = f"Titre du jour\n\n{text}."
    start = data.draw(st.integers(0, len(article) - 1))
    end = data.draw(st.integers(start + 1, len(article)))
    checked = checked_of(ARTICLE)
    whole = type(checked)("x", article, checked.reading)
    lines = terminal.Lines(article)
    screen = terminal.Screen(words_of("fr"), data.draw(st.integers(1, 130)))
    excerpt = list(terminal._excerpt(lines, Finding("LEX004", "info", (start, end)), "   1 ", screen))
    assert len(excerpt) == 2
    assert all("\n" not in line and terminal.width_of(line) <= screen.columns for line in excerpt)
    assert whole


def test_colours_only_where_asked_for():
    checked = checked_of(ARTICLE, finding(ARTICLE, "ATT002", "Les experts"))
    assert "\x1b[1;33m" in "".join(shown(checked, colours=True))
    assert "\x1b" not in "".join(shown(checked))
    plain = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(shown(checked, colours=True)))
    assert plain == "\n".join(shown(checked))


def test_a_file_name_cannot_move_the_cursor():
    lines = shown(checked_of(ARTICLE, finding(ARTICLE, "ATT002", "Les experts"), name="a\x1b[2Jb\n"))
    assert lines[0].startswith("a\ufffd[2Jb\ufffd:3:40:")


def summary(sums, language="fr", **more):
    return list(terminal.summary_lines(sums, terminal.Screen(words_of(language)), **more))


def test_the_summary_counts_by_severity_and_for_100_words():
    figures = finding(ARTICLE, "NUM001", "5 millions", "error")
    vague = finding(ARTICLE, "ATT002", "Les experts")
    sums = totals([checked_of(ARTICLE, figures, vague)])
    assert summary(sums) == ["1 erreur et 1 avertissement en 41 mots, soit 4,9 pour 100 mots."]
    assert summary(sums, "en") == ["1 error and 1 warning in 41 words: 4.9 per 100 words."]


def test_the_summary_of_clean_copy_says_so():
    assert summary(totals([checked_of(ARTICLE)]), name="pont.txt") == [
        "pont.txt\u00a0: rien à signaler en 41 mots."
    ]
    assert summary(Totals(files=3, words=1204), "en") == ["Nothing to report: 3 files, 1,204 words."]


def test_the_summary_tells_what_was_set_aside_and_what_could_not_be_read():
    sums = Totals(Counter({"info": 2}), files=2, unusable=1, words=300, silenced=1)
    assert summary(sums, house="desk.toml") == [
        "2 remarques dans 2 fichiers, 300 mots, soit 0,7 pour 100 mots.",
        "1 constat écarté par desk.toml.",
        "1 fichier n’a pas pu être lu.",
    ]


def test_what_a_language_does_not_read_is_said():
    text = "A headline here\n\nExperts say so.\n"
    checked = checked_of(text)
    object.__setattr__(checked.reading, "unread", ("INF", "BAL"))
    assert shown(checked, language="en") == ["Not read in this language: inference and balance."]


def test_the_place_of_the_words_is_their_own():
    assert span_of(ARTICLE, "coûté", 2) > span_of(ARTICLE, "coûté")
