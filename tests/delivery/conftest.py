"""Mail servers that do as they are told."""

import pytest
from fake_mta import FakeMta

from depeche.delivery.smtp.server import SmtpServer, Timeouts
from depeche.delivery.smtp.session import Session

PATIENCE = Timeouts(connect_s=5, answer_s=0.5, block_s=5, end_s=0.5)


@pytest.fixture
def mta():
    """Open a fake mail server; it closes with the test."""
    opened = []

    def _mta(*args, **options):
        opened.append(FakeMta(*args, **options))
        return opened[-1]

    yield _mta
    for server in opened:
        server.close()


@pytest.fixture
def session_to():
    """A session to a fake mail server, with little patience."""
    opened = []

    def _session_to(server, *, timeouts=PATIENCE, **options):
        opened.append(Session(SmtpServer("127.0.0.1", server.port, **options), timeouts))
        return opened[-1]

    yield _session_to
    for session in opened:
        session.abort()
