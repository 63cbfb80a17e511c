"""Returned mail is read from a mailbox or a pipe, acted on, and only then marked; what cannot be read is said."""

import io
import os
import ssl
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from came_back import LEA, PAUL, reasons, sample
from django.core.management import CommandError, call_command
from django.db import OperationalError
from fake_imap import PASSWORD, USER, FakeImap
from fake_mta import make_certificate

from depeche.delivery import bounces, returned_mailbox
from depeche.delivery.models import Reason
from depeche.delivery.returned_mailbox import CannotRead, Mailbox
from depeche.delivery.tasks import read_returned_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path)


@pytest.fixture
def mailbox(certificate, settings):
    """Open a mailbox with these mails, which the settings name; it closes with the test."""
    opened = []

    def _mailbox(*mails, password=PASSWORD, folder="INBOX", **options):
        opened.append(FakeImap(certificate, mails, **options))
        where = f"127.0.0.1:{opened[-1].port}/{folder}"
        settings.BOUNCE_MAILBOX = f"imaps://{USER}:{quote(password, safe='')}@{where}"
        return opened[-1]

    yield _mailbox
    for one in opened:
        one.close()


@pytest.fixture
def context(certificate):
    """Trusts the certificate of the test alone."""
    return ssl.create_default_context(cafile=certificate)


def test_what_is_unread_is_acted_on_and_marked(mailbox, context, copies):
    hard, auto = sample("postfix-unknown-user", copies[LEA]), sample("away-auto-replied", copies[LEA])
    server = mailbox(hard, auto, b"\xff" * 3_000_000, b"")
    assert returned_mailbox.read(context=context) == {"hard": 1, "none": 3}
    assert reasons() == {Reason.HARD_BOUNCE}
    assert server.seen == {1, 2, 3, 4}
    assert returned_mailbox.read(context=context) == {}


def test_more_than_fit_in_one_batch_are_read(mailbox, context):
    server = mailbox(*[b"Subject: x\n\n"] * 120)
    assert returned_mailbox.read(context=context) == {"none": 120}
    assert len(server.seen) == 120


def test_what_was_not_acted_on_stays_unread_and_stops_no_other(mailbox, context, monkeypatch):
    server = mailbox(b"Subject: 1\n\n", b"Subject: 2\n\n")
    take = bounces.take
    monkeypatch.setattr(bounces, "take", lambda raw: take(raw) if b"2" in raw else 1 / 0)
    assert returned_mailbox.read(context=context) == {"none": 1}
    assert server.seen == {2}


def test_what_broke_off_is_read_the_next_time_and_counts_once(mailbox, context, copies):
    server = mailbox(
        *[b"Subject: x\n\n"] * 50,
        sample("postfix-unknown-user", copies[LEA]),
        sample("postfix-unknown-user", copies[PAUL], address=PAUL),
        breaks_at=51,
    )
    with pytest.raises(CannotRead):
        returned_mailbox.read(context=context)
    assert len(server.seen) == 50
    server.breaks_at = None
    assert returned_mailbox.read(context=context).total() == 2
    assert reasons() == {Reason.HARD_BOUNCE}


@pytest.mark.parametrize(
    ("options", "words"),
    [({"password": "faux"}, "wrong password"), ({"folder": "Rebuts"}, "no such folder")],
)
def test_what_is_wrong_is_said_without_the_password(mailbox, context, caplog, options, words):
    mailbox(**options)
    with pytest.raises(CannotRead) as caught:
        returned_mailbox.read(context=context)
    assert words in str(caught.value)
    for secret in ("faux", PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in str(caught.value) + caplog.text + repr(
            Mailbox.parsed(f"imaps://a:{quote(secret, safe='')}@b")
        )


def test_a_certificate_nobody_vouches_for_is_not_spoken_to(mailbox):
    server = mailbox(b"")
    with pytest.raises(CannotRead, match="certificate"):
        returned_mailbox.read()
    assert server.logins == []


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "imaps://",
            "imap://a:b@host",
            "imaps://host/INBOX",
            "imaps://a@host",
            "imaps://a:b@host:port",
            "a:b@host",
        ),
        *("imaps://a:b%0d%0ax@host", "imaps://a:b@host/IN%0d%0aBOX", "imaps://[a:b@host"),
    ],
)
def test_what_names_no_mailbox_is_refused_and_shown_how(url, settings):
    settings.BOUNCE_MAILBOX = url
    with pytest.raises(CommandError, match="imaps://user:password@"):
        call_command("returned_mail", "--imap")


def test_the_worker_reads_it_where_it_is_set_and_gets_over_trouble(mailbox, settings, monkeypatch, caplog):
    mailbox(b"")
    read_returned_mail.call_local()  # the certificate is not trusted
    assert "cannot be read" in caplog.text
    settings.BOUNCE_MAILBOX = ""
    monkeypatch.setattr(returned_mailbox, "read", lambda: pytest.fail("nothing is set"))
    read_returned_mail.call_local()


def pipe(raw, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("returned_mail", "--pipe")


def test_a_mail_from_a_pipe_is_acted_on(copies, monkeypatch):
    pipe(sample("postfix-unknown-user", copies[LEA]), monkeypatch)
    assert reasons() == {Reason.HARD_BOUNCE}


@pytest.mark.parametrize("raw", [b"", b"\0" * 1000, b"\xff" * 5_000_000])
def test_whatever_comes_by_the_pipe_is_taken(raw, monkeypatch):
    pipe(raw, monkeypatch)
    assert sys.stdin.buffer.read() == b""


def test_where_the_database_is_away_the_mail_server_keeps_it(monkeypatch):
    def away(_raw):
        raise OperationalError("gone")

    monkeypatch.setattr(bounces, "take", away)
    with pytest.raises(SystemExit) as ended:
        pipe(b"", monkeypatch)
    assert ended.value.code == os.EX_TEMPFAIL == 75


def test_also_where_it_was_never_made(tmp_path):
    found = subprocess.run(
        [sys.executable, "-m", "depeche", "returned-mail", "--pipe"],
        env={
            **os.environ,
            "DEPECHE_DATA": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3",
        },
        input=b"To: retours+e1.0123456789abcdef@x.test\nFrom: MAILER-DAEMON@x.test\nSubject: Undeliverable\n\n<a@b.test>:\n550 5.1.1 unknown\n",
        capture_output=True,
        check=False,
    )
    assert found.returncode == 75
    assert b"Traceback" not in found.stderr
