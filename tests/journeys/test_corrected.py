"""A mistake is mended where it was read: on the page, in the paper, in the inboxes it reached."""

import json
import re
import time

import pytest
from accessibility import violations
from playwright.sync_api import Page, expect

WRONG, RIGHT = "80 mètres", "60 mètres"
REASON = "La longueur de la passerelle était fausse."
TEXT = f"""La passerelle du canal rouvre samedi

La mairie l’a annoncé mardi.

La passerelle mesure {WRONG}, selon la mairie. « Elle est solide », assure Jeanne Morel, ingénieure de la ville.
"""
UNTIL_TYPING_IS_NOTICED_MS = 2_500
SUBSCRIBE = """
import datetime as dt
from django.utils import timezone
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
now = timezone.now()
newsletter = Newsletter.objects.get(language="fr")
for address in {addresses}:
    who = Subscriber.objects.create(address=address, address_key=address, language="fr", created_at=now)
    Subscription.objects.create(
        subscriber=who, newsletter=newsletter, state="confirmed", requested_at=now, confirmed_at=now
    )
"""
LEAVE = """
from django.utils import timezone
from depeche.subscribers.models import Subscription
Subscription.objects.filter(subscriber__address={address!r}).update(
    state="withdrawn", withdrawn_at=timezone.now()
)
"""
LETTERS = """
import json
from depeche.delivery import catcher
print(json.dumps([[m.message["To"], str(m.message["Subject"])] for m in catcher.messages()]))
"""


@pytest.fixture
def article(paper, tmp_path):
    """Published with its wrong figure, its claims read."""
    path = tmp_path / "passerelle.txt"
    path.write_text(TEXT)
    return paper.run("import", str(path), "--publish", "--by", paper.user)


def test_a_correction_reaches_everybody_the_mistake_did_and_nobody_else(paper, person, article):
    subscribe(paper, "lea@exemple.test", "max@exemple.test")
    send_edition(paper, article["id"], "Ce matin")
    subscribe(paper, "zoe@exemple.test")
    shell(paper, LEAVE.format(address="max@exemple.test"))
    send_edition(paper, article["id"], "Ce soir")  # Léa has the mistake twice now, Zoé once
    shell(paper, LEAVE.format(address="zoe@exemple.test"))

    reader, editor = person(java_script_enabled=False), person()
    reader.goto(article["url"])
    expect(reader.locator("#who-says-what")).to_contain_text("La mairie")

    paper.sign_in(editor)
    mend(editor, article["edit_url"])
    file_the_correction(editor)

    the_article_says_it(reader, article["url"])
    for path in ("/", "/corrections/"):
        reader.goto(paper.address + path)
        expect(reader.get_by_role("main")).to_contain_text(REASON)
    assert REASON in reader.request.get(f"{paper.address}/corrections/feed/").text()
    the_history_shows_the_old_words(reader, article["url"])
    assert correction_letters(paper) == ["lea@exemple.test"]


def shell(paper, code: str) -> str:
    return paper.manage("shell", "--no-imports", "-c", code)


def subscribe(paper, *addresses: str) -> None:
    shell(paper, SUBSCRIBE.format(addresses=addresses))


def send_edition(paper, article_id: int, subject: str) -> None:
    edition = paper.run("edition", "new", str(article_id), "--subject", subject)
    paper.run("edition", "send", str(edition["id"]), "--yes", "--by", paper.user)
    for _ in range(60):
        if paper.run("edition", "status", str(edition["id"]))["state"] == "sent":
            return
        time.sleep(0.5)
    raise AssertionError("the edition did not go out")


def mend(page: Page, edit_url: str) -> None:
    page.goto(edit_url)
    page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+Home")
    for _ in range("La passerelle mesure ".count("") - 1):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("6")
    page.wait_for_timeout(500)
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.get_by_role("button", name=re.compile("^Publier")).click()
    expect(page.locator(".messages")).to_contain_text("publiée", timeout=20_000)
    page.goto(edit_url)


def file_the_correction(page: Page) -> None:
    page.goto(page.url.replace("/pages/", "/articles/").replace("/edit/", "/corrections/"))
    page.get_by_role("textbox", name="Mots faux").fill(WRONG)
    page.get_by_role("textbox", name="Mots justes").fill(RIGHT)
    page.get_by_role("textbox", name="Ce qui était faux").fill(REASON)
    page.get_by_role("checkbox", name="Écrire à ceux qui ont reçu").check()
    page.get_by_role("button", name="Voir ce que recevront les lecteurs").click()
    expect(page.get_by_role("main")).to_contain_text("Version 1")
    page.get_by_role("button", name="Publier et écrire à 1 lecteur").click()
    expect(page.locator(".messages")).to_be_visible()


def the_article_says_it(reader: Page, url: str) -> None:
    reader.goto(url)
    notice = reader.locator(".corrections-above")
    expect(notice.locator("del")).to_contain_text("80")
    expect(notice.locator("ins")).to_contain_text("60")
    expect(notice).to_contain_text(REASON)
    described = json.loads(reader.locator('script[type="application/ld+json"]').first.inner_text())
    assert REASON in json.dumps(described["correction"], ensure_ascii=False)
    assert described["correction"][0]["@type"] == "CorrectionComment"


def the_history_shows_the_old_words(reader: Page, url: str) -> None:
    reader.goto(url + "versions/")
    expect(reader.get_by_role("main").locator("del").filter(has_text="80")).not_to_have_count(0)
    expect(reader.get_by_role("main").locator("ins").filter(has_text="60")).not_to_have_count(0)


def correction_letters(paper) -> list[str]:
    """To whom letters of correction went, once the worker had its time."""
    for _ in range(40):
        letters = [
            to for to, subject in json.loads(shell(paper, LETTERS)) if subject.startswith("Correction")
        ]
        if letters:
            time.sleep(2)  # were there more, they would come now
            return sorted(
                to for to, subject in json.loads(shell(paper, LETTERS)) if subject.startswith("Correction")
            )
        time.sleep(0.5)
    return []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_log_and_history_are_accessible_and_narrow_enough(paper, person, article, scheme):
    page = person(color_scheme=scheme)
    for address in (
        f"{paper.address}/corrections/",
        article["url"] + "versions/",
        f"{paper.address}/method/",
    ):
        page.goto(address)
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        page.set_viewport_size({"width": 1280, "height": 900})
