"""Marks in a rich text: the words stay, the markup stays well formed, whatever stands in it."""

import re
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.articles.manuscript import _paragraphs
from depeche.articles.marked_words import Mark, with_marks
from depeche.typography import typeset_html

pytestmark = pytest.mark.any_database

TEXTS = st.text(alphabet="ab é«»;:!?'\"&<>0 1\u00a0😀🇫🇷…\n", max_size=12)
VOID = {"br", "embed"}


def inline(inner):
    tags = st.sampled_from(["b", "i", "a"])
    wrapped = st.builds(lambda tag, html: f"<{tag}>{html}</{tag}>", tags, inner)
    return st.builds("".join, st.lists(st.one_of(inner, wrapped, st.just("<br/>")), max_size=4))


LINK_IN_LINK = re.compile(r"<a>(?:(?!</a>).)*<a>", re.DOTALL)  # no editor writes that
INLINE = st.recursive(TEXTS.map(escape), inline, max_leaves=8).filter(
    lambda html: not LINK_IN_LINK.search(html)
)
RICH = st.lists(INLINE, min_size=1, max_size=3).map(lambda parts: "".join(f"<p>{part}</p>" for part in parts))


def mark(number: int, start: int, end: int, paragraph: int = 0) -> Mark:
    opening, again = f'<span class="said" id="claim-{number}">', '<span class="said">'
    after = f'<a hidden class="said-by" href="#said-{number}"></a>'
    return Mark(paragraph, start, end, opening, again, after)


def texts_of(html: str) -> list[str]:
    return [zone.text.strip() for zone in _paragraphs((), "paragraph", html)]


def without_marks(html: str) -> str:
    """The HTML as it was before `with_marks`."""
    html = re.sub(r'<a hidden class="said-by"[^>]*></a>', "", html)
    kept, depth = [], 0
    for token in re.split(r"(</?span[^>]*>)", html):
        if token.startswith(("<span", "</span")):
            depth += -1 if token.startswith("</") else 1
            assert depth >= 0
        else:
            kept.append(token)
    assert depth == 0
    return "".join(kept)


class Balance(HTMLParser):
    """Whether every tag has its partner, and no link lies in a link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        assert tag != "a" or "a" not in self.open or "hidden" not in dict(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag


@given(RICH, st.data())
def test_marks_change_no_word_and_break_no_markup(html, data):
    texts = texts_of(html)
    places = [
        (paragraph, *sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2))))
        for paragraph, text in enumerate(texts)
        for _ in range(data.draw(st.integers(0, 3)))
    ]
    marks = [mark(n, start, end, paragraph) for n, (paragraph, start, end) in enumerate(places)]
    marked = with_marks(html, texts, marks)
    assert without_marks(marked) == html
    Balance(marked)
    assert marked.count(' id="') == len(set(re.findall(r'id="claim-\d+"', marked)))


@given(RICH, st.sampled_from(["fr", "en", "nl"]), st.data())
def test_typography_sets_marked_words_as_it_sets_bare_ones(html, language, data):
    texts = texts_of(html)
    marks = []
    for number, text in enumerate(texts):
        start, end = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
        marks.append(mark(number, start, end, number))
    marked = typeset_html(with_marks(html, texts, marks), language)
    assert without_marks(marked) == typeset_html(html, language)


@given(RICH, st.data())
def test_what_is_marked_are_the_words_of_the_claim(html, data):
    texts = texts_of(html)
    if not texts:
        return
    start, end = sorted(data.draw(st.lists(st.integers(0, len(texts[0])), min_size=2, max_size=2)))
    marked = with_marks(html, texts, [mark(1, start, end)])
    found = "".join(re.findall(r"<span[^>]*>(.*?)</span>", marked, re.DOTALL))
    said = unescape(re.sub(r"<[^>]*>", "", found))
    assert "".join(said.split()) == "".join(texts[0][start:end].split())


def test_a_claim_within_a_claim_lies_within_its_mark():
    html = "<p>Elle dit que le pont ferme.</p>"
    marked = with_marks(html, texts_of(html), [mark(1, 0, 26), mark(2, 13, 26)])
    assert 'id="claim-1">Elle dit que <span class="said" id="claim-2">le pont ferme</span></span>' in marked


def test_claims_that_overlap_are_cut_and_not_crossed():
    html = "<p>un deux trois</p>"
    marked = with_marks(html, texts_of(html), [mark(1, 0, 7), mark(2, 3, 13)])
    assert marked.count("<span") == 3
    Balance(marked)


def test_a_claim_is_cut_where_a_link_ends_and_told_of_behind_it():
    html = '<p>Voir <a href="/x">le rapport du maire</a> publié.</p>'
    marked = with_marks(html, texts_of(html), [mark(1, 0, 15)])
    assert 'Voir</span> <a href="/x"><span class="said">le rapport</span> du maire</a><a hidden' in marked


@pytest.mark.parametrize(
    "html",
    [
        "<p>Le pont <b>ferme</p>",
        "<p>Le pont <b><i>ferme</b></i></p>",
        '<p>Le pont <a title="a>b">ferme</a></p>',
        "<p>Le pont <a title='a>b'>ferme</a></p>",
        "<p>Le pont <!-- x --> ferme</p>",
    ],
)
def test_what_is_not_well_formed_is_left_alone(html):
    assert with_marks(html, texts_of(html), [mark(1, 0, 7)]) == html


def test_other_words_than_those_read_are_left_alone():
    html = "<p>Le pont ferme.</p>"
    assert with_marks(html, ["Le pont ouvre."], [mark(1, 0, 7)]) == html
    assert with_marks(html, ["Le pont ferme.", "Demain."], [mark(1, 0, 7)]) == html
