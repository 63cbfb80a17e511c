"""What is held about a reader can be shown and deleted, whole."""

import json
import re

import pytest
from django.apps import apps
from django.apps.registry import Apps
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
        "failed_sign_ins": 0,
        "people": 0,
        "answers_to_the_desk": 0,
        "evidence": 0,
        "reported_errors": 0,
        "reports_sent": 0,
        "messages": 1,
        "suppressions": 0,
        "mail_reports": 0,
        "mail_that_came_back": 0,
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
    assert [row["reason"] for row in left.pop("suppressions")] == ["erased"]
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


PERSONAL_TYPES = (models.EmailField, models.GenericIPAddressField)
PERSONAL_NAMES = re.compile(
    r"(e?mail_)?address(_key|_hash)?|e_?mail|recipient(_key)?|network(_address|_key)?|user_agent|ip(_address)?"
    r"|(tele)?phone(_number)?"
)


def unregistered(found):
    """Those of these models that hold or lead to something personal and are not in the register."""
    held = {label for holder in personal_data.holders() for label in holder.models}
    readers = {apps.get_model(label) for label in held}
    missing = set()
    for model in found:
        fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
        is_personal = any(
            isinstance(field, PERSONAL_TYPES) or PERSONAL_NAMES.fullmatch(field.name) for field in fields
        )
        points_to_reader = any(field.related_model in readers for field in fields)
        if (is_personal or points_to_reader) and model._meta.label not in held | THE_NEWSROOMS_OWN:
            missing.add(model._meta.label)
    return missing


def test_every_model_that_holds_an_address_is_in_the_register():
    ours = [model for model in apps.get_models() if model.__module__.startswith("depeche.")]
    assert len(ours) > 40
    assert unregistered(ours) == set()


@pytest.mark.parametrize(
    "field",
    [
        lambda: {"write_to": models.EmailField()},
        lambda: {"seen_from": models.GenericIPAddressField()},
        lambda: {"address": models.TextField()},
        lambda: {"recipient_key": models.TextField()},
        lambda: {"network": models.TextField()},
        lambda: {"user_agent": models.TextField()},
        lambda: {"phone": models.TextField()},
        lambda: {"ip": models.TextField()},
        lambda: {"of": models.ForeignKey("subscribers.Subscriber", models.CASCADE, related_name="+")},
        lambda: {"of": models.ManyToManyField("subscribers.Subscription", related_name="+")},
    ],
)
def test_a_model_nobody_registered_is_found(field):
    meta = type("Meta", (), {"app_label": "subscribers", "apps": apps_of_its_own()})
    fake = type("Fake", (models.Model,), {"__module__": __name__, "Meta": meta, **field()})
    for pointing in (*fake._meta.concrete_fields, *fake._meta.many_to_many):
        if isinstance(pointing.remote_field and pointing.remote_field.model, str):
            pointing.remote_field.model = apps.get_model(pointing.remote_field.model)
    assert unregistered([fake]) == {"subscribers.Fake"}
    harmless = type("Meta", (), {"app_label": "subscribers", "apps": apps_of_its_own()})
    named = {"__module__": __name__, "Meta": harmless, "headline": models.TextField()}
    assert unregistered([type("Harmless", (models.Model,), named)]) == set()


def apps_of_its_own():
    return Apps(["django.contrib.contenttypes"])


def test_a_legal_text_is_changed_and_never_deleted(newsroom, client, editor):
    from depeche.subscribers.models import LegalText

    client.force_login(editor)
    text = LegalText.objects.first()
    client.post(f"/admin/snippets/subscribers/legaltext/delete/{text.pk}/")
    assert LegalText.objects.filter(pk=text.pk).exists()
