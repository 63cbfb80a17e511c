"""A Postfix on loopback that takes every message, and what its log tells of them and of the connections they came by."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from taking_server import Doors, Line

sys.path.append(str(Path(__file__).parent.parent / "tests/delivery"))
from real_postfix import NoPostfix, Postfix

__all__ = ["NoPostfix", "TakingPostfix"]

# Each message is thrown away and told as sent; its recipient stands in the log before its body is asked for.
KEEPS_A_LOG = (
    "default_transport = discard:taken",
    "smtpd_recipient_restrictions = check_recipient_access static:INFO, permit_mynetworks, reject",
)
_SAID = re.compile(
    rb" door(\d+)/smtpd\[(\d+)\]: (?:(connect) from|(disconnect) from|\w+: info: RCPT .* to=<([^>]*)>)"
)
_TAKEN = re.compile(rb"/discard\[\d+\]: \w+: to=<([^>]*)>.* status=sent")
SETTLES_WITHIN_S = 120


class TakingPostfix(Doors):
    """A process of its own for each connection, all of one Postfix. Raises `real_postfix.NoPostfix`."""

    def __init__(self, doors: int) -> None:
        super().__init__()
        self._postfix = Postfix(*KEEPS_A_LOG, doors=doors)
        self._log = self._postfix.log.open("rb")
        self._unfinished = b""
        self._came = 0
        self._line_of: dict[bytes, Line] = {}  # by the process that holds the connection

    def urls(self) -> list[str]:
        return [f"smtp://127.0.0.1:{port}" for port in self._postfix.ports]

    def settle(self) -> None:
        """Wait until all that was accepted has left the queue, and stands in the log."""
        until = time.monotonic() + SETTLES_WITHIN_S
        while self._postfix.has_mail():
            if time.monotonic() > until:
                raise RuntimeError("Postfix does not empty its queue")
            time.sleep(0.2)
        time.sleep(0.5)  # the log is written by another process
        self.taken()

    def taken(self) -> int:
        """How many came, of which the last ones may not be taken yet: its queue is behind them."""
        with self.lock:
            self.look()
            return self._came

    def close(self) -> None:
        self._log.close()
        self._postfix.close()

    def look(self) -> None:
        *lines, self._unfinished = (self._unfinished + self._log.read()).split(b"\n")
        for line in lines:
            if said := _SAID.search(line):
                self._hear(line, *said.groups())
            elif taken := _TAKEN.search(line):
                self.accepted[taken[1].decode()] += 1

    def _hear(
        self, said: bytes, door: bytes, process: bytes, comes: bytes, goes: bytes, recipient: bytes
    ) -> None:
        if comes:
            self._line_of[process] = self.opened(int(door))
        elif goes:
            line = self._line_of.pop(process)
            line.is_open, line.has_quit = False, b" quit=1" in said
        else:
            line = self._line_of[process]
            # Whoever came before had an answer by now, but the sender may not have read it.
            line.accepted, line.offered = line.offered, recipient.decode()
            self._came += 1
