"""The one SSRF-safe way out to the web.

A web address that a person pasted, or that a page redirected to, may point into our own network. So the
name is resolved here, once per hop; every address it has must be public; and the socket goes to an address
that was checked, while Host header, SNI and certificate check keep the name. No proxy, cookie or password.
"""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError, SSLError
from urllib3.util import Url, parse_url

Address = IPv4Address | IPv6Address
Resolve = Callable[[str], Iterable[str]]
Allow = Callable[[Address], bool]
READABLE_TYPES = ("text/html", "text/plain", "text/markdown", "application/xhtml+xml")
HEADERS = {"User-Agent": "Depeche/0.1 (+newsroom import)", "Accept-Encoding": "gzip, deflate"}
CONNECT_TIMEOUT_S = 5.0  # per address, so that one dead address leaves time for the next
_NEVER_IN_A_URL = re.compile(r"[\s\x00-\x20\x7f-\x9f\\\ud800-\udfff]")
_START = re.compile(r"https?://(?P<authority>[^/?#]*)", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMERIC_HOST = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")
# What ipaddress takes for global, in some Python 3.11 at least, and what is not for us to reach.
_NOT_PUBLIC = [
    ip_network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
]
_UNICAST_V6, _NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")
_SENTENCES = {
    "scheme": "Only complete http and https addresses are fetched",
    "credentials": "An address that carries a user name or a password is not fetched",
    "port": "Only the usual web ports are reached",
    "private_address": "The address does not lead to the public internet",
    "unresolvable": "The name of the site is not known",
    "too_many_redirects": "The site redirects too many times",
    "too_large": "The page is larger than what is accepted",
    "too_slow": "The site did not answer in full within the time allowed",
    "status": "The site did not deliver the page",
    "content_type": "The address does not lead to readable text",
    "unreachable": "The site cannot be reached",
    "tls": "The secure connection to the site cannot be trusted",
}


@dataclass(frozen=True)
class Fetched:
    """A page as it arrived: final address, decoded bytes, type and declared character set, or ""."""

    url: str
    content: bytes
    content_type: str
    charset: str


class FetchRefused(Exception):
    """Why nothing was fetched: a code to act on, the address (without any password) and what was seen."""

    def __init__(self, code: str, url: str, detail: str = "") -> None:
        self.code = code
        self.url = re.sub(r"//[^/?#]*@", "//", url)
        self.detail = detail
        super().__init__(f"{_SENTENCES[code]} ({detail})." if detail else f"{_SENTENCES[code]}.")


def resolve_host(host: str) -> list[str]:
    """The addresses of a host name as the system has them, each once; raises OSError where it has none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet; one that wraps an IPv4 address is judged by that one too.

    Source: IANA special-purpose address registries (RFC 6890); RFC 4291 §2.5.5 (mapped), RFC 6052 (NAT64),
    RFC 7526 (6to4, retired), RFC 4380 (Teredo, inside 2001::/23), RFC 5214 §6.1 (ISATAP), RFC 9637 (3fff::/20).
    """
    if not address.is_multicast and isinstance(address, IPv6Address):
        last_32_bits = IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.ipv4_mapped or address in _NAT64:
            return is_public(last_32_bits)
        is_isatap = int(address) >> 32 & 0xFFFF_FFFF in (0x5EFE, 0x0200_5EFE)
        if address not in _UNICAST_V6 or (is_isatap and not is_public(last_32_bits)):
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _NOT_PUBLIC)


@dataclass(frozen=True)
class _Errand:
    """What a caller of fetch asked for, and the moment when it must be done, redirects included."""

    url: str
    ends_at: float
    max_bytes: int
    content_types: Collection[str]
    allowed_ports: Collection[int]
    resolve: Resolve
    allow: Allow

    def left_s(self) -> float:
        """Seconds left; raises FetchRefused when there are none."""
        if (left := self.ends_at - time.monotonic()) > 0:
            return left
        raise FetchRefused("too_slow", self.url)

    @contextmanager
    def cutting(self, sock: socket.socket) -> Iterator[None]:
        """Shuts the socket when time is over: a timeout per read would let a slow drip go on for ever."""

        def cut() -> None:
            with suppress(OSError):  # SSLSocket's own shutdown would drop its state under the reader
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

        timer = threading.Timer(self.left_s(), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class _Pinned:
    """Mixed into a connection: the socket goes to checked addresses, whatever the name says by now."""

    addresses: list[Address]
    errand: _Errand
    port: int

    def _new_conn(self) -> socket.socket:
        failure = OSError("no address")
        for address in self.addresses:
            left_s = min(CONNECT_TIMEOUT_S, self.errand.left_s())
            try:
                sock = socket.create_connection((str(address), self.port), left_s)
            except OSError as error:
                failure = error
            else:  # a TLS handshake that follows has what is left, in all
                sock.settimeout(max(self.errand.ends_at - time.monotonic(), 0.001))
                return sock
        raise failure


class _PlainConnection(_Pinned, HTTPConnection): ...


class _TLSConnection(_Pinned, HTTPSConnection): ...


def fetch(
    url: str,
    *,
    max_bytes: int = 2_000_000,
    timeout_s: float = 15.0,
    max_redirects: int = 5,
    content_types: Collection[str] = READABLE_TYPES,
    allowed_ports: Collection[int] = (80, 443),
    resolve: Resolve = resolve_host,
    allow: Allow = is_public,
) -> Fetched:
    """The page behind a web address, following redirects.

    `max_bytes` counts decoded bytes; `timeout_s` is for the whole exchange, redirects included; `resolve`
    gives the textual addresses of a host name, and `allow` says which of them may be reached.

    Raises FetchRefused, whose `code` says why.
    """
    until = time.monotonic() + timeout_s
    errand = _Errand(url, until, max_bytes, content_types, allowed_ports, resolve, allow)
    for _ in range(max_redirects + 1):
        found = _one_hop(url, errand)
        if isinstance(found, Fetched):
            return found
        if url.lower().startswith("https:") and found.lower().startswith("http:"):
            raise FetchRefused("scheme", found, "a secure page redirects to an insecure one")
        url = found
    raise FetchRefused("too_many_redirects", url, f"more than {max_redirects}")


def _one_hop(url: str, errand: _Errand) -> Fetched | str:
    """The page at this address, or the address it redirects to."""
    target = _checked(url, errand.allowed_ports)
    kind = _TLSConnection if target.scheme == "https" else _PlainConnection
    connection = kind((target.host or "").strip("[]"), _port(target), timeout=errand.left_s())
    connection.addresses = _checked_addresses(url, connection.host, errand)
    connection.errand = errand
    try:
        with closing(connection):
            connection.connect()
            with errand.cutting(connection.sock):
                connection.request("GET", target.request_uri, headers=HEADERS, preload_content=False)
                with closing(connection.getresponse()) as response:
                    return _redirected(url, response) or _received(target.url, response, errand)
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        errand.left_s()  # what was cut at the deadline fails in many ways, all of them "too_slow"
        code = "tls" if isinstance(error, (ssl.SSLError, SSLError)) else "unreachable"
        raise FetchRefused(code, url, str(error)[:200]) from error


def _checked(url: str, allowed_ports: Collection[int]) -> Url:
    """The parts of an address that may be fetched, without its fragment and the last dot of its host."""
    if _NEVER_IN_A_URL.search(url):
        raise FetchRefused("scheme", url, "it holds a space, a backslash or a control character")
    if not (start := _START.match(url)):
        raise FetchRefused("scheme", url, f"it starts with {url[:10]!r}")
    if "@" in start["authority"]:
        raise FetchRefused("credentials", url)
    with suppress(LocationParseError):
        target = parse_url(url)
        if _port(target) not in allowed_ports:
            raise FetchRefused("port", url, f"port {_port(target)}")
        if target.host and "%" not in target.host:
            return target._replace(host=target.host.removesuffix("."), fragment=None)
    raise FetchRefused("scheme", url, "the name or the port of the site is malformed")


def _port(target: Url) -> int:
    return {"http": 80, "https": 443}[target.scheme or ""] if target.port is None else target.port


def _checked_addresses(url: str, host: str, errand: _Errand) -> list[Address]:
    """The addresses of a host, all of them allowed; one bad address among good ones refuses the host."""
    try:
        addresses = [ip_address(host)]
    except ValueError:
        addresses = _resolved(url, host, errand)
    if not all(map(errand.allow, addresses)):
        raise FetchRefused("private_address", url, host)  # not which: that would map our network
    return addresses


def _resolved(url: str, host: str, errand: _Errand) -> list[Address]:
    if _NUMERIC_HOST.fullmatch(host):
        raise FetchRefused("private_address", url, f"{host} is a number in an unusual form")
    if not _HOST_NAME.fullmatch(host):
        raise FetchRefused("unresolvable", url, host[:100])
    answer: Future[list[Address]] = Future()

    def ask() -> None:
        try:
            answer.set_result([ip_address(text) for text in errand.resolve(host)])
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()  # the system's resolver knows no deadline
    try:
        addresses = answer.result(errand.left_s())
    except (OSError, ValueError) as error:
        raise FetchRefused("unresolvable" if answer.done() else "too_slow", url, host) from error
    if addresses:
        return addresses
    raise FetchRefused("unresolvable", url, host)


def _redirected(url: str, response: BaseHTTPResponse) -> str | None:
    """The address a redirect leads to, None where the response is not one."""
    location = response.headers.get("Location")
    if response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()  # raw UTF-8 is not allowed there, and common
    if _NEVER_IN_A_URL.search(location):  # before urljoin, which drops line breaks in silence
        raise FetchRefused("scheme", url, "it redirects to a malformed address")
    return urljoin(url, location)


def _received(url: str, response: BaseHTTPResponse, errand: _Errand) -> Fetched:
    """The page of a response, read to its end within all limits."""
    if response.status not in (200, 203):
        raise FetchRefused("status", url, f"HTTP status {response.status}")
    declared = Message()
    declared["Content-Type"] = header = response.headers.get("Content-Type", "")
    content_type = header.partition(";")[0].strip().lower()
    if content_type not in errand.content_types:
        raise FetchRefused("content_type", url, content_type[:100] or "no type given")
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchRefused("content_type", url, f"encoded as {encoding[:100]}, which was not asked for")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > errand.max_bytes:
        raise FetchRefused("too_large", url, f"{length} bytes announced, {errand.max_bytes} accepted")
    content = bytearray()
    while chunk := response.read(65_536):
        content += chunk
        if len(content) > errand.max_bytes:
            raise FetchRefused("too_large", url, f"more than {errand.max_bytes} bytes")
    errand.left_s()  # a connection that was cut can look like the end of the page
    return Fetched(url, bytes(content), content_type, declared.get_content_charset("") or "")
