"""The page of a digest at work: set up in a browser, on a telephone too, and nothing for axe to find."""

import itertools

from accessibility import violations
from playwright.sync_api import expect

WIDTHS = (320, 1280)
COLOURS_CHANGE_MS = 600


def test_a_digest_is_set_up_in_a_browser(paper, person):
    editor = person()
    paper.sign_in(editor)
    editor.goto(f"{paper.address}/admin/newsletters/1/digest/")
    editor.locator("[name=is_on]").check()
    editor.locator("[name=leaves_at]").fill("07:30")
    for day in ("6", "7"):
        editor.locator(f"[name=weekdays][value='{day}']").uncheck()
    editor.locator("[name=needs_review]").uncheck()
    editor.locator(".sending form button").click()
    expect(editor.locator(".messages")).to_contain_text("7 h 30")
    expect(editor.locator("#digest-next + p")).to_contain_text("7 h 30")
    digest = paper.run("edition", "digest", "matin")
    assert (digest["leaves_at"], digest["weekdays"], digest["needs_review"]) == ("07:30", "12345", False)
    editor.mouse.move(0, 0)
    for width, scheme in itertools.product(WIDTHS, ("light", "dark")):
        editor.set_viewport_size({"width": width, "height": 900})
        editor.emulate_media(color_scheme=scheme)
        editor.wait_for_timeout(COLOURS_CHANGE_MS)
        assert violations(editor, ".sending") == [], (width, scheme)
        assert editor.evaluate("document.documentElement.scrollWidth") <= width
