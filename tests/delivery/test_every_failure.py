"""The whole engine against a mail server that fails, at each stage and in each way: who is counted as what.

Its threads, leases, ledger and log are the real ones; only the pauses are short, and time passes quickly.
"""

import collections
import threading

import pytest
from django.utils import timezone
from fake_mta import DROP, HANG, LOCKSTEP, PIPELINED, ThenDrop

from depeche.delivery import brakes
from depeche.delivery.engine import Engine
from depeche.delivery.models import State, Suppression
from depeche.delivery.smtp.server import SmtpServer, Timeouts
from depeche.delivery.smtp.session import Session
from depeche.newsletters import actions
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


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(brakes, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(brakes, "LONGEST_PAUSE_S", 0.2)


@pytest.fixture
def under_way(newsletter, subscribe, editor, write):
    """An edition to readers at four domains, about to leave."""
    for number in range(READERS):
        subscribe(f"lecteur{number}@exemple{number % 4}.test")
    draft = actions.compose_edition(
        newsletter, subject="La passerelle", introduction="", articles=[write()], by=editor
    )
    return actions.send(draft, by=editor)


class Rounds(threading.Event):
    """What the engine waits for between two rounds; there `each` looks at the database, and may stop it."""

    def __init__(self, each):
        super().__init__()
        self.each = each

    def wait(self, timeout=None):
        self.each()
        return super().wait(min(timeout, 0.01))


@pytest.fixture
def deliver(monkeypatch):
    """Run an engine until nothing is open any more, waiting for nothing but the server."""

    def _deliver(server, *, within_s=30, each=lambda: None, connections=CONNECTIONS, timeouts=None):
        timeouts = timeouts or Timeouts(connect_s=5, answer_s=0.4, block_s=5, end_s=0.4)
        stop = threading.Event()
        too_late = threading.Timer(within_s, stop.set)
        too_late.start()

        def look():
            each()
            waiting = EditionDelivery.objects.filter(state__in=(State.PENDING, State.DEFERRED))
            waiting.update(due_at=timezone.now())
            if not EditionDelivery.objects.open().exists():
                stop.set()

        engine = Engine(
            lambda: Session(SmtpServer("127.0.0.1", server.port), timeouts), connections=connections
        )
        engine.run(stop=stop, wake=Rounds(look))
        too_late.cancel()
        return engine

    return _deliver


def by_state():
    found = collections.defaultdict(set)
    for state, address in EditionDelivery.objects.values_list(
        "state", "subscription__subscriber__address"
    ):
        found[state].add(address)
    return found


def assert_honest(server, counted):
    """What is counted is what happened, whatever that was."""
    accepted = [recipient for recipient, _content in server.accepted]
    assert len(accepted) == len(set(accepted)), "a copy was handed over twice"
    assert counted[State.SENT] <= set(accepted), "counted as sent, never accepted"
    assert set(accepted) <= counted[State.SENT] | counted[State.UNCERTAIN], "accepted, not counted"
    assert not Suppression.objects.exists()
    assert not counted[State.SUPPRESSED]


@pytest.mark.parametrize("extensions", [PIPELINED, LOCKSTEP], ids=["pipelined", "in lock-step"])
@pytest.mark.parametrize(("stage", "act"), CASES)
def test_whatever_the_server_does_is_counted_as_what_it_was(
    mta, under_way, deliver, settings, stage, act, extensions
):
    server = mta({(stage, time): act for time in SICK}, extensions=extensions)
    deliver(server)
    counted = by_state()
    assert_honest(server, counted)
    assert not counted[State.PENDING] | counted[State.LEASED] | counted[State.DEFERRED]
    if act not in ABOUT_THE_MESSAGE and not isinstance(act, ThenDrop):
        assert not counted[State.FAILED], "given up though the message was not the reason"
    if stage in ("HELLO", "EHLO"):
        assert len(counted[State.SENT]) == READERS
    if stage != "END" or act in ANSWERS:
        assert not counted[State.UNCERTAIN], "uncertain, though it cannot have been accepted"
    assert len(counted[State.UNCERTAIN] | counted[State.FAILED]) <= len(SICK)
    assert list(settings.ACKS_FOLDER.iterdir()) == []
