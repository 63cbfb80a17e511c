"""The safe way out, against real servers on loopback that play the public internet."""

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from depeche.jobs.fetch import Fetched, FetchRefused, fetch, is_public

PUBLIC = "127.0.0.2"  # the address that the tests declare public; 127.0.0.1 stays private
PAGE = "<p>Le conseil a voté le budget.</p>".encode()
NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1
    ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254
    64:ff9b:1::8.8.8.8
    100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 2002:a00:1::1 2002:a9fe:a9fe:: 3fff::1
    5f00::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 ff0e::1 2620:fe::5efe:10.0.0.1
    2620:fe::200:5efe:192.168.1.1"""
ON_THE_INTERNET = """
    1.1.1.1 8.8.8.8 9.9.9.9 172.32.0.1 193.51.0.1 223.255.255.254 2001:4860::8888 2620:fe::fe
    2a01:e0a::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2620:fe::200:5efe:8.8.8.8"""
# Made for these tests alone, for the name press.example, valid until 2126; it protects nothing.
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBoTCCAUegAwIBAgIUbNtepI1HIyjJIlKVOR01YG4T6VcwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNcHJlc3MuZXhhbXBsZTAgFw0yNjExMjMxOTUzMTdaGA8yMTI2
MTAzMDE5NTMxN1owGDEWMBQGA1UEAwwNcHJlc3MuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABAmWO+BO1qm/7dMvZTEwHsd+5Jf9nnc3fAuHiFWqCUP0
bO2Hv9heFVv6fHGwyfKfZVzF9S5lJOm82x5mxeI3ILujbTBrMB0GA1UdDgQWBBQv
7rUGjYUg5zcICavhTGpCXFvNODAfBgNVHSMEGDAWgBQv7rUGjYUg5zcICavhTGpC
XFvNODAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQRMA+CDXByZXNzLmV4YW1wbGUw
CgYIKoZIzj0EAwIDSAAwRQIhAMJM/K/PZZagRZaeCt3SyedNnR5GloJPNZPzd3jT
ISemAiATIePeRxaDZ7u7MACjNCvBAisC74ZDHbudgkiyINo/RQ==
-----END CERTIFICATE-----
"""
KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwA5llzORDkeh5B4b
rxqvrTHnjXnM4pqg1gTgxabzvQahRANCAAQJljvgTtapv+3TL2UxMB7HfuSX/Z53
N3wLh4hVqglD9Gzth7/YXhVb+nxxsMnyn2VcxfUuZSTpvNseZsXiNyC7
-----END PRIVATE KEY-----
"""


class Pages(BaseHTTPRequestHandler):
    """A small site; its paths are the cases of the tests."""

    server: "Site"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers.items())))
        name, _, argument = self.path.strip("/").partition("/")
        try:
            getattr(self, f"give_{name.partition('?')[0]}")(unquote(argument))
        except (ConnectionError, ssl.SSLError):
            return  # the client hung up, as it should

    def give(self, body: bytes, content_type: str = "text/html; charset=UTF-8", **headers: str) -> None:
        self.send_response(200)
        if content_type:
            self.send_header("Content-Type", content_type)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def give_page(self, _: str) -> None:
        self.give(PAGE)

    def give_type(self, content_type: str) -> None:
        self.give(PAGE, content_type=content_type)

    def give_status(self, status: str) -> None:
        self.send_error(int(status))

    def give_gzip(self, _: str) -> None:
        self.give(gzip.compress(PAGE), Content_Encoding="gzip")

    def give_deflate(self, _: str) -> None:
        self.give(zlib.compress(PAGE), Content_Encoding="deflate")

    def give_brotli(self, _: str) -> None:
        self.give(PAGE, Content_Encoding="br")

    def give_cookie(self, _: str) -> None:
        self.send_response(302)
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Location", "/page")
        self.end_headers()

    def give_announced(self, size_bytes: str) -> None:
        self.give(b"x", Content_Length=size_bytes)

    def give_endless(self, _: str) -> None:
        self.give(b"", Content_Length="")
        while True:
            self.wfile.write(b"x" * 65_536)

    def give_drip(self, _: str) -> None:
        self.give(b"", Content_Length="")
        self.drip(b"x" * 100)

    def give_counted_drip(self, _: str) -> None:
        self.give(b"", Content_Length="100")
        self.drip(b"x" * 100)

    def give_header_drip(self, _: str) -> None:
        self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100)

    def drip(self, data: bytes) -> None:
        for index in range(len(data)):
            if self.server.closing.wait(0.1):
                return
            self.wfile.write(data[index : index + 1])
            self.wfile.flush()

    def give_silence(self, _: str) -> None:
        self.server.closing.wait(10)

    def give_nonsense(self, _: str) -> None:
        self.wfile.write(b"\x00\x01 this is not HTTP\r\n\r\n")

    def give_cut(self, _: str) -> None:
        self.give(b"x", Content_Length="100")

    def give_to(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.end_headers()

    def give_bare(self, _: str) -> None:
        self.send_response(302)
        self.end_headers()

    def give_loop(self, _: str) -> None:
        self.give_to("/loop")

    def give_countdown(self, left: str) -> None:
        self.give_to("/page" if left == "1" else f"/countdown/{int(left) - 1}")

    def give_slow_countdown(self, left: str) -> None:
        self.server.closing.wait(0.2)
        self.give_to(f"/slow_countdown/{int(left) - 1}")

    def log_message(self, *_: Any) -> None:
        """Stays silent."""


class Site(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, host: str = PUBLIC, scheme: str = "http") -> None:
        super().__init__((host, 0), Pages)
        self.scheme = scheme
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    def handle_error(self, *_: Any) -> None:
        """Stays silent: clients that refuse a certificate hang up."""

    def url(self, path: str = "/page", host: str = "") -> str:
        return f"{self.scheme}://{host or str(self.server_address[0])}:{self.server_port}{path}"


class SiteV6(Site):
    address_family = socket.AF_INET6


def serving(site: Site) -> Iterator[Site]:
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    yield site
    site.closing.set()
    site.shutdown()
    site.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serving(Site())


@pytest.fixture
def private_site() -> Iterator[Site]:
    yield from serving(Site("127.0.0.1"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pem"
    path.write_text(CERTIFICATE + KEY)
    return path


@pytest.fixture
def secure_site(certificate: Path) -> Iterator[Site]:
    site = Site(scheme="https")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site.socket = context.wrap_socket(site.socket, server_side=True, do_handshake_on_connect=False)
    yield from serving(site)


def only_public(address: object) -> bool:
    return str(address) == PUBLIC


def names(**known: str) -> Callable[[str], list[str]]:
    """A resolver that knows these names (a_b for a.b) and no others."""
    return lambda host: known[host.replace(".", "_")].split()


def never(host: str) -> list[str]:
    raise AssertionError(f"{host} was looked up")


reach = partial(fetch, allow=only_public, allowed_ports=range(1, 65_536), timeout_s=5.0)


def refusal(url: str, **options: Any) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        reach(url, **options)
    return caught.value


def test_a_page_comes_back_with_its_bytes_type_and_charset(site: Site) -> None:
    assert reach(site.url()) == Fetched(site.url(), PAGE, "text/html", "utf-8")


def test_the_request_names_the_host_and_us_and_carries_nothing_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    reach(site.url("/cookie?q=1#part", host="press.example"), resolve=names(press_example=PUBLIC))
    assert [path for path, _ in site.asked] == ["/cookie?q=1", "/page"]
    for _, headers in site.asked:
        assert headers == {
            "Host": f"press.example:{site.server_port}",
            "User-Agent": "Depeche/0.1 (+newsroom import)",
            "Accept-Encoding": "gzip, deflate",
        }


@pytest.mark.parametrize("path", ["/gzip", "/deflate"])
def test_a_compressed_page_comes_back_decoded(site: Site, path: str) -> None:
    assert reach(site.url(path)).content == PAGE


@pytest.mark.parametrize(
    ("header", "content_type", "charset"),
    [
        ("text/plain", "text/plain", ""),
        ("Text/HTML;Charset=ISO-8859-1", "text/html", "iso-8859-1"),
        ('text/markdown; charset="utf-8"; variant=GFM', "text/markdown", "utf-8"),
        ("application/xhtml+xml", "application/xhtml+xml", ""),
    ],
)
def test_the_type_and_charset_are_read_from_the_header(
    site: Site, header: str, content_type: str, charset: str
) -> None:
    fetched = reach(site.url("/type/" + quote(header)))
    assert (fetched.content_type, fetched.charset) == (content_type, charset)


@pytest.mark.parametrize(
    "path", ["/type/", "/type/image/png", "/type/application/json", "/type/foo", "/brotli"]
)
def test_what_is_not_readable_text_is_refused(site: Site, path: str) -> None:
    assert refusal(site.url(path)).code == "content_type"


def test_other_types_may_be_asked_for(site: Site) -> None:
    assert reach(site.url("/type/image/png"), content_types=["image/png"]).content == PAGE


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 500])
def test_a_status_that_is_not_a_page_is_refused(site: Site, status: int) -> None:
    assert str(status) in refusal(site.url(f"/status/{status}")).detail


def test_a_redirect_without_a_location_is_refused(site: Site) -> None:
    assert refusal(site.url("/bare")).code == "status"


def test_relative_and_absolute_redirects_are_followed(site: Site) -> None:
    assert reach(site.url("/to/../page")).url == site.url()
    assert reach(site.url("/to/" + site.url())).url == site.url()


def test_redirects_are_followed_up_to_the_limit(site: Site) -> None:
    assert reach(site.url("/countdown/5")).content == PAGE
    assert refusal(site.url("/countdown/6")).code == "too_many_redirects"
    assert refusal(site.url("/countdown/1"), max_redirects=0).code == "too_many_redirects"


def test_a_redirect_loop_ends(site: Site) -> None:
    assert refusal(site.url("/loop")).code == "too_many_redirects"
    assert len(site.asked) == 6


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost.", "LocalHost", "[::1]", "0.0.0.0"])
def test_our_own_machine_is_refused(host: str, private_site: Site) -> None:
    url = private_site.url(host=host)
    assert refusal(url).code == "private_address"
    assert refusal(url, allow=is_public).code == "private_address"
    assert private_site.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.01",
        "134744072",
        "1.2.3.4.5",
        "0x",
        "1.",
    ],
)
def test_a_number_in_disguise_is_refused_without_a_lookup(host: str) -> None:
    assert refusal(f"http://{host}/", resolve=never, allow=lambda _: True).code == "private_address"


@pytest.mark.parametrize(
    "host", ["%31%32%37.0.0.1", "127%2e0.0.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"]
)
def test_an_encoded_private_address_is_refused(host: str) -> None:
    assert refusal(f"http://{host}/", resolve=never, allow=is_public).code == "private_address"


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{}/page", "//127.0.0.1:{}/page", "http://localhost:{}/page", "http://0x7f.1:{}/page"],
)
def test_a_redirect_into_our_network_is_refused(site: Site, private_site: Site, target: str) -> None:
    assert refusal(site.url("/to/" + target.format(private_site.server_port))).code == "private_address"
    assert len(site.asked) == 1
    assert private_site.asked == []


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://127.0.0.2/page", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("/a b", "scheme"),
        ("/pa\tge", "scheme"),
        ("/a\\b", "scheme"),
        ("http://user:secret@127.0.0.2/", "credentials"),
    ],
)
def test_a_redirect_is_checked_like_a_first_address(site: Site, target: str, code: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pages, "give_away", lambda page, _: page.give_to(target), raising=False)
        assert refusal(site.url("/away")).code == code


def test_a_redirect_with_raw_accents_is_followed(site: Site) -> None:
    with pytest.MonkeyPatch.context() as patch:
        location = "/page?été".encode().decode("latin-1")
        patch.setattr(Pages, "give_accents", lambda page, _: page.give_to(location), raising=False)
        assert reach(site.url("/accents")).url == site.url("/page?%C3%A9t%C3%A9")


def test_a_name_is_looked_up_once_per_hop_and_the_checked_address_is_used(
    site: Site, private_site: Site
) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    asked = []

    def rebinding(host: str) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    assert reach(site.url(host="rebinding.example"), resolve=rebinding).content == PAGE
    assert asked == ["rebinding.example"]
    answers[:] = [[PUBLIC], ["127.0.0.1"]]
    assert (
        refusal(site.url("/to/page", host="rebinding.example"), resolve=rebinding).code == "private_address"
    )
    assert asked == ["rebinding.example"] * 3
    assert private_site.asked == []


@pytest.mark.parametrize("addresses", [f"{PUBLIC} 127.0.0.1", f"10.0.0.1 {PUBLIC}", f"{PUBLIC} ::1"])
def test_one_private_address_among_public_ones_refuses_the_name(site: Site, addresses: str) -> None:
    url = site.url(host="mixed.example")
    assert refusal(url, resolve=names(mixed_example=addresses)).code == "private_address"
    assert site.asked == []


def test_a_second_address_is_tried_when_the_first_is_dead(site: Site) -> None:
    url = site.url(host="two.example")
    known = names(two_example=f"127.0.0.3 {PUBLIC}")
    assert reach(url, resolve=known, allow=lambda _: True).content == PAGE


def test_an_unknown_name_is_refused() -> None:
    def unknown(host: str) -> list[str]:
        raise OSError("no such name")

    assert refusal("http://nowhere.example/", resolve=unknown).code == "unresolvable"
    assert refusal("http://nowhere.example/", resolve=lambda _: []).code == "unresolvable"
    assert refusal("http://nowhere.example/", resolve=lambda _: ["what"]).code == "unresolvable"


@pytest.mark.parametrize("host", ["a..b", "-,-", "a" * 64, ".".join(["a" * 60] * 5), ".", "a!b"])
def test_an_impossible_name_is_never_looked_up(host: str) -> None:
    assert refusal(f"http://{host}/", resolve=never).code in ("unresolvable", "scheme")


def test_an_international_name_is_looked_up_encoded(site: Site) -> None:
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    fetched = reach(site.url(host="été.example"), resolve=resolve)
    assert asked == ["xn--t-9fab.example"]
    assert fetched.url == site.url(host=asked[0])


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://press.example/",
        "gopher://press.example/",
        "data:text/html,hello",
        "javascript:alert(1)",
        "press.example",
        "//press.example/",
        "http:/press.example/",
        "http:///page",
        "http://",
        "http://:80/",
        "",
        "http://press.example/a b",
        " http://press.example/",
        "http://press.example/\r\nX-Injected: 1",
        "http://press.example\t/",
        "http://press.example/\x00",
        "http://press.example/\x7f",
        "http://press.example\\@127.0.0.1/",
        "http://press.example/\ud800",
        "http://press.example:99999/",
        "http://press.example:8o/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
    ],
)
def test_what_is_not_a_complete_web_address_is_refused(url: str) -> None:
    assert refusal(url, resolve=never).code == "scheme"


@pytest.mark.parametrize("userinfo", ["user", "user:secret", ":secret", "", "press.example:80"])
def test_an_address_with_credentials_is_refused_and_not_repeated(userinfo: str) -> None:
    error = refusal(f"http://{userinfo}@press.example/", resolve=never)
    assert (error.code, error.url) == ("credentials", "http://press.example/")
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "url", ["http://press.example:22/", "https://press.example:8443/", "http://press.example:0/"]
)
def test_other_ports_are_refused(url: str) -> None:
    assert refusal(url, resolve=never, allowed_ports=(80, 443)).code == "port"


def test_a_refusal_reads_as_a_sentence() -> None:
    error = refusal("http://press.example:22/", allowed_ports=(80, 443))
    assert str(error) == "Only the usual web ports are reached (port 22)."
    assert str(FetchRefused("tls", "https://press.example/")).endswith(" cannot be trusted.")


def test_a_page_announced_too_large_is_not_read(site: Site) -> None:
    error = refusal(site.url("/announced/2000001"))
    assert (error.code, "announced" in error.detail) == ("too_large", True)


def test_a_page_may_be_just_as_large_as_allowed(site: Site) -> None:
    assert reach(site.url(), max_bytes=len(PAGE)).content == PAGE
    assert refusal(site.url(), max_bytes=len(PAGE) - 1).code == "too_large"
    assert refusal(site.url("/gzip"), max_bytes=len(PAGE) - 1).code == "too_large"


def test_an_endless_page_is_cut(site: Site) -> None:
    assert refusal(site.url("/endless")).code == "too_large"


def test_a_gzip_bomb_is_cut_while_it_is_being_decoded(site: Site) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    with pytest.MonkeyPatch.context() as patch:
        give = lambda page, _: page.give(bomb, Content_Encoding="gzip")  # noqa: E731
        patch.setattr(Pages, "give_bomb", give, raising=False)
        tracemalloc.start()
        try:
            assert refusal(site.url("/bomb"), timeout_s=20).code == "too_large"
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("path", ["/drip", "/counted_drip", "/header_drip", "/silence", "/slow_countdown/99"])
@pytest.mark.quiet
def test_the_deadline_holds_for_the_whole_exchange(site: Site, path: str) -> None:
    started = time.monotonic()
    assert refusal(site.url(path), timeout_s=0.5, max_redirects=50).code == "too_slow"
    assert time.monotonic() - started < 1.5


@pytest.mark.quiet
def test_the_deadline_holds_in_a_lookup_and_in_a_handshake(site: Site) -> None:
    def slow(host: str) -> list[str]:
        time.sleep(2)
        return [PUBLIC]

    started = time.monotonic()
    assert refusal("http://slow.example/", resolve=slow, timeout_s=0.3).code == "too_slow"
    with Site() as mute:  # it listens and never answers
        assert refusal(mute.url().replace("http:", "https:"), timeout_s=0.3).code == "too_slow"
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("path", ["/nonsense", "/cut"])
def test_a_broken_answer_is_refused(site: Site, path: str) -> None:
    assert refusal(site.url(path)).code == "unreachable"


def test_a_closed_port_is_unreachable(site: Site) -> None:
    url = site.url().replace(PUBLIC, "127.0.0.3")
    assert refusal(url, allow=lambda _: True).code == "unreachable"


def test_a_secure_page_is_checked_against_the_name_and_not_the_address(
    secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    known = names(press_example=PUBLIC, other_example=PUBLIC)
    assert reach(secure_site.url(host="press.example."), resolve=known).content == PAGE
    assert secure_site.asked[0][1]["Host"] == f"press.example:{secure_site.server_port}"
    assert refusal(secure_site.url(host="other.example"), resolve=known).code == "tls"
    assert refusal(secure_site.url()).code == "tls"


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_site: Site) -> None:
    error = refusal(secure_site.url(host="press.example"), resolve=names(press_example=PUBLIC))
    assert error.code == "tls"
    assert secure_site.asked == []


def test_the_deadline_holds_on_a_secure_page(
    secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = secure_site.url("/drip", host="press.example")
    assert refusal(url, resolve=names(press_example=PUBLIC), timeout_s=0.5).code == "too_slow"


def test_a_secure_page_may_not_redirect_to_an_insecure_one(
    secure_site: Site, site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    known = names(press_example=PUBLIC)
    error = refusal(secure_site.url("/to/" + site.url(), host="press.example"), resolve=known)
    assert (error.code, site.asked) == ("scheme", [])
    assert reach(site.url("/to/" + secure_site.url(host="press.example")), resolve=known).content == PAGE


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    literal = f"[{address}]" if ":" in address else address
    assert refusal(f"http://{literal}/", allow=is_public).code == "private_address"
    by_name = refusal("http://press.example/", allow=is_public, resolve=lambda _: [address])
    assert by_name.code == "private_address"
    assert address not in str(by_name)


@pytest.mark.parametrize("address", ON_THE_INTERNET.split())
def test_an_address_on_the_public_internet_is_allowed(address: str) -> None:
    assert is_public(ip_address(address))


def test_an_ipv6_address_is_reached_and_named_in_brackets() -> None:
    try:
        site = SiteV6("::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    for serving_site in serving(site):
        url = serving_site.url(host="[::1]")
        assert reach(url, allow=lambda _: True).url == url
        assert serving_site.asked[0][1]["Host"] == f"[::1]:{site.server_port}"
