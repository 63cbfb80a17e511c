"""Every failure at every stage, chained and in lock-step: nothing counts as sent that was not accepted."""

import threading

import pytest
from fake_mta import DROP, HANG, LOCKSTEP, PIPELINED, Slow, ThenDrop

from depeche.delivery.messages import Envelope
from depeche.delivery.models import State
from depeche.delivery.smtp import session as sessions
from depeche.delivery.smtp.carrier import Carrier
from depeche.delivery.smtp.connection import Connection
from depeche.delivery.smtp.outcomes import Fault, NoConnection
from depeche.delivery.smtp.server import Timeouts

pytestmark = pytest.mark.any_database

MODES = pytest.mark.parametrize("extensions", [PIPELINED, LOCKSTEP], ids=["chained", "lockstep"])
GARBAGE = b"\x00\xff\xfe what\r\n"
ENDLESS_LINE = b"250 " + b"x" * 300_000 + b"\r\n"
ENDLESS_REPLY = b"250-x\r\n" * 50_000
SHIFTING = b"250-one\r\n550 two\r\n"
LOST = [DROP, HANG, GARBAGE, ENDLESS_LINE, ENDLESS_REPLY, SHIFTING]


@pytest.fixture(autouse=True, params=["by its thread", "by the carrier"])
def carried(request, monkeypatch):
    """Each of these with a thread that waits for its own answers, and with the one that waits for those of all."""
    if request.param == "by its thread":
        yield
        return
    carrier = Carrier()
    carrier.start()
    send = sessions.Session.send

    def send_with_carrier(session, messages, *, begin, done):
        waiting = Waiting(messages)

        def advance(sent, outcome, following):
            behind = next(waiting, None)
            if behind is None:
                return None
            try:
                may_begin = begin(following)
            except BaseException:
                done(sent, outcome)
                raise
            if not may_begin:
                waiting.back.append(behind)
                return None
            done(sent, outcome)
            return behind

        send(session, waiting, begin=begin, done=done, carrier=carrier, advance=advance)

    monkeypatch.setattr(sessions.Session, "send", send_with_carrier)
    yield
    carrier.close()


class Waiting:
    """Messages, of which one may be put back."""

    def __init__(self, messages):
        self._messages, self.back = messages, []

    def __iter__(self):
        return self

    def __next__(self):
        return self.back.pop() if self.back else next(self._messages)


def mails(count=5):
    return [
        Envelope(
            "redaction@depeche.test",
            f"r{n}@exemple.test",
            f"Subject: {n}\r\n\r\n.Un\r\n..\r\n{n}\r\n".encode(),
        )
        for n in range(1, count + 1)
    ]


class Told:
    """What a stream told us, by message."""

    def __init__(self):
        self.begun, self.came = [], {}

    def begin(self, message):
        self.begun.append(message.recipient)
        return True

    def done(self, message, outcome):
        assert message.recipient not in self.came, "told twice"
        self.came[message.recipient] = outcome

    def states(self):
        return {recipient: outcome.state for recipient, outcome in self.came.items()}

    def sent(self):
        return [recipient for recipient, outcome in self.came.items() if outcome.state == State.SENT]


def stream(session, messages, *, begin=None):
    told = Told()
    session.send(iter(messages), begin=begin or told.begin, done=told.done)
    return told


def matrix():
    for stage, name in [("MAIL", "mail"), ("RCPT", "rcpt"), ("DATA", "data")]:
        yield stage, "450 4.2.0 later", State.DEFERRED, name
        yield stage, "550 5.1.1 no", State.FAILED, name
        for act in [*LOST, "421 4.7.0 closing", ThenDrop("421 4.7.0 closing")]:
            # A connection that served before may end before a message: that is no matter of the message.
            yield (stage, act, *((State.SENT, "body") if stage == "MAIL" else (State.DEFERRED, name)))
    for stage, go in [("MAIL", "250"), ("RCPT", "250"), ("DATA", "354")]:
        yield stage, Slow((f"{go}-one", f"{go}-two", f"{go} three")), State.SENT, "body"
    yield "DATA", "250 what?", State.DEFERRED, "data"
    yield "BODY", ThenDrop("552 5.3.4 too big"), State.FAILED, "body"
    for act in [*LOST, "354 go on"]:
        yield "END", act, State.UNCERTAIN, "body"
    for act in [DROP, HANG]:  # the whole message had left us, so we cannot know
        yield "BODY", act, State.UNCERTAIN, "body"
    yield "END", "451 4.3.0 later", State.DEFERRED, "body"
    yield "END", "554 5.7.1 no", State.FAILED, "body"
    yield "END", "421 4.7.0 closing", State.DEFERRED, "body"
    yield "END", ThenDrop("421 4.7.0 closing"), State.DEFERRED, "body"
    yield "END", Slow(("250-one", "250 two")), State.SENT, "body"
    yield "END", ThenDrop("250 kept"), State.SENT, "body"


@MODES
@pytest.mark.parametrize(("stage", "act", "state", "where"), list(matrix()))
def test_what_happens_to_one_message_stays_with_it(mta, session_to, extensions, stage, act, state, where):
    server = mta({(stage, 3): act}, extensions=extensions)
    messages = mails()
    told = stream(session_to(server), messages)
    others = dict.fromkeys((m.recipient for m in messages), State.SENT)
    assert told.states() == {**others, "r3@exemple.test": state}
    assert told.came["r3@exemple.test"].stage == where
    accepted = [recipient for recipient, _ in server.accepted]
    known = [r for r in accepted if told.came[r].state != State.UNCERTAIN]
    assert sorted(known) == sorted(set(known))
    assert sorted(known) == told.sent()
    assert dict(server.accepted).items() <= {m.recipient: m.content for m in messages}.items()
    assert server.violations == []


@MODES
@pytest.mark.parametrize("act", [*LOST, "421 not now", "554 5.7.1 blocked", ThenDrop("421 not now")])
@pytest.mark.parametrize("stage", ["HELLO", "EHLO"])
def test_a_server_that_turns_us_away_costs_no_message_anything(mta, session_to, extensions, stage, act):
    rules = {stage: act, "HELO": "554 5.7.1 blocked"}
    server, told = mta(rules, extensions=extensions), Told()
    messages = iter(mails())
    with pytest.raises(NoConnection):
        session_to(server).send(messages, begin=told.begin, done=told.done)
    assert told.states() == {"r1@exemple.test": State.PENDING}
    assert (told.begun, server.accepted) == ([], [])
    assert len(list(messages)) == 4, "what was not taken stays with its owner"


@MODES
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_always_breaks_off_is_left_alone(mta, session_to, extensions, stage):
    server, told = mta({stage: DROP}, extensions=extensions), Told()
    with pytest.raises(NoConnection):
        session_to(server).send(iter(mails()), begin=told.begin, done=told.done)
    lost = State.UNCERTAIN if stage == "END" else State.DEFERRED
    assert list(told.states().values()) == [lost, lost, lost, State.PENDING]
    assert all(outcome.fault == Fault.SERVER for outcome in told.came.values())
    assert server.connections == sessions.MOST_FRUITLESS


@MODES
def test_each_refused_in_turn_leaves_the_others(mta, session_to, extensions):
    refused = {("RCPT", n): "550 5.1.1 no" for n in (1, 2, 4)}
    server = mta(refused, extensions=extensions)
    told = stream(session_to(server), mails())
    assert told.sent() == ["r3@exemple.test", "r5@exemple.test"]
    assert (server.connections, server.violations) == (1, [])
    assert [recipient for recipient, _ in server.accepted] == told.sent()


@pytest.mark.parametrize("end", ["250 2.0.0 kept", "554 5.5.1 nobody", DROP, HANG, "421 closing"])
def test_a_server_that_wants_the_body_for_nobody_gets_an_empty_one_and_no_sent(mta, session_to, end):
    server = mta({("RCPT", 3): "550 5.1.1 no", ("DATA", 3): "354 go", ("END", 3): end})
    told = stream(session_to(server), mails())
    assert told.came["r3@exemple.test"].state == State.FAILED
    assert [recipient for recipient, _ in server.accepted] == told.sent()
    assert len(told.sent()) == 4


def test_a_recipient_taken_though_the_sender_was_refused_gets_nothing(mta, session_to):
    rules = {("MAIL", 3): "550 5.7.1 not you", ("RCPT", 3): "250 ok", ("DATA", 3): "354 go"}
    server = mta(rules)
    told = stream(session_to(server), mails())
    assert told.came["r3@exemple.test"].state == State.FAILED
    assert server.connections == 2, "no dot may follow there, so the connection ends"
    assert [recipient for recipient, _ in server.accepted] == told.sent()


def test_replies_out_of_step_send_nothing(mta, session_to):
    server = mta({("DATA", 1): b"354 go\r\n250 2.0.0 kept\r\n"})
    outcome = session_to(server).submit(mails()[0])
    assert (outcome.state, server.accepted) == (State.DEFERRED, [])


@MODES
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
def test_one_reply_too_many_shifts_nothing_into_sent(mta, session_to, extensions, stage):
    server = mta({(stage, 3): b"250 2.0.0 ok\r\n250 2.0.0 ok\r\n"}, extensions=extensions)
    told = stream(session_to(server), mails())
    assert set(told.sent()) <= {recipient for recipient, _ in server.accepted}
    assert len(told.sent()) >= 3


@MODES
@pytest.mark.parametrize("withheld", [["r1"], ["r3"], ["r5"], ["r2", "r3"], ["r1", "r2", "r3", "r4", "r5"]])
def test_what_is_withheld_at_the_last_moment_does_not_arrive(mta, session_to, extensions, withheld):
    server = mta(extensions=extensions)
    told = stream(session_to(server), mails(), begin=lambda m: m.recipient[:2] not in withheld)
    assert sorted(told.sent()) == [m.recipient for m in mails() if m.recipient[:2] not in withheld]
    assert [recipient for recipient, _ in server.accepted] == told.sent()
    assert len(told.came) == 5 - len(withheld)


@MODES
def test_beginning_is_asked_when_the_server_waits_and_before_the_body(mta, session_to, extensions):
    server = mta(extensions=extensions)
    heard = []
    stream(session_to(server), mails(), begin=lambda _: heard.append(server.commands.count("DATA")) or True)
    assert heard == [1, 2, 3, 4, 5]


@MODES
def test_what_a_hook_raises_passes_and_nothing_is_accepted(mta, session_to, extensions):
    server, told = mta(extensions=extensions), Told()

    def begin(message):
        if message.recipient == "r2@exemple.test":
            raise RuntimeError("disk full")
        return True

    session = session_to(server)
    with pytest.raises(RuntimeError):
        session.send(iter(mails()), begin=begin, done=told.done)
    assert [recipient for recipient, _ in server.accepted] == told.sent() == ["r1@exemple.test"]
    assert session.submit(mails()[4]).state == State.SENT
    assert server.connections == 2


@MODES
@pytest.mark.parametrize("end", ["421 4.7.0 closing", "354 go on"])
def test_a_connection_that_is_over_carries_no_other_message(mta, session_to, extensions, end):
    server = mta({("END", 2): end}, extensions=extensions)
    assert len(stream(session_to(server), mails()).sent()) == 4
    assert server.connections == 2


@MODES
def test_where_nothing_follows_for_now_the_last_is_finished(mta, session_to, extensions):
    server, told, finished = mta(extensions=extensions), Told(), threading.Event()

    def done(message, outcome):
        told.done(message, outcome)
        finished.set()

    def messages():
        for message in mails(3):
            finished.clear()
            yield message
            yield None
            assert finished.wait(5), "waited for the next message before it finished the last"

    session_to(server).send(messages(), begin=told.begin, done=done)
    assert (len(told.sent()), server.connections) == (3, 1)


@pytest.mark.parametrize(("extensions", "writes"), [(PIPELINED, 11), (LOCKSTEP, 40)])
def test_a_chained_message_costs_one_write(mta, session_to, monkeypatch, extensions, writes):
    counted, write, write_now = [], Connection.write, Connection.write_now
    monkeypatch.setattr(
        Connection,
        "write",
        lambda self, *data, **options: counted.append(data) or write(self, *data, **options),
    )
    monkeypatch.setattr(
        Connection, "write_now", lambda self, data: counted.append(data) or write_now(self, data)
    )
    session = session_to(mta(extensions=extensions))
    stream(session, mails(10))
    assert len(counted) - 1 == writes, "one of them is EHLO"


def test_a_connection_that_waited_too_long_is_replaced(mta, session_to, monkeypatch):
    server = mta()
    session = session_to(server)
    session.submit(mails()[0])
    session.submit(mails()[1])
    assert server.connections == 1
    monkeypatch.setattr(sessions, "KEPT_IDLE_S", -1)
    session.submit(mails()[2])
    assert (server.connections, server.commands.count("QUIT")) == (2, 1)


def test_a_slow_answer_is_waited_for_no_longer_than_allowed(mta, session_to):
    dribble = Slow((*(f"250-{n}" for n in range(40)), "250 kept"), pause_s=0.05)
    server = mta({"END": dribble})
    outcome = session_to(server, timeouts=Timeouts(answer_s=2, end_s=0.4)).submit(mails()[0])
    assert outcome.state == State.UNCERTAIN
    assert "in time" in outcome.words


def test_the_mail_catcher_takes_a_stream_as_the_fake_does(mailroom, settings):
    told = stream(mailroom.session(), mails(20))
    assert len(told.sent()) == 20
    assert {mail["X-Envelope-To"] for mail in mailroom.caught()} == set(told.came)
