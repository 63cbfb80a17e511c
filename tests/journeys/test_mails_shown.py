"""The mails of the demo newspaper in a browser, as a mail program shows them: light, dark, inverted, on a telephone."""

import colorsys
import itertools
import json

import pytest
from accessibility import violations

SHOW = """
import json, sys
from depeche.newsletters import rendering
from depeche.newsletters.models import Edition
editions = Edition.objects.order_by("pk")
found = {f"{one.newsletter.language}-{one.state}": rendering.render(one).html for one in editions}
sys.stdout.write(json.dumps(found))
"""
# What is written, in which colours, how large; the ground is that of the nearest element that has one.
WORDS = """() => [...document.body.querySelectorAll('*')].flatMap(element => {
    const said = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!said || !element.getClientRects().length) return [];
    let ground = element;
    while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
    const style = getComputedStyle(element);
    const numbers = colour => colour.match(/\\d+/g).map(Number);
    return [{words: element.innerText.slice(0, 40), ink: numbers(style.color),
             ground: numbers(getComputedStyle(ground).backgroundColor), size: parseFloat(style.fontSize)}];
})"""
SCHEMES, WIDTHS = ("light", "dark"), (320, 360, 700, 1280)


@pytest.fixture(scope="module")
def mails(full_paper):
    """The HTML part of each demo edition, by language and state."""
    return json.loads(full_paper.manage("shell", "--no-imports", "-c", SHOW))


@pytest.fixture
def show(person, mails):
    """A function: this mail in a window of its own."""

    def _show(name, scheme, width=700):
        page = person(color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=True)
        page.set_content(mails[name])
        return page

    return _show


def test_axe_finds_nothing_in_either_theme(show, mails):
    assert sorted(mails) == ["en-draft", "en-sent", "fr-draft", "fr-sent"]
    for name, scheme in itertools.product(mails, SCHEMES):
        assert violations(show(name, scheme)) == [], (name, scheme)


def test_axe_would_find_something(show, mails):
    page = show("fr-draft", "dark")
    page.evaluate("document.querySelector('h2 a').style.setProperty('color', '#333', 'important')")
    assert any("color-contrast" in one for one in violations(page))


def test_dark_is_dark_and_light_is_light(show, mails):
    grounds = {}
    for name, scheme in itertools.product(mails, SCHEMES):
        words = show(name, scheme).evaluate(WORDS)
        grounds[name, scheme] = {sum(one["ground"][:3]) > 3 * 128 for one in words}
    assert {scheme: found for (_name, scheme), found in grounds.items()} == {"light": {True}, "dark": {False}}
    assert all(found == {scheme == "light"} for (_name, scheme), found in grounds.items())


def test_words_are_large_enough_and_told_from_their_ground_also_when_a_program_inverts(show, mails):
    for name, scheme in itertools.product(mails, SCHEMES):
        for one in show(name, scheme).evaluate(WORDS):
            where = (name, scheme, one["words"])
            ink, ground = one["ink"][:3], one["ground"][:3]
            assert one["size"] >= 14, where
            assert contrast(ink, ground) >= 4.5, where
            if scheme == "light":  # what a program turns round by itself it took for a light one
                assert contrast(*map(inverted, (ink, ground))) >= 4.5, (*where, "inverted")
                assert contrast(*map(lightness_turned, (ink, ground))) >= 4.5, (*where, "lightness turned")
            assert ink not in ([0, 0, 0], [255, 255, 255]), where
            assert ground not in ([0, 0, 0], [255, 255, 255]), where


def test_nothing_is_wider_than_the_window(show, mails):
    for name, width in itertools.product(mails, WIDTHS):
        page = show(name, "light", width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        sheet = page.locator(".sheet").bounding_box()["width"]
        assert sheet <= 600


def contrast(one, other):
    """Of two sRGB colours. Source: WCAG 2.2, relative luminance and contrast ratio."""
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def inverted(colour):
    return [255 - value for value in colour]


def lightness_turned(colour):
    """The same hue, dark for light: what Gmail and Outlook do to a mail they take for a light one."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in colour))
    return [255 * value for value in colorsys.hls_to_rgb(hue, 1 - lightness, saturation)]
