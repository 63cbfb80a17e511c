"""« Signaler une erreur » without script, answered in the newsroom, read with the number; in both themes."""

import pytest
from accessibility import violations

ARTICLE = "/economie/cantines/"


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_an_error_is_reported_answered_and_the_answer_read(full_paper, person, scheme, width):
    reader = person(java_script_enabled=False, color_scheme=scheme)
    reader.set_viewport_size({"width": width, "height": 800})
    reader.goto(full_paper.address + ARTICLE)
    reader.get_by_role("link", name="Signaler une erreur").click()
    reader.locator("#report-words").fill("deux euros")
    reader.get_by_role("button", name="Envoyer le signalement").click()
    assert reader.locator("#report-words").input_value() == "deux euros"
    reader.locator("#report-message").fill(f"Le repas coûte plus cher ({scheme}).")
    reader.get_by_role("button", name="Envoyer le signalement").click()
    ticket = reader.locator(".ticket").inner_text()

    editor = person(color_scheme=scheme)
    full_paper.sign_in(editor)
    editor.goto(full_paper.address + f"/admin/error-reports/?q={ticket}")
    assert violations(editor, ".reports") == []
    editor.get_by_role("link", name=f"({scheme})").click()
    editor.get_by_label("Notre réponse").wait_for()
    assert violations(editor, ".reports") == []
    editor.get_by_label("L’article reste tel quel").check()
    editor.get_by_label("Notre réponse").fill("La facture de la mairie le confirme.")
    editor.get_by_role("button", name="Répondre").click()
    editor.get_by_text("est enregistrée").wait_for()

    reader = person(color_scheme=scheme)
    reader.set_viewport_size({"width": width, "height": 800})
    reader.goto(full_paper.address + "/report/ticket/")
    reader.locator("#report-number").fill(ticket.lower().replace("-", " "))
    reader.get_by_role("button", name="Lire la réponse").click()
    reader.get_by_text("La facture de la mairie le confirme.").wait_for()
    for address in (
        reader.url,
        full_paper.address + "/reports/",
        full_paper.address + "/report/ticket/?number=x",
    ):
        reader.goto(address)
        assert violations(reader) == [], address
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert not reader.context.cookies()


def test_the_desk_in_figures_can_be_read_by_everybody(full_paper, person):
    publisher = person()
    full_paper.sign_in(publisher)
    publisher.goto(full_paper.address + "/admin/reports/desk/")
    assert publisher.locator(".desk-figures svg").count() == 6
    assert violations(publisher, ".desk-figures") == []
