"""The whole engine against a mail server that fails, at each stage and in each way: who is counted as what.

Its threads, leases, ledger and log are the real ones; only the pauses are short, and time passes quickly.
"""

import collections
import time

import pytest
from django.utils import timezone
from fake_mta import DROP, HANG, LOCKSTEP, PIPELINED, Late, ThenDrop

from depeche.delivery import brakes
from depeche.delivery.models import State, Suppression
from depeche.delivery.smtp.server import Timeouts
from depeche.newsletters.models import EditionDelivery

pytestmark = pytest.mark.django_db

READERS, CONNECTIONS = 24, 3
SICK = range(2, 8)  # the times at which the server fails at a stage, over all connections
ABOUT_THE_MESSAGE = {"550 5.1.1 no such user", "552 5.3.4 too big"}
ANSWERS = (
    "421 4.7.0 slow down",
    "450 4.2.0 try later",
    "451 4.3.0 busy",
    "550 5.1.1 no such user",
    "552 5.3.4 too big",
    "554 5.7.1 relay access denied",
    "550 5.7.515 not authenticated",
    "550 5.7.26 not authenticated",
)
STAGES = ("HELLO", "EHLO", "MAIL", "RCPT", "DATA", "END")
CASES = [
    *((stage, act) for stage in STAGES for act in (*ANSWERS, DROP, HANG)),
    *((stage, act) for stage in ("BODY", "RSET") for act in (DROP, HANG)),
    ("BODY", ThenDrop("552 5.3.4 too big")),
    ("END", ThenDrop("250 2.0.0 kept")),
    ("END", "354 go on"),
    ("END", b"x\r\n"),
]


@pytest.fixture
def under_way(sending):
    """An edition to readers at four domains, about to leave."""
    return sending(f"lecteur{number}@exemple{number % 4}.test" for number in range(READERS))


@pytest.fixture
def deliver_all(deliver, short_pauses):
    """Until nothing is open, while time passes quickly."""

    def _deliver_all(server, *, each=lambda: None):
        def look(stop):
            each()
            waiting = EditionDelivery.objects.filter(state__in=(State.PENDING, State.DEFERRED))
            waiting.update(due_at=timezone.now())
            if not EditionDelivery.objects.open().exists():
                stop.set()

        deliver(server, look, connections=CONNECTIONS, timeouts=Timeouts(5, 0.4, 5, 0.4))

    return _deliver_all


def by_state():
    found = collections.defaultdict(set)
    for state, address in EditionDelivery.objects.values_list("state", "subscription__subscriber__address"):
        found[state].add(address)
    return found


def assert_honest(server, counted):
    """What is counted is what happened, whatever that was."""
    accepted = [recipient for recipient, _content in server.accepted]
    assert len(accepted) == len(set(accepted)), "a copy was handed over twice"
    assert counted[State.SENT] <= set(accepted), "counted as sent, never accepted"
    assert set(accepted) <= counted[State.SENT] | counted[State.UNCERTAIN], "accepted, not counted"
    dead = EditionDelivery.objects.filter(state=State.FAILED, reply__startswith="550 5.1.1")
    assert Suppression.objects.count() == dead.count(), (
        "suppressed, though the mailbox was not said to be dead"
    )
    assert not counted[State.SUPPRESSED]


@pytest.mark.parametrize(
    "extensions",
    [
        pytest.param(PIPELINED, id="pipelined"),
        pytest.param(LOCKSTEP, id="in lock-step", marks=pytest.mark.any_database),
    ],
)
@pytest.mark.parametrize(("stage", "act"), CASES)
def test_whatever_the_server_does_is_counted_as_what_it_was(
    mta, under_way, deliver_all, settings, stage, act, extensions
):
    server = mta({(stage, time): act for time in SICK}, extensions=extensions)
    deliver_all(server)
    counted = by_state()
    assert_honest(server, counted)
    assert not counted[State.PENDING] | counted[State.LEASED] | counted[State.DEFERRED]
    if act not in ABOUT_THE_MESSAGE and not isinstance(act, ThenDrop):
        assert not counted[State.FAILED], "given up though the message was not the reason"
    if stage in ("HELLO", "EHLO"):
        assert len(counted[State.SENT]) == READERS
    if stage not in ("BODY", "END") or act in ANSWERS:
        assert not counted[State.UNCERTAIN], "uncertain, though it cannot have been accepted"
    assert len(counted[State.UNCERTAIN] | counted[State.FAILED]) <= len(SICK)
    assert list(settings.ACKS_FOLDER.iterdir()) == []


def test_a_server_that_goes_and_comes_back_costs_nobody_a_copy(mta, under_way, deliver_all):
    server = mta({("HELLO", 1): DROP, "END": Late(0.02)})
    server.stop()  # down at the start
    rounds = iter(range(10_000))

    def each():
        number = next(rounds)
        if number % 40 == 20:
            server.start()
        elif number % 40 == 39 and len(server.accepted) < READERS:
            server.stop()

    deliver_all(server, each=each)
    counted = by_state()
    assert_honest(server, counted)
    assert len(counted[State.SENT]) >= READERS - CONNECTIONS * server.stops
    assert len(counted[State.SENT] | counted[State.UNCERTAIN]) == READERS


@pytest.mark.parametrize("act", [DROP, HANG])
def test_a_server_that_swallows_all_costs_one_copy_per_connection_and_then_one_per_pause(
    mta, sending, deliver, monkeypatch, act
):
    """Not more are uncertain than were under way at once, however long it goes on: the rest waits."""
    sending(f"lecteur{number}@exemple{number % 4}.test" for number in range(60))
    monkeypatch.setattr(brakes, "FIRST_PAUSE_S", 60.0)
    server = mta({"END": act})
    began = time.monotonic()

    def look(stop):
        EditionDelivery.objects.filter(state=State.PENDING).update(due_at=timezone.now())
        if time.monotonic() - began > 4:
            stop.set()

    deliver(server, look, connections=CONNECTIONS, timeouts=Timeouts(5, 5, 5, 0.4))
    counted = by_state()
    assert 1 <= len(counted[State.UNCERTAIN]) <= CONNECTIONS + 1
    assert len(counted[State.PENDING]) == 60 - len(counted[State.UNCERTAIN])
    assert not server.accepted
