"""Who answers readers takes the proof of one address out of the admin; that they did is noted, naming nobody."""

import io
import json
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import ModelLogEntry

from depeche.newsroom.models import Role
from depeche.subscribers import actions, privacy, tokens
from depeche.subscribers.models import Subscriber, Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db

PAGE = "/admin/readers/proof/"
ADDRESS = "lea@exemple.test"
SHOWN = Shown("J’accepte.", "fr", "subscribe", "https://exemple.test/subscribe/")


@pytest.fixture
def reader(newsletter):
    actions.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    subscription = Subscription.objects.get()
    actions.confirm(tokens.Request(subscription.key, subscription.request_nonce), shown=SHOWN)
    return Subscriber.objects.get()


@pytest.fixture
def signed_in(newsroom, client, django_user_model, settings):
    settings.SECOND_FACTOR = "offered"

    def _signed_in(role):
        user = django_user_model.objects.create_user(str(role), f"{role}@depeche.test", "un mot de passe")
        user.groups.add(Group.objects.get(pk=Role.objects.get(key=role).group_id))
        client.force_login(user)
        return client

    return _signed_in


@pytest.fixture
def desk(signed_in):
    return signed_in(Role.Key.SUBSCRIBER_DESK)


def files_in(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_button_at_the_reader_leads_to_the_page_with_their_address(desk, reader):
    page = desk.get(reverse("subscriber:inspect", args=[reader.pk])).content.decode()
    assert f'href="{PAGE}?reader={reader.pk}"' in page
    assert f'value="{ADDRESS}"' in desk.get(f"{PAGE}?reader={reader.pk}").content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_proof_comes_as_one_file_and_is_noted_without_the_address(desk, reader, language):
    answer = desk.post(PAGE, {"address": ADDRESS, "language": language})
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    files = files_in(answer)
    (story,) = (json.loads(content) for name, content in files.items() if name.endswith(".json"))
    assert [entry["action"] for entry in story["entries"]] == ["request", "confirm"]
    assert sorted(name.rpartition(".")[2] for name in files) == ["json", "pdf", "pem", "sig", "sig"]
    (noted,) = ModelLogEntry.objects.filter(action="depeche.prove_consent")
    assert noted.data == {"person": story["people"][0]["person"]}
    assert ADDRESS not in noted.label


def test_one_who_was_erased_can_be_asked_for(desk, reader):
    privacy.erase(ADDRESS)
    files = files_in(desk.post(PAGE, {"address": ADDRESS, "language": "fr"}))
    (story,) = (json.loads(content) for name, content in files.items() if name.endswith(".json"))
    assert story["entries"][-1]["action"] == "erasure"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "théo@exemple.test",
        "x",
        "a@b\r\nBcc: c@d.test",
        "a\0@b.test",
        "é" * 9000,
        "<b>@c",
        "\u202ea@b.test",
    ],
)
def test_what_the_log_does_not_know_is_said_and_nothing_noted(desk, reader, address):
    answer = desk.post(PAGE, {"address": address, "language": "fr"})
    assert answer.status_code == 422
    assert "<b>@c" not in answer.content.decode()
    assert not ModelLogEntry.objects.filter(action="depeche.prove_consent").exists()


@pytest.mark.parametrize("language", ["", "de", "fr\0"])
def test_a_language_we_do_not_have_is_refused(desk, reader, language):
    assert desk.post(PAGE, {"address": ADDRESS, "language": language}).status_code == 422


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 40, "²", "0", "1\0"])
def test_a_reader_who_is_none_leaves_the_field_empty(desk, reader, asked):
    page = desk.get(PAGE, {"reader": asked})
    assert page.status_code == 200
    assert ADDRESS not in page.content.decode()


@pytest.mark.parametrize("role", [Role.Key.EDITOR, Role.Key.PUBLISHER])
def test_others_get_neither_page_nor_proof(signed_in, reader, role):
    client = signed_in(role)
    for answer in (client.get(PAGE), client.post(PAGE, {"address": ADDRESS, "language": "fr"})):
        assert answer.status_code == 302, "to the first page of the admin, which says so"
        assert answer["Content-Type"] != "application/zip"
    assert not ModelLogEntry.objects.filter(action="depeche.prove_consent").exists()


def test_a_visit_takes_nothing(desk, reader):
    for visit in (desk.get, desk.head):
        assert visit(f"{PAGE}?reader={reader.pk}").status_code == 200
    assert not ModelLogEntry.objects.filter(action="depeche.prove_consent").exists()
