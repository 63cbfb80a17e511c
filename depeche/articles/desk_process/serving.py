"""The server behind the seam: takes questions from many connections and answers them one at a time."""

from __future__ import annotations

import contextlib
import faulthandler
import fcntl
import json
import logging
import logging.handlers
import os
import select
import signal
import socket
import socketserver
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from depeche.articles.desk_seam import MOST_BYTES, RUNS_ALREADY

IDLE_S = 15 * 60
LONGEST_READING_S = 60
_QUIET_CLIENT_S = 20
_LOOK_EVERY_S = 1.0
_BEHIND_WEB = 5

logger = logging.getLogger(__name__)


def serve(where: Path, *, until_stdin_ends: bool) -> int:
    """Answer at the socket `where` until nobody needs it; the exit code.

    It ends after `IDLE_S` seconds without a question, on SIGTERM, when its socket is gone and, if asked to,
    with its standard input. The lock beside the socket names its process.

    Raises:
        OSError: nothing can be written beside `where`.
    """
    lock = where.with_suffix(".lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return RUNS_ALREADY
    lock.truncate(0)
    lock.write(b"%d\n" % os.getpid())
    lock.flush()
    _log_beside(where)
    os.nice(_BEHIND_WEB)
    where.unlink(missing_ok=True)
    with _Server(str(where)) as server:
        where.chmod(0o600)
        inode = where.stat().st_ino
        signal.signal(signal.SIGTERM, lambda *_: _end(where, inode))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _wait(server, where, inode, until_stdin_ends)
        _end(where, inode)
    return 0


def _wait(server: _Server, where: Path, inode: int, until_stdin_ends: bool) -> None:
    watched: list[IO[str]] = [sys.stdin] if until_stdin_ends else []
    while _inode(where) == inode and server.idle_s < IDLE_S:
        ready, _, _ = select.select(watched, [], [], _LOOK_EVERY_S)
        if ready and not os.read(sys.stdin.fileno(), 1024):
            return


def _end(where: Path, inode: int) -> None:
    """Leave at once, in the midst of a reading too: nothing here is to be kept."""
    if _inode(where) == inode:
        with contextlib.suppress(OSError):
            where.unlink()
    os._exit(0)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _log_beside(where: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(
        where.with_suffix(".log"), maxBytes=500_000, backupCount=1, encoding="utf-8"
    )
    logging.basicConfig(handlers=[handler], format="%(asctime)s %(levelname)s %(message)s")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, where: str) -> None:
        super().__init__(where, _Connection)
        self._reading = threading.Lock()
        self._last_at = time.monotonic()

    @property
    def idle_s(self) -> float:
        """For how long nothing has been asked, 0 while something is."""
        return 0.0 if self._reading.locked() else time.monotonic() - self._last_at

    def answer(self, question: bytes, asker: socket.socket) -> bytes:
        """The answer to one line; b"" where the asker has left while others were served."""
        with self._reading:
            if _has_left(asker):
                return b""
            try:
                faulthandler.dump_traceback_later(LONGEST_READING_S, exit=True)
                return _answer(question)
            finally:
                faulthandler.cancel_dump_traceback_later()
                self._last_at = time.monotonic()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Askers that vanish are theirs to explain; all else is ours."""
        if not isinstance(sys.exception(), OSError):
            logger.exception("A connection failed")


class _Connection(socketserver.StreamRequestHandler):
    timeout = _QUIET_CLIENT_S
    server: _Server

    def handle(self) -> None:
        """One question, one answer."""
        question = self.rfile.readline(MOST_BYTES)
        if not question:
            return
        if not question.endswith(b"\n"):
            self.wfile.write(_error("more than the desk reads at once, or cut short"))
            return
        if answer := self.server.answer(question, self.request):
            self.wfile.write(answer)


def _answer(question: bytes) -> bytes:
    try:
        asked = json.loads(question)
        from .reading import answer_to  # the desk and its parser, once there is something to read

        return _line(answer_to(asked))
    except Exception as error:
        logger.exception("A question was not answered")
        return _error(f"{type(error).__name__}: {error}")


def _error(words: str) -> bytes:
    return _line({"error": words})


def _line(answer: object) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"


def _has_left(asker: socket.socket) -> bool:
    """Whether the other end is closed: an asker that waits for an answer sends nothing more."""
    poll = select.poll()
    poll.register(asker, select.POLLIN)
    return bool(poll.poll(0))
