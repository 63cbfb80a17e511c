"""Choosing: from the link of a mail to a reader's choices and data, by keyboard and screen reader, on a phone too."""

import json
import re
from pathlib import Path

import pytest
from accessibility import violations

LINKS = """
import json
from django.utils import timezone
from depeche import keys
from depeche.subscribers import tokens
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
now = timezone.now()
lea = Subscriber.objects.create(
    address_key="lea@e.test", address="lea@e.test", address_hash=keys.address_hash("lea@e.test"),
    language="fr", created_at=now,
)
matin = Newsletter.objects.get(language="fr")
Subscription.objects.create(subscriber=lea, newsletter=matin, state="confirmed", requested_at=now, confirmed_at=now)
print(json.dumps({
    "choices": "/preferences/" + tokens.for_choosing(lea.key) + "/",
    "data": "/data/" + tokens.for_rights(lea.key) + "/",
}))
"""
SHELL = ("shell", "--no-imports", "-c")
EVERY_PAGE = (Path(__file__).parent / "every_page.py").read_text()

# Small words that stand in any text of one language and in none of the other.
SMALL = {
    "fr": "le les des du une vous nous votre vos notre pour dans est sont pas avec cette aux et ou qui que",
    "en": "the and of to you your we our is are not with this it from for be by will when what",
}
ADDRESSES = re.compile(r"\S*(?:://|@)\S*")
# The words of a part of the page that are in its language.
WORDS = """within => {
  const page = document.documentElement.lang, words = [];
  const walk = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (parent.closest("[lang]").lang === page && !parent.closest("style, script")) words.push(walk.currentNode.data);
  }
  return words.join(" ");
}"""


def strangers(text, language):
    """The small words of another language in a text."""
    words = set(re.findall(r"[a-zà-ÿ]+", text.lower()))
    return {word for other in SMALL if other != language for word in SMALL[other].split()} & words


@pytest.fixture
def links(paper):
    return json.loads(paper.manage(*SHELL, LINKS))


@pytest.fixture
def everything(paper):
    """The pages readers may meet and the mails they get, in each language."""
    return json.loads(paper.manage(*SHELL, EVERY_PAGE).splitlines()[-1])


def test_pages_and_mails_are_accessible_and_speak_one_language(paper, person, everything):
    for scheme, width in (("light", 360), ("dark", 1280)):
        reader = person(color_scheme=scheme)
        for language, pages in everything["pages"].items():
            for name, path in pages.items():
                where = f"{name}, {language}, {scheme}"
                reader.goto(paper.address + path)
                reader.set_viewport_size({"width": width, "height": 900})
                assert violations(reader) == [], where
                reader.set_viewport_size({"width": 320, "height": 640})
                assert reader.evaluate("document.documentElement.scrollWidth") <= 320, where
                assert strangers(reader.evaluate(WORDS, "main"), language) == set(), where
        assert reader.context.cookies() == []
        reader.goto("about:blank")  # not under the rules of our pages, which forbid styles in mails
        for mail in everything["mails"]:
            where = f"{mail['subject']}, {scheme}"
            said = f"{mail['subject']} {ADDRESSES.sub(' ', mail['text'])}"
            assert strangers(said, mail["language"]) == set(), where
            if mail["html"]:
                reader.set_content(mail["html"])
                assert violations(reader) == [], where
                assert strangers(reader.evaluate(WORDS, "body"), mail["language"]) == set(), where


def test_a_reader_chooses_and_leaves_without_script(paper, person, links):
    reader = person(java_script_enabled=False)
    reader.goto(paper.address + links["choices"])
    ticked = reader.locator("input[name=newsletters]:checked")
    assert ticked.count() == 1
    reader.locator("input[name=newsletters]").last.check()
    reader.locator("select[name=language]").select_option("en")
    reader.locator("button[name=save]").click()
    reader.wait_for_url("**/en/preferences/**")
    assert "saved" in reader.get_by_role("status").inner_text()
    assert ticked.count() == 2
    reader.locator("input[name=paused_until]").fill("2020-01-01")
    reader.locator("button[name=save]").click()
    assert "another day" in reader.get_by_role("alert").inner_text()
    reader.goto(f"{paper.address}/en{links['choices']}")  # the first click: the link of a mail
    reader.locator("button[name=leave]").click()  # the second
    assert reader.get_by_role("status").is_visible()
    assert ticked.count() == 0


def test_a_reader_takes_their_data_and_is_erased(paper, person, links):
    reader = person()
    reader.goto(paper.address + links["data"])
    with reader.expect_download() as download:
        reader.locator("button[value=json]").click()
    held = json.loads(download.value.path().read_text())
    assert held["subscriber"][0]["address"] == "lea@e.test"
    reader.locator("button[value=page]").click()
    assert "lea@e.test" in reader.get_by_role("main").inner_text()
    assert violations(reader) == []
    reader.goto(f"{paper.address}{links['data']}erase/")
    reader.locator("main button").click()
    assert reader.goto(paper.address + links["choices"]).status == 410
