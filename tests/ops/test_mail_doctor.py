"""`bin/depeche doctor mail`: what is wrong, in words and as JSON, with the line that mends it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from zones import RIGHT, D

from depeche.delivery import mail_domains
from depeche.delivery.models import MailDomain
from depeche.ops.checks import problems
from depeche.subscribers.models import Newsletter

pytestmark = pytest.mark.django_db

NO_POLICY = {f"_dmarc.{D} TXT": []}


@pytest.fixture
def doctor(name_server, settings, newsroom, capsys):
    """Run the command against a zone; (exit code, what it wrote)."""
    Newsletter.objects.update(sender_address=f"redaction@{D}")
    settings.EMAIL_URL, settings.SENDING_IPS, settings.DKIM_SELECTORS = (
        "smtp://localhost:25",
        ["192.0.2.10"],
        ["s1"],
    )

    def _doctor(*arguments, changed=None):
        settings.DNS_SERVERS = [name_server({**RIGHT, **(changed or {})}).address]
        out, code = StringIO(), 0
        try:
            with translation.override("en"):
                call_command("doctor", *arguments, stdout=out)
        except SystemExit as stopped:
            code = stopped.code
        return code, out.getvalue()

    return _doctor


def test_a_domain_that_is_right(doctor):
    code, said = doctor("mail")
    assert code == 0
    assert f"{D}: in order" in said
    assert MailDomain.objects.get().level == "green"


def test_what_is_red_ends_with_1_and_says_the_line(doctor):
    code, said = doctor("mail", changed=NO_POLICY)
    assert code == 1
    assert f'_dmarc.{D}. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@{D}"' in said


def test_as_json(doctor):
    code, said = doctor("mail", "--json", changed=NO_POLICY)
    [found] = json.loads(said)
    assert (code, found["domain"], found["level"]) == (1, D, "red")
    [policy] = [one for one in found["findings"] if one["about"] == "dmarc"]
    assert (policy["code"], policy["level"], policy["mend"]["kind"]) == ("dmarc.missing", "red", "TXT")
    assert policy["line"].startswith(f"_dmarc.{D}. IN TXT ")
    assert policy["meaning"]


def test_another_domain_is_looked_up_and_not_kept(doctor):
    code, said = doctor("mail", "--domain", "Exämple.test")
    assert code == 1
    assert "exämple.test: to be mended" in said
    assert not MailDomain.objects.exists()


@pytest.mark.parametrize(
    "arguments", [("mail", "--domain", "a b"), ("mail", "--domain", "x" * 300), ("--json",), ("--domain", D)]
)
def test_what_makes_no_sense_is_told(doctor, arguments):
    with pytest.raises(CommandError) as told:
        doctor(*arguments)
    assert str(told.value)


def test_without_a_newsletter_there_is_nothing_to_look_up(doctor):
    Newsletter.objects.update(sender_address="")
    with pytest.raises(CommandError):
        doctor("mail")


def test_settings_that_name_no_address_are_told_and_break_nothing(doctor, settings):
    settings.SENDING_IPS = ["192.0.2.10", "notre serveur"]
    assert "“notre serveur” is no address" in doctor()[1]
    settings.DNS_SERVERS = ["127.0.0.1:eins", "::::"]
    assert [one.level for one in (mail_domains.refresh(D),)] == ["unknown"]
    told = [
        one.setting for one in problems() if "no address" in one.message or "pas une adresse" in one.message
    ]
    assert told == ["DEPECHE_SENDING_IPS", "DEPECHE_DNS_SERVERS", "DEPECHE_DNS_SERVERS"]


def test_the_doctor_of_the_settings_tells_of_a_red_domain(doctor, settings):
    doctor("mail", changed=NO_POLICY)
    assert "doctor mail" not in doctor()[1], "outside production providers are not met"
    settings.STAGE = "production"
    assert "doctor mail" in doctor()[1]
