"""Reaching a server: TLS that is verified, logging in, and servers that know less."""

from dataclasses import replace

import pytest
from fake_mta import DROP, LOCKSTEP, PIPELINED, make_certificate

from depeche.delivery.content import WireContent
from depeche.delivery.messages import Envelope
from depeche.delivery.models import State
from depeche.delivery.smtp.outcomes import Fault, NoConnection
from depeche.delivery.smtp.server import SmtpServer, Timeouts
from depeche.delivery.smtp.session import Session

pytestmark = pytest.mark.any_database

MAIL = Envelope("a@depeche.test", "b@exemple.test", b"Subject: x\r\n\r\nx\r\n")
LOGIN = ("redaction@depeche.test", "mot de passe é")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def refused(session):
    with pytest.raises(NoConnection) as caught:
        session.submit(MAIL)
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("extensions", [PIPELINED, LOCKSTEP])
def test_mail_goes_out_under_tls(mta, session_to, trusted, security, extensions):
    server = mta(extensions=extensions, certificate=trusted, implicit_tls=security == "tls")
    session = session_to(server, security=security)
    assert [session.submit(MAIL).state for _ in range(3)] == [State.SENT] * 3
    assert (len(server.accepted), server.connections) == (3, 1)
    assert server.commands.count("STARTTLS") == (security == "starttls")


@pytest.mark.parametrize(
    ("stage", "content", "state"),
    [
        ("END", MAIL.content, State.UNCERTAIN),
        ("BODY", WireContent([(b"x" * 76 + b"\r\n") * 200_000], is_ascii=True), State.DEFERRED),
    ],
)
def test_what_had_left_is_known_under_tls_too(mta, session_to, trusted, stage, content, state):
    server = mta({(stage, 1): DROP}, certificate=trusted, implicit_tls=True)
    outcome = session_to(server, security="tls").submit(replace(MAIL, content=content))
    assert (outcome.state, server.accepted) == (state, [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_nobody_vouches_for_gets_nothing(mta, session_to, certificate, security):
    server = mta(certificate=certificate, implicit_tls=security == "tls", login=LOGIN)
    error = refused(session_to(server, security=security, user=LOGIN[0], password=LOGIN[1]))
    assert "certificate" in str(error)
    assert error.outcome.fault == Fault.SENDER
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_none(mta, session_to, tmp_path, monkeypatch, security):
    other = make_certificate(tmp_path, "mail.exemple.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    server = mta(certificate=other, implicit_tls=security == "tls")
    assert "certificate" in str(refused(session_to(server, security=security)))


@pytest.mark.parametrize("rules", [{"STARTTLS": "454 4.7.0 not now"}, {}])
def test_without_starttls_nothing_goes_out_in_clear(mta, session_to, trusted, rules):
    server = mta(rules, certificate=trusted if rules else None)
    refused(session_to(server, security="starttls", user=LOGIN[0], password=LOGIN[1]))
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


def test_what_is_slipped_in_before_tls_ends_the_connection(mta, session_to, trusted):
    server = mta({"STARTTLS": b"220 go\r\n250-slipped in\r\n250 AUTH PLAIN\r\n"}, certificate=trusted)
    assert "in clear" in str(refused(session_to(server, security="starttls")))


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_each_way_of_logging_in_works(mta, session_to, way):
    server = mta(extensions=(*PIPELINED, f"AUTH {way}"), login=LOGIN)
    assert session_to(server, user=LOGIN[0], password=LOGIN[1]).submit(MAIL).state == State.SENT
    error = refused(session_to(server, user=LOGIN[0], password="faux"))
    assert (error.outcome.code, error.outcome.fault) == (535, Fault.SENDER)
    assert "faux" not in str(error)


def test_an_unknown_way_of_logging_in_is_named(mta, session_to):
    server = mta(extensions=("AUTH GSSAPI",), login=LOGIN)
    assert "log in" in str(refused(session_to(server, user="a", password="b")))


def test_a_server_that_knows_only_helo_takes_mail(mta, session_to):
    server = mta({"EHLO": "502 5.5.1 what?"}, extensions=())
    assert session_to(server).submit(MAIL).state == State.SENT


def test_no_server_is_no_connection():
    session = Session(SmtpServer("127.0.0.1", 1), Timeouts(connect_s=2))
    assert refused(session).outcome.state == State.PENDING
    assert refused(Session(SmtpServer("x" * 70, 25))).outcome.fault == Fault.SERVER


def test_leaving_is_said_and_the_next_message_knocks_again(mta, session_to):
    server = mta()
    session = session_to(server)
    session.submit(MAIL)
    session.close()
    session.close()
    assert server.commands[-1] == "QUIT"
    assert session.submit(MAIL).state == State.SENT
    assert server.connections == 2
