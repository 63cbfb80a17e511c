"""One message to one address: what is counted as what, against real servers on loopback."""

import datetime as dt
import socket
import threading

import pytest
from django.contrib.auth.forms import PasswordResetForm
from django.utils import timezone
from fake_mta import DROP

from depeche.delivery import actions, loop
from depeche.delivery.lanes import Outcome, TransactionalLane
from depeche.delivery.messages import UnsafeHeader, compose
from depeche.delivery.models import State, TransactionalMessage
from depeche.delivery.smtp.server import SmtpServer, UnusableEmailUrl
from depeche.delivery.smtp.session import Session

pytestmark = pytest.mark.django_db


def a_mail(recipient="lea@exemple.test"):
    return actions.send(
        sender="Le Courrier <redaction@depeche.test>",
        recipient=recipient,
        subject="Objet",
        text="Le jeton : 123",
    )


def test_an_accepted_message_loses_its_body(mailroom):
    row = a_mail()
    (mail,) = mailroom.deliver()
    assert "Le jeton : 123" in mail.get_content()
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == (State.SENT, b"")


@pytest.mark.parametrize(
    ("stage", "act", "state"),
    [
        ("RCPT", "550 5.1.1 no such user", State.FAILED),
        ("RCPT", "450 4.2.0 try later", State.DEFERRED),
        ("MAIL", "451 4.3.0 busy", State.DEFERRED),
        ("DATA", "554 5.7.1 no", State.FAILED),
        ("END", "552 5.3.4 too big", State.FAILED),
        ("END", "421 4.7.0 slow down", State.DEFERRED),
        ("HELLO", "554 5.7.1 your network is blocked", State.PENDING),
        ("HELLO", "421 not now", State.PENDING),
        ("RCPT", DROP, State.DEFERRED),
        ("END", DROP, State.UNCERTAIN),
    ],
)
def test_what_the_server_says_decides_what_is_counted(mta, session_to, stage, act, state):
    row = a_mail()
    loop.deliver_once(session_to(mta({stage: act})))
    row.refresh_from_db()
    assert row.state == state
    assert bool(row.content) == (state in (State.DEFERRED, State.PENDING))


def no_server():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    return Session(SmtpServer("127.0.0.1", port))


def test_a_server_that_is_down_costs_no_message_an_attempt(mailroom, time_machine):
    rows = [a_mail(f"lecteur{number}@exemple.test") for number in range(3)]
    for _ in range(20):
        loop.deliver_once(no_server())
        time_machine.move_to(timezone.now() + dt.timedelta(minutes=2))
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.attempts) == (State.PENDING, 0)
    assert len(mailroom.deliver()) == 3


def test_nothing_is_tried_again_before_its_time(mta, session_to, mailroom, time_machine):
    a_mail()
    loop.deliver_once(session_to(mta({"RCPT": "450 4.2.0 try later"})))
    assert not loop.deliver_once(mailroom.transport)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=3))
    assert len(mailroom.deliver()) == 1


def test_a_kept_connection_that_was_hung_up_costs_no_message(mta, session_to):
    server = mta({("MAIL", 2): DROP})
    session, rows = session_to(server), [a_mail() for _ in range(2)]
    loop.deliver_once(session)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [State.SENT, State.SENT]
    assert server.connections == 2


def test_the_loop_delivers_until_it_is_stopped(mailroom, transactional_db):
    stop, wake = threading.Event(), threading.Event()
    thread = threading.Thread(target=loop.run, args=[mailroom.transport], kwargs={"stop": stop, "wake": wake})
    row = a_mail()
    thread.start()
    for _ in range(100):
        row.refresh_from_db()
        if row.state == State.SENT:
            break
        stop.wait(0.05)
    stop.set()
    wake.set()
    thread.join(timeout=10)
    assert row.state == State.SENT
    assert not thread.is_alive()


def test_a_worker_whose_lease_ran_out_sends_nothing_another_took(mailroom):
    row = a_mail()
    slow, quick = TransactionalLane(), TransactionalLane()
    now = timezone.now()
    later = now + dt.timedelta(minutes=3)
    (key,) = slow.lease(10, at=now)
    quick.sweep(at=later)
    assert list(quick.lease(10, at=later)) == [key]
    assert quick.claim(key, at=later)
    assert not slow.claim(key, at=later)
    slow.release([key], due_at=later)
    row.refresh_from_db()
    assert row.submitting, "what another worker claimed is not given back"


def test_an_answer_that_comes_too_late_does_not_reopen_a_message():
    row = a_mail()
    lane, now = TransactionalLane(), timezone.now()
    lane.lease(10, at=now)
    lane.claim(row.pk, at=now)
    lane.sweep(at=now + dt.timedelta(minutes=20))
    lane.record(Outcome(row.pk, State.DEFERRED, "450 later"), at=now + dt.timedelta(minutes=21))
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == (State.UNCERTAIN, b"")


def test_a_message_nobody_could_take_expires_without_its_body(time_machine):
    row = a_mail()
    time_machine.move_to(timezone.now() + dt.timedelta(days=3))
    TransactionalLane().sweep(at=timezone.now())
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == (State.FAILED, b"")


def test_a_lease_that_ran_out_waits_again_unless_it_was_being_handed_over():
    untouched, halfway = a_mail(), a_mail()
    now = timezone.now()
    TransactionalLane().lease(10, at=now)
    TransactionalLane().claim(halfway.pk, at=now)
    TransactionalLane().sweep(at=now + dt.timedelta(minutes=20))
    untouched.refresh_from_db()
    halfway.refresh_from_db()
    assert untouched.state == State.PENDING
    assert (halfway.state, bytes(halfway.content)) == (State.UNCERTAIN, b"")


def test_a_leased_message_is_not_leased_twice():
    a_mail()
    now = timezone.now()
    assert len(TransactionalLane().lease(10, at=now)) == 1
    assert not TransactionalLane().lease(10, at=now)


def test_off_production_mail_leaves_only_for_listed_domains(settings, mailroom):
    settings.EMAIL_URL, settings.STAGE, settings.MAIL_DOMAINS = (
        "smtp://127.0.0.1",
        "staging",
        ["Chez-Nous.test"],
    )
    outside, inside = a_mail("lea@exemple.test"), a_mail("lea@chez-nous.test")
    assert [mail["To"] for mail in mailroom.deliver()] == ["lea@chez-nous.test"]
    outside.refresh_from_db()
    inside.refresh_from_db()
    assert (outside.state, inside.state) == (State.SUPPRESSED, State.SENT)


def test_in_production_mail_leaves_for_everybody(settings, mailroom):
    settings.EMAIL_URL, settings.STAGE = "smtp://127.0.0.1", "production"
    a_mail()
    assert len(mailroom.deliver()) == 1


def test_a_password_reset_takes_the_transactional_lane(editor, mailroom):
    form = PasswordResetForm({"email": editor.email})
    assert form.is_valid()
    form.save(
        domain_override="depeche.test", email_template_name="wagtailadmin/account/password_reset/email.txt"
    )
    (mail,) = mailroom.deliver()
    assert mail["To"] == editor.email
    assert not any(bytes(row.content) for row in TransactionalMessage.objects.all())


@pytest.mark.parametrize("field", ["sender", "recipient", "subject"])
@pytest.mark.parametrize("bad", ["x\r\nBcc: tous@exemple.test", "x\nX: y", "x\0y"])
def test_a_line_break_in_a_header_is_refused(field, bad):
    fields = {
        "sender": "a@depeche.test",
        "recipient": "b@depeche.test",
        "subject": "s",
        "text": "t",
        field: bad,
    }
    with pytest.raises(UnsafeHeader):
        compose(**fields)


def test_an_address_with_accents_goes_out_where_the_server_can_and_is_named_where_it_cannot(
    mailroom, mta, session_to
):
    row = a_mail("élodie@exemple.test")
    loop.deliver_once(session_to(mta(extensions=())))
    row.refresh_from_db()
    assert row.state == State.UNSUPPORTED_ADDRESS
    a_mail("élodie@exämple.test")
    (mail,) = mailroom.deliver()
    assert mail["X-Envelope-To"] == "élodie@xn--exmple-cua.test"


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example.org", "", 25),
        ("smtp+starttls://u:p%40ss@mail.example.org", "starttls", 587),
        ("smtps://mail.example.org", "tls", 465),
        ("smtp://mail.example.org:2525?tls=true", "starttls", 2525),
    ],
)
def test_an_email_url_names_a_server(url, security, port):
    server = SmtpServer.from_url(url)
    assert (server.security, server.port) == (security, port)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://x:port"])
def test_an_email_url_that_names_none_is_refused(url):
    with pytest.raises(UnusableEmailUrl):
        SmtpServer.from_url(url)


def test_who_was_written_to_is_forgotten_after_thirty_days(mailroom):
    a_mail()
    mailroom.deliver()
    waiting = a_mail("ali@exemple.test")
    assert actions.forget_finished(at=timezone.now() + dt.timedelta(days=29)) == 0
    assert actions.forget_finished(at=timezone.now() + dt.timedelta(days=31)) == 1
    assert list(TransactionalMessage.objects.all()) == [waiting]


def test_a_domain_with_a_sharp_s_stays_itself(mailroom):
    a_mail("lea@straße.test")
    (mail,) = mailroom.deliver()
    assert mail["X-Envelope-To"] == "lea@xn--strae-oqa.test"
