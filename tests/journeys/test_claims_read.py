"""Who says what, as readers meet it: without script, by key, on paper, at four times the size."""

import re

import pytest
from accessibility import violations

MARKED = "element => getComputedStyle(element).textDecorationLine"


@pytest.fixture(scope="module")
def address(full_paper, sound_twin):
    """Of an article whose claims are read."""
    return full_paper.run("import", str(sound_twin), "--publish", "--by", full_paper.user)["url"]


@pytest.fixture
def reader(person, address):
    """Somebody who opens it with script switched off."""
    page = person(java_script_enabled=False)
    page.goto(address)
    return page


def test_the_page_is_calm_until_one_asks(reader):
    assert reader.locator(".said").count() > 5
    assert not any(reader.locator(".said-by").nth(n).is_visible() for n in range(5))
    assert reader.locator(".said").first.evaluate(MARKED) == "none"
    assert not reader.locator("#said-1").is_visible()


def test_the_list_leads_to_the_words_and_back(reader):
    reader.get_by_role("link", name="Qui dit quoi").click()
    reader.get_by_text("Chaque affirmation et sa source").click()
    told = reader.locator("#who-says-what li").filter(has=reader.locator(".sure.firm")).first
    number = told.get_attribute("value")
    told.get_by_role("link").first.click()
    assert reader.url.endswith(f"#claim-{number}")
    words = reader.locator(f"#claim-{number}")
    assert words.is_visible()
    assert words.evaluate(MARKED) == "underline"
    others = reader.locator(f".said[id]:not(#claim-{number})").first
    assert others.evaluate(MARKED) == "none"
    reader.locator(f'.said-by[href="#said-{number}"]').click()
    assert reader.url.endswith(f"#said-{number}")
    assert reader.locator(f"#said-{number}").is_visible()


def test_one_box_shows_all_of_it_by_key_alone(reader):
    box = reader.get_by_role("checkbox", name="Montrer dans le texte")
    box.focus()
    reader.keyboard.press("Space")
    labels = reader.locator(".said-by")
    assert all(labels.nth(n).is_visible() for n in range(labels.count()))
    assert reader.locator(".said.firm, .said.own").first.evaluate(MARKED) == "underline"
    name = labels.first.inner_text()
    assert re.match(r"1 \S+", name)
    assert reader.get_by_role("link", name=re.compile(r"^1 .*, \w+")).count() == 1  # certainty for ears
    reader.keyboard.press("Space")
    assert not labels.first.is_visible()


def test_a_link_to_a_claim_opens_the_list(reader, address):
    reader.goto(f"{address}#said-1")
    assert reader.locator("#said-1").is_visible()


def test_on_paper_the_words_have_numbers_and_the_list_is_open(reader):
    reader.emulate_media(media="print")
    assert reader.locator("#said-1").is_visible()
    assert reader.locator("#who-says-what table").is_visible()
    assert reader.locator(".said-by").first.is_visible()
    assert not reader.locator(".said-by b").first.is_visible()
    assert not reader.get_by_role("checkbox", name="Montrer dans le texte").is_visible()


def test_at_four_times_the_size_nothing_scrolls_sideways(person, address, full_paper):
    reader = person()
    reader.set_viewport_size({"width": 320, "height": 640})
    reader.goto(address)
    reader.get_by_role("checkbox", name="Montrer dans le texte").check()
    for number in range(reader.locator("#who-says-what details").count()):
        reader.locator("#who-says-what details").nth(number).evaluate("details => details.open = true")
    assert reader.evaluate("document.documentElement.scrollWidth") <= 320
    reader.goto(f"{full_paper.address}/method/")
    reader.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert reader.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_shown_is_accessible(person, address, full_paper, scheme):
    reader = person(color_scheme=scheme)
    for url in (address, f"{full_paper.address}/method/", f"{full_paper.address}/en/method/"):
        reader.goto(url)
        for box in reader.get_by_role("checkbox", name="Montrer dans le texte").all():
            box.check()
        reader.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert violations(reader) == [], f"{url}, {scheme}"
