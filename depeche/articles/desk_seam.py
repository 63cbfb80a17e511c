"""The way to the desk process of this machine: where it listens, how it is started, how it is asked.

It listens on a Unix socket of the data folder, for this account alone. One connection carries one question
and one answer, each a line of JSON. Whoever asks first starts it, and it ends with whoever started it.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from depeche import environment

MOST_BYTES = 1_000_000  # some 150,000 words: more would keep all others waiting
RUNS_ALREADY = 75  # the exit code of a desk process that found another one

_LONGEST_ADDRESS = 100  # systems allow 104 to 108 bytes
_PAUSE_S = 0.02
_ENDS_WITHIN_S = 2
_ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class DeskUnreachable(Exception):
    """The desk process does not answer; `str()` says in a few words what was met, for the log."""


class _Ended(OSError):
    """The process ended between question and answer."""


def address() -> Path:
    """Where the desk process of this data folder listens: in it, or in a private folder where its name is too
    long for a socket.

    Raises:
        OSError: the folder cannot be made, or belongs to somebody else.
    """
    data = environment.DATA
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if len(os.fsencode(data / "desk.socket")) <= _LONGEST_ADDRESS:
        return data / "desk.socket"
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"depeche-{os.getuid()}-{name}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    met = folder.lstat()
    if met.st_uid != os.getuid() or met.st_mode & 0o170777 != 0o040700:
        raise PermissionError(f"{folder} is not a folder of this account alone")
    return folder / "desk.socket"


def ask(question: bytes, *, timeout_s: float) -> bytes:
    """The answer to one line; the process is started where it does not run, once more where it ended meanwhile.

    Raises:
        DeskUnreachable: it cannot be started, ended twice, or does not answer within `timeout_s`.
    """
    if len(question) >= MOST_BYTES:
        raise DeskUnreachable(f"{len(question)} bytes are more than the desk reads at once")
    deadline = time.monotonic() + timeout_s
    try:
        where = address()
        try:
            return _asked_once(where, question, deadline)
        except (_Ended, ConnectionError):
            return _asked_once(where, question, deadline)
    except TimeoutError as error:
        raise DeskUnreachable(f"no answer within {timeout_s:g} s") from error
    except OSError as error:
        raise DeskUnreachable(f"no way to the desk process: {error}") from error


def _asked_once(where: Path, question: bytes, deadline: float) -> bytes:
    with _connected(where, deadline) as connection:
        connection.settimeout(_left(deadline))
        connection.sendall(question + b"\n")
        received = bytearray()
        while not received.endswith(b"\n"):
            connection.settimeout(_left(deadline))
            part = connection.recv(1 << 18)
            if not part:
                raise _Ended("the desk process ended before it had answered")
            received += part
        return bytes(received)


def _connected(where: Path, deadline: float) -> socket.socket:
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(deadline))
            connection.connect(str(where))
        except BlockingIOError:  # too many are at its door
            connection.close()
            time.sleep(_PAUSE_S)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            _starter.start(where)
            time.sleep(_PAUSE_S)
        except BaseException:
            connection.close()
            raise
        else:
            _starter.was_reached()
            return connection


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Starter:
    """What this process started: at most one desk process at a time, whichever of its threads need it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._where: Path | None = None
        self._said: IO[bytes] | None = None
        self._reached = False

    def start(self, where: Path) -> None:
        """See that a process of ours is on its way to `where`, unless one is.

        Raises:
            DeskUnreachable: the last one could not start; the next call tries again.
        """
        with self._lock:
            code = self._process.poll() if self._process else None
            if self._process and code is None and self._where == where:
                return
            if self._process and code and code > 0 and code != RUNS_ALREADY and not self._reached:
                self._process = None
                raise DeskUnreachable(f"the desk process could not start: {self._last_words()}")
            try:
                self._launch(where)
            except OSError as error:
                raise DeskUnreachable(f"the desk process could not start: {error}") from error

    def was_reached(self) -> None:
        """Take note that the process works: should it end, that is no failed start."""
        self._reached = True

    def _launch(self, where: Path) -> None:
        self.close()
        root = str(environment.ROOT)
        paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self._where, self._reached = where, False
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process writes
        # It ends when its standard input does: that pipe has no other end than this process.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "depeche.articles.desk_process", str(where), "--until-stdin-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,
            env={**os.environ, **_ONE_CORE, "PYTHONPATH": paths},
        )

    def close(self) -> None:
        """End the process that was started, if there is one."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._said:
            self._said.close()

    def let_go(self) -> None:
        """In a fork: leave the process to the one that started it, and let it see that one's end."""
        if self._process and self._process.stdin:
            self._process.stdin.close()

    def _last_words(self) -> str:
        if not self._said:
            return ""
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


_starter = _Starter()


def stop() -> None:
    """End the desk process, should it be this process that started it; the next question starts another."""
    _starter.close()


def _begin_anew() -> None:
    global _starter
    _starter.let_go()
    _starter = _Starter()


atexit.register(stop)
os.register_at_fork(after_in_child=_begin_anew)
