"""What people are told while no mail leaves, and that a worker ends though its server hangs."""

import time

import pytest
from django.core.management import call_command
from django.utils import timezone
from fake_mta import HANG

from depeche.delivery import brakes, crew, engine, reply_words, trouble
from depeche.delivery.models import State, Trouble
from depeche.delivery.smtp.server import Timeouts
from depeche.newsletters.models import EditionDelivery

pytestmark = pytest.mark.django_db

PATIENT = Timeouts(connect_s=20, answer_s=20, block_s=20, end_s=20)


@pytest.fixture
def ends_soon(monkeypatch):
    monkeypatch.setattr(engine, "ENDS_WITHIN_S", 2.0)
    monkeypatch.setattr(crew, "BROKEN_OFF_S", 1.0)


def states():
    return list(EditionDelivery.objects.values_list("state", flat=True))


REFUSED = "550 5.7.515 <lea@exemple.test> from redaction@depeche.test is not authenticated"


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"HELLO": "554 5.7.1 your network is blocked"}, "your network is blocked"),
        ({"RCPT": REFUSED}, "550 5.7.515 <…> from … is not authenticated"),
        ({"END": HANG}, "connection lost after the message"),
        (None, "refused"),
    ],
    ids=["turned away", "sender refused", "fates unknown", "down"],
)
def test_what_stops_all_mail_is_told_until_mail_is_accepted_again(
    mta, sending, deliver, short_pauses, capsys, rules, words
):
    sending(f"lecteur{number}@exemple.test" for number in range(40))
    server = mta(rules)
    if rules is None:
        server.stop()
    told = []

    def look(stop):
        EditionDelivery.objects.filter(state__in=("pending", "deferred")).update(due_at=timezone.now())
        found = trouble.current()
        if found and not told:
            told.append((found[0].words, found[0].worker))
            call_command("doctor")
            server.rules = {}
            if rules is None:
                server.start()
        if told and not found:
            stop.set()

    worker = deliver(server, look, connections=3, timeouts=Timeouts(5, 5, 5, 0.5)).worker
    (text, who), said = told[0], capsys.readouterr().out
    assert words in text.lower() or words in text
    assert who == worker
    assert reply_words.shown(text) in said
    assert "@" not in text
    assert server.accepted


def test_a_worker_that_ends_is_no_longer_in_trouble(mta, sending, deliver):
    sending(["lea@exemple.test"])
    deliver(mta({"HELLO": "554 5.7.1 no"}), lambda stop: trouble.current() and stop.set())
    assert not Trouble.objects.exists()


def test_what_a_vanished_worker_told_is_forgotten(time_machine):
    now = timezone.now()
    Trouble.objects.create(worker="gone", since_at=now, until_at=now, words="refused")
    assert trouble.current()
    time_machine.move_to(now + trouble.GONE_AFTER)
    assert not trouble.current()


@pytest.mark.parametrize("stage", ["HELLO", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "END"])
def test_a_server_that_hangs_delays_no_end(mta, sending, deliver, ends_soon, settings, stage):
    """Only what may have been accepted is uncertain then; the rest waits, with nobody."""
    sending(f"lecteur{number}@exemple.test" for number in range(30))
    began, stopped_at = time.monotonic(), []

    def look(stop):
        if time.monotonic() - began > 1:
            stopped_at.append(time.monotonic())
            stop.set()

    server = mta({stage: HANG})
    deliver(server, look, connections=3, timeouts=PATIENT)
    assert time.monotonic() - stopped_at[0] < 4
    uncertain = states().count(State.UNCERTAIN)
    assert (0 < uncertain <= 5) if stage in ("BODY", "END") else uncertain == 0
    waiting = EditionDelivery.objects.filter(state__in=(State.PENDING, State.DEFERRED), worker="")
    assert waiting.count() == 30 - uncertain
    assert not server.accepted
    assert list(settings.ACKS_FOLDER.iterdir()) == []


def test_one_message_goes_ahead_after_a_pause(mta, sending, deliver, monkeypatch):
    """However many connections there are, a server that was away is tried by one."""
    monkeypatch.setattr(brakes, "FIRST_PAUSE_S", 0.2)
    sending(f"lecteur{number}@exemple.test" for number in range(30))
    server, began = mta({"HELLO": "554 5.7.1 no"}), time.monotonic()

    def look(stop):
        EditionDelivery.objects.filter(state=State.PENDING).update(due_at=timezone.now())
        if time.monotonic() - began > 3:
            stop.set()

    deliver(server, look)
    assert server.connections <= (8 + 4 + 1) + 5  # each once, then one after each pause
