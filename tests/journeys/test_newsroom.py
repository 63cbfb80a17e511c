"""People at work: two at one article, four on the way of one, and one who leaves."""

from pathlib import Path

from playwright.sync_api import Page, expect

TWIN = Path(__file__).parents[1] / "desk" / "twin.txt"
UNTIL_TYPING_IS_NOTICED_MS = 2_500  # the editor compares with what stood there two seconds after it opened


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


def write(page: Page, words: str) -> None:
    """Type at the end of the first paragraph."""
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def versions(paper, article_id: int) -> list[str]:
    """Every revision of an article as the database keeps it, oldest first."""
    code = (
        "from depeche.articles.models import Article\n"
        f"for revision in Article.objects.get(pk={article_id}).revisions.order_by('pk'):\n"
        "    print(repr(str(revision.as_object().body.get_prep_value())))"
    )
    return paper.manage("shell", "--no-imports", "-c", code).splitlines()
