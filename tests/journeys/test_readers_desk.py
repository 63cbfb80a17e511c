"""The desk of readers, walked page by page: in French by daylight on a desk, in English in the dark on a telephone."""

from __future__ import annotations

import pytest
from accessibility import violations
from playwright.sync_api import Page

LONG = "prenom.compose.et.nom.a.rallonge.qui.ne.tient.pas@une-association-de-quartier.exemple.test"
DEAD = "boite.morte@exemple.test"

SEED = f"""
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.users.models import UserProfile
from depeche import keys
from depeche.delivery.models import Reason
from depeche.delivery.suppression import suppress
from depeche.subscribers import actions, publishing, tokens
from depeche.subscribers.models import LegalText, Newsletter, Subscription
from depeche.subscribers.recording import Shown
lettre = Newsletter.objects.get(language="fr")
for address in ("{LONG}", "{DEAD}"):
    shown = Shown("Oui, je veux la recevoir.", "fr", "sign-up", "/")
    actions.request(lettre, address=address, language="fr", shown=shown)
    asked = Subscription.objects.latest("pk")
    actions.confirm(tokens.Request(asked.key, asked.request_nonce), shown=shown)
suppress("{DEAD}", Reason.HARD_BOUNCE)
by = User.objects.get(is_superuser=True)
text = LegalText.objects.get(kind="privacy", language="fr")
text.purposes += " Une lettre de plus."
text.save()
publishing.publish(text, by=by, is_material=False, change="Une lettre de plus.")
text.rights += " Écrivez-nous."
text.save()
ida = User.objects.create_superuser("ida", "ida@depeche.test", PASSWORD)
UserProfile.objects.update_or_create(user=ida, defaults={{"preferred_language": "en", "theme": "dark"}})
"""

CSV = (
    "address,basis,agreed_at,source,proof\n"
    "nouvelle@exemple.test,consent,2026-03-12,Salon du livre,Bulletin 12\n"
    "pas une adresse,consent,2026-03-12,Salon du livre,Bulletin 13\n"
    f"{DEAD},consent,2026-03-12,Salon du livre,Bulletin 14\n"
)

# Not ours: the editor of rich text has no name of its own, and the count above a filtered list is a heading.
WAGTAILS = ("public-DraftEditor-content", '<h2 role="alert">')

# What is ours and ends beyond the right edge of the screen, where nobody can scroll.
UNFOLD = """() => document.querySelectorAll('.readers-desk details:not([open])').forEach(
    one => { one.open = true; one.dataset.folded = '' })"""
FOLD = """() => document.querySelectorAll('details[data-folded]').forEach(one => { one.open = false })"""
CUT_OFF = """() => [...document.querySelectorAll('.readers-desk, .readers-desk *')]
    .filter(one => one.getClientRects().length && !one.closest('thead, .w-sr-only'))
    .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


class Walk:
    """One person's way through the pages; what is wrong on any of them is kept."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.wrong: list[str] = []
        page.on("response", lambda answer: self._note(answer.status, answer.url))

    def open(self, path: str, name: str) -> None:
        answer = self.page.goto(self.address + path)
        if not answer.ok or self.page.url != self.address + path:
            self.wrong.append(f"{name}: {answer.status} at {self.page.url}")
        self.look(name)

    def press(self, selector: str, name: str, **filled: str) -> None:
        """Fill in and press; what comes back is looked at."""
        for field, value in filled.items():
            self.page.locator(f"[name='{field.replace('__', '-')}']").first.fill(value)
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look(name)

    def look(self, name: str) -> None:
        # What is folded is not laid out: it is looked at unfolded.
        self.page.evaluate(UNFOLD)
        self.page.wait_for_timeout(400)  # messages fade in
        found = [one for one in violations(self.page, "#main") if not any(mark in one for mark in WAGTAILS)]
        self.wrong += [f"{name}: {one}" for one in found]
        self.wrong += [f"{name}: cut off: {one}" for one in self.page.evaluate(CUT_OFF)]
        self.page.evaluate(FOLD)

    def _note(self, status: int, url: str) -> None:
        if status >= 500:
            self.wrong.append(f"{status} at {url}")


@pytest.fixture
def desk(paper):
    paper.manage("shell", "--no-imports", "-c", f"PASSWORD = {paper.colleagues_password!r}\n{SEED}")
    return paper


def lists(walk: Walk) -> None:
    for name in ("subscriber", "subscription", "consententry"):
        walk.open(f"/admin/{name}/", name)
        with walk.page.expect_navigation():
            walk.page.locator("#main table a[href*='/inspect/']").first.click()
        walk.look(f"{name}, one")
    walk.open("/admin/subscriber/?q=personne", "subscriber, none")


def data_requests(walk: Walk) -> None:
    walk.open("/admin/data-requests/", "requests")
    walk.open("/admin/data-requests/?pile=answered", "requests, answered")
    for right, address in (("access", DEAD), ("erasure", LONG), ("objection", LONG), ("rectification", LONG)):
        walk.open("/admin/data-requests/enter/", "entering")
        walk.press("#main form .button", "entering, wrong", address="<b>")
        walk.page.locator("[name=right]").select_option(right)
        walk.press("#main form .button", f"{right}, to do", address=address, message="Je soussignée…\n" * 3)
        if right == "access":
            walk.page.locator("summary").first.click()
            walk.press("[name=extend]", "more time, without a reason")
            walk.press("[name=extend]", "more time", extend__words="Quarante demandes en une semaine.")
            walk.press("[name=act]", "access, dead mailbox")
        elif right == "erasure":
            walk.press("[name=act]", "erasure, another address", typed="autre@exemple.test")
            walk.page.locator("summary").last.click()
            walk.press("[name=refuse]", "refused", refuse__words="Identité non prouvée.")
        elif right == "objection":
            walk.press("[name=act]", "objection, done")
    walk.open("/admin/data-requests/", "requests, one waits")
    walk.open("/admin/data-requests/?pile=answered", "requests, some answered")


def suppressed(walk: Walk) -> None:
    walk.open("/admin/suppressed-addresses/", "suppressed")
    walk.page.locator("[name=address]").first.fill("pas une adresse")
    walk.press("#main form .button", "suppressed, no address")
    walk.press("#main form .button", "suppressed, none", address="autre@exemple.test")
    walk.press("#main form .button", "suppressed, left", address=LONG)
    walk.press("#main form .button", "suppressed, dead", address=DEAD)
    walk.press("button[value=hard_bounce]", "suppressed, lifting")
    walk.press("[name=confirmed]", "suppressed, lifted")


def imports(walk: Walk) -> None:
    walk.open("/admin/importrun/", "imports")
    walk.open("/admin/importrun/new/", "import, new")
    walk.page.locator("[name=file]").set_input_files(
        {"name": "sans-preuve.csv", "mimeType": "text/csv", "buffer": b"address\na@exemple.test\n"}
    )
    walk.press("#main form .button", "import, refused")
    walk.page.locator("[name=file]").set_input_files(
        {"name": "salon-du-livre.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    )
    walk.press("#main form .button", "import, trial")
    walk.page.locator("[name=enter]").wait_for()
    walk.look("import, tried out")
    walk.press("[name=enter]", "import, being entered")
    walk.page.locator("p[role=status]").wait_for(state="detached")
    walk.look("import, entered")
    walk.open("/admin/importrun/", "imports, some")
    walk.open("/admin/readers/take-out/", "export")


def words_and_proof(walk: Walk) -> None:
    walk.open("/admin/changedtext/", "words")
    walk.open("/admin/changedtext/fr/confirm/", "words of a page")
    walk.press("[name=save]", "words, refused", title="<b>")
    walk.open("/admin/readers/proof/", "proof")
    walk.press("#main form .button", "proof, nobody", address="personne@exemple.test")


def legal_texts(walk: Walk) -> None:
    texts = "/admin/snippets/subscribers/legaltext/"
    walk.open(texts, "legal texts")
    walk.open(f"{texts}?q=personne", "legal texts, none")
    walk.open(f"{texts}add/", "legal text, new")
    walk.open(f"{texts}?kind=privacy&language=fr", "legal texts, some")
    edit = walk.page.locator("#main table a[href*='/edit/']").first.get_attribute("href") or ""
    walk.open(edit, "legal text")
    pk = edit.rstrip("/").split("/")[-1]
    walk.open(f"/admin/legal/{pk}/publish/", "publishing")
    walk.page.locator("[name=is_material]").check()
    walk.press("#main form .button", "publishing, without a word")
    walk.page.locator("[name=is_material]").uncheck()
    walk.press("#main form .button", "published", change="Une adresse pour écrire.")
    walk.open(f"/admin/legal/{pk}/publish/", "publishing, nothing new")
    walk.open(f"/admin/legal/{pk}/compare/?from=1&to=3", "compared")
    walk.open(f"/admin/legal/{pk}/versions/1/readers/", "who agreed")
    walk.open(f"/admin/legal/{pk}/versions/3/readers/", "who agreed, nobody")


@pytest.mark.parametrize("way", ["fr", "en"])
def test_the_desk_of_readers_is_accessible_everywhere(desk, person, way):
    if way == "fr":
        page = person()
        desk.sign_in(page)
    else:
        page = person(locale="en-GB", color_scheme="dark", viewport={"width": 360, "height": 740})
        desk.sign_in(page, "ida")
    walk = Walk(page, desk.address)
    for part in (lists, data_requests, suppressed, imports, words_and_proof, legal_texts):
        part(walk)
    assert walk.wrong == [], "\n".join(walk.wrong)
