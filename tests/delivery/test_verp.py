"""Each mail has an address of its own to come back to, which nobody else can make up."""

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from depeche.delivery import actions, verp
from depeche.delivery.lanes import TRANSACTIONAL
from depeche.delivery.smtp import envelopes
from depeche.newsletters.lane import EditionLane

LEA = "lea@exemple.test"


@pytest.fixture
def made(settings):
    settings.BOUNCE_ADDRESS = "retours@bounces.exemple.test"
    return verp.maker("e")(41, LEA)


def test_it_names_the_mail_and_is_proved_by_its_hash(made):
    named = verp.read(made)
    assert made.startswith("retours+e41.")
    assert (named.code, named.key) == ("e", 41)
    assert verp.is_of(named, LEA)


def test_without_the_setting_there_is_none(settings):
    settings.BOUNCE_ADDRESS = ""
    assert verp.maker("e") is None


def test_no_capital_is_needed_to_read_it(made):
    assert made == made.lower()
    assert verp.is_of(verp.read(made.upper()), LEA)


def test_the_longest_is_an_address(settings):
    settings.BOUNCE_ADDRESS = f"{'a' * 26}@bounces.exemple.test"
    made = verp.maker("e")(2**63 - 1, LEA)
    assert len(made.partition("@")[0]) <= 64
    assert envelopes.path(made, utf8=False) == f"<{made}>"


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.replace("e41", "e42"),
        lambda made: made.replace("e41", "c41"),
        lambda made: made[: made.index(".") + 1] + "0" * 16 + made[made.index("@") :],
    ],
)
def test_none_can_be_made_up(made, change):
    assert not verp.is_of(verp.read(change(made)), LEA)


def test_that_of_an_address_they_had_before_is_of_no_use(made):
    assert not verp.is_of(verp.read(made), "lea.martin@exemple.test")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "retours@bounces.exemple.test",
        "retours+e41@x.test",
        "retours+e41.xyz@x.test",
        f"+e{'9' * 20}.{'0' * 16}@x.test",
    ],
)
def test_other_addresses_name_nothing(address):
    assert verp.read(address) is None


def test_another_secret_makes_another(made, settings):
    settings.SECRET_KEY = "another"
    assert not verp.is_of(verp.read(made), LEA)


@pytest.mark.parametrize(
    "address", ["retours", f"{'a' * 27}@x.test", "a b@x.test", "re+tours@x.test", "é@x.test"]
)
def test_a_setting_that_cannot_be_used_is_refused(address, tmp_path):
    found = subprocess.run(
        [sys.executable, "-m", "depeche", "journal", "status"],
        env={**os.environ, "DEPECHE_BOUNCE_ADDRESS": address, "DEPECHE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "DEPECHE_BOUNCE_ADDRESS" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("base", ["retours@bounces.exemple.test", ""])
def test_copies_leave_with_it_and_say_who_they_are_from_as_before(sending, settings, base):
    settings.BOUNCE_ADDRESS = base
    edition = sending([LEA, "paul@exemple.test"])
    copies = EditionLane().lease(10, worker="w", at=timezone.now())
    assert len(copies) == 2
    for copy in copies:
        mail, _to, _data = envelopes.commands(copy, {})
        assert mail == f"MAIL FROM:<{copy.sender}>\r\n".encode()
        assert (
            f"<{edition.newsletter.sender_address}>".encode() in bytes(copy.content).partition(b"\r\n\r\n")[0]
        )
        if base:
            assert verp.is_of(verp.read(copy.sender), copy.recipient)
            assert verp.read(copy.sender).key == copy.key
        else:
            assert copy.sender == edition.newsletter.sender_address


@pytest.mark.django_db
def test_mails_that_somebody_waits_for_leave_with_it_too(settings):
    settings.BOUNCE_ADDRESS = "retours@bounces.exemple.test"
    actions.send(sender="a@depeche.test", recipient=LEA, subject="s", text="t")
    (message,) = TRANSACTIONAL.lease(10, worker="w", at=timezone.now())
    assert verp.is_of(verp.read(message.sender), LEA)


def test_each_lane_has_a_letter_of_its_own():
    assert EditionLane().code != TRANSACTIONAL.code
