"""What the top of a file tells, in YAML's manner or in TOML, and that nothing else is taken for it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.desk.front_matter import BrokenFrontMatter, front_matter

pytestmark = pytest.mark.any_database

BODY = "Le pont rouvre\n\nUne phrase.\n"


def test_lines_of_keys_and_values_are_read_in_english_or_french():
    top = front_matter(
        '---\nTitre: "Le pont : rouvre" # provisoire\ngenre: tribune\ndate: 2026-03-12\n'
        f"auteurs: x\nauthors: [Jeanne Morel, \"Abadie, Luc\"]\nlieu: 'Sermont'\n---\n{BODY}"
    )
    assert top.values == {
        "headline": "Le pont : rouvre",
        "kind": "tribune",
        "date": "2026-03-12",
        "byline": ["Jeanne Morel", "Abadie, Luc"],
        "place": "Sermont",
    }
    assert top.text("byline") == "Jeanne Morel, Abadie, Luc"
    assert top.text("language") is None


def test_lists_and_camps_are_read():
    top = front_matter(
        "---\nsources:\n  - a.txt\n  - b c.txt\ncamps:\n  direction: [Odile Sarrazin, M. Sarrazin]\n"
        f"  syndicat:\n    - Yann Guillou\n---\n{BODY}"
    )
    assert top.texts("sources") == ("a.txt", "b c.txt")
    assert top.values["camps"] == {
        "direction": ["Odile Sarrazin", "M. Sarrazin"],
        "syndicat": ["Yann Guillou"],
    }


def test_toml_between_plus_signs_is_read():
    top = front_matter(f'+++\ndate = 2026-03-12\nkind = "opinion"\n[camps]\na = ["b"]\n+++\n{BODY}')
    assert top.values == {"date": dt.date(2026, 3, 12), "kind": "opinion", "camps": {"a": ["b"]}}
    assert top.texts("sources") == ()


def test_broken_toml_is_told():
    with pytest.raises(BrokenFrontMatter, match="Invalid value"):
        front_matter("+++\ndate =\n+++\n")


@pytest.mark.parametrize(
    "source",
    [
        BODY,
        f"--- Un tiret\n{BODY}",
        f"---\nUne phrase\n---\n{BODY}",
        f"---\n\n---\n{BODY}",
        f"---\nkind: news\n{BODY}",
        "",
    ],
)
def test_what_is_no_front_matter_stays_text(source):
    top = front_matter(source)
    assert (top.body, top.values) == (source, {})


@given(st.text(max_size=200))
def test_the_body_has_the_length_and_the_lines_of_the_file(text):
    source = f"---\nkind: news\nx: {text}\n---\n{BODY}"
    top = front_matter(source)
    assert len(top.body) == len(source)
    assert top.body.splitlines()[-1] == "Une phrase."
