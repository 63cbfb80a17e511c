"""A page becomes well-nested events, whatever it forgot to close."""

import pytest

from depeche.desk.html_tokens import html_events, plain_text

pytestmark = pytest.mark.any_database


def outline(source):
    written = []
    for event in html_events(source):
        written.append(event.text or f"<{'' if event.opens else '/'}{event.element.tag}>")
    return "".join(written)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a<div>b", "<p>a</p><div>b</div>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<tr><td>a<td>b<tr><td>c", "<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>"),
        ("<b><i>a</b>c</i>", "<b><i>a</i></b>c"),
        ("a</p></x>b", "ab"),
        ("a<br/>b</br>", "a<br></br>b<br></br>"),
        ("a<!-- <p>x</p> -->b<!doctype x><?y?></ z>c", "abc"),
        ("a<!-->b", "ab"),
        ("1 < 2 <3", "1 < 2 <3"),
        ("<P CLASS=x>a", "<p>a</p>"),
        ("a<script>if (a < b) '</p>'</script>b", "a<script>if (a < b) '</p>'</script>b"),
        ("a<script>never closed <p>b", "a<script></script>"),
        ("<title>a <b> c</title>d", "<title>a <b> c</title>d"),
        ("<textarea>a<p>b", "<textarea><p></p></textarea>".replace("<p>", "a<p>b")),
        ("a<p class='b", "a"),
        ("a<!-- b", "a"),
        ("<p title='a>b'>c", "<p>c</p>"),
    ],
)
def test_pages_are_nested_as_browsers_nest_them(source, expected):
    assert outline(source) == expected


def test_deep_nesting_keeps_its_text():
    source = "<div>" * 10_000 + "x" + "</div>" * 10_000 + "y"
    assert outline(source).replace("<div>", "").replace("</div>", "") == "xy"
    assert outline(source).count("<div>") < 250


def test_attributes_are_unescaped_and_the_first_one_counts():
    (event, *_) = html_events("<a HREF=\"x?a=1&amp;b=2\" href=y onclick=z class='b  c'>")
    assert event.element.attributes == {"href": "x?a=1&b=2", "class": "b  c"}


def test_a_huge_attribute_is_dropped():
    (event, *_) = html_events(f"<p class='{'x' * 100_000}'>a")
    assert event.element.attributes == {"class": ""}


def test_elements_know_how_much_text_they_hold():
    events = html_events("<article><p>abc</p> <p>de</p></article>")
    assert events[0].element.length == 5


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&eacute;&amp;&nbsp;&lt;", "é&\u00a0<"),
        ("&#233;&#xe9;", "éé"),
        ("&#0;", "\ufffd"),
        ("&#1;&#129;", ""),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("AT&T", "AT&T"),
    ],
)
def test_references_become_their_characters(markup, text):
    assert plain_text(markup) == text
