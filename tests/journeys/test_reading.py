"""Reading: accessible in both themes, on a phone too, with no third party and without script."""

import json
import re

from accessibility import violations

PAGES = {
    "front": "/",
    "front in English": "/en/",
    "section": "/economie/",
    "article with table": "/economie/cantines/",
    "article with fact box and link card": "/environnement/crues-de-la-lene/",
    "opinion": "/idees/silence-des-cloches/",
    "sponsored": "/economie/fromagerie/",
    "withdrawn": "/economie/corderie/",
    "person": "/people/jeanne-morel/",
    "topic": "/topics/lene/",
    "editions": "/editions/matin/",
    "edition": "/editions/matin/1/",
    "form": "/subscribe/",
    "sent": "/subscribe/sent/",
    "broken link": "/confirm/rien/",
    "privacy": "/legal/privacy/",
    "terms": "/legal/terms/",
    "imprint": "/legal/imprint/",
    "notice": "/legal/notice/matin/",
    "versions of a legal text": "/legal/privacy/versions/",
    "nowhere": "/nulle-part/",
}
LINKS = """
import json
from django.utils import timezone
from depeche.subscribers import tokens
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
now = timezone.now()
lea = Subscriber.objects.create(address_key="l@e.test", address="l@e.test", language="fr", created_at=now)
asked = Subscription.objects.create(
    subscriber=lea, newsletter=Newsletter.objects.get(language="fr"), requested_at=now, request_nonce="0123456789abcdef"
)
print(json.dumps([
    "/confirm/" + tokens.for_confirming(asked.key, asked.request_nonce) + "/",
    "/unsubscribe/" + tokens.for_leaving(asked.key) + "/",
    "/preferences/" + tokens.for_choosing(lea.key) + "/",
]))
"""
MAILS = """
import json
from django.template.loader import render_to_string
from django.utils import translation
from depeche.newsletters import rendering
from depeche.newsletters.models import Edition
from depeche.subscribers.models import Newsletter
translation.activate("fr")
context = {"newsletter": Newsletter.objects.get(language="fr"), "language": "fr", "days": 7}
context |= {"confirm_url": "https://depeche.test/c/", "leave_url": "https://depeche.test/l/"}
context |= {"preferences_url": "https://depeche.test/p/"}
print(json.dumps({
    "edition": rendering.render(Edition.objects.filter(newsletter__language="fr", number=1).get()).html,
    "confirm": render_to_string("subscribers/mail_confirm.html", context),
    "already": render_to_string("subscribers/mail_already.html", context),
}))
"""
SHELL = ("shell", "--no-imports", "-c")


def test_pages_are_accessible_and_ask_nobody_else(full_paper, person, sound_twin):
    paper = full_paper
    report = paper.run("import", str(sound_twin), "--publish", "--by", paper.user)
    links = json.loads(paper.manage(*SHELL, LINKS))
    pages = [report["url"], *(paper.address + path for path in [*PAGES.values(), *links])]
    for scheme in ("light", "dark"):
        reader = person(color_scheme=scheme)
        asked, complaints = [], []
        reader.on("request", lambda request, asked=asked: asked.append(request.url))
        reader.on("console", lambda message, complaints=complaints: complaints.append(message.text))
        for address in pages:
            reader.set_viewport_size({"width": 1280, "height": 900})
            reader.goto(address)
            assert violations(reader) == [], f"{address}, {scheme}"
            reader.set_viewport_size({"width": 320, "height": 640})
            assert reader.evaluate("document.documentElement.scrollWidth") <= 320, (
                f"{address} scrolls sideways"
            )
        assert not [url for url in asked if not url.startswith(paper.address)]
        assert not [text for text in complaints if not re.search(r"\b4(04|10)\b", text)]
        assert reader.context.cookies() == []


def test_mails_are_accessible_in_both_themes_and_fit_a_phone(full_paper, person):
    mails = json.loads(full_paper.manage(*SHELL, MAILS))
    for scheme in ("light", "dark"):
        reader = person(color_scheme=scheme)
        for name, html in mails.items():
            assert len(html.encode()) < 40_000, name
            reader.set_viewport_size({"width": 700, "height": 900})
            reader.set_content(html)
            assert violations(reader) == [], f"{name}, {scheme}"
            reader.set_viewport_size({"width": 320, "height": 640})
            assert reader.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_pages_are_light_and_set_in_the_papers_own_face(full_paper, person):
    reader = person()
    sizes = {}

    def weigh(answer):
        if answer.url.startswith(full_paper.address):
            sizes[answer.url] = (answer.request.sizes()["responseBodySize"], answer.headers)

    reader.on("response", weigh)
    reader.goto(f"{full_paper.address}/environnement/crues-de-la-lene/", wait_until="networkidle")
    assert reader.evaluate("document.fonts.check('19px \"Depeche Text\"')")
    fonts = {url: answer for url, answer in sizes.items() if url.endswith(".woff2")}
    assert 0 < sum(size for size, _headers in fonts.values()) <= 112_000
    assert all("immutable" in headers["cache-control"] for _size, headers in fonts.values())
    styles = [size for url, (size, _headers) in sizes.items() if url.endswith(".css")]
    scripts = [size for url, (size, _headers) in sizes.items() if url.endswith(".js")]
    assert sum(styles) <= 9 * 1024
    assert sum(scripts) <= 1024


def test_text_grows_to_four_times_and_spaces_out_without_a_sideways_scroll(full_paper, person):
    reader = person()
    reader.set_viewport_size({"width": 320, "height": 640})  # 1280 wide at 400 %
    for path in (PAGES["front"], PAGES["article with table"]):
        reader.goto(full_paper.address + path)
        reader.evaluate("""() => {
          for (const element of document.querySelectorAll("body *")) {
            element.style.lineHeight = "1.5";
            element.style.letterSpacing = "0.12em";
            element.style.wordSpacing = "0.16em";
          }
          for (const paragraph of document.querySelectorAll("p")) paragraph.style.marginBottom = "2em";
        }""")
        assert reader.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_without_script_the_device_decides_and_the_form_works(paper, person, sound_twin):
    paper.run("import", str(sound_twin), "--publish", "--by", paper.user)
    reader = person(color_scheme="dark", java_script_enabled=False)
    reader.goto(f"{paper.address}/")
    assert not reader.get_by_role("radio", name="Mode foncé").first.is_visible()
    reader.get_by_role("textbox", name=re.compile("dresse")).fill("pas une adresse")
    reader.get_by_role("button", name="S’abonner").click()
    assert "n’est pas une adresse" in reader.get_by_role("main").inner_text()
    reader.get_by_role("textbox", name=re.compile("dresse")).fill("lea@exemple.test")
    reader.get_by_role("checkbox").check()
    reader.get_by_role("button", name="S’abonner").click()
    reader.wait_for_url("**/subscribe/sent/")
