"""People at work: two at one article, four on the way of one, and one who leaves."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

TWIN = Path(__file__).parents[1] / "desk" / "twin.txt"
UNTIL_TYPING_IS_NOTICED_MS = 2_500  # the editor compares with what stood there two seconds after it opened
# Saves of drafts are counted, and take a while to leave.
SLOW_SAVES = """
window.saves = 0;
const leave = window.fetch;
window.fetch = async (address, options) => {
  if (options?.method?.toUpperCase() === "POST" && String(address).endsWith("/edit/")) {
    window.saves += 1;
    await new Promise((done) => setTimeout(done, 700));
  }
  return leave(address, options);
};
"""


def test_two_editors_on_one_article_lose_no_word(paper, person):
    paper.add_colleagues(elise="editor", edgar="editor")
    article = paper.run("import", str(TWIN))
    first, second = person(), person()
    for page, name in ((first, "elise"), (second, "edgar")):
        paper.sign_in(page, name)
        page.goto(article["edit_url"])
    second.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)

    write(first, " Mots de la première.")
    expect(first.get_by_text("Enregistré", exact=True).first).to_be_visible()
    write(second, " Mots du second.")
    expect(second.get_by_text("L'enregistrement automatique est en pause").first).to_be_visible()

    second.get_by_role("button", name="Enregistrer le brouillon").first.click()
    warning = second.get_by_role("dialog")
    expect(warning).to_contain_text("Elise a enregistré une nouvelle version")
    expect(warning).to_contain_text("reste dans l’historique")
    warning.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(second.locator(".messages")).to_contain_text("mise à jour")

    kept = versions(paper, article["id"])
    assert any("Mots de la première." in words for words in kept)
    assert "Mots du second." in kept[-1]


def test_what_is_saved_right_after_typing_is_all_there(paper, person):
    article = paper.run("import", str(TWIN))
    page = person()
    paper.sign_in(page)
    page.goto(article["edit_url"])
    write(page, " Les derniers mots.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messages")).to_contain_text("mise à jour")
    assert "Les derniers mots." in versions(paper, article["id"])[-1]


def test_what_is_typed_while_a_draft_saves_itself_is_saved_too(paper, person):
    article = paper.run("import", str(TWIN))
    page = person()
    paper.sign_in(page)
    page.add_init_script(SLOW_SAVES)
    page.goto(article["edit_url"])
    page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    page.locator("#id_standfirst").press_sequentially(" Avant.")
    page.wait_for_function("() => window.saves === 1")
    page.locator("#id_standfirst").press_sequentially(" Pendant.")
    page.wait_for_function("() => window.saves === 2")
    page.wait_for_timeout(5_000)
    assert "Pendant." in standfirst(paper, article["id"])
    assert page.evaluate("window.saves") == 2, "then it rests"


def test_an_article_goes_through_four_hands_to_its_readers(paper, person):
    paper.add_colleagues(camille="contributor", elise="editor", paul="publisher")
    camille, elise, paul, reader, anne = (person() for _ in range(5))
    for page, name in ((camille, "camille"), (elise, "elise"), (paul, "paul")):
        paper.sign_in(page, name)

    begin_an_article(camille, "Le marché couvert rouvre")
    with camille.expect_navigation():
        choose(camille, "Envoyer en relecture")
    send_back(elise, paper, "Le marché couvert rouvre", "Qui le dit ?")
    mend(camille, paper, "Qui le dit ?", "La mairie l’a annoncé lundi.")
    edit_url = approve(elise, paper, "Le marché couvert rouvre")
    at = schedule(paul, paper, "Le marché couvert rouvre")

    paul.goto(f"{paper.address}/admin/")
    expect(paul.get_by_role("region", name="Prochaines parutions")).to_contain_text("Le marché couvert")
    address = f"{paper.address}/actualites/le-marché-couvert-rouvre/".replace("é", "e")
    assert reader.goto(address).status == 404, "not before its time"
    paul.wait_for_timeout(max(0, (at - dt.datetime.now()).total_seconds() * 1000))  # noqa: DTZ005
    # The worker's own tick may take another minute to come.
    paper.manage(
        "shell", "--no-imports", "-c", "from depeche.articles import scheduling as s; s.publish_due()"
    )
    reader.goto(address)
    expect(reader.get_by_text("La mairie l’a annoncé lundi.")).to_be_visible()
    expect(reader.get_by_text("Mis à jour le")).to_have_count(0)

    correct(elise, edit_url, "La mairie l’a annoncé mardi.")
    publish(paul, edit_url)
    reader.goto(address)
    expect(reader.get_by_text("La mairie l’a annoncé mardi.")).to_be_visible()
    expect(reader.get_by_text("Mis à jour le")).to_be_visible()

    paper.sign_in(anne)
    end_access(anne, paper, "Elise")
    elise.get_by_role("link", name="Images").click()
    expect(elise).to_have_url(re.compile("/login/"))


def begin_an_article(page: Page, headline: str) -> None:
    page.get_by_role("link", name="Écrire un article").click()
    page.get_by_role("link", name="Actualités").click()
    page.locator("#id_title").fill(headline)
    page.locator("#id_standfirst").fill("Il rouvre samedi.")


def choose(page: Page, action: str) -> None:
    """One of the actions of the editor's footer."""
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.get_by_role("button", name=re.compile(f"^{action}")).click()


def open_from_dashboard(page: Page, paper, headline: str) -> str:
    """The address of the editor it opened."""
    page.goto(f"{paper.address}/admin/")
    page.get_by_role("main").get_by_role("link", name=headline, exact=True).first.click()
    page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    return page.url


def send_back(page: Page, paper, headline: str, comment: str) -> None:
    open_from_dashboard(page, paper, headline)
    choose(page, "Renvoyer avec un commentaire")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Renvoyer avec un commentaire").click()
    expect(dialog).to_contain_text("Dites ce qu’il faut reprendre")
    dialog.get_by_role("textbox").fill(comment)
    dialog.get_by_role("button", name="Renvoyer avec un commentaire").click()
    page.wait_for_url(re.compile("/admin/pages/[0-9]+/$"))


def mend(page: Page, paper, comment: str, standfirst: str) -> None:
    page.goto(f"{paper.address}/admin/")
    expect(page.get_by_role("region", name="Renvoyés vers moi")).to_contain_text(comment)
    page.get_by_role("link", name="Reprendre").click()
    expect(page.locator(".messages")).to_contain_text(comment)
    page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    page.locator("#id_standfirst").fill(standfirst)
    with page.expect_navigation():
        choose(page, "Renvoyer à l’étape")
    expect(page.locator(".messages")).to_contain_text("parti en relecture")


def approve(page: Page, paper, headline: str) -> str:
    """The address of its editor."""
    edit_url = open_from_dashboard(page, paper, headline)
    choose(page, "Approuver")
    page.wait_for_url(re.compile("/admin/pages/[0-9]+/$"))
    return edit_url


def schedule(page: Page, paper, headline: str) -> dt.datetime:
    """Approve it for the next full minute that is not too near; that minute."""
    open_from_dashboard(page, paper, headline)
    page.get_by_role("button", name="Statut").click()
    page.get_by_role("button", name="Programmer").click()
    at = (dt.datetime.now() + dt.timedelta(seconds=80)).replace(second=0, microsecond=0)  # noqa: DTZ005
    page.locator("#id_go_live_at").fill(in_the_newsroom(at))
    # By keyboard: the calendar of the next field lies over the button.
    page.get_by_role("button", name="Enregistrer la programmation").press("Enter")
    page.wait_for_load_state()
    choose(page, "Approuver et programmer")
    page.wait_for_url(re.compile("/admin/pages/[0-9]+/$"))
    return at


def in_the_newsroom(at: dt.datetime) -> str:
    """A time of this machine as the newsroom writes it."""
    return at.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%d %H:%M")


def correct(page: Page, edit_url: str, standfirst: str) -> None:
    page.goto(edit_url)
    page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    page.locator("#id_standfirst").fill(standfirst)
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le brouillon").first.click()
    expect(page.locator(".messages")).to_contain_text("mise à jour")


def publish(page: Page, edit_url: str) -> None:
    page.goto(edit_url)
    with page.expect_navigation():
        choose(page, "Publier")
    expect(page.locator(".messages")).to_contain_text("publiée")


def end_access(page: Page, paper, name: str) -> None:
    page.goto(f"{paper.address}/admin/users/")
    page.get_by_role("link", name=name).first.click()
    page.locator("header [data-w-dropdown-target='toggle']").first.click()
    page.get_by_role("link", name="Mettre fin aux accès…").click()
    page.get_by_role("button", name="Mettre fin aux accès").click()
    expect(page.locator(".messages")).to_contain_text("n’a plus accès")


def write(page: Page, words: str) -> None:
    """Type at the end of the first paragraph."""
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def standfirst(paper, article_id: int) -> str:
    """That of the newest draft."""
    code = (
        "from depeche.articles.models import Article\n"
        f"print(Article.objects.get(pk={article_id}).get_latest_revision_as_object().standfirst)"
    )
    return paper.manage("shell", "--no-imports", "-c", code)


def versions(paper, article_id: int) -> list[str]:
    """Every revision of an article as the database keeps it, oldest first."""
    code = (
        "from depeche.articles.models import Article\n"
        f"for revision in Article.objects.get(pk={article_id}).revisions.order_by('pk'):\n"
        "    print(repr(str(revision.as_object().body.get_prep_value())))"
    )
    return paper.manage("shell", "--no-imports", "-c", code).splitlines()
