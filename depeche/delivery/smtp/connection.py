"""One socket to one server: commands out, replies in, in bounded memory and bounded time."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Sequence

from .replies import Lost, Reply, codes_of, of_one_line, parsed
from .server import Timeouts

LONGEST_LINE = 4096  # eight times what RFC 5321 §4.5.3.1.5 allows
MOST_LINES = 128
BLOCK = 256 * 1024
TLS_BLOCK = 16 * 1024  # one record (RFC 8446 §5.1): of several, nobody says how many left before it broke
MOST_PIECES = 512  # half of what the system takes at once
QUIT_S = 5.0


class Connection:
    """An open connection; `extensions` is what EHLO announced (PIPELINING: `is_pipelined`), `finished` how many messages it saw to their end."""

    def __init__(self, sock: socket.socket, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self.extensions: dict[str, str] = {}
        self.is_pipelined = False
        self.finished = 0
        self.used_at = time.monotonic()
        self.needs_reset = False  # a transaction was refused half-way and stands open
        self.is_over = False  # lost, or announced to be
        self._socket = sock
        self._is_encrypted = False
        self._waits_s: dict[int, float] = {}  # by option
        self._until: float | None = None
        self._read = b""
        self._at = 0

    @property
    def has_unread(self) -> bool:
        """Whether more came than was asked for: then replies no longer belong to their commands."""
        return self._at < len(self._read)

    @property
    def is_plain(self) -> bool:
        """Whether a step on the socket is one of the system's: without TLS."""
        return not self._is_encrypted

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def local_address(self) -> str:
        return str(self._socket.getsockname()[0])

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Go on under TLS with whoever proves to be `host`. Raises OSError."""
        self._socket.settimeout(self.timeouts.connect_s)
        self._socket, self._is_encrypted = context.wrap_socket(self._socket, server_hostname=host), True
        self._waits_s = {}

    def write(self, *pieces: bytes, within_s: float, written: int = 0) -> None:
        """Send all of `pieces`, of which `written` octets left already, each block within `within_s`.

        Raises:
            Lost: with how much of it had left.
        """
        size = sum(map(len, pieces))
        try:
            self._wait(within_s, socket.SO_SNDTIMEO)
            if not written and size <= BLOCK and len(pieces) <= MOST_PIECES and not self._is_encrypted:
                written = self._socket.sendmsg(pieces)
            if written < size:
                rest = memoryview(b"".join(pieces))
                block = TLS_BLOCK if self._is_encrypted else BLOCK
                while written < size:
                    written += self._socket.send(rest[written : written + block])
        except OSError as error:
            raise Lost(_why(error), written=written) from error

    def write_now(self, pieces: Sequence[bytes]) -> int:
        """Send what can leave at once; how much that was. What is wrong comes out at the next step that waits."""
        self.used_at = time.monotonic()
        if len(pieces) > MOST_PIECES:
            return 0
        try:
            return self._socket.sendmsg(pieces, (), socket.MSG_DONTWAIT)
        except OSError:
            return 0

    def read_now(self) -> bytes:
        """What came and was not read yet, which it still is not. What is wrong comes out at the next step that waits."""
        try:
            some = self._socket.recv(LONGEST_LINE, socket.MSG_DONTWAIT)
        except OSError:
            some = b""
        self._read, self._at = self._read[self._at :] + some, 0
        return self._read

    def saw_to_the_end(self) -> None:
        """One message more, by an answer that `read_now` showed."""
        self._at = len(self._read)
        self.finished += 1

    def took(self, codes: tuple[int, ...]) -> bool:
        """Whether what came and was not read is replies of one line with these codes; then they are read."""
        if codes_of(self._read[self._at :]) != codes:
            return False
        self._at = len(self._read)
        return True

    def reply(self, *, within_s: float) -> Reply:
        """The next reply, whole, within `within_s`.

        Raises:
            Lost: the server hung up, took longer, or said what is no reply.
        """
        self._until = None
        line = self._line(within_s)
        if (whole := of_one_line(line)) is not None:
            return whole
        code, is_last, text = parsed(line)
        lines: tuple[bytes, ...] = (text,)
        while not is_last:
            same, is_last, text = parsed(self._line(within_s))
            lines += (text,)
            if same != code or len(lines) > MOST_LINES:
                raise Lost(f"no SMTP reply: {code} went on as {same} for {len(lines)} lines")
        return Reply(code, lines)

    def ask(self, command: bytes, *, within_s: float | None = None) -> Reply:
        """The reply to one command. Raises Lost."""
        within_s = self.timeouts.answer_s if within_s is None else within_s
        self.write(command + b"\r\n", within_s=within_s)
        return self.reply(within_s=within_s)

    def quit(self) -> None:
        """Take leave as RFC 5321 §4.1.1.10 wants it, and close; only between two messages."""
        with contextlib.suppress(Lost):
            self.ask(b"QUIT", within_s=QUIT_S)
        self.abort()

    def abort(self) -> None:
        """Close at once: a message whose final dot was not sent is thereby given up (RFC 5321 §4.1.1.4)."""
        self._socket.close()

    def interrupt(self) -> None:
        """End both directions, from any thread; not by way of TLS, whose state belongs to another."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _line(self, within_s: float) -> bytes:
        """The next line, without its end."""
        end = self._read.find(b"\n", self._at)
        while end < 0:
            if len(self._read) - self._at > LONGEST_LINE:
                raise Lost("no SMTP reply: a line without an end")
            self._read, self._at = self._read[self._at :] + self._receive(within_s), 0
            end = self._read.find(b"\n")
        line, self._at = self._read[self._at : end], end + 1
        return line.removesuffix(b"\r")

    def _receive(self, within_s: float) -> bytes:
        """What comes next, as long as the reply it belongs to may still take."""
        now = time.monotonic()
        self._until = self._until or now + within_s
        try:
            self._wait(self._until - now, socket.SO_RCVTIMEO)
            some = self._socket.recv(LONGEST_LINE)
        except OSError as error:
            raise Lost(_why(error)) from error
        self.used_at = time.monotonic()
        if not some:
            raise Lost("the server hung up")
        return some

    def _wait(self, seconds: float, option: int) -> None:
        """Let the socket's next step take `seconds`. Raises TimeoutError where none are left.

        The system keeps the time, for Python would ask it before each step whether that can be taken; not under TLS,
        where one step of ours is any number of both kinds.
        """
        if seconds <= 0:
            raise TimeoutError
        known_s = self._waits_s.get(option, 0.0)
        if seconds <= known_s <= 1.1 * seconds:
            return  # a system call, so not for a moment more or less
        if self._is_encrypted:
            self._socket.settimeout(seconds)
            self._waits_s = dict.fromkeys((socket.SO_RCVTIMEO, socket.SO_SNDTIMEO), seconds)
        else:
            self._socket.settimeout(None)
            self._socket.setsockopt(socket.SOL_SOCKET, option, _timeval(seconds))
            self._waits_s[option] = seconds


def _timeval(seconds: float) -> bytes:
    """Source: socket(7), `struct timeval`."""
    whole, part = divmod(max(seconds, 1e-6), 1)
    return struct.pack("@ll", int(whole), int(part * 1e6))


def _why(error: OSError) -> str:
    is_late = isinstance(error, (TimeoutError, BlockingIOError))
    return "no answer in time" if is_late else str(error) or type(error).__name__
