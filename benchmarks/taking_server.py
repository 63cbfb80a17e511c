"""SMTP servers on loopback that take every message and know whom for, and where each connection stood when it broke."""

from __future__ import annotations

import collections
import dataclasses
import functools
import socket
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclasses.dataclass
class Line:
    """One connection: `offered` may send its body now, `accepted` was said yes to last."""

    door: int
    offered: str = ""
    accepted: str = ""
    is_open: bool = True
    has_quit: bool = False

    def may_be_unknown(self) -> set[str]:
        """Those of whom the sender may not know what became, should it die now; never more than one of them."""
        return {self.offered, self.accepted} - {""}


class Doors:
    """So many doors (ports), one book; a door is for one worker at a time."""

    def __init__(self) -> None:
        self.accepted: collections.Counter[str] = collections.Counter()
        self.lines: list[Line] = []
        self.lock = threading.RLock()

    def look(self) -> None:
        """Bring book and lines up to date, where they are not by themselves."""

    def taken(self) -> int:
        with self.lock:
            self.look()
            return self.accepted.total()

    def is_sending(self, door: int) -> bool:
        """Whether something was said on a connection of this door."""
        return any(line.is_open and line.may_be_unknown() for line in self._of(door))

    def broken(self, door: int, *, within_s: float = 10) -> list[Line]:
        """The connections of a worker that was killed: those that ended without a word. Forgets the door's lines."""
        until = time.monotonic() + within_s
        while time.monotonic() < until and any(line.is_open for line in self._of(door)):
            time.sleep(0.005)
        found = self._of(door)
        if any(line.is_open for line in found):
            raise RuntimeError("a connection outlived its worker")
        with self.lock:
            self.lines = [line for line in self.lines if line.door != door]
        return [line for line in found if not line.has_quit]

    def opened(self, door: int) -> Line:
        with self.lock:
            self.lines.append(Line(door))
            return self.lines[-1]

    def _of(self, door: int) -> list[Line]:
        with self.lock:
            self.look()
            return [line for line in self.lines if line.door == door]


class TakingServer(Doors):
    """aiosmtpd, on a port for each door."""

    def __init__(self, doors: int) -> None:
        super().__init__()
        self._controllers = [
            _Controller(functools.partial(_Smtp, self, door), port=free_port()) for door in range(doors)
        ]
        for controller in self._controllers:
            controller.start()

    def urls(self) -> list[str]:
        return [f"smtp://127.0.0.1:{controller.port}" for controller in self._controllers]

    def settle(self) -> None:
        """Wait until the book is complete: it is at once."""

    def close(self) -> None:
        for controller in self._controllers:
            controller.stop()

    def note(self, line: Line, recipient: str) -> None:
        """The yes is about to be said."""
        with self.lock:
            self.accepted[recipient] += 1
            line.accepted, line.offered = recipient, ""


class _Controller(Controller):
    def __init__(self, smtp: functools.partial[SMTP], *, port: int) -> None:
        self._smtp = smtp
        super().__init__(object(), hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        return self._smtp()


class _Smtp(SMTP):
    """Announces PIPELINING; notes what it says when it says it."""

    def __init__(self, server: TakingServer, door: int) -> None:
        self._server, self._door = server, door
        super().__init__(self, enable_SMTPUTF8=True)

    def connection_made(self, transport) -> None:  # type: ignore[no-untyped-def]
        self._line = self._server.opened(self._door)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._line.is_open = False
        super().connection_lost(error)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        self._server.note(self._line, recipient)
        return "250 2.0.0 taken"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._line.has_quit = True
        return "221 2.0.0 bye"

    async def push(self, status: str | bytes) -> None:
        if self.envelope and self.envelope.rcpt_tos and status[:3] in ("354", b"354"):
            self._line.offered = self.envelope.rcpt_tos[0]
        await super().push(status)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
