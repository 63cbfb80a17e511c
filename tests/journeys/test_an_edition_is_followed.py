"""An edition from its schedule to its last copy, as an editor follows it: a slow mail server, which loses one answer."""

from __future__ import annotations

import datetime as dt

from accessibility import violations
from conftest import started
from fake_mta import DROP, FakeMta, Slow
from playwright.sync_api import Page, expect

READERS = 300
COLOURS_CHANGE_MS = 600
SLOWLY = Slow(("250-2.0.0 kept", "250 2.0.0 kept"), pause_s=0.3)
SEED = f"""
from django.contrib.auth.models import User
from django.utils import timezone
from depeche import keys
from depeche.articles import actions as articles
from depeche.articles.models import Article, Section
from depeche.newsletters import actions as editions
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
now, editor = timezone.now(), User.objects.get(is_superuser=True)
matin = Newsletter.objects.get(language="fr")
readers = Subscriber.objects.bulk_create([
    Subscriber(address_key=a, address=a, address_hash=keys.address_hash(a), language="fr", created_at=now)
    for a in (f"lecteur{{n}}@e.test" for n in range({READERS}))
])
Subscription.objects.bulk_create([
    Subscription(subscriber=one, newsletter=matin, state="confirmed", requested_at=now, confirmed_at=now)
    for one in readers
])
section = Section.objects.get(slug="actualites")
article = Article(title="La passerelle rouvrira", live=False, locale=section.locale)
article.body = [("paragraph", "<p>La mairie l’annonce.</p>")]
section.add_child(instance=article)
article.save_revision(user=editor)
article = articles.publish(article, by=editor)
print(editions.compose_edition(matin, subject="La passerelle", introduction="", articles=[article], by=editor).pk)
"""


def test_an_edition_is_followed_from_its_schedule_to_its_last_copy(tmp_path, first_start, person):
    mta = FakeMta({"END": SLOWLY, ("END", 9): DROP})
    url = f"smtp://127.0.0.1:{mta.port}"
    with started(tmp_path, like=first_start, EMAIL_URL=url, DEPECHE_MAIL_DOMAINS="e.test") as paper:
        pk = paper.manage("shell", "--no-imports", "-c", SEED).splitlines()[-1]
        page = person()
        paper.sign_in(page)
        page.goto(f"{paper.address}/admin/editions/{pk}/send/")
        schedule_and_take_off(page)
        page.get_by_role("checkbox").check()
        page.locator("[name=send]").click()
        moves_without_reload(page)
        watcher = page.context.new_page()
        watcher.goto(page.url)
        pause(page, watcher, mta)
        page.locator("[name=resume]").click()
        mta.rules = {}
        decide_on_the_lost_one(page)
        expect(page.locator("progress")).to_have_attribute("value", str(READERS))
        expect(page.locator("a[href$='/uncertain/']")).to_have_count(0)
    mta.close()
    assert sorted(recipient for recipient, _content in mta.accepted) == sorted(
        f"lecteur{n}@e.test" for n in range(READERS)
    )


def schedule_and_take_off(page: Page) -> None:
    accessible(page)
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    page.locator("[name=leave_at]").fill(f"{tomorrow:%Y-%m-%dT07:30}")
    page.locator("[name=schedule]").click()
    expect(page.locator("main strong time")).to_contain_text("7 h 30")
    accessible(page)
    page.locator("[name=unschedule]").click()
    expect(page.locator("[name=unschedule]")).to_have_count(0)


def moves_without_reload(page: Page) -> None:
    page.evaluate("window.isSamePage = true")
    page.wait_for_function("() => document.querySelector('progress')?.value > 0")
    before = page.evaluate("document.querySelector('progress').value")
    page.wait_for_function(f"() => document.querySelector('progress').value > {before}")
    assert page.evaluate("window.isSamePage")
    expect(page.locator("[data-progress=refresh]")).to_be_hidden()
    expect(page.locator("[data-progress=said]")).not_to_be_empty()
    accessible(page)


def pause(page: Page, watcher: Page, mta: FakeMta) -> None:
    """With a word that outlives the figures drawn anew; a colleague’s page tells it by itself."""
    because = page.locator("[name=because]")
    because.press_sequentially("Un chiffre à vérifier", delay=150)
    expect(because).to_have_value("Un chiffre à vérifier")
    expect(because).to_be_focused()
    page.locator("[name=pause]").click()
    expect(watcher.locator("[name=resume]")).to_be_visible()
    expect(watcher.locator("main")).to_contain_text("Un chiffre à vérifier")
    page.wait_for_timeout(2_000)
    taken = len(mta.accepted)
    page.wait_for_timeout(2_000)
    assert len(mta.accepted) == taken < READERS
    accessible(page)
    page.get_by_role("link", name="Annuler…").or_(page.get_by_role("link", name="Cancel…")).click()
    expect(page.locator("main")).to_contain_text(str(READERS - taken - 1))
    accessible(page)
    page.go_back()


def decide_on_the_lost_one(page: Page) -> None:
    page.locator("a[href$='/uncertain/']").click()
    accessible(page)
    page.locator("[name=copy]").check()
    page.locator("[name=again]").click()
    accessible(page)
    page.locator("[name=confirmed]").click()
    page.wait_for_url("**/send/")


def accessible(page: Page) -> None:
    """In light and dark, without the colours of what the mouse happens to be on."""
    page.bring_to_front()  # colours fade only where somebody looks
    page.mouse.move(0, 0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(COLOURS_CHANGE_MS)
        assert violations(page, ".sending") == []
    page.emulate_media(color_scheme="light")
