"""A connection that breaks while a body is written: before its final dot nothing was handed over, after it nobody knows."""

import pytest
from fake_mta import DROP, HANG, LOCKSTEP, PIPELINED, ThenDrop

from depeche.delivery.content import WireContent
from depeche.delivery.messages import Envelope
from depeche.delivery.models import State
from depeche.delivery.smtp.connection import Connection
from depeche.delivery.smtp.outcomes import Fault, Stage
from depeche.delivery.smtp.replies import Lost
from depeche.delivery.smtp.server import Timeouts
from depeche.delivery.smtp.transaction import write_body

pytestmark = pytest.mark.any_database

MODES = pytest.mark.parametrize("extensions", [PIPELINED, LOCKSTEP], ids=["chained", "lockstep"])
MORE_THAN_BUFFERS_HOLD = WireContent([b"x" * 76 + b"\r\n"] * 200_000, is_ascii=True)
LARGE = Envelope("a@depeche.test", "b@exemple.test", MORE_THAN_BUFFERS_HOLD)


@MODES
@pytest.mark.parametrize("act", [DROP, HANG])
def test_what_broke_off_before_its_dot_left_was_not_handed_over(mta, session_to, extensions, act):
    server = mta({("BODY", 1): act}, extensions=extensions)
    session = session_to(server, timeouts=Timeouts(answer_s=5, block_s=0.5, end_s=5))
    outcome = session.submit(LARGE)
    assert (outcome.state, outcome.stage, outcome.fault) == (State.DEFERRED, Stage.BODY, Fault.SERVER)


@MODES
def test_a_server_that_says_why_it_reads_no_further_is_heard(mta, session_to, extensions):
    server = mta({("BODY", 1): ThenDrop("552 5.3.4 too big")}, extensions=extensions)
    outcome = session_to(server).submit(LARGE)
    assert (outcome.state, outcome.stage, outcome.fault) == (State.FAILED, Stage.BODY, Fault.CONTENT)


class Encrypted:
    """Sends a piece whole or not at all, as TLS of Python does, and breaks at the third."""

    def __init__(self):
        self.left = bytearray()
        self.times = 0

    def settimeout(self, seconds):
        """Nothing here waits."""

    def send(self, data):
        """Of what is more than a record, the first has left when the next cannot."""
        self.times += 1
        if self.times < 3:
            self.left += data
            return len(data)
        self.left += bytes(data[:16384]) if len(data) > 16384 else b""
        raise BrokenPipeError


def test_under_tls_it_is_known_what_had_left_when_it_broke():
    connection = Connection(Encrypted(), Timeouts())
    connection._is_encrypted = True
    with pytest.raises(Lost) as lost:
        connection.write(b"x" * 20_000, b"y" * 80_000, within_s=1)
    assert lost.value.written == len(connection._socket.left) == 2 * 16384


class BrokenSocket:
    """Takes so many octets, then breaks; what the server had said before can still be read."""

    def __init__(self, takes, said=b""):
        self.takes, self.said = takes, said

    def settimeout(self, seconds):
        """Nothing here waits."""

    def setsockopt(self, level, option, value):
        """Nor here."""

    def sendmsg(self, pieces):
        return self.send(b"".join(pieces))

    def send(self, data):
        if not self.takes:
            raise BrokenPipeError
        took, self.takes = min(self.takes, len(data)), 0
        return took

    def recv(self, most):
        said, self.said = self.said, b""
        return said


@pytest.mark.parametrize(
    ("past_the_body", "said", "state"),
    [
        (0, b"", State.DEFERRED),
        (0, b"250 kept\r\n", State.DEFERRED),
        (0, b"554 no\r\n", State.FAILED),
        (1, b"", State.UNCERTAIN),
        (2, b"", State.UNCERTAIN),
        (8, b"", State.UNCERTAIN),
    ],
)
def test_the_first_octet_of_the_final_dot_makes_the_fate_unknown(past_the_body, said, state):
    body = b"Subject: x\r\n\r\nx\r\n"
    connection = Connection(BrokenSocket(len(body) + past_the_body, said), Timeouts())
    assert write_body(connection, body, following=b"MAIL FROM:<>\r\n").state == state
    assert connection.is_over
