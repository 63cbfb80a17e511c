"""What is held about a reader can be shown and deleted, whole."""

import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from depeche import personal_data
from depeche.delivery import actions as delivery
from depeche.newsletters import actions as newsletters
from depeche.subscribers import actions, privacy
from depeche.subscribers.models import Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"
# Addresses of the newsroom itself, not of a reader.
THE_NEWSROOMS_OWN = {"subscribers.Newsletter", "front.Home"}
# What somebody signed or edits stays theirs.
THE_NEWSROOMS_OWN |= {"articles.Byline", "articles.Section"}


@pytest.fixture
def a_reader_known_everywhere(newsletter, editor, write, mailroom):
    actions.request(newsletter, address=ADDRESS, language="fr", shown=Shown("…", "fr", "subscribe", "/"))
    Subscription.objects.update(state="confirmed", confirmed_at="2026-11-23T08:00:00Z")
    edition = newsletters.compose_edition(
        newsletter, subject="x", introduction="", articles=[write()], by=editor
    )
    newsletters.send(edition, by=editor)
    mailroom.deliver()


def everything_stored():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            yield from (str(row) for row in cursor.fetchall())


def test_what_is_held_is_shown_whole(a_reader_known_everywhere, capsys):
    call_command("privacy", "export", ADDRESS)
    shown = json.loads(capsys.readouterr().out)
    assert {kind: len(rows) for kind, rows in shown.items()} == {
        "people": 0,
        "answers_to_the_desk": 0,
        "evidence": 0,
        "reported_errors": 0,
        "messages": 1,
        "subscriber": 1,
        "subscriptions": 1,
        "requests_being_seen_to": 0,
        "rights_used": 0,
        "consent": 1,
        "editions": 1,
        "corrections": 0,
    }


def test_what_is_erased_is_nowhere(a_reader_known_everywhere, mailroom, capsys):
    assert any(ADDRESS in row for row in everything_stored())
    call_command("privacy", "erase", ADDRESS.upper(), "--yes")
    assert not any(ADDRESS in row for row in everything_stored())
    assert not mailroom.caught()
    left = privacy.export(ADDRESS)
    assert [entry["action"] for entry in left.pop("consent")] == ["request", "erasure"]
    assert not any(left.values())


def test_another_reader_stays(a_reader_known_everywhere):
    delivery.send(sender="a@depeche.test", recipient="ali@exemple.test", subject="s", text="t")
    privacy.erase(ADDRESS)
    assert privacy.export("ali@exemple.test")["messages"]


def test_no_is_no(a_reader_known_everywhere, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "")
    with pytest.raises(CommandError):
        call_command("privacy", "erase", ADDRESS)
    assert privacy.export(ADDRESS)["subscriber"]


def test_every_model_that_holds_an_address_is_in_the_register():
    held = {label for holder in personal_data.holders() for label in holder.models}
    readers = {apps.get_model(label) for label in held}
    missing = set()
    for model in apps.get_models():
        if not model.__module__.startswith("depeche."):
            continue
        has_address = any(
            isinstance(field, models.EmailField) or field.name in ("recipient", "address")
            for field in model._meta.concrete_fields
        )
        points_to_reader = any(field.related_model in readers for field in model._meta.concrete_fields)
        if (has_address or points_to_reader) and model._meta.label not in held | THE_NEWSROOMS_OWN:
            missing.add(model._meta.label)
    assert not missing


def test_a_legal_text_is_changed_and_never_deleted(newsroom, client, editor):
    from depeche.subscribers.models import LegalText

    client.force_login(editor)
    text = LegalText.objects.first()
    client.post(f"/admin/snippets/subscribers/legaltext/delete/{text.pk}/")
    assert LegalText.objects.filter(pk=text.pk).exists()
