"""Whether the mail server speaks TLS: asked without logging in, and never red for want of an answer."""

import socket

import pytest
from fake_mta import LOCKSTEP, make_certificate

from depeche.delivery.examining import tls
from depeche.delivery.smtp.server import SmtpServer

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificates"))


def found(port, security, *, is_here=False):
    server = SmtpServer("127.0.0.1", port, user="redaction", password="geheim", security=security)
    finding = tls.examine(server, is_here=is_here)
    assert "geheim" not in str(finding)
    return finding.code, str(finding.level), finding.mend.line if finding.mend else ""


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_verifies_is_green_and_nobody_logs_in(mta, certificate, monkeypatch, security):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = mta(extensions=LOCKSTEP, certificate=certificate, implicit_tls=security == "tls")
    assert found(server.port, security) == ("tls.good", "green", "")
    assert not [command for command in server.commands if command.startswith(("AUTH", "MAIL"))]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_nobody_we_trust_is_red(mta, certificate, security):
    server = mta(certificate=certificate, implicit_tls=security == "tls")
    line = "EMAIL_URL=smtp+starttls://USER:PASSWORD@127.0.0.1:587"
    assert found(server.port, security) == ("tls.bad", "red", line)


def test_a_server_without_tls_is_red_where_the_setting_asks_for_it(mta):
    server = mta(extensions=LOCKSTEP)
    assert found(server.port, "starttls")[:2] == ("tls.bad", "red")
    assert found(server.port, "")[:2] == ("tls.bad", "amber"), "mail in clear was somebody's choice"


def test_tls_that_is_offered_and_not_used_is_amber(mta, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = mta(certificate=certificate)
    line = f"EMAIL_URL=smtp+starttls://127.0.0.1:{server.port}"
    assert found(server.port, "") == ("tls.unused", "amber", line)


def test_a_server_out_of_reach_says_nothing():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert found(port, "starttls") == ("tls.unreached", "unknown", "")


def test_on_this_machine_nothing_crosses_a_network():
    assert found(1, "", is_here=True) == ("tls.here", "skipped", "")
