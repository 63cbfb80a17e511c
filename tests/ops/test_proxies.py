"""A proxy that the settings do not name is noticed by the web server and told of by `doctor`, and nothing else is."""

import io
import os
import time

import pytest
from django.core.management import call_command
from django.core.signals import request_started
from django.db import close_old_connections

from depeche.ops import proxies
from depeche.ops.checks import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrive(settings, tmp_path):
    """A request from a peer, with these headers; `problems()` is asked afterwards."""
    settings.DATA = tmp_path
    settings.TRUSTED_PROXIES = []
    (tmp_path / "secret-key").touch(mode=0o600)
    server = proxies.noticing(lambda environ, start_response: [b"page"])

    def _arrive(peer: str, **headers: str) -> list[bytes]:
        return server({"REMOTE_ADDR": peer, **headers}, None)

    return _arrive


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.2.0.7", "::1", "fd00::5"])
def test_a_proxy_nobody_named_is_told_of_until_it_is_named(arrive, settings, capsys, peer):
    assert arrive(peer, HTTP_X_FORWARDED_FOR="192.0.2.1") == [b"page"]
    (problem,) = problems()
    assert (problem.setting, problem.is_unsafe) == ("DEPECHE_TRUSTED_PROXIES", False)
    assert peer in problem.message
    call_command("doctor")
    assert peer in capsys.readouterr().out
    settings.TRUSTED_PROXIES = [peer]
    assert problems() == []


@pytest.mark.parametrize(
    ("peer", "headers", "named"),
    [
        ("127.0.0.1", {}, []),
        ("10.2.0.7", {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, ["10.2.0.0/16"]),
        ("198.18.0.1\n", {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, []),
        ("8.8.8.8", {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, []),
        ("", {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, []),
    ],
    ids=["no proxy", "a network is named", "no address", "anybody may send the header", "a socket"],
)
def test_what_says_nothing_is_not_told_of(arrive, settings, peer, headers, named):
    settings.TRUSTED_PROXIES = named
    arrive(peer, **headers)
    assert problems() == []
    assert not (settings.DATA / "unnamed-proxy").exists()


def test_what_was_seen_long_ago_is_forgotten(arrive, settings):
    arrive("10.2.0.7", HTTP_X_FORWARDED_FOR="192.0.2.1")
    eight_days_ago = time.time() - 8 * 86_400
    os.utime(settings.DATA / "unnamed-proxy", (eight_days_ago, eight_days_ago))
    assert problems() == []


def test_a_folder_that_takes_nothing_stops_no_page(arrive, settings, tmp_path):
    settings.DATA = tmp_path / "nowhere"
    assert arrive("10.2.0.7", HTTP_X_FORWARDED_FOR="192.0.2.1") == [b"page"]


@pytest.fixture
def one_connection():
    """The server closes the connection of the request before; here the test is within its transaction."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_the_web_server_looks_before_it_believes(settings, tmp_path):
    from depeche.wsgi import application

    settings.DATA = tmp_path
    status = []
    environ = {
        "REMOTE_ADDR": "10.2.0.7",
        "HTTP_X_FORWARDED_FOR": "192.0.2.1",
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/subscribe/sent/",
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    application(environ, lambda *answer: status.append(answer[0]))
    assert status == ["200 OK"]
    assert (tmp_path / "unnamed-proxy").read_text() == "10.2.0.7\n"


def test_behind_https_without_a_proxy_named_the_doctor_says_so(settings):
    settings.BASE_URL, settings.BASE_HOST, settings.IS_PUBLIC = (
        "https://journal.example",
        "journal.example",
        True,
    )
    settings.TRUSTED_PROXIES = []
    said = [problem for problem in problems() if problem.setting == "DEPECHE_TRUSTED_PROXIES"]
    assert [problem.is_unsafe for problem in said] == [False]
    assert "127.0.0.1" in said[0].message
