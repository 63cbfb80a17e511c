"""The acknowledgement log: what a worker began to hand over and what came of it, on local disk before the database knows.

A process that is killed leaves behind every line it wrote, since the kernel holds them: the file is mapped into memory,
so that a line costs no system call. A power cut may take the last ones, so after a reboot what a log does not say is
not known. One file per worker, locked while the worker lives; what follows its last line is NUL.

    V 1 6d0f…                          version of these lines, and the boot of the machine that wrote them
    B edition 8123                     the body of this copy is about to be written
    E edition 8123 sent 250 2.0.0 Ok   what came of it; `pending` where it was not handed over after all
    C edition 8123                     the database knows: nothing of the above counts any more
"""

from __future__ import annotations

import errno
import fcntl
import logging
import mmap
import os
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

VERSION = "1"
ROOM_BYTES = 1_000_000  # after which what counts is written anew
BOOT_FILE = Path("/proc/sys/kernel/random/boot_id")
Copy = tuple[str, int]  # lane and key


@dataclass
class Fates:
    """What a log says: the copies that ended, each with state and words, and those that were only begun.

    `is_whole`: what it does not name was never begun.
    """

    ended: dict[Copy, tuple[str, str]] = field(default_factory=dict)
    begun: set[Copy] = field(default_factory=set)
    is_whole: bool = True


class AckLog:
    """The log of this worker. Threads may write to it at the same time."""

    def __init__(self, folder: Path, worker: str) -> None:
        """Raises OSError: no room, or no folder that can be written to."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file = folder / f"{worker}.log"
        self._lock = threading.Lock()
        self._begun: set[Copy] = set()
        self._ended: dict[Copy, bytes] = {}
        self._room: _Room | None = None
        self._begin_anew()

    def began(self, lane: str, key: int) -> None:
        """Note that this one is about to be handed over: should we die now, its fate is unknown.

        Raises:
            OSError: it could not be noted, so it must not be handed over.
        """
        copy = lane, key
        line = _begin(copy)
        with self._lock:
            self._write(line)
            self._begun.add(copy)

    def ended(self, lane: str, key: int, state: str, words: str) -> None:
        """Note what came of it. Raises OSError: should we die before the database knows, its fate is unknown."""
        copy = lane, key
        line = _end(copy, state, words)
        with self._lock:
            self._begun.discard(copy)
            self._ended[copy] = line
            self._write(line)

    def advanced(self, ended: Copy, state: str, words: str, begun: Copy) -> None:
        """What `ended` of the one and `began` of the other note; raises what they raise."""
        line, began = _end(ended, state, words), _begin(begun)
        with self._lock:
            self._begun.discard(ended)
            self._ended[ended] = line
            self._write(line)
            self._write(began)  # a line of its own: the end of what is copied may come before its middle
            self._begun.add(begun)

    def committed(self, copies: Collection[Copy]) -> None:
        """The database knows what came of these: they are forgotten."""
        with self._lock:
            known = [copy for copy in copies if self._ended.pop(copy, None)]
            lines = [f"C {lane} {key}\n".encode() for lane, key in known]
            try:
                if self._room and not all(map(self._room.put, lines)):
                    self._begin_anew()
            except OSError as error:
                logger.warning("%s: %s", self.file, error)

    def close(self, *, is_told: bool = True) -> None:
        """The end of a worker; its log goes where it has nothing in hand any more and the database was told so."""
        with self._lock:
            if is_told and not self._begun and not self._ended:
                self.file.unlink(missing_ok=True)
            self.file.with_suffix(".new").unlink(missing_ok=True)
            room, self._room = self._room, None  # a thread that hangs writes nothing any more
            if room:
                room.close()

    def _begin_anew(self) -> None:
        """A new file beside, whole and locked before it takes the name: killed in between, the old one tells all."""
        beside = self.file.with_suffix(".new")
        beside.unlink(missing_ok=True)
        lines = [f"V {VERSION} {boot()}\n", *(f"B {lane} {key}\n" for lane, key in self._begun)]
        content = "".join(lines).encode() + b"".join(self._ended.values())
        room = _Room(beside, len(content) + ROOM_BYTES)
        try:
            room.put(content)
            beside.replace(self.file)
        except BaseException:
            room.close()
            beside.unlink(missing_ok=True)
            raise
        old, self._room = self._room, room
        if old:
            old.close()

    def _write(self, line: bytes) -> None:
        """Raises OSError."""
        if self._room is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if not self._room.put(line):
            self._begin_anew()
            self._room.put(line)


def _begin(copy: Copy) -> bytes:
    return f"B {copy[0]} {copy[1]}\n".encode()


def _end(copy: Copy, state: str, words: str) -> bytes:
    return f"E {copy[0]} {copy[1]} {state} {' '.join(words.split())}\n".encode(errors="replace")


class _Room:
    """A file of ours alone, of which all room is taken from the beginning."""

    def __init__(self, file: Path, size: int) -> None:
        """Raises OSError: there is no room, or the file is held."""
        self._descriptor = _locked(file)
        try:
            os.posix_fallocate(self._descriptor, 0, size)
            self._map = mmap.mmap(self._descriptor, size)
        except BaseException:
            file.unlink()
            os.close(self._descriptor)
            raise
        self._at, self._size = 0, size

    def put(self, line: bytes) -> bool:
        """Write it; False where there is no room."""
        end = self._at + len(line)
        if end > self._size:
            return False
        self._map[self._at : end] = line
        self._at = end
        return True

    def close(self) -> None:
        """Close the file, and let go of it."""
        self._map.close()
        try:
            os.ftruncate(self._descriptor, self._at)
        finally:
            os.close(self._descriptor)


def boot() -> str:
    """What is another after each start of the machine; empty where that cannot be known."""
    try:
        return BOOT_FILE.read_text().strip()
    except OSError:
        return ""


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
                file.with_suffix(".new").unlink(missing_ok=True)
                file.unlink()
        except FileNotFoundError:
            continue
        finally:
            os.close(held)


def read(file: Path) -> Fates:
    """What a log says; a last line of which not all parts are there says nothing.

    Not whole: a log of another boot, of which a power cut may have taken the end, and one not understood to its end.
    """
    fates = Fates()
    with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        here = boot()
        fates.is_whole = bool(here) and next(lines, "") == f"V {VERSION} {here}\n"
        for line in lines:
            if "\0" in line or not line.endswith("\n"):
                fates.is_whole &= not lines.read().strip("\0")
                break
            try:
                _read_line(line[:-1], fates)
            except (ValueError, IndexError):
                logger.error("%s: not understood: %.80r", file, line)
                fates.is_whole = False
                break
    return fates


def _read_line(line: str, fates: Fates) -> None:
    """Raises ValueError, IndexError."""
    kind, lane, key, *rest = line.split(" ", 4)
    copy = lane, int(key)
    if kind not in ("B", "E", "C"):
        raise ValueError(kind)
    fates.begun.discard(copy)
    fates.ended.pop(copy, None)
    if kind == "B":
        fates.begun.add(copy)
    elif kind == "E":
        fates.ended[copy] = rest[0], " ".join(rest[1:])


def _locked(file: Path, *, create: bool = True) -> int:
    """The file, open to write to, and ours alone.

    Raises:
        BlockingIOError: somebody lives who has it.
        FileNotFoundError: not to be created, and not there.
    """
    descriptor = os.open(file, os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
