"""A proof says which words and texts somebody saw, is signed, and still proves after erasure."""

import datetime as dt
import hashlib
import json
import re
import shutil
import subprocess

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management import CommandError, call_command

from depeche import keys
from depeche.subscribers import actions, proving, publishing, recording, tokens
from depeche.subscribers.models import (
    ConsentDetail,
    ConsentEntry,
    LegalText,
    Subscription,
)
from depeche.subscribers.recording import Happening, Shown

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"
NOBODY = "theo@exemple.test"


def shown(words="☐ J’accepte de recevoir « Le matin ».\n[S’abonner]"):
    return Shown(words, "fr", "subscribe", "https://exemple.test/subscribe/")


def sign_up(newsletter, address=ADDRESS, words=None):
    actions.request(
        newsletter,
        address=address,
        language="fr",
        shown=shown(*filter(None, [words])),
        network_address="192.0.2.7",
    )
    subscription = Subscription.objects.get(subscriber__address=address, newsletter=newsletter)
    return actions.confirm(
        tokens.Request(subscription.key, subscription.request_nonce),
        shown=Shown("Confirmer mon abonnement", "fr", "confirm", "https://exemple.test/confirm/…/"),
    )


def files_of(address=ADDRESS, language="fr"):
    """By their endings."""
    files = proving.sealed(proving.prove(address), language=language)
    return {re.sub(r"^[^.]*", "", name): content for name, content in files.items()}


def test_the_story_says_what_was_agreed_to_in_full(newsletter):
    sign_up(newsletter)
    story = proving.prove("Lea@Exemple.test ")
    assert story["address"] == "Lea@Exemple.test"
    assert story["address_is_in_the_log"]
    asked, confirmed = story["entries"]
    assert (asked["action"], confirmed["action"]) == ("request", "confirm")
    assert asked["newsletter"] == newsletter.name
    assert asked["words"]["text"] == shown().wording
    assert asked["facts"]["url"] == "https://exemple.test/subscribe/"
    assert asked["at"].endswith("+00:00")
    details = {detail["kind"]: detail["value"] for detail in asked["details"]}
    assert details["address"] == ADDRESS
    assert details["network_address"] == "192.0.2.7"
    assert re.fullmatch(r"<.+@.+>", details["message_id"])
    for text in story["texts"]:
        assert hashlib.sha256(text["content"].encode()).hexdigest() == text["sha256"]
    assert {text["kind"] for text in story["texts"]} == set(asked["facts"]["texts"])
    assert story["head"]["digest"] == confirmed["chain"]["digest"]
    assert story["verification"] == {"entries": [1, 2], "problems": []}


def test_each_proof_shows_the_version_its_person_saw(newsletter, editor):
    sign_up(newsletter, "avant@exemple.test")
    text = LegalText.objects.get(kind="privacy", language="fr")
    before = text.versions.first()
    text.retention = "Un an, pas un jour de plus."
    text.save()
    publishing.publish(text, by=editor)
    sign_up(newsletter, "apres@exemple.test")

    def privacy(address):
        return [one for one in proving.prove(address)["texts"] if one["kind"] == "privacy"]

    (first,), (second,) = privacy("avant@exemple.test"), privacy("apres@exemple.test")
    assert (first["version"], second["version"]) == (before.number, before.number + 1)
    assert "pas un jour de plus" not in first["content"]
    assert "pas un jour de plus" in second["content"]
    assert first["content"] == before.content


def test_after_erasure_it_still_proves_and_says_what_is_gone(newsletter):
    sign_up(newsletter)
    recording.erase(ADDRESS)
    story = proving.prove(ADDRESS)
    assert story["address"] == ADDRESS
    assert not story["address_is_in_the_log"]
    assert [entry["action"] for entry in story["entries"]] == ["request", "confirm", "erasure"]
    asked = story["entries"][0]
    assert asked["words"]["text"] == shown().wording
    gone = {detail["kind"]: detail["gone"] for detail in asked["details"] if detail["value"] is None}
    assert gone.keys() == {"address", "network_address", "message_id"}
    assert {reason["by"] for reason in gone.values()} == {"erasure"}
    assert {reason["entry"] for reason in gone.values()} == {3}
    assert story["verification"]["problems"] == []
    assert all(NOBODY not in content.decode("latin-1") for content in files_of().values())


def test_what_went_at_its_date_is_said_to_have_gone_then(newsletter):
    with time_machine.travel(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
        sign_up(newsletter)
    recording.purge(at=dt.datetime(2027, 1, 2, tzinfo=dt.UTC))
    (gone,) = (
        detail["gone"]
        for detail in proving.prove(ADDRESS)["entries"][0]["details"]
        if detail["kind"] == "network_address"
    )
    assert (gone["by"], gone["at"][:10]) == ("purge", "2027-01-02")


@pytest.mark.parametrize("address", [NOBODY, "", "a" * 10_000, "\0", "\u202elea@exemple.test"])
def test_of_whom_nothing_is_known_nothing_is_proved(newsletter, address):
    sign_up(newsletter)
    with pytest.raises(proving.NothingKnown):
        proving.prove(address)


def test_what_is_wrong_is_said_in_the_proof_itself(newsletter):
    sign_up(newsletter)
    ConsentDetail.objects.filter(entry=1, kind="address").delete()
    story = proving.prove(ADDRESS)
    (problem,) = story["verification"]["problems"]
    assert (problem["fault"], problem["entry"]) == ("detail_missing", 1)
    missing = next(one for one in story["entries"][0]["details"] if one["kind"] == "address")
    assert missing["value"] is missing["gone"] is None


def test_an_entry_that_hangs_on_another_than_its_neighbour_is_told(newsletter):
    sign_up(newsletter)
    entries = list(ConsentEntry.objects.all())
    entries[1].previous = "0" * 64
    assert [problem.number for problem in proving._broken_links(entries)] == [2]


def test_the_signatures_are_those_of_the_published_key(newsletter, client):
    sign_up(newsletter)
    files = files_of()
    key = load_pem_public_key(files[".pem"])
    page = client.get("/consent-keys/")
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert files[".pem"].decode() in page.content.decode()
    assert not page.cookies
    for name in (".json", ".pdf"):
        key.verify(files[f"{name}.sig"], files[name])
        changed = files[name].replace(b"2026", b"2027", 1) + b" "
        with pytest.raises(InvalidSignature):
            key.verify(files[f"{name}.sig"], changed)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_anyone_can_check_it_with_openssl(newsletter, tmp_path, capsys):
    sign_up(newsletter)
    call_command("consent", "prove", ADDRESS, "--to", str(tmp_path / "proof"))
    (pem,) = (tmp_path / "proof").glob("*.pem")

    def check(file):
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", pem, "-rawin"]
        command += ["-in", file, "-sigfile", f"{file}.sig"]
        return subprocess.run(command, capture_output=True, check=False).returncode

    for ending in ("json", "pdf"):
        (file,) = (tmp_path / "proof").glob(f"*.{ending}")
        assert check(file) == 0
        content = file.read_bytes()
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        assert check(file) != 0


def test_a_key_that_was_replaced_still_checks_what_it_signed(newsletter, client):
    sign_up(newsletter)
    old = files_of()
    call_command("consent", "rotate-key")
    new = files_of()
    assert old[".pem"] != new[".pem"]
    published = client.get("/consent-keys/").content.decode()
    for files in (old, new):
        assert files[".pem"].decode() in published
        load_pem_public_key(files[".pem"]).verify(files[".pdf.sig"], files[".pdf"])
    assert json.loads(new[".json"])["verification"]["problems"] == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_privacy_policy_leads_to_the_keys(newsletter, client, prefix):
    sign_up(newsletter)
    keys.signer()
    page = client.get(f"{prefix}/legal/privacy/").content.decode()
    (link,) = re.findall(r'href="([^"]*consent-keys/)"', page)
    assert "BEGIN PUBLIC KEY" in client.get(link).content.decode()
    assert "consent-keys" not in client.get(f"{prefix}/legal/imprint/").content.decode()


def test_the_page_of_keys_makes_none(client, newsroom):
    assert client.get("/consent-keys/").content == b""
    assert keys.signers() == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pdf_embeds_its_faces_and_names_its_json(newsletter, language):
    sign_up(newsletter)
    files = files_of(language=language)
    assert files[".pdf"].startswith(b"%PDF-")
    assert files[".pdf"].count(b"/FontFile2") == 2


@pytest.mark.parametrize(
    "words",
    ["<b>&amp;</b> <para>", "\u202eيوافق", "漢字 🙂", "mot" * 50_000, "une ligne\n" * 3000, "\x07\t|"],
)
def test_whatever_words_were_shown_the_pdf_is_drawn(newsletter, words):
    sign_up(newsletter, words=words)
    assert files_of()[".pdf"].startswith(b"%PDF-")


def test_the_command_writes_five_files_into_a_folder_it_makes(newsletter, tmp_path, capsys):
    sign_up(newsletter)
    folder = tmp_path / "un" / "dossier"
    call_command("consent", "prove", ADDRESS, "--to", str(folder), "--language", "en")
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".pdf", ".pem", ".sig", ".sig"]
    assert len(capsys.readouterr().out.splitlines()) == 5


@pytest.mark.parametrize("address", [NOBODY, "", "lea@exemple.test\r\nBcc: x", "a" * 400, "\0", "\udce9"])
def test_the_command_refuses_what_it_cannot_prove_and_writes_nothing(newsletter, tmp_path, address):
    sign_up(newsletter)
    with pytest.raises(CommandError):
        call_command("consent", "prove", address, "--to", str(tmp_path / "proof"))
    assert not (tmp_path / "proof").exists()


def test_a_file_where_the_folder_should_be_is_told(newsletter, tmp_path):
    sign_up(newsletter)
    (tmp_path / "proof").write_text("")
    with pytest.raises(CommandError):
        call_command("consent", "prove", ADDRESS, "--to", str(tmp_path / "proof"))


def test_a_proof_with_a_problem_is_written_and_fails(newsletter, tmp_path, capsys):
    sign_up(newsletter)
    ConsentDetail.objects.filter(entry=1, kind="address").delete()
    with pytest.raises(SystemExit):
        call_command("consent", "prove", ADDRESS, "--to", str(tmp_path))
    assert list(tmp_path.glob("*.pdf"))


def test_imports_and_others_people_stay_apart(newsletter):
    sign_up(newsletter)
    recording.record(
        Happening("import", NOBODY, newsletter.purpose, details={"provenance": "Salon de Sermont, fiche 12"})
    )
    (entry,) = proving.prove(NOBODY)["entries"]
    assert {detail["kind"]: detail["value"] for detail in entry["details"]}["provenance"].startswith("Salon")
    assert ADDRESS not in json.dumps(proving.prove(NOBODY))
