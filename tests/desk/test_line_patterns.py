"""The small language of whole lines: what it folds, matches and refuses."""

import re

import pytest

from depeche.desk.line_patterns import PatternError, compile_pattern, folded

pytestmark = pytest.mark.any_database


def matches(pattern, line, **parts):
    compiled = {name: compile_pattern(part, {}) for name, part in parts.items()}
    return bool(re.fullmatch(compile_pattern(pattern, compiled), folded(line)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("S’ABONNER", "s'abonner"),
        ("  Lire\u00a0aussi\u202f: », ", "lire aussi:"),
        ("« Lire » | la suite", '" lire " - la suite'),
        ("→ Partager !", "partager"),
        ("☰ Menu", "menu"),
        ("© 2026", "© 2026"),
        ("mode\u00adsombre", "modesombre"),
    ],
)
def test_lines_are_folded(line, expected):
    assert folded(line).rstrip('" ') == expected.rstrip('" ')


def test_choices_may_be_empty():
    assert matches("partager( cet article|)", "Partager cet article")
    assert matches("partager( cet article|)", "Partager")
    assert not matches("partager( cet article|)", "Partager ce repas")


def test_a_part_may_repeat_with_or_without_marks_between():
    assert matches("{x}+", "Facebook", x="(facebook|x)")
    assert matches("{x}++", "Facebook | X", x="(facebook|x)")
    assert matches("{x}++", "FacebookX", x="(facebook|x)")
    assert not matches("{x}++", "Facebook", x="(facebook|x)")


def test_a_gap_stands_for_anything_or_nothing():
    assert matches(
        "en cliquant … vous acceptez … politique", "En cliquant sur « oui » vous acceptez notre politique"
    )
    assert not matches("en cliquant … vous acceptez … politique", "En cliquant sur « oui » vous acceptez")


def test_a_number_sign_stands_for_a_number():
    assert matches("# min", "12 min")
    assert not matches("# min", "douze min")


def test_everything_else_is_taken_literally():
    assert matches("a.b*", "a.b*x") is False
    assert not matches("a.b", "axb")


@pytest.mark.parametrize("pattern", ["", " ", "(a", "a)", "{x}", "{", "(a…|b)", ")("])
def test_a_mistake_is_named(pattern):
    with pytest.raises(PatternError):
        compile_pattern(pattern, {})
