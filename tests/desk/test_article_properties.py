"""What holds for every source: zones tile the text, and nothing but `UnreadableSource` is ever raised."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depeche.desk.article import UnreadableSource, read_article

pytestmark = pytest.mark.any_database

relaxed = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PROSE = "Le conseil de l’île a voté « un texte » de plus, selon la maire, et 12 000 € iront au port. "
LINES = [
    "Mode Foncé Mode Clair",
    "Le pont rouvre",
    "Une ville coupée",
    "Une nouvelle saison ?",
    "Par Jeanne Morel",
    "Publié le 12 mars 2026",
    "- un point",
    "1. un point",
    "— Oui",
    "« Un choc »",
    "S’abonner",
    "© 2026 La Gazette",
    "GENÈVE, 3 mars – Le texte est adopté.",
    PROSE.strip(),
    PROSE * 3,
    "la suite d’une ligne coupée",
    "",
    "   ",
    "* * *",
]
plain_texts = st.lists(st.sampled_from(LINES), max_size=25).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n"]).map(lambda end: end.join(lines))
)
TAGS = [
    "html",
    "body",
    "article",
    "main",
    "header",
    "nav",
    "footer",
    "aside",
    "div",
    "p",
    "h1",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "blockquote",
    "cite",
    "figure",
    "figcaption",
    "img",
    "br",
    "hr",
    "a",
    "b",
    "i",
    "em",
    "strong",
    "span",
    "time",
    "form",
    "button",
    "pre",
    "script",
    "style",
    "template",
    "svg",
    "title",
]
markup = st.lists(
    st.one_of(
        st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(
            ["<p class=chapo>", "<p class=author>", "<img src=a.jpg>", "<a href='http://a.b'>", "<!--", "-->"]
        ),
        st.sampled_from(
            ["<", "&", "&amp;", "&#x80;", "&#99999999999;", "<a href='", '"', "\x01", "\u200b", "\u00a0"]
        ),
        st.sampled_from(LINES),
        st.text(max_size=8),
    ),
    max_size=60,
).map("".join)


def zones_tile(article):
    end = 0
    for zone in article.zones:
        assert zone.start >= end
        assert zone.end > zone.start
        assert not article.text[end : zone.start].strip()
        assert article.text[zone.start : zone.end] == zone.text == zone.text.strip()
        end = zone.end
    assert not article.text[end:].strip()


def read_or_refused(source, **options):
    try:
        return read_article(source, **options)
    except UnreadableSource:
        return None


@relaxed
@given(st.one_of(plain_texts, st.text(st.characters(), max_size=300)))
def test_zones_of_a_plain_text_are_in_order_and_leave_out_only_white_space(text):
    article = read_or_refused(text, source_format="text")
    if article:
        zones_tile(article)
        assert len(article.text) == len(text)
        assert article == read_article(text, source_format="text")
        assert len(article.fingerprint) == 64


@relaxed
@given(st.one_of(markup, st.text(max_size=300)))
def test_zones_of_any_page_are_in_order_and_leave_out_only_white_space(source):
    for source_format in ("html", "markdown", None):
        article = read_or_refused(source, source_format=source_format)
        if article:
            zones_tile(article)
            assert all(
                "<script" not in zone.html and "javascript:" not in zone.html for zone in article.zones
            )
            assert not any(ord(char) < 32 and char not in "\t\n\r" for char in article.text)


@relaxed
@given(st.one_of(st.binary(max_size=400), plain_texts.map(lambda text: text.encode("cp1252"))))
def test_any_bytes_are_read_or_refused(source):
    article = read_or_refused(source)
    if article:
        zones_tile(article)


@relaxed
@given(plain_texts)
def test_line_ends_and_typography_do_not_change_the_fingerprint(text):
    article = read_or_refused(text, source_format="text")
    if article:
        for old, new in (("\r\n", "\n"), ("’", "'"), (" »", "\u00a0»"), ("« ", "«\u202f")):
            other = read_article(text.replace(old, new), source_format="text")
            assert other.fingerprint == article.fingerprint


def filled(piece, size=1_990_000):
    return piece * (size // len(piece.encode()))


@pytest.mark.parametrize(
    ("source_format", "start", "piece"),
    [
        ("text", "Le pont rouvre\n\n", PROSE * 4 + "\n\n"),
        (
            "text",
            "Le pont rouvre\n\n",
            "le conseil de l’île a voté un texte de plus selon la maire et douze\n" * 6 + "\n",
        ),
        ("text", "Le pont rouvre\n\n", "en cliquant sur vous accept " * 14 + "\n"),
        ("text", "Le pont rouvre\n\n", "Accueil > Politique > " * 15 + "rien\n"),
        ("text", "Le pont rouvre\n\n", " "),
        ("html", "<h1>Le pont rouvre</h1>", f"<p>{PROSE}</p>"),
        ("html", f"<h1>Le pont rouvre</h1><p>{PROSE}", "<div>"),
        ("html", f"<h1>Le pont rouvre</h1><p>{PROSE}", "<"),
        ("html", f"<h1>Le pont rouvre</h1><p>{PROSE}", "<!--"),
        ("html", f"<h1>Le pont rouvre</h1><p>{PROSE}", "<a href="),
        ("html", f"<h1>Le pont rouvre</h1><p>{PROSE}", "<a x='"),
        ("html", f"<h1>Le pont rouvre</h1><p>{PROSE}" + "<div>" * 190, "</x>"),
    ],
)
def test_two_megabytes_are_read_in_seconds(source_format, start, piece):
    began = time.process_time()
    read_article(start + filled(piece), source_format=source_format)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "piece",
    [
        "<p class=author>Al Bo</p><p>x</p>",
        "<figcaption>c</figcaption>",
        "<i><b><p>x",
        "a<br>",
        "<li></li>",
        "<td>a",
    ],
)
def test_time_grows_with_the_length_and_no_faster(piece):
    def seconds(size):
        page = f"<h1>Le pont</h1><p>{PROSE}</p><figure><table><tr><li><ul>" + filled(piece, size)
        began = time.process_time()
        read_article(page, source_format="html")
        return time.process_time() - began

    eight_times = min(seconds(400_000) for _ in range(2)) / max(min(seconds(50_000) for _ in range(2)), 0.02)
    assert eight_times < 30  # 8 where time is linear, 64 where it is quadratic
