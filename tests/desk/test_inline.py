"""Runs of text become words and safe markup."""

import nh3
import pytest

from depeche.desk.inline import BREAK, Run, inline, link_address

pytestmark = pytest.mark.any_database


def test_white_space_is_folded_and_stripped():
    assert inline([Run("  a \n b"), Run(" \t"), Run(" c\u00a0 ")]) == ("a b c", "")


def test_marks_are_nested_and_closed():
    runs = [Run("a "), Run("b", ("b",)), Run("c", ("b", "i")), Run("d", ("http://x.y/?a=1&b=2",))]
    assert inline(runs).html == 'a <b>b<i>c</i></b><a href="http://x.y/?a=1&amp;b=2">d</a>'


def test_text_is_escaped():
    html = inline([Run("<script>", ("b",)), Run(" & co")]).html
    assert html == "<b>&lt;script&gt;</b> &amp; co" == nh3.clean(html)


def test_line_breaks_are_kept_inside_only():
    assert inline([Run(BREAK), Run("a "), Run(BREAK, verbatim=True), Run(" b"), Run(BREAK)]) == (
        "a\nb",
        "a<br>b",
    )


def test_nothing_visible_is_nothing():
    assert inline([Run(" \u200b\ufeff"), Run("\u00a0", ("b",))]) == ("", "")


@pytest.mark.parametrize("href", ["https://x.y/z", "HTTP://x.y", " http://x.y ", "mailto:a@x.y"])
def test_addresses_of_the_web_and_of_mail_are_links(href):
    assert link_address(href) == href.strip()


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "java\nscript:x",
        "data:text/html,x",
        "/a",
        "#a",
        "ftp://x",
        "http://",
        "https://x y",
        "",
        "x" * 9,
    ],
)
def test_other_addresses_are_no_links(href):
    assert link_address(href) == ""
