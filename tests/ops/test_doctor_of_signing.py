"""The doctor says whose mail leaves unsigned, and what is wrong with the keys; it shows none of them."""

import datetime as dt

import pytest
from django.core.management import call_command

from depeche.delivery import dkim_keys
from depeche.ops.checks import problems, unsigned
from depeche.subscribers.models import Newsletter

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def in_production(settings, newsroom):
    settings.STAGE, settings.EMAIL_URL = "production", "smtp+starttls://user:secret@mail.example:587"
    settings.DEFAULT_FROM_EMAIL = "Journal <redaction@journal.example>"
    Newsletter.objects.update(sender_address="lettre@lettres.example")
    return settings


@pytest.fixture
def key(settings):
    key = dkim_keys.create("journal.example", today=TODAY)
    dkim_keys.use(dkim_keys.find(key.selector))
    return key


def path_of(key, settings):
    return settings.DKIM_FOLDER / f"{key.record_name}.pem"


def words(found):
    return [problem.message for problem in found if problem.setting == "DEPECHE_DKIM"]


def test_each_sender_without_a_key_is_named_with_what_to_do(in_production, key, capsys):
    (found,) = unsigned()
    assert not found.is_unsafe
    assert "lettres.example" in found.message
    assert "bin/depeche dkim create --domain lettres.example" in found.message
    with pytest.raises(SystemExit):  # this machine is no public host
        call_command("doctor")
    assert found.message in capsys.readouterr().out
    dkim_keys.create("lettres.example", selector="un", today=TODAY)
    assert len(unsigned()) == 1, "it is not used yet"
    dkim_keys.use(dkim_keys.find("un"))
    assert unsigned() == []


def test_a_key_of_the_domain_above_is_enough(in_production, key):
    Newsletter.objects.update(sender_address="lettre@lettres.journal.example")
    assert unsigned() == []


@pytest.mark.parametrize(
    "changes", [{"STAGE": "development"}, {"EMAIL_URL": "anymail+postmark://?server_token=x"}]
)
def test_where_nothing_leaves_or_a_provider_signs_nothing_is_missing(in_production, changes):
    for name, value in changes.items():
        setattr(in_production, name, value)
    assert unsigned() == []


def test_keys_set_right_are_safe(key):
    assert words(problems()) == []


def test_a_key_that_others_can_read_stops_the_start(key, settings):
    path_of(key, settings).chmod(0o640)
    (found,) = [problem for problem in problems() if problem.setting == "DEPECHE_DKIM"]
    assert found.is_unsafe
    assert f"chmod -R go= {settings.DKIM_FOLDER}" in found.message


def test_a_key_that_cannot_be_used_is_named(key, settings):
    path = path_of(key, settings)
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nsecret\n")
    (found,) = words(problems())
    assert str(path) in found
    assert "secret" not in found


def test_a_key_in_use_that_is_not_there_is_told(key, settings):
    path_of(key, settings).unlink()
    (found,) = words(problems())
    assert str(settings.DKIM_FOLDER) in found
