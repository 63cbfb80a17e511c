"""Mail servers that do as they are told."""

import pytest
from fake_mta import HANG, FakeMta
from fake_provider import FakeProvider

from depeche.delivery.engine import Engine
from depeche.delivery.smtp.server import SmtpServer, Timeouts
from depeche.delivery.smtp.session import Session

PATIENT = Timeouts(connect_s=10, answer_s=10, block_s=10, end_s=10)
HASTY = Timeouts(connect_s=10, answer_s=0.5, block_s=10, end_s=0.5)


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
    """A session to a fake mail server; hasty where that one is going to hang."""
    opened = []

    def _session_to(server, *, timeouts=None, **options):
        timeouts = timeouts or (HASTY if HANG in server.rules.values() else PATIENT)
        opened.append(Session(SmtpServer("127.0.0.1", server.port, **options), timeouts))
        return opened[-1]

    yield _session_to
    for session in opened:
        session.abort()


@pytest.fixture
def engine_to(session_to):
    """An engine that delivers to a fake mail server."""

    def _engine_to(server, **options):
        return Engine(lambda: session_to(server), **options)

    return _engine_to


@pytest.fixture
def web_service():
    """Open a provider's web service; it closes with the test."""
    opened = []

    def _web_service(*args, **options):
        opened.append(FakeProvider(*args, **options))
        return opened[-1]

    yield _web_service
    for service in opened:
        service.close()
