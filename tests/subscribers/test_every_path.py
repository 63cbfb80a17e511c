"""Each path by which an address comes in, under one version of a text and under the next: the proof shows what was seen."""

import datetime as dt
import html
import re

import pytest
from django.utils import timezone

from depeche.subscribers import importing, proving, publishing, signing_up, tokens
from depeche.subscribers.models import LegalText, Newsletter, Subscriber

OLD, NEW = "Trois ans après le dernier signe de vous.", "Un an, pas un jour de plus."


@pytest.fixture
def paper(client, newsroom, editor, mailroom, tmp_path, write):
    write()
    for language in ("fr", "en"):
        publish(language, OLD, editor)
    return Paper(client, mailroom, editor, tmp_path)


def publish(language, words, editor):
    text = LegalText.objects.get(kind="privacy", language=language)
    text.retention = words
    text.save()
    publishing.publish(text, by=editor)


class Paper:
    """Readers at the paper's own pages; each method is a path and gives back the entry that lets somebody in."""

    def __init__(self, client, mailroom, editor, folder):
        self.client, self.mailroom, self.editor, self.folder = client, mailroom, editor, folder
        self.pages: dict[str, str] = {}

    def page_of_the_form(self, address):
        return self.by_form("/subscribe/", address)

    def foot_of_an_article(self, address):
        return self.by_form("/actualites/la-passerelle-rouvrira/", address)

    def front_page(self, address):
        return self.by_form("/", address)

    def english_form(self, address):
        return self.by_form("/en/subscribe/", address)

    def second_step(self, address):
        for number in range(signing_up_without_step()):
            self.by_form("/subscribe/", f"{number}-{address}", then="nothing")
        return self.by_form("/subscribe/", address, then="one more button")

    def page_of_choices(self, address):
        """A reader of the English newsletter adds the French one."""
        self.by_form("/en/subscribe/", address)
        reader = Subscriber.objects.get(address_key=address)
        path = f"/preferences/{tokens.for_choosing(reader.key)}/"
        page = self.client.get(path).content.decode()
        self.pages[address] = html.unescape(page)
        form = {
            **hidden(page),
            "newsletters": ["matin", "morning-en"],
            "language": "fr",
            "paused_until": "",
            "save": "1",
        }
        assert self.client.post(path, form).status_code in (200, 303)
        return "matin"

    def by_form(self, path, address, then="confirm"):
        page = self.client.get(path).content.decode()
        self.pages[address] = html.unescape(page)
        form = {**hidden(page), "address": address, "agreed": "on"}
        assert form["seen"]
        action = "/en/subscribe/" if path.startswith("/en/") else "/subscribe/"
        answer = self.client.post(action, form)
        if then == "one more button":
            assert answer.status_code == 200
            answer = self.client.post(action, {**form, **hidden(answer.content.decode())})
        assert answer.status_code == 303
        signing_up.see_to_all()
        if then == "nothing":
            return ""
        (mail,) = [mail for mail in self.mailroom.deliver() if mail["To"] == address]
        text = mail.get_body(("plain",)).get_content()
        link = re.search(r"http://[^/]+(\S*/confirm/\S+)", text)[1]
        assert self.client.post(link, hidden(self.client.get(link).content.decode())).status_code == 200
        return form["newsletter"]


def hidden(page):
    """The hidden fields of the form that is about us."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value.replace("&quot;", '"').replace("&amp;", "&") for name, value in fields}


def signing_up_without_step():
    """How many from one network are let in before one more button is asked for."""
    return 5


PATHS = [name for name in vars(Paper) if not name.startswith("_") and name != "by_form"]


def letting_in(address, newsletter):
    """The entries of the proof that led to this subscription, each with the privacy policy it names, in full."""
    story = proving.prove(address)
    assert story["verification"]["problems"] == []
    purpose = Newsletter.objects.get(slug=newsletter).purpose
    entries = [entry for entry in story["entries"] if entry["purpose"] == purpose]
    texts = {(one["kind"], one["sha256"]): one["content"] for one in story["texts"]}
    found = []
    for entry in entries:
        named = entry["facts"]["texts"]["privacy"]
        found.append((entry["action"], entry["words"]["text"], texts["privacy", named["sha256"]]))
    return found


@pytest.mark.parametrize("path", PATHS)
def test_the_proof_shows_the_version_that_was_in_force_for_each_path(paper, editor, time_machine, path):
    take = getattr(paper, path)
    first = take("avant@exemple.test")
    for language in ("fr", "en"):
        publish(language, NEW, editor)
    time_machine.move_to(timezone.now() + dt.timedelta(days=2))  # limits of yesterday are over
    second = take("apres@exemple.test")
    before, after = letting_in("avant@exemple.test", first), letting_in("apres@exemple.test", second)
    assert [action for action, _words, _policy in before] == [action for action, _words, _policy in after]
    assert before[-1][0] in ("confirm", "request")
    assert all(OLD in policy and NEW not in policy for _action, _words, policy in before)
    assert all(NEW in policy and OLD not in policy for _action, _words, policy in after)
    for address, entries in (("avant@exemple.test", before), ("apres@exemple.test", after)):
        said = [part for box in re.findall(r"[☐☒☑] (.+)", entries[0][1]) for part in box.split(" – ")]
        assert said
        assert [part for part in said if part not in paper.pages[address]] == []


def test_an_import_claims_no_text_of_ours_but_what_was_really_recorded(paper, newsletter, editor, tmp_path):
    file = tmp_path / "salon.csv"
    file.write_text(
        "address,language,basis,agreed_at,source,proof\n"
        "avant@exemple.test,fr,consent,2024-05-02,Salon du livre,« J’accepte de recevoir la lettre »\n"
    )
    run = importing.start(file, newsletter=newsletter, by=editor)
    assert importing.go_on(run, file, by="morel")
    publish("fr", NEW, editor)
    paper.page_of_the_form("apres@exemple.test")
    (entry,) = proving.prove("avant@exemple.test")["entries"]
    assert entry["action"] == "import"
    assert "texts" not in entry["facts"]
    details = {detail["kind"]: detail["value"] for detail in entry["details"]}
    assert "J’accepte de recevoir la lettre" in details["provenance"]
    assert NEW in letting_in("apres@exemple.test", "matin")[0][2]
