"""Reading: accessible in both themes, on a phone too, with no third party and without script."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

TWIN = Path(__file__).parents[1] / "desk" / "twin.txt"


def test_pages_are_accessible_and_ask_nobody_else(paper, person):
    report = paper.run("import", str(TWIN), "--publish", "--by", paper.user)
    pages = [
        f"{paper.address}/",
        f"{paper.address}/actualites/",
        report["url"],
        f"{paper.address}/subscribe/",
        f"{paper.address}/subscribe/sent/",
        f"{paper.address}/legal/privacy/",
        f"{paper.address}/en/",
        f"{paper.address}/nulle-part/",
    ]
    for scheme in ("light", "dark"):
        reader = person(color_scheme=scheme)
        asked, complaints = [], []
        reader.on("request", lambda request, asked=asked: asked.append(request.url))
        reader.on("console", lambda message, complaints=complaints: complaints.append(message.text))
        for address in pages:
            reader.set_viewport_size({"width": 1280, "height": 900})
            reader.goto(address)
            found = Axe().run(reader)
            assert found.violations_count == 0, f"{address}, {scheme}: {found.generate_report()}"
            reader.set_viewport_size({"width": 320, "height": 640})
            assert reader.evaluate("document.documentElement.scrollWidth") <= 320, (
                f"{address} scrolls sideways"
            )
        assert not [url for url in asked if not url.startswith(paper.address)]
        assert not [text for text in complaints if "404" not in text]
        assert reader.context.cookies() == []


def test_without_script_the_device_decides_and_the_form_works(paper, person):
    paper.run("import", str(TWIN), "--publish", "--by", paper.user)
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
