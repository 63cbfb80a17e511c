"""The whole way once: from a text file to a reader's screen and inbox, and out again."""

import re

from playwright.sync_api import Page, expect

READER = "lea@exemple.test"
PATIENCE_MS = 30_000  # a scanner that loads a page waits as long as this


def test_from_a_text_file_to_an_inbox_and_out_again(paper, person, sound_twin):
    editor, reader = person(), person(color_scheme="light")
    headline = sound_twin.read_text().splitlines()[2]

    report = paper.run("import", str(sound_twin))
    assert not report["live"]

    paper.sign_in(editor)
    publish(editor, report["edit_url"])

    reader.goto(report["url"])
    expect(reader.get_by_role("heading", level=1)).to_contain_text(first_words(headline))
    read_in_both_themes(reader)

    subscribe(reader, report["url"])
    confirmation = mail_about(editor, paper, "onfirm")
    confirm(confirmation, person(), paper)

    send_edition(editor, paper, "Ce matin", headline)
    letter = mail_about(editor, paper, "Ce matin")
    expect(letter.get_by_role("link", name=first_words(headline))).to_be_visible()

    leave(letter, person(), paper)

    following = paper.run("edition", "new", str(report["id"]), "--subject", "Le lendemain")
    sent = paper.run("edition", "send", str(following["id"]), "--yes", "--by", paper.user)
    assert (sent["state"], sent["copies"], sent["readers"]) == ("sent", {}, 0)
    editor.goto(f"{paper.address}/admin/caught-mail/")
    expect(editor.get_by_role("link", name="Ce matin")).to_have_count(1)
    expect(editor.get_by_role("link", name="Le lendemain")).to_have_count(0)


def first_words(text: str) -> re.Pattern:
    """The first words of a headline, whatever typography the page gives its spaces and apostrophes."""
    words = [re.escape(word).replace("'", "['’]") for word in text.split()[:4]]
    return re.compile(r"\s+".join(words))


def publish(page: Page, edit_url: str) -> None:
    page.goto(edit_url)
    footer = page.locator("footer")
    footer.locator("[data-w-dropdown-target='toggle']").click()
    page.get_by_role("button", name=re.compile("^Publier$|^Publish$")).click()
    expect(page.locator(".messages")).to_contain_text(re.compile("publiée?"))


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def is_dark(colour: str) -> bool:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) < 200


def read_in_both_themes(page: Page) -> None:
    assert not is_dark(background(page)), "light, as the device asks"
    page.get_by_role("radio", name="Mode foncé").first.check()
    assert is_dark(background(page))
    # Before anything is painted the choice stands already: the very first frame is dark.
    page.add_init_script(
        "new MutationObserver((_, watcher) => { if (document.body) {"
        " window.themeAtFirstPaint = document.documentElement.dataset.theme; watcher.disconnect(); } })"
        ".observe(document, {childList: true, subtree: true})"
    )
    page.reload()
    assert page.evaluate("window.themeAtFirstPaint") == "dark"
    assert is_dark(background(page)), "remembered"
    page.get_by_role("radio", name="Mode clair").first.check()
    assert not is_dark(background(page))
    page.get_by_role("radio", name="Système").first.check()
    page.emulate_media(color_scheme="dark")
    assert is_dark(background(page)), "follows the device again"
    page.emulate_media(color_scheme="light")


def subscribe(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", name="Recevez une information neutre et factuelle")).to_be_visible()
    box = page.locator(".sign-up-band").get_by_role("checkbox")
    expect(box).not_to_be_checked()
    page.get_by_role("textbox", name=re.compile("dresse")).fill(READER)
    box.check()
    page.get_by_role("button", name="S’abonner").click()
    page.wait_for_url("**/subscribe/sent/")
    assert page.context.cookies() == [], "a reader gets no cookie"


def mail_about(page: Page, paper, words: str):
    """The newest caught mail with these words in its subject, open: the frame that shows it."""
    for _ in range(40):
        page.goto(f"{paper.address}/admin/caught-mail/")
        link = page.get_by_role("link", name=re.compile(words))
        if link.count():
            break
        page.wait_for_timeout(500)
    link.first.click()
    return page.frame_locator("iframe[sandbox]")


def follow(letter, name: str) -> str:
    """The address behind a link of a mail; it opens outside the frame."""
    return letter.get_by_role("link", name=re.compile(name)).first.get_attribute("href")


def confirm(letter, visitor: Page, paper) -> None:
    link = follow(letter, "onfirmer")
    visitor.goto(link)
    visitor.wait_for_timeout(PATIENCE_MS)
    assert paper_state(paper) == ["pending"], "a visit confirms nothing"
    expect(visitor.get_by_role("main").get_by_role("button")).to_have_count(1)
    visitor.get_by_role("button", name="Confirmer mon abonnement").click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    assert paper_state(paper) == ["confirmed"]


def leave(letter, visitor: Page, paper) -> None:
    link = follow(letter, "ésabonner")
    visitor.goto(link)
    visitor.wait_for_timeout(PATIENCE_MS)
    assert paper_state(paper) == ["confirmed"], "a visit leaves nothing"
    visitor.get_by_role("button", name="Me désabonner").click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    assert paper_state(paper) == ["withdrawn"]


def paper_state(paper) -> list[str]:
    """What the database says of the subscriptions, read beside the running paper."""
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(paper.data / "depeche.sqlite3")) as database:
        return [state for (state,) in database.execute("select state from subscribers_subscription")]


def send_edition(page: Page, paper, subject: str, headline: str) -> None:
    page.goto(f"{paper.address}/admin/snippets/newsletters/edition/add/")
    page.locator("#id_newsletter").select_option(label="La lettre du matin")
    page.locator("#id_subject").fill(subject)
    page.locator("#id_introduction").fill("Bonjour.")
    page.get_by_role("button", name=re.compile("Choisissez une page")).click()
    choose_article(page.get_by_role("dialog"), headline)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Enregistrer")).first.click()
    expect(page.locator(".messages")).to_contain_text(subject)
    page.get_by_role("link", name=subject).first.click()
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.get_by_role("link", name="Essayer et envoyer…").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Envoyer l’édition").click()
    expect(page.get_by_role("link", name="Version web")).to_be_visible()


def choose_article(dialog, headline: str) -> None:
    """The chooser opens at the lowest page that holds all articles: here, the section."""
    dialog.get_by_role("link", name=first_words(headline)).click()
