"""One thread sees to the usual answers of all connections; all else goes back to theirs."""

import contextlib
import threading
import time
from collections import Counter, deque

import pytest
from fake_mta import HANG, Late

from depeche.delivery.messages import Envelope
from depeche.delivery.models import State
from depeche.delivery.smtp import session as sessions
from depeche.delivery.smtp.carrier import Carrier
from depeche.delivery.smtp.server import SmtpServer, Timeouts
from depeche.delivery.smtp.session import Session

pytestmark = pytest.mark.any_database


@pytest.fixture
def carrier():
    made = Carrier()
    made.start()
    yield made
    made.close()


class Fleet:
    """Eight connections to one server, each of a thread of its own; what came of each message, and by which thread."""

    def __init__(self, server, carrier, timeouts=None):
        self.came, self.by = [], Counter()
        self._server, self._carrier = SmtpServer("127.0.0.1", server.port), carrier
        self._timeouts = timeouts or Timeouts(connect_s=10, answer_s=10, block_s=10, end_s=10)
        self.is_calm = threading.Event()
        self.is_calm.set()

    def send(self, messages):
        waiting = deque(messages)

        def serve():
            session = Session(self._server, self._timeouts)
            send_all(session, waiting, self._done, self._carrier, is_calm=self.is_calm.is_set)
            session.close()

        threads = [threading.Thread(target=serve) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        return self

    def _done(self, message, outcome):
        self.came.append((message.recipient, outcome.state))
        self.by[threading.current_thread().name == "carrier"] += 1


def send_all(session, waiting, done, carrier, *, is_calm=lambda: True):
    """Send what waits; several threads may, each with a session of its own."""

    def some():
        with contextlib.suppress(IndexError):
            while True:
                yield waiting.popleft()

    def advance(sent, outcome, _following):
        try:
            behind = waiting.popleft() if is_calm() else None
        except IndexError:
            return None
        if behind is not None:
            done(sent, outcome)
        return behind

    session.send(some(), begin=lambda _message: True, done=done, carrier=carrier, advance=advance)


def mails(count, body=b"x" * 20_000):
    return [
        Envelope("redaction@depeche.test", f"r{n}@exemple.test", b"Subject: %d\r\n\r\n%s\r\n" % (n, body))
        for n in range(count)
    ]


def test_all_arrive_once_and_nearly_all_by_one_thread(mta, carrier):
    server, messages = mta(), mails(400)
    fleet = Fleet(server, carrier).send(messages)
    assert sorted(fleet.came) == sorted((one.recipient, State.SENT) for one in messages)
    assert dict(server.accepted) == {one.recipient: one.content for one in messages}
    assert (server.violations, server.connections) == ([], 8)
    assert fleet.by[True] > 350


def test_nothing_is_carried_while_something_is_wrong(mta, carrier):
    fleet = Fleet(mta(), carrier)
    fleet.is_calm.clear()
    fleet.send(mails(40))
    assert len(fleet.came) == 40
    assert fleet.by[True] == 0


def test_a_connection_that_hangs_holds_up_no_other(mta, carrier):
    server = mta({("END", 30): HANG})
    began = time.monotonic()
    fleet = Fleet(server, carrier, Timeouts(connect_s=10, answer_s=10, block_s=10, end_s=3)).send(mails(200))
    assert Counter(state for _recipient, state in fleet.came) == {State.SENT: 199, State.UNCERTAIN: 1}
    assert 3 <= time.monotonic() - began < 8
    *others, behind_it = server.accepted_at
    assert behind_it - others[-1] > 1
    assert others[-1] - others[0] < 2, "the others went on meanwhile"


def test_what_does_not_leave_at_once_is_written_by_its_own_thread(mta, carrier):
    server, messages = mta(), mails(16, b"y" * 76 + b"\r\n" + (b"z" * 76 + b"\r\n") * 100_000)
    fleet = Fleet(server, carrier).send(messages)
    assert {state for _recipient, state in fleet.came} == {State.SENT}
    assert dict(server.accepted) == {one.recipient: one.content for one in messages}


def test_slow_answers_are_waited_for_all_at_once(mta, carrier):
    server = mta({"END": Late(0.1)})
    began = time.monotonic()
    Fleet(server, carrier).send(mails(80))
    assert time.monotonic() - began < 4, "80 answers one after another take 8 seconds"


def test_what_it_carries_goes_back_when_it_closes(mta, carrier):
    server = mta({"END": Late(0.3)})
    threading.Timer(0.5, carrier.close).start()
    fleet = Fleet(server, carrier).send(mails(40))
    assert len(fleet.came) == 40
    assert fleet.by[False] > 8


@pytest.mark.parametrize("where", [(Carrier, "_hears"), (sessions._Flight, "speak")])
def test_should_it_break_each_connection_goes_on_by_itself(mta, carrier, monkeypatch, where):
    """Also where a message is begun, and its body is still to be written."""
    does = getattr(*where)

    def break_soon(*args):
        if server.commands.count("DATA") > 40:
            raise RuntimeError("broken")
        return does(*args)

    monkeypatch.setattr(*where, break_soon)
    server, messages = mta(), mails(120)
    fleet = Fleet(server, carrier).send(messages)
    assert sorted(fleet.came) == sorted((one.recipient, State.SENT) for one in messages)
    assert fleet.by[False] > 60


def test_an_answer_does_not_wait_for_that_to_the_next_envelope(mta, carrier):
    """A server may think long about a recipient: what it said of the message before is known at once."""
    server, came = mta({("RCPT", 20): Late(2)}), {}

    def done(message, _outcome):
        came[message.recipient] = time.monotonic()

    session = Session(SmtpServer("127.0.0.1", server.port), Timeouts(10, 10, 10, 10))
    send_all(session, deque(mails(30)), done, carrier)
    times = list(came.values())
    assert times[19] - times[18] > 1.5
    assert times[18] - times[0] < 1
