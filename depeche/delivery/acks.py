"""The acknowledgement log: what a worker began to hand over and what came of it, on local disk before the database knows.

A process that is killed leaves behind every line it wrote, since the kernel holds them; what a power cut takes is
said in docs/reference/delivery-guarantees.md. One file per worker, locked while the worker lives.

    B edition 8123                     the body of this copy is about to be written
    E edition 8123 sent 250 2.0.0 Ok   what came of it; `pending` where it was not handed over after all
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROTATED_AT_BYTES = 1_000_000
Copy = tuple[str, int]  # lane and key


@dataclass
class Fates:
    """What a log says: the copies that ended, each with state and words, and those that were only begun."""

    ended: dict[Copy, tuple[str, str]] = field(default_factory=dict)
    begun: set[Copy] = field(default_factory=set)


class AckLog:
    """The log of this worker. Threads may write to it at the same time."""

    def __init__(self, folder: Path, worker: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file = folder / f"{worker}.log"
        self._lock = threading.Lock()
        self._begun: set[Copy] = set()
        self._ended: dict[Copy, str] = {}
        self._size_bytes = 0
        self._is_closed = False
        self._open = _locked(self.file)

    def began(self, lane: str, key: int) -> None:
        """Note that this one is about to be handed over: should we die now, its fate is unknown."""
        with self._lock:
            self._begun.add((lane, key))
            self._write(f"B {lane} {key}\n")

    def ended(self, lane: str, key: int, state: str, words: str) -> None:
        """Note what came of it."""
        line = f"E {lane} {key} {state} {' '.join(words.split())}\n"
        with self._lock:
            self._begun.discard((lane, key))
            self._ended[lane, key] = line
            self._write(line)

    def committed(self, copies: Collection[Copy]) -> None:
        """The database knows what came of these: they are forgotten, once there is much to forget."""
        with self._lock:
            for copy in copies:
                self._ended.pop(copy, None)
            if self._size_bytes >= ROTATED_AT_BYTES:
                self._begin_anew()

    def close(self) -> None:
        """The end of a worker that has nothing in hand any more: its log goes."""
        with self._lock:
            if not self._begun and not self._ended:
                self.file.unlink(missing_ok=True)
            self._is_closed = True
            os.close(self._open)

    def _begin_anew(self) -> None:
        """A new file beside, whole and locked before it takes the name: killed in between, the old one tells all."""
        beside = self.file.with_suffix(".new")
        beside.unlink(missing_ok=True)
        old, self._open, self._size_bytes = self._open, _locked(beside), 0
        for lane, key in self._begun:
            self._write(f"B {lane} {key}\n")
        for line in self._ended.values():
            self._write(line)
        beside.replace(self.file)
        os.close(old)

    def _write(self, line: str) -> None:
        if self._is_closed:  # by a worker that could not wait for this thread; what it began stays begun
            raise ValueError("the log is closed")
        content = line.encode()
        os.write(self._open, content)
        self._size_bytes += len(content)


def of_the_dead(folder: Path) -> Iterator[tuple[str, Fates]]:
    """Each worker of this machine that ended without closing its log, with what the log says.

    While the caller has hold of one, no other worker gets it; its log goes when the caller asks for the next.
    """
    for file in sorted(folder.glob("*.log")):
        try:
            held = _locked(file, create=False)
        except (BlockingIOError, FileNotFoundError):
            continue
        try:
            if os.fstat(held).st_ino == file.stat().st_ino:
                yield file.stem, read(file)
                file.unlink()
        except FileNotFoundError:
            continue
        finally:
            os.close(held)


def read(file: Path) -> Fates:
    """What a log says; a line that was cut short by the end says nothing."""
    fates = Fates()
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if not line.endswith("\n"):
                break
            kind, lane, key, *rest = line[:-1].split(" ", 4)
            copy = lane, int(key)
            if kind == "B":
                fates.begun.add(copy)
                fates.ended.pop(copy, None)
            else:
                fates.begun.discard(copy)
                fates.ended[copy] = rest[0], " ".join(rest[1:])
    return fates


def _locked(file: Path, *, create: bool = True) -> int:
    """The file, open to append to, and ours alone.

    Raises:
        BlockingIOError: somebody lives who has it.
        FileNotFoundError: not to be created, and not there.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | (os.O_CREAT if create else 0), 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
