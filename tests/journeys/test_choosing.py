"""Choosing: from the link of a mail to a reader's choices and data, by keyboard and screen reader, on a phone too."""

import json

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
    "address": "/address/" + tokens.for_correcting(lea.key, "lea.martin@e.test") + "/",
}))
"""
TRACKING = "from depeche.subscribers.models import Subscriber; from django.utils import timezone; "
TRACKING += "Subscriber.objects.update(tracking_since=timezone.now())"
SHELL = ("shell", "--no-imports", "-c")


@pytest.fixture
def links(paper):
    return json.loads(paper.manage(*SHELL, LINKS))


def test_pages_of_a_reader_are_accessible_in_both_themes_on_any_screen(paper, person, links):
    paper.manage(*SHELL, TRACKING)  # so that every part of the form is there
    choices, data = links["choices"], links["data"]
    pages = [choices, f"/en{choices}", f"{choices}?done=saved", f"{choices}data/", f"{choices}object/"]
    pages += [data, f"{data}address/", f"{data}erase/", links["address"]]
    for scheme in ("light", "dark"):
        reader = person(color_scheme=scheme)
        for path in pages:
            reader.goto(paper.address + path)
            for width in (360, 1280):
                reader.set_viewport_size({"width": width, "height": 900})
                assert violations(reader) == [], f"{path}, {scheme}, {width}"
            reader.set_viewport_size({"width": 320, "height": 640})
            assert reader.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert reader.context.cookies() == []


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
