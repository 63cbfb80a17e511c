"""One message to one address: what is counted as what, against real servers on loopback."""

import datetime as dt
import email
import email.policy
import socket
import threading

import pytest
from django.contrib.auth.forms import PasswordResetForm
from django.utils import timezone
from fake_mta import DROP

from depeche.delivery import actions
from depeche.delivery.acks import Fates
from depeche.delivery.engine import Engine
from depeche.delivery.lanes import TRANSACTIONAL
from depeche.delivery.messages import UnsafeHeader, compose
from depeche.delivery.models import Outcome, State, TransactionalMessage
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
        ("DATA", "554 5.6.0 no", State.FAILED),
        ("DATA", "554 5.7.1 no", State.DEFERRED),  # about us, not about this message
        ("END", "552 5.3.4 too big", State.FAILED),
        ("END", "421 4.7.0 slow down", State.DEFERRED),
        ("HELLO", "554 5.7.1 your network is blocked", State.PENDING),
        ("HELLO", "421 not now", State.PENDING),
        ("RCPT", DROP, State.DEFERRED),
        ("END", DROP, State.UNCERTAIN),
    ],
)
def test_what_the_server_says_decides_what_is_counted(mta, engine_to, stage, act, state):
    row = a_mail()
    engine_to(mta({stage: act})).drain()
    row.refresh_from_db()
    assert row.state == state
    assert bool(row.content) == (state in (State.DEFERRED, State.PENDING))


def no_server():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    return Engine(lambda: Session(SmtpServer("127.0.0.1", port)))


def test_a_server_that_is_down_costs_no_message_an_attempt(mailroom, time_machine):
    rows = [a_mail(f"lecteur{number}@exemple.test") for number in range(3)]
    for _ in range(20):
        assert not no_server().drain()
        time_machine.move_to(timezone.now() + dt.timedelta(minutes=2))
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.attempts) == (State.PENDING, 0)
    assert len(mailroom.deliver()) == 3


def test_nothing_is_tried_again_before_its_time(mta, engine_to, mailroom, time_machine):
    a_mail()
    engine_to(mta({"RCPT": "450 4.2.0 try later"})).drain()
    assert not mailroom.deliver()
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=3))
    assert len(mailroom.deliver()) == 1


def test_a_kept_connection_that_was_hung_up_costs_no_message(mta, engine_to):
    server = mta({("MAIL", 2): DROP})
    rows = [a_mail() for _ in range(2)]
    assert engine_to(server).drain()
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [State.SENT, State.SENT]
    assert server.connections == 2


def test_the_engine_delivers_until_it_is_stopped(mailroom, transactional_db, settings):
    stop, wake = threading.Event(), threading.Event()
    engine = Engine(mailroom.session, connections=2)
    thread = threading.Thread(target=engine.run, kwargs={"stop": stop, "wake": wake})
    row = a_mail()
    thread.start()
    for _ in range(200):  # the database in memory bears one thread at a time
        if mailroom.caught():
            break
        stop.wait(0.05)
    stop.set()
    wake.set()
    thread.join(timeout=20)
    row.refresh_from_db()
    assert row.state == State.SENT
    assert not thread.is_alive()
    assert list(settings.ACKS_FOLDER.iterdir()) == []


def lease(worker="w1", at=None):
    return [message.key for message in TRANSACTIONAL.lease(10, worker=worker, at=at or timezone.now())]


def test_a_worker_whose_lease_ran_out_gives_nothing_back_that_another_took():
    row, now = a_mail(), timezone.now()
    assert lease() == [row.pk]
    TransactionalMessage.objects.update(worker="w2")  # as if it had been given up, resent and leased again
    TRANSACTIONAL.release([row.pk], worker="w1", due_at=now)
    TRANSACTIONAL.record([Outcome(row.pk, State.FAILED, "550")], worker="w1", at=now)
    row.refresh_from_db()
    assert (row.state, row.worker) == (State.LEASED, "w2")


def test_a_lease_is_kept_while_the_worker_lives_and_its_end_leaves_an_unknown_fate():
    row, now = a_mail(), timezone.now()
    lease(at=now)
    TRANSACTIONAL.renew(worker="w1", at=now + dt.timedelta(minutes=4))
    TRANSACTIONAL.sweep(at=now + dt.timedelta(minutes=8))
    row.refresh_from_db()
    assert row.state == State.LEASED
    TRANSACTIONAL.sweep(at=now + dt.timedelta(minutes=10))
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == (State.UNCERTAIN, b"")


def test_an_answer_that_comes_too_late_is_kept_but_does_not_reopen_a_message():
    late, too_late, now = a_mail(), a_mail(), timezone.now()
    lease(at=now)
    TRANSACTIONAL.sweep(at=now + dt.timedelta(minutes=20))
    outcomes = [Outcome(late.pk, State.SENT, "250 kept"), Outcome(too_late.pk, State.DEFERRED, "450 later")]
    TRANSACTIONAL.record(outcomes, worker="w1", at=now + dt.timedelta(minutes=21))
    late.refresh_from_db()
    too_late.refresh_from_db()
    assert (late.state, late.reply) == (State.SENT, "250 kept")
    assert (too_late.state, bytes(too_late.content)) == (State.UNCERTAIN, b"")


def test_the_log_of_the_dead_decides_what_became_of_what_they_held():
    sent, refused, begun, untouched = (a_mail(f"l{number}@exemple.test") for number in range(4))
    now = timezone.now()
    lease(at=now)
    fates = Fates(
        ended={
            ("transactional", sent.pk): ("sent", "250 kept"),
            ("transactional", refused.pk): ("deferred", "450 later"),
            ("edition", untouched.pk): ("sent", "250 kept"),
        },
        begun={("transactional", begun.pk), ("edition", untouched.pk)},
    )
    TRANSACTIONAL.take_over(fates, worker="w1", at=now)
    found = {row.pk: (row.state, row.worker, bool(row.content)) for row in TransactionalMessage.objects.all()}
    assert found == {
        sent.pk: (State.SENT, "", False),
        refused.pk: (State.DEFERRED, "", True),
        begun.pk: (State.UNCERTAIN, "", False),
        untouched.pk: (State.PENDING, "", True),
    }


def test_a_message_nobody_could_take_expires_without_its_body(time_machine):
    row = a_mail()
    time_machine.move_to(timezone.now() + dt.timedelta(days=3))
    TRANSACTIONAL.sweep(at=timezone.now())
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == (State.FAILED, b"")


def test_a_leased_message_is_not_leased_twice():
    a_mail()
    assert len(lease("w1")) == 1
    assert not lease("w2")


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


@pytest.mark.parametrize("like_a_break", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e"])
def test_what_python_takes_for_a_line_break_adds_no_header(like_a_break):
    words = f"La passerelle{like_a_break}Bcc: tous@exemple.test"
    content = compose(sender="a@depeche.test", recipient="b@depeche.test", subject=words, text="t").content
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "La passerelle Bcc: tous@exemple.test"


def test_an_address_with_accents_goes_out_where_the_server_can_and_is_named_where_it_cannot(
    mailroom, mta, engine_to
):
    row = a_mail("élodie@exemple.test")
    engine_to(mta(extensions=())).drain()
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
