"""Lines and columns of a file for spans of the article read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.desk.article import read_article
from depeche.desk.lines import Lines, Place, Whereabouts
from tests.desk.readings import span_of

pytestmark = pytest.mark.any_database

BODY = "Le pont restera fermé jusqu’au printemps, selon la régie. Les élus attendent le devis."


def found(source, name, words):
    article = read_article(source, name=name)
    start, end = Whereabouts(article, source).span(span_of(article.text, words))
    return source[start:end]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_from_one_whatever_ends_a_line(end):
    lines = Lines(f"un{end}deux{end}{end}trois")
    assert lines.place(0) == Place(1, 1)
    assert lines.place(lines.text.index("deux") + 2) == Place(2, 3)
    assert lines.place(lines.text.index("trois")) == Place(4, 1)
    assert lines.place(len(lines.text)) == Place(4, 6)
    start, stop = lines.around(lines.text.index("eux"))
    assert lines.text[start:stop] == "deux"


def test_a_plain_text_is_its_own_file():
    assert found(f"Le pont ferme\n\n{BODY}\n", "pont.txt", "selon la régie") == "selon la régie"


@pytest.mark.parametrize(
    ("marked", "words", "in_file"),
    [
        ("selon **la régie**", "selon la régie", "selon **la régie"),
        ("selon [la régie](https://example.org/a_b)", "la régie", "la régie"),
        ("selon la *régie* du pont", "régie du pont", "régie* du pont"),
    ],
)
def test_words_are_found_through_the_marks_of_markdown(marked, words, in_file):
    source = f"---\ntitle: Le pont ferme\nmot: pont\n---\n\nLe pont restera fermé, {marked}. Voilà tout.\n"
    assert found(source, "pont.md", words) == in_file


def test_words_are_found_through_tags_and_entities():
    source = (
        "<!doctype html><html lang=fr><head><title>Le pont ferme</title></head><body><article>"
        "<h1>Le pont ferme</h1>\n<p>Le pont restera ferm&eacute;, selon <a href='/r'>la r&#233;gie</a>.</p>"
        "</article></body></html>"
    )
    assert found(source, "pont.html", "la régie") == "la r&#233;gie"
    assert found(source, "pont.html", "fermé") == "ferm&eacute;"


def test_the_second_of_two_equal_paragraphs_is_the_second():
    source = "# Le pont ferme\n\n**Bien** dit la régie du pont.\n\nBien dit la régie du pont.\n"
    article = read_article(source, name="pont.md")
    places = Whereabouts(article, source)
    first = places.places(span_of(article.text, "régie", 1))
    second = places.places(span_of(article.text, "régie", 2))
    assert (first[0].line, second[0].line) == (3, 5)


@given(st.text(max_size=300), st.sampled_from(["a.md", "a.html"]))
def test_every_span_has_a_place_in_the_file(text, name):
    source = f"# Le titre du jour\n\n<p>Un début de texte.</p>\n\n{text}"
    try:
        article = read_article(source, name=name)
    except ValueError:
        return
    places = Whereabouts(article, source)
    for zone in article.zones:
        start, end = places.span((zone.start, zone.end))
        assert 0 <= start <= end <= len(source)
