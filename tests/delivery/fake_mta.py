"""A mail server that does as it is told, to the letter of RFC 5321 where it is told nothing.

`rules` say what happens at a stage each time ("RCPT"), at its n-th time over all connections (("RCPT", 3)), or for
recipients at a domain (("RCPT", "exemple.test"), up to END): a reply, octets, or one of the acts below. Stages are HELLO, EHLO, HELO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (its first
line came), END (the final dot came), RSET, QUIT.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hmac
import ipaddress
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DROP, HANG = "drop", "hang"
PIPELINED = ("PIPELINING", "8BITMIME", "SIZE 50000000")
LOCKSTEP = ("8BITMIME", "SIZE 50000000")


@dataclass(frozen=True)
class Slow:
    """A reply whose lines come one by one."""

    lines: tuple[str, ...]
    pause_s: float = 0.05


@dataclass(frozen=True)
class Late:
    """A reply that takes its time; without one, that which is due."""

    pause_s: float
    reply: str | None = None


@dataclass(frozen=True)
class ThenDrop:
    reply: str


class _Gone(Exception):
    """The connection is over."""


class FakeMta:
    """Listens on loopback from the start; `accepted` is what it said 2xx to: recipient and content, in order.

    `accepted_at` says when, by `time.monotonic`; `begun_at` when the first line of each such body came.
    """

    def __init__(self, rules=None, *, extensions=PIPELINED, certificate=None, implicit_tls=False, login=None):
        self.rules, self.extensions, self.login = rules or {}, extensions, login
        self.context = None
        self.is_implicit = implicit_tls
        if certificate:
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(certificate)
        self.accepted: list[tuple[str, bytes]] = []
        self.accepted_at: list[float] = []
        self.begun_at: dict[str, float] = {}
        self.commands: list[str] = []
        self.violations: list[str] = []
        self.connections = 0
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._open: set[socket.socket] = set()
        self.port = self.stops = 0
        self.start()

    def start(self):
        """Listen, after `stop` on the same port as before."""
        self._socket = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, args=[self._socket], daemon=True).start()

    def stop(self):
        """As if the machine had gone: nobody listens, and what is open breaks."""
        self.stops += 1
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._released.set()
        self.stop()

    def act(self, stage, domain=None):
        """What to do at this time of `stage`; None where nothing was ordered."""
        with self._lock:
            self._seen[stage] += 1
            for key in ((stage, self._seen[stage]), (stage, domain), stage):
                if key in self.rules:
                    return self.rules[key]
            return None

    def accept(self, taken):
        """Keep what it says yes to."""
        with self._lock:
            self.accepted.extend(taken)
            self.accepted_at.extend(time.monotonic() for _ in taken)

    def wait_for_release(self):
        self._released.wait(10)

    def pause(self, seconds):
        self._released.wait(seconds)

    def _listen(self, listening):
        while True:
            try:
                sock, _ = listening.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            threading.Thread(target=self._serve, args=[sock], daemon=True).start()

    def _serve(self, sock):
        self._open.add(sock)
        try:
            if self.is_implicit:
                sock = self.context.wrap_socket(sock, server_side=True)
            _Conversation(self, sock).run()
        except (OSError, _Gone):
            pass
        finally:
            self._open.discard(sock)
            sock.close()


class _Conversation:
    def __init__(self, mta, sock):
        self.mta, self.socket, self.read = mta, sock, b""
        self.sender, self.recipients, self.domain = None, [], None
        self.is_encrypted = mta.is_implicit

    def run(self):
        self.say("HELLO", "220 fake.test ESMTP")
        while True:
            line = self.line()
            self.mta.commands.append(line)
            if self.read and "PIPELINING" not in self.mta.extensions:
                self.mta.violations.append(f"pipelined without leave: {line}")
            word = line.upper().split(" ")[0].split(":")[0]
            getattr(self, f"do_{word.lower()}", self.unknown)(line)

    def do_ehlo(self, line):
        offered = list(self.mta.extensions)
        if self.mta.context and not self.is_encrypted:
            offered.append("STARTTLS")
        self.sender, self.recipients = None, []
        lines = ["fake.test", *offered]
        self.say(
            "EHLO", "\r\n".join(f"250{' ' if n == len(lines) else '-'}{t}" for n, t in enumerate(lines, 1))
        )

    def do_helo(self, line):
        self.say("HELO", "250 fake.test")

    def do_starttls(self, line):
        self.say("STARTTLS", "220 go ahead" if self.mta.context else "502 5.5.1 no")
        self.socket = self.mta.context.wrap_socket(self.socket, server_side=True)
        self.read, self.is_encrypted = b"", True

    def do_auth(self, line):
        _, way, *initial = line.split(" ")
        user, password = self.mta.login
        if way == "PLAIN":
            given = base64.b64decode(initial[0]).split(b"\0")[1:]
        elif way == "LOGIN":
            given = [self.challenge(b"User Name"), self.challenge(b"Password")]
        else:
            name, proof = self.challenge(b"<1@fake.test>").split(b" ")
            right = hmac.new(password.encode(), b"<1@fake.test>", "md5").hexdigest().encode()
            given = [name, password.encode() if proof == right else b""]
        is_right = given == [user.encode(), password.encode()]
        self.say("AUTH", "235 2.7.0 welcome" if is_right else "535 5.7.8 wrong")

    def challenge(self, words):
        self.send(b"334 " + base64.b64encode(words) + b"\r\n")
        return base64.b64decode(self.line())

    def do_mail(self, line):
        self.domain = None
        if self.sender is not None:
            return self.say("MAIL", "503 5.5.1 nested MAIL")
        if self.say("MAIL", "250 2.1.0 ok"):
            self.sender = line
        return None

    def do_rcpt(self, line):
        default = "250 2.1.5 ok" if self.sender else "503 5.5.1 MAIL first"
        recipient = line.partition("<")[2].partition(">")[0]
        self.domain = recipient.rpartition("@")[2]
        if self.say("RCPT", default) and self.sender:
            self.recipients.append(recipient)

    def do_data(self, line):
        wanted = "354 go" if self.recipients else "503 5.5.1 RCPT first"
        if not self.say("DATA", wanted, wants=b"3"):
            return
        content, is_first = [], True
        while (line := self.raw_line()) != b".\r\n":
            if is_first:
                self.mta.begun_at |= dict.fromkeys(self.recipients, time.monotonic())
                self.say("BODY", b"")
            is_first = False
            content.append(line.removeprefix(b"."))
        recipients, self.sender, self.recipients = self.recipients, None, []
        taken = [(recipient, b"".join(content)) for recipient in recipients]
        default = "250 2.0.0 kept" if recipients else "554 5.5.1 nobody to take it"
        self.say("END", default, noting=lambda: self.mta.accept(taken))

    def do_rset(self, line):
        self.sender, self.recipients = None, []
        self.say("RSET", "250 2.0.0 ok")

    def do_quit(self, line):
        self.say("QUIT", "221 2.0.0 bye")
        raise _Gone

    def unknown(self, line):
        self.mta.violations.append(f"unknown command: {line}")
        self.send(b"500 5.5.2 what?\r\n")

    def say(self, stage, default, *, wants=b"2", noting=lambda: None):
        """Do what is ordered, or say what is due; whether the answer is of the class wanted, which is noted first."""
        act = self.mta.act(stage, self.domain)
        if act == HANG:
            self.mta.wait_for_release()
        if act in (DROP, HANG):
            raise _Gone
        if isinstance(act, Late):
            self.mta.pause(act.pause_s)
            act = act.reply
        act = act or default
        lines = act.lines if isinstance(act, Slow) else [act.reply if isinstance(act, ThenDrop) else act]
        octets = [line if isinstance(line, bytes) else f"{line}\r\n".encode() for line in lines]
        is_wanted = octets[-1].startswith(wants)
        if is_wanted:
            noting()
        for line in octets:
            self.send(line)
            if isinstance(act, Slow):
                self.mta.pause(act.pause_s)
        if isinstance(act, ThenDrop):
            raise _Gone
        return is_wanted

    def send(self, words):
        self.socket.sendall(words)

    def line(self):
        return self.raw_line().decode("utf-8", "replace").removesuffix("\r\n")

    def raw_line(self):
        while b"\n" not in self.read:
            some = self.socket.recv(65536)
            if not some:
                raise _Gone
            self.read += some
        line, _, self.read = self.read.partition(b"\n")
        return line + b"\n"


def make_certificate(folder: Path, name: str = "127.0.0.1") -> Path:
    """A file with a key and a certificate for `name`, its own authority, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fake.test")])
    now = dt.datetime.now(dt.UTC)
    try:
        other: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        other = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{name}.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
