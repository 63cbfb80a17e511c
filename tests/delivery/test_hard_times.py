"""The engine while its own side fails: no database, no room on the disk, a stop while the server hangs."""

import errno
import re
import threading
from collections import Counter

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from fake_mta import HANG

from depeche.delivery import acks, actions, engine, hand
from depeche.delivery.acks import AckLog
from depeche.delivery.lanes import TRANSACTIONAL
from depeche.delivery.models import DeliveryQuerySet, State, TransactionalMessage
from depeche.delivery.smtp.outcomes import Fault, SmtpOutcome, Stage
from depeche.newsletters.models import EditionDelivery

pytestmark = pytest.mark.django_db


def mails(count):
    for number in range(count):
        actions.send(
            sender="Le Courrier <redaction@depeche.test>",
            recipient=f"lecteur-{number}@exemple.test",
            subject="Objet",
            text="Bonjour.",
        )


def states():
    return list(TransactionalMessage.objects.order_by("pk").values_list("state", flat=True))


def gone(*args, **named):
    raise OperationalError("the database is not there")


def recipients(server):
    return sorted(recipient for recipient, _content in server.accepted)


def test_results_wait_while_the_database_is_away_and_nothing_is_begun_once_leases_may_have_ended(
    mta, engine_to, session_to, monkeypatch
):
    server = mta()
    sender = engine_to(server)
    now = hand.clock()
    moment = [now]
    monkeypatch.setattr(hand, "clock", lambda: moment[0])
    monkeypatch.setattr(engine, "clock", lambda: moment[0])
    mails(1)
    with sender.working():
        sender.once()
        sender._crew.send_here(session_to(server))
        mails(2)
        sender.once()
        with monkeypatch.context() as away:
            for name in ("record", "set_aside", "renew"):
                away.setattr(DeliveryQuerySet, name, gone)
            moment[0] += 600
            sender._crew.send_here(session_to(server))
            with pytest.raises(OperationalError):
                sender.once()
        assert len(server.accepted) == 1
        assert states() == [State.SENT, State.LEASED, State.LEASED]
        sender.once()
        assert states() == [State.SENT, State.PENDING, State.PENDING]
    TransactionalMessage.objects.update(due_at=timezone.now())
    assert engine_to(server).drain()
    assert states() == [State.SENT] * 3
    assert len(recipients(server)) == 3


@pytest.mark.parametrize("name", ["release", "set_aside"])
def test_what_a_failed_commit_left_leased_waits_again(mta, engine_to, monkeypatch, name):
    mails(2)
    sender = engine_to(mta())
    whole = getattr(DeliveryQuerySet, name)

    def broken_off(*args, **named):
        """A lease was taken, and nobody heard; or nothing was given back."""
        if name == "set_aside":
            whole(*args, **named)
        gone()

    with sender.working():
        if name == "release":
            sender.once()
        with monkeypatch.context() as away:
            away.setattr(DeliveryQuerySet, name, broken_off)
            act = sender.once if name == "set_aside" else lambda: sender._give_back(sender.hand.take_out())
            with pytest.raises(OperationalError):
                act()
        TransactionalMessage.objects.update(state=State.LEASED, worker=sender.worker)
        sender._see_to_leases()
        assert states() == [State.PENDING] * 2


def test_what_is_being_sent_is_not_taken_for_left_over(mta, engine_to):
    mails(1)
    sender = engine_to(mta({"END": HANG}))
    with sender.working():
        sender.once()
        (message,) = sender.hand.here()
        sender.hand.take(only_first=True)
        sender._crew._begin(message)
        sender._see_to_leases()
        assert states() == [State.LEASED]
        sender._crew._done(message, SmtpOutcome(State.SENT, Stage.BODY, Fault.NOBODY, "250 kept"))


def test_on_a_full_disk_no_message_is_begun_and_none_is_lost(mta, engine_to, monkeypatch):
    mails(3)
    server = mta()
    with monkeypatch.context() as full:
        put = acks._Room.put

        def no_room(room, line):
            if line.startswith(b"B "):
                raise OSError(errno.ENOSPC, "No space left on device")
            return put(room, line)

        full.setattr(acks._Room, "put", no_room)
        with pytest.raises(OSError, match="No space"):
            engine_to(server).drain()
    assert server.accepted == []
    assert State.LEASED not in states()
    TransactionalMessage.objects.update(due_at=timezone.now())
    assert engine_to(server).drain()
    assert states() == [State.SENT] * 3
    assert len(recipients(server)) == len(set(recipients(server))) == 3


class Impatient(threading.Event):
    """Whoever pauses until it is set pauses shortly."""

    def wait(self, timeout=None):
        return super().wait(min(timeout, 0.02))


def test_a_disk_that_fills_up_in_mid_edition_and_has_room_again_costs_no_copy(
    mta, sending, deliver, monkeypatch, settings
):
    """It is found full by the thread that sees to the answers of all, and then by those of the connections."""
    readers = sorted(f"lecteur-{number}@exemple.test" for number in range(400))
    sending(readers)
    put, noted, refused = acks._Room.put, Counter(), []

    def put_where_there_is_room(room, line):
        if re.search(rb"^B ", line, re.MULTILINE):
            thread = threading.current_thread().name
            noted[thread] += 1
            if noted["carrier"] > 100 and len(refused) < 30:
                refused.append(thread)
                raise OSError(errno.ENOSPC, "No space left on device")
        return put(room, line)

    def look(stop):
        EditionDelivery.objects.filter(state=State.PENDING).update(due_at=timezone.now())
        if not EditionDelivery.objects.open().exists():
            stop.set()

    monkeypatch.setattr(acks._Room, "put", put_where_there_is_room)
    server = mta()
    deliver(server, look, stop=Impatient(), within_s=8)
    assert refused[0] == "carrier"
    assert len(refused) == 30
    assert recipients(server) == readers
    assert set(EditionDelivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert list(settings.ACKS_FOLDER.iterdir()) == []


def test_a_worker_without_room_for_its_log_waits_for_it(mta, engine_to, monkeypatch):
    mails(1)
    server = mta()
    sender, stop = engine_to(server), threading.Event()
    begun = AckLog._begin_anew
    tries = []

    def no_room_at_first(log):
        tries.append(log)
        if len(tries) < 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        if len(tries) == 3:
            stop.set()
        begun(log)

    monkeypatch.setattr(AckLog, "_begin_anew", no_room_at_first)
    monkeypatch.setattr(engine, "RETRY_S", 0)
    monkeypatch.setattr(engine, "close_old_connections", lambda: None)
    sender.run(stop=stop, wake=threading.Event())
    assert len(tries) == 3


def test_who_is_stopped_without_a_database_leaves_a_log_to_the_next(mta, engine_to, monkeypatch, settings):
    mails(2)
    server = mta()
    sender = engine_to(server)
    with monkeypatch.context() as away, sender.working():
        sender.once()
        away.setattr(DeliveryQuerySet, "release", gone)
        away.setattr(DeliveryQuerySet, "wait_again", gone)
    assert states() == [State.LEASED] * 2
    assert [file.stem for file in settings.ACKS_FOLDER.iterdir()] == [sender.worker]
    assert engine_to(server).drain()
    assert states() == [State.SENT] * 2


def test_a_worker_holds_no_more_than_a_lost_machine_may_leave_in_doubt(mta, engine_to):
    mails(3 * engine.BATCH_FIRST)
    sender = engine_to(mta())
    with sender.working():
        for _ in range(5):
            sender.once()
            taken = sender.hand.take(only_first=True)
            sender.hand.begin(taken)  # under way, and not answered
            held = TransactionalMessage.objects.filter(state=State.LEASED).count()
            assert held == engine.BATCH_FIRST


@pytest.mark.django_db(transaction=True)
def test_a_lease_outlives_a_power_cut():
    if connection.vendor == "sqlite":
        ask, through = "PRAGMA synchronous", 2  # FULL
    else:
        ask, through = "SHOW synchronous_commit", "on"
    mails(1)
    assert TRANSACTIONAL.lease(1, worker="w1", at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(ask)
        assert cursor.fetchone()[0] == through
