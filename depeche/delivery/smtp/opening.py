"""From nothing to a connection that takes mail: TCP, TLS, EHLO, AUTH."""

from __future__ import annotations

import base64
import functools
import hmac
import re
import socket
import ssl
from collections.abc import Callable

from .connection import Connection
from .outcomes import Fault, NoConnection
from .replies import Lost, Reply, decoded
from .server import SmtpServer, Timeouts

_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def opened(server: SmtpServer, timeouts: Timeouts, tls: Callable[[], ssl.SSLContext]) -> Connection:
    """A connection that has greeted, is encrypted and logged in as `server` asks; TLS never falls back to none.

    Raises:
        NoConnection: not reached, not trusted, or turned away.
    """
    connection = None
    try:
        sock = socket.create_connection((server.host, server.port), timeout=timeouts.connect_s)
        connection = Connection(sock, timeouts)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if server.security == "tls":
            connection.encrypt(tls(), server.host)
        _demand(connection.reply(within_s=timeouts.answer_s), "the mail server turned us away")
        _greet(connection)
        if server.security == "starttls":
            _start_tls(connection, server, tls())
        if server.user:
            _log_in(connection, server)
    except BaseException as error:
        if connection is not None:
            connection.abort()
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            raise NoConnection(f"TLS: {error}", fault=Fault.SENDER) from error
        if isinstance(error, (Lost, OSError, UnicodeError)):
            raise NoConnection(str(error) or type(error).__name__) from error
        raise
    return connection


def _greet(connection: Connection) -> None:
    """EHLO, or HELO where the server knows no better; what it announces is kept."""
    name = _own_name() or _literal(connection.local_address)
    reply = connection.ask(f"EHLO {name}".encode())
    connection.extensions, connection.is_pipelined = {}, False
    if reply.kind == 5:
        _demand(connection.ask(f"HELO {name}".encode()), "the mail server turned us away")
        return
    _demand(reply, "the mail server turned us away")
    for line in reply.lines[1:]:
        keyword, _, values = decoded(line).replace("=", " ", 1).partition(" ")
        connection.extensions[keyword.upper()] = values.strip()
    connection.is_pipelined = "PIPELINING" in connection.extensions


def _start_tls(connection: Connection, server: SmtpServer, context: ssl.SSLContext) -> None:
    """Source: RFC 3207."""
    if "STARTTLS" not in connection.extensions:
        raise NoConnection("the mail server does not offer STARTTLS", fault=Fault.SENDER)
    _demand(connection.ask(b"STARTTLS"), "the mail server refuses STARTTLS")
    if connection.has_unread:  # said in clear, by whoever stands between us, to be taken as said under TLS
        raise Lost("the mail server went on in clear after STARTTLS")
    connection.encrypt(context, server.host)
    _greet(connection)


def _log_in(connection: Connection, server: SmtpServer) -> None:
    """Source: RFC 4954; PLAIN RFC 4616, CRAM-MD5 RFC 2195."""
    offered = connection.extensions.get("AUTH", "").upper().split()
    user, password = server.user.encode(), server.password.encode()
    if "PLAIN" in offered:
        reply = connection.ask(b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password))
    elif "LOGIN" in offered:
        reply = connection.ask(b"AUTH LOGIN")
        for answer in (user, password):
            if reply.code == 334:
                reply = connection.ask(base64.b64encode(answer))
    elif "CRAM-MD5" in offered:
        reply = connection.ask(b"AUTH CRAM-MD5")
        if reply.code == 334:
            proof = hmac.new(password, _challenge(reply), "md5").hexdigest()
            reply = connection.ask(base64.b64encode(user + b" " + proof.encode()))
    else:
        raise NoConnection("the mail server offers no way to log in that we know", fault=Fault.SENDER)
    _demand(reply, "the mail server refuses our login")


def _challenge(reply: Reply) -> bytes:
    try:
        return base64.b64decode(reply.lines[0])
    except ValueError as error:
        raise Lost("a challenge that cannot be read") from error


def _demand(reply: Reply, otherwise: str) -> None:
    if reply.kind != 2:
        raise NoConnection(otherwise, reply=reply)


@functools.cache
def _own_name() -> str:
    """This machine's full name; empty where it has none."""
    name = socket.getfqdn()
    return name if _NAME.fullmatch(name) and len(name) < 256 else ""


def _literal(address: str) -> str:
    """Source: RFC 5321 §4.1.3."""
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"
