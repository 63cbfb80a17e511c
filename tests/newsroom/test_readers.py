"""The subscriber desk finds readers and what they agreed to, and changes nothing of it."""

import pytest
from django.urls import NoReverseMatch, reverse

from depeche.subscribers.models import ConsentEntry, Subscriber
from depeche.subscribers.recording import Happening, Shown, record

pytestmark = pytest.mark.django_db

MODELS = ("subscriber", "subscription", "consententry")


@pytest.fixture
def subscription(subscribe):
    found = subscribe("lea@exemple.test")
    shown = Shown("Oui.", "fr", "confirm", "/")
    record(Happening("confirm", found.subscriber.address, found.newsletter.purpose, shown))
    return found


def test_the_desk_finds_a_reader_by_address_and_sees_what_they_agreed_to(
    colleague, client, subscription, subscribe
):
    subscribe("autre@exemple.test")
    client.force_login(colleague("subscriber_desk"))
    for model in MODELS:
        assert reverse(f"{model}:index") in client.get("/admin/").content.decode()
        page = client.get(reverse(f"{model}:index"), {"q": "lea@exemple"}).content.decode()
        assert "lea@exemple.test" in page
        assert "autre@exemple.test" not in page
        assert "export" not in page
        pk = {"subscriber": subscription.subscriber_id, "subscription": subscription.pk}.get(model)
        pk = pk or ConsentEntry.objects.get().pk
        url = reverse(f"{model}:inspect", args=[pk])
        assert url in page
        assert "lea@exemple.test" in client.get(url).content.decode()


def test_nobody_changes_a_reader_there(editor, client, subscription):
    client.force_login(editor)
    for model in MODELS:
        for view in ("add", "edit", "delete", "copy"):
            with pytest.raises(NoReverseMatch):
                reverse(f"{model}:{view}", args=[] if view == "add" else [1])
    reader = Subscriber.objects.get()
    client.post(f"/admin/bulk/subscribers/subscriber/delete/?id={reader.pk}")
    assert Subscriber.objects.exists()


@pytest.mark.parametrize("role", ["contributor", "editor", "publisher"])
def test_readers_are_nobody_elses(colleague, client, subscription, role):
    client.force_login(colleague(role))
    home = client.get("/admin/").content.decode()
    for model in MODELS:
        assert reverse(f"{model}:index") not in home
        addresses = [
            reverse(f"{model}:index"),
            reverse(f"{model}:index_results"),
            reverse(f"{model}:inspect", args=[subscription.pk]),
            f"/admin/snippets/choose/subscribers/{model}/",
        ]
        for address in addresses:
            assert "lea@exemple.test" not in client.get(address, follow=True).content.decode()
