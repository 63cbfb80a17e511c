"""Mail servers that do as they are told, editions on their way to them, and the engine that takes them there."""

import contextlib
import datetime as dt
import gc
import os
import threading

import pytest
from came_back import LEA, PAUL
from fake_mta import HANG, FakeMta
from fake_provider import FakeProvider

from depeche import keys
from depeche.delivery import brakes
from depeche.delivery.engine import CONNECTIONS, Engine, settle
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
def engine_to(session_to, monkeypatch):
    """An engine that delivers to a fake mail server."""
    # Run in the thread of a test it has that test's connection, in the midst of a transaction.
    monkeypatch.setattr("depeche.delivery.engine.close_old_connections", lambda: None)

    def _engine_to(server, **options):
        return Engine(lambda: session_to(server), **options)

    return _engine_to


@pytest.fixture
def short_pauses(monkeypatch):
    """Pauses after failures as short as a test can wait for."""
    monkeypatch.setattr(brakes, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(brakes, "LONGEST_PAUSE_S", 0.2)


@pytest.fixture
def sending(newsletter, editor, write):
    """Send an edition to readers at these addresses: its ledger is filled, nothing left yet."""
    from django.utils import timezone

    from depeche.newsletters import actions
    from depeche.subscribers.models import Subscriber, Subscription

    def _sending(addresses):
        now = timezone.now()
        readers = Subscriber.objects.bulk_create(
            (
                Subscriber(
                    address=address,
                    address_key=address,
                    address_hash=keys.address_hash(address),
                    language="fr",
                    created_at=now,
                )
                for address in addresses
            ),
            batch_size=500,
        )
        Subscription.objects.bulk_create(
            (
                Subscription(
                    subscriber=reader,
                    newsletter=newsletter,
                    state="confirmed",
                    requested_at=now,
                    confirmed_at=now,
                )
                for reader in readers
            ),
            batch_size=500,
        )
        draft = actions.compose_edition(
            newsletter, subject="La passerelle", introduction="", articles=[write()], by=editor
        )
        return actions.send(draft, by=editor)

    return _sending


@pytest.fixture
def copies(sending, settings):
    """An edition that was taken by a mail server an hour ago: the copies by address."""
    from django.utils import timezone

    from depeche.delivery.models import State
    from depeche.newsletters.models import EditionDelivery
    from depeche.subscribers.models import Subscription

    settings.BOUNCE_ADDRESS = "retours@bounces.exemple.test"
    edition = sending([LEA, PAUL, "ines@example.test"])
    EditionDelivery.objects.update(state=State.SENT, finished_at=timezone.now() - dt.timedelta(hours=1))
    Subscription.objects.update(confirmed_at=timezone.now() - dt.timedelta(days=2))
    rows = edition.deliveries.select_related("subscription__subscriber")
    return {copy.subscription.subscriber.address: copy for copy in rows}


class Rounds(threading.Event):
    """What the engine waits for between two rounds; there `look` sees the database, as the engine does."""

    def __init__(self, look):
        super().__init__()
        self.look = look

    def wait(self, timeout=None):
        self.look()
        return super().wait(min(timeout, 0.05))


@pytest.fixture
def deliver(monkeypatch):
    """Run an engine with all its threads until `look`, called in each round with the event that stops it, sets that.

    It sends to a server, or by what is called for each thread.
    """
    # As in `engine_to`.
    monkeypatch.setattr("depeche.delivery.engine.close_old_connections", lambda: None)

    def _deliver(to, look, *, connections=CONNECTIONS, timeouts=PATIENT, within_s=60, stop=None):
        sender = to if callable(to) else lambda: Session(SmtpServer("127.0.0.1", to.port), timeouts)
        stop = stop or threading.Event()
        too_late = threading.Timer(within_s, stop.set)
        too_late.start()
        engine = Engine(sender, connections=connections)
        with settled():
            engine.run(stop=stop, wake=Rounds(lambda: look(stop)))
        too_late.cancel()
        return engine

    return _deliver


@contextlib.contextmanager
def settled():
    """This thread as the engine's is in a worker, without pauses to go through all that the tests before have left."""
    thresholds, policy = gc.get_threshold(), os.sched_getscheduler(0)
    settle()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        os.sched_setscheduler(0, policy, os.sched_param(0))


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
