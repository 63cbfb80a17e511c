"""Two ways out: the second is taken when the first has been silent for long, the first when it answers again."""

import collections
import datetime as dt
import itertools
import re
import socket
import sys
import threading
from urllib.parse import quote

import pytest
from django.db import connections
from django.utils import timezone
from fake_mta import DROP, Late

from depeche.delivery import actions, brakes, failover
from depeche.delivery.crew import threads
from depeche.delivery.engine import CONNECTIONS, Engine
from depeche.delivery.failover import WaysOut
from depeche.delivery.models import State, TransactionalMessage
from depeche.delivery.outside import Unreached
from depeche.delivery.smtp.outcomes import Fault, NoConnection, SmtpOutcome, Stage
from depeche.delivery.smtp.server import SmtpServer, Timeouts
from depeche.delivery.smtp.session import Session
from depeche.delivery.transports import Transport, from_url, smtp
from depeche.newsletters.models import EditionDelivery

PATIENCE_S = 0.3
QUICK = Timeouts(connect_s=2, answer_s=2, block_s=2, end_s=2)


class Clock:
    """A clock that is moved by hand, for all who count the pauses."""

    def __init__(self, monkeypatch):
        self.now = 1000.0
        for name, module in list(sys.modules.items()):
            if name.startswith("depeche.delivery.") and hasattr(module, "clock"):
                monkeypatch.setattr(module, "clock", lambda: self.now)


@pytest.fixture
def to_mta():
    def _to_mta(server, *, name="first"):
        return Transport(name, 8, lambda: Session(SmtpServer("127.0.0.1", server.port), QUICK))

    return _to_mta


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return unused.getsockname()[1]


def nobody(port, name="first"):
    return Transport(name, 8, lambda: Session(SmtpServer("127.0.0.1", port), QUICK))


def some_mails(count):
    return [
        actions.send(
            sender="r@courrier.test", recipient=f"n{number}@exemple.test", subject="s", text=f"n° {number}."
        )
        for number in range(count)
    ]


def states():
    return collections.Counter(TransactionalMessage.objects.values_list("state", flat=True))


def drain(ways):
    """One try with all that waits, as the engine makes it when its pause is over."""
    TransactionalMessage.objects.filter(state=State.PENDING).update(due_at=timezone.now())
    return Engine(ways.sender, tell=ways.tell).drain()


pytestmark = pytest.mark.django_db


def test_the_second_is_taken_after_two_minutes_of_silence_and_not_before(
    monkeypatch, mta, to_mta, closed_port
):
    clock, second = Clock(monkeypatch), mta()
    ways = WaysOut(nobody(closed_port), to_mta(second, name="second"))
    some_mails(3)
    for _ in range(8):
        assert not drain(ways)
        clock.now += 15
    assert second.accepted == []
    assert states() == {State.PENDING: 3}
    clock.now += 1
    assert drain(ways)
    assert len(second.accepted) == 3
    assert states() == {State.SENT: 3}


def test_the_first_is_tried_by_itself_and_taken_back_without_a_message_at_risk(
    monkeypatch, mta, to_mta, closed_port
):
    clock, first, second = Clock(monkeypatch), mta(), mta()
    port = [closed_port]
    way = Transport("first", 8, lambda: Session(SmtpServer("127.0.0.1", port[0]), QUICK))
    ways = WaysOut(way, to_mta(second, name="second"))
    some_mails(1)
    assert not drain(ways)
    clock.now += 121
    assert drain(ways)
    clock.now += 61  # tried again: in vain
    some_mails(1)
    assert drain(ways)
    assert len(second.accepted) == 2
    port[0] = first.port
    clock.now += 61  # not yet: the pause doubled
    some_mails(1)
    assert drain(ways)
    assert (len(first.accepted), len(second.accepted)) == (0, 3)
    clock.now += 60
    some_mails(1)
    assert drain(ways)
    assert (len(first.accepted), len(second.accepted)) == (1, 3)


@pytest.mark.parametrize(
    "rules",
    [
        {"HELLO": "554 5.7.1 your network is blocked"},
        {"MAIL": "550 5.7.26 unauthenticated"},
        {"RCPT": "550 5.7.515 access denied"},
        {"RCPT": "450 4.2.0 mailbox busy"},
        {"END": "554 5.7.1 spam"},
    ],
)
def test_a_refusal_of_us_or_of_a_message_changes_no_way(monkeypatch, mta, to_mta, rules):
    clock, second = Clock(monkeypatch), mta()
    ways = WaysOut(to_mta(mta(rules)), to_mta(second, name="second"))
    some_mails(2)
    for _ in range(5):
        drain(ways)
        TransactionalMessage.objects.update(due_at=timezone.now())
        clock.now += 100_000
    assert second.accepted == []
    assert not states()[State.SENT]


def test_a_server_that_cannot_prove_itself_counts_as_silent(monkeypatch, mta, to_mta):
    clock, second = Clock(monkeypatch), mta()
    plain = mta()  # offers no STARTTLS
    way = Transport(
        "first", 8, lambda: Session(SmtpServer("127.0.0.1", plain.port, security="starttls"), QUICK)
    )
    ways = WaysOut(way, to_mta(second, name="second"))
    some_mails(1)
    assert not drain(ways)
    clock.now += 121
    assert drain(ways)
    assert len(second.accepted) == 1


def test_what_may_have_arrived_is_never_sent_by_the_second(monkeypatch, mta, to_mta):
    clock, second = Clock(monkeypatch), mta()
    first = mta({"END": DROP})
    ways = WaysOut(to_mta(first), to_mta(second, name="second"))
    some_mails(1)
    drain(ways)
    first.rules = {"HELLO": DROP}
    some_mails(1)
    for _ in range(3):
        drain(ways)
        clock.now += 121
    assert states() == {State.UNCERTAIN: 1, State.SENT: 1}
    assert len(second.accepted) == 1


def test_a_provider_in_trouble_is_left_for_a_mail_server(monkeypatch, mta, to_mta, web_service):
    clock, second = Clock(monkeypatch), mta()
    service = web_service({"each": (503, "down")})
    url = f"anymail+mailgun://?api_key=k&sender_domain=d.test&api_url={quote(service.address, safe='')}"
    ways = WaysOut(from_url(url), to_mta(second, name="second"))
    some_mails(2)
    drain(ways)
    clock.now += 121
    TransactionalMessage.objects.update(due_at=timezone.now())
    drain(ways)
    assert states() == {State.SENT: 2}
    assert len(second.accepted) == 2
    service.rules, service.root = {}, 503
    clock.now += 61
    some_mails(1)
    drain(ways)
    assert (len(second.accepted), len(service.accepted)) == (3, 0)
    service.root = 200
    clock.now += 121
    some_mails(1)
    drain(ways)
    assert (len(second.accepted), len(service.accepted)) == (3, 1)


def test_both_silent_nothing_is_lost_and_both_are_tried_each_minute(monkeypatch, closed_port, mta, to_mta):
    clock = Clock(monkeypatch)
    port = [closed_port]
    second = Transport("second", 8, lambda: Session(SmtpServer("127.0.0.1", port[0]), QUICK))
    ways = WaysOut(nobody(closed_port), second)
    some_mails(1)
    for _ in range(6):
        assert not drain(ways)
        clock.now += 61
    assert states() == {State.PENDING: 1}
    port[0] = mta().port
    assert drain(ways)
    assert states() == {State.SENT: 1}


def test_who_asks_is_told_what_does_not_answer_and_what_is_taken_instead(
    monkeypatch, mta, to_mta, closed_port
):
    clock = Clock(monkeypatch)
    port = [closed_port]
    way = Transport("mail.exemple.test:587", 8, lambda: Session(SmtpServer("127.0.0.1", port[0]), QUICK))
    ways = WaysOut(way, to_mta(mta(), name="Mailgun"))
    some_mails(1)
    drain(ways)
    drain(ways)
    (row,) = failover.unreached()
    assert (row.way, row.instead) == ("mail.exemple.test:587", "")
    clock.now += 121
    drain(ways)
    ways.tell()
    (again,) = failover.unreached()
    assert (again.instead, again.since) == ("Mailgun", row.since)
    assert failover.unreached(at=timezone.now() + dt.timedelta(minutes=5)) == []  # its worker ended
    port[0] = mta().port
    clock.now += 61
    some_mails(1)
    drain(ways)
    ways.tell()
    assert failover.unreached() == []
    assert not Unreached.objects.exists()


def test_with_one_way_a_silent_server_is_told_of_too(closed_port):
    ways = WaysOut(nobody(closed_port))
    some_mails(1)
    assert not drain(ways)
    ways.tell()
    assert [(row.way, row.instead) for row in failover.unreached()] == [("first", "")]


def test_a_name_holds_no_secret():
    way = from_url("smtp+starttls://user:geheim@mail.exemple.test:587")
    assert way.name == "mail.exemple.test:587"
    assert "geheim" not in smtp(SmtpServer("mail.exemple.test", 25)).name


@pytest.mark.django_db(transaction=True)
def test_a_server_that_dies_in_the_middle_loses_nothing_and_doubles_nothing(monkeypatch, mta, to_mta):
    """Threads, real pauses cut short: half goes by the first, which dies; the rest by the second."""
    monkeypatch.setattr(failover, "AGAIN_S", 0.1)
    monkeypatch.setattr(brakes, "FIRST_PAUSE_S", 0.05)
    first, second = mta(), mta()
    ways = WaysOut(to_mta(first), to_mta(second, name="second"), patience_s=PATIENCE_S)
    some_mails(150)
    dies(first, after=60)
    stop, wake, all_ended = threading.Event(), threading.Event(), threading.Event()

    def look():  # in the engine's thread: a database in memory bears one at a time
        ways.tell()
        waiting = TransactionalMessage.objects.filter(state__in=(State.PENDING, State.DEFERRED))
        waiting.update(due_at=timezone.now())
        if states()[State.SENT] + states()[State.UNCERTAIN] == 150:
            all_ended.set()

    engine = Engine(ways.sender, connections=3, tell=look)

    def work():
        try:
            engine.run(stop=stop, wake=wake)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    all_ended.wait(60)
    stop.set()
    wake.set()
    thread.join(timeout=30)
    got = [numbers(content) for _, content in first.accepted + second.accepted]
    counted = states()
    assert len(got) == len(set(got))
    assert counted[State.SENT] + counted[State.UNCERTAIN] == 150
    assert counted[State.UNCERTAIN] <= 4  # three connections, and the one for what somebody waits for
    assert 150 - counted[State.UNCERTAIN] <= len(got) <= 150
    assert len(first.accepted) >= 60
    assert second.accepted


def test_in_mid_edition_the_second_is_taken_and_the_first_again_once_it_is_back(
    monkeypatch, mta, to_mta, sending, deliver, short_pauses
):
    """The streams by the second end for it, though all goes well there."""
    monkeypatch.setattr(failover, "AGAIN_S", 0.05)
    monkeypatch.setattr(failover, "PROBED_AFTER_S", 0.2)
    readers = {f"n{number}@exemple.test" for number in range(600)}
    sending(readers)
    first, second = mta({"END": Late(0.02)}), mta({"END": Late(0.02)})  # 400 a second at most
    ways = WaysOut(to_mta(first), to_mta(second, name="second"), patience_s=PATIENCE_S)
    at_its(first, 60, first.stop)
    at_its(second, 10, first.start)

    def look(stop):
        waiting = EditionDelivery.objects.filter(state__in=(State.PENDING, State.DEFERRED))
        waiting.update(due_at=timezone.now())
        if not EditionDelivery.objects.open().exists():
            stop.set()

    deliver(ways.sender, look, within_s=20)
    got = [recipient for recipient, _content in first.accepted + second.accepted]
    counted = collections.defaultdict(set)
    for state, address in EditionDelivery.objects.values_list("state", "subscription__subscriber__address"):
        counted[state].add(address)
    assert len(got) == len(set(got))
    assert counted[State.SENT] <= set(got)
    assert counted[State.SENT] | counted[State.UNCERTAIN] == readers
    assert len(counted[State.UNCERTAIN]) <= threads(CONNECTIONS)
    assert 10 <= len(second.accepted) < 300, "the first was tried after 0.2 seconds, or 0.4 later"


def at_its(server, number, act):
    """Do this when its n-th final dot came, before that is answered."""
    known, dots = server.act, itertools.count(1)

    def _act(stage, domain=None):
        if stage == "END" and next(dots) == number:
            act()
        return known(stage, domain)

    server.act = _act


SENT = SmtpOutcome(State.SENT, Stage.BODY, Fault.NOBODY, "250 kept", 250)


SILENT = NoConnection("nobody listens").outcome


class OneStep:
    """A sender on whose connection the carrier takes one step."""

    def send(self, messages, *, begin, done, carrier, advance):
        advance(next(messages), SENT, next(messages))


@pytest.fixture
def in_steps():
    return WaysOut(Transport("first", 8, OneStep), Transport("second", 8, OneStep))


def takes_more(ways, meanwhile=lambda: None):
    """Whether a stream takes a third message by the way that is open, where this happens before the first is answered."""
    taken = []

    def messages():
        yield "1"
        meanwhile()
        yield "2"

    ways.sender().send(messages(), begin=None, done=None, advance=lambda *step: taken.append(step) or "3")
    return taken == [("1", SENT, "2")]


def test_a_stream_takes_no_more_for_a_way_that_is_left(monkeypatch, in_steps):
    clock = Clock(monkeypatch)

    def the_first_is_left():
        in_steps.note(in_steps.first, SILENT)
        clock.now += 121
        assert in_steps.current() is in_steps.second

    def the_first_is_to_be_tried():
        clock.now += 61

    assert takes_more(in_steps)
    assert not takes_more(in_steps, the_first_is_left)
    assert takes_more(in_steps)
    assert not takes_more(in_steps, the_first_is_to_be_tried)


def test_what_a_stream_sends_by_the_first_ends_its_silence(monkeypatch, in_steps):
    clock = Clock(monkeypatch)
    assert takes_more(in_steps, lambda: in_steps.note(in_steps.first, SILENT))
    clock.now += 121
    assert in_steps.current() is in_steps.first


def test_what_a_stream_sends_by_the_first_shortens_the_pauses_before_it_is_tried(monkeypatch, in_steps):
    clock = Clock(monkeypatch)
    for _ in range(3):
        in_steps.note(in_steps.first, SILENT)
        clock.now += 121
        assert in_steps.current() is in_steps.second
        clock.now += 61
        assert in_steps.claims_probe()
        in_steps.answered()
        assert takes_more(in_steps)


def dies(server, *, after):
    """From its n-th final dot on, connections are dropped, and none is taken."""

    known = server.act

    def act(*of):
        if len(server.accepted) >= after:
            server.close()
            return DROP
        return known(*of)

    server.act = act


def numbers(content):
    return re.search(rb"n\xc2\xb0 (\d+)\.|n=C2=B0 (\d+)\.", content)[0]
