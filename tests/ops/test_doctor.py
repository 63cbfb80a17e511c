"""Unsafe mixes of settings: each is found, named, and comes with the way out; the safe ones pass."""

import sys

import pytest
from django.core.management import call_command
from django.utils import timezone

from depeche.delivery.outside import Unreached
from depeche.ops.checks import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(settings):
    """A public host, set right."""
    settings.BASE_URL, settings.BASE_HOST, settings.IS_PUBLIC = (
        "https://journal.example",
        "journal.example",
        True,
    )
    settings.ALLOWED_HOSTS, settings.STAGE = ["journal.example"], "production"
    settings.EMAIL_URL = "smtp+starttls://user:secret@mail.example:587"
    settings.DEFAULT_FROM_EMAIL, settings.TRUSTED_PROXIES = "redaction@journal.example", ["127.0.0.1"]
    settings.SECOND_FACTOR = "required"
    return settings


def test_the_defaults_on_this_machine_are_safe():
    assert problems() == []


def test_a_public_host_set_right_is_safe(public):
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"EMAIL_URL": ""}, "EMAIL_URL"),
        ({"EMAIL_URL": "mail.example"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://user:secret@mail.example"}, "EMAIL_URL"),
        ({"EMAIL_URL": "anymail+mailgun://?api_kee=x"}, "EMAIL_URL"),
        ({"EMAIL_FALLBACK_URL": "smtp://user:secret@mail.example"}, "EMAIL_FALLBACK_URL"),
        ({"EMAIL_FALLBACK_URL": "anymail+nobody://?api_key=x"}, "EMAIL_FALLBACK_URL"),
        ({"BASE_URL": "http://journal.example"}, "DEPECHE_BASE_URL"),
        ({"ALLOWED_HOSTS": ["*"]}, "DEPECHE_ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["ailleurs.example"]}, "DEPECHE_ALLOWED_HOSTS"),
        ({"STAGE": "development"}, "DEPECHE_STAGE"),
        ({"STAGE": "prod"}, "DEPECHE_STAGE"),
        ({"TRUSTED_PROXIES": ["0.0.0.0/0"]}, "DEPECHE_TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": ["mandataire"]}, "DEPECHE_TRUSTED_PROXIES"),
        ({"SECRET_KEY": "court"}, "DEPECHE_SECRET_KEY"),
        ({"DEFAULT_FROM_EMAIL": "redaction@depeche.test"}, "DEPECHE_MAIL_FROM"),
        ({"SECOND_FACTOR": "offered"}, "DEPECHE_MFA"),
        ({"SECOND_FACTOR": "perhaps"}, "DEPECHE_MFA"),
    ],
)
def test_an_unsafe_mix_is_refused_and_says_how_to_mend_it(public, changes, setting, capsys):
    for name, value in changes.items():
        setattr(public, name, value)
    found = [problem for problem in problems() if problem.is_unsafe]
    assert [problem.setting for problem in found] == [setting]
    with pytest.raises(SystemExit) as stop:
        call_command("doctor")
    assert stop.value.code == 1
    assert setting in capsys.readouterr().out


def test_production_on_this_machine_only_is_refused(settings):
    settings.STAGE = "production"
    assert [problem.setting for problem in problems()] == ["DEPECHE_BASE_URL"]


def test_a_stage_that_lets_no_mail_out_is_told_but_not_refused(public, capsys):
    public.STAGE = "staging"
    (problem,) = problems()
    assert (problem.setting, problem.is_unsafe) == ("DEPECHE_MAIL_DOMAINS", False)
    call_command("doctor")
    public.MAIL_DOMAINS = ["journal.example"]
    assert problems() == []


def test_a_secret_key_others_can_read_is_refused(settings, tmp_path):
    settings.DATA = tmp_path
    key = tmp_path / "secret-key"
    key.write_text("x" * 60)
    key.chmod(0o644)
    assert [problem.setting for problem in problems()] == ["DEPECHE_DATA"]
    key.chmod(0o600)
    assert problems() == []


def test_a_provider_that_is_not_installed_is_said_to_be(public, monkeypatch):
    monkeypatch.setitem(sys.modules, "depeche.delivery.provider_calls", None)
    public.EMAIL_URL = "anymail+mailgun://?api_key=geheim"
    (problem,) = problems()
    assert "django-anymail" in problem.message
    assert "geheim" not in problem.message


def test_what_a_provider_tracks_by_itself_is_noted_without_its_keys(public, capsys):
    public.EMAIL_FALLBACK_URL = "anymail+resend://?api_key=geheim"
    call_command("doctor")
    said = capsys.readouterr().out
    (note,) = [line for line in said.splitlines() if "EMAIL_FALLBACK_URL: " in line]
    assert "Resend" in note
    assert "geheim" not in said


def test_a_way_out_that_does_not_answer_is_told_with_what_is_taken_instead(public, capsys):
    for worker, instead in (("a", ""), ("b", "Mailgun"), ("c", "Mailgun")):
        now = timezone.now()
        Unreached.objects.create(
            worker=worker, way="mail.example:587", instead=instead, since=now, seen_at=now
        )
    call_command("doctor")
    said = [line for line in capsys.readouterr().out.splitlines() if "mail.example:587" in line]
    assert len(said) == 2
    assert sum("Mailgun" in line for line in said) == 1
