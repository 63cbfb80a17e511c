"""One more button to press, with DEPECHE_ALTCHA: the browser does its sum under our policy, and asks nobody else."""

import urllib.parse
import urllib.request

import pytest
from accessibility import violations
from conftest import started
from playwright.sync_api import expect

FREE_REQUESTS = 5


@pytest.fixture(scope="module")
def paper(tmp_path_factory, first_start):
    """A paper from whose network so much was asked that the button comes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPECHE_ALTCHA", "on")
        with started(tmp_path_factory.mktemp("paper"), like=first_start) as paper:
            for number in range(FREE_REQUESTS):
                form = {"newsletter": "matin", "address": f"{number}@d{number}.test", "agreed": "on"}
                urllib.request.urlopen(f"{paper.address}/subscribe/", urllib.parse.urlencode(form).encode())
            yield paper


def ask(paper, reader, address: str) -> None:
    reader.goto(f"{paper.address}/subscribe/")
    reader.locator("#sign-up-address").fill(address)
    reader.locator("#sign-up-agreed").check()
    reader.locator("main button[type=submit]").click()
    reader.locator("input[name=token]").wait_for(state="attached")


def test_a_browser_does_the_sum_by_itself_and_a_person_presses_the_button(paper, person):
    reader = person()
    asked, said = [], []
    reader.on("request", lambda request: asked.append((request.method, request.url)))
    reader.on("console", lambda message: said.append(message.text))
    reader.on("pageerror", lambda error: said.append(str(error)))
    ask(paper, reader, "lea@e.test")
    expect(reader.locator("[name=altcha]")).not_to_have_value("")
    assert len([method for method, _url in asked if method == "POST"]) == 1, "nothing is sent by itself"
    assert not reader.locator("[data-puzzle-without]").is_visible()
    reader.locator("main button").click()
    reader.wait_for_url("**/subscribe/sent/")
    ask(paper, reader, "ali@e.test")
    reader.locator("main button").press("Enter")  # at once: it goes off when the sum is done
    reader.wait_for_url("**/subscribe/sent/", timeout=60_000)
    assert said == []
    assert all(url.startswith(paper.address) for _method, url in asked)
    assert reader.context.cookies() == []


def test_without_scripts_a_person_waits_a_little(paper, person):
    reader = person(java_script_enabled=False)
    ask(paper, reader, "jeanne@e.test")
    assert reader.locator("[data-puzzle-without]").is_visible()
    reader.locator("main button").click()
    assert reader.get_by_role("alert").is_visible(), "too early"
    reader.wait_for_timeout(30_000)
    reader.locator("main button").click()
    reader.wait_for_url("**/subscribe/sent/")


def test_the_page_is_accessible_in_both_themes_on_any_screen(paper, person):
    for scheme in ("light", "dark"):
        reader = person(color_scheme=scheme)
        ask(paper, reader, "remi@e.test")
        for width in (360, 1280):
            reader.set_viewport_size({"width": width, "height": 900})
            assert violations(reader) == []
        reader.set_viewport_size({"width": 320, "height": 640})
        assert reader.evaluate("document.documentElement.scrollWidth") <= 320
