"""A worker that may kill itself (-9) the n-th time it comes to a point."""

from __future__ import annotations

import functools
import itertools
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Call = Callable[..., Any]
POINTS = 15


def before(original: Call, die: Call, *args: Any, **named: Any) -> Any:
    die()
    return original(*args, **named)


def after(original: Call, die: Call, *args: Any, **named: Any) -> Any:
    came = original(*args, **named)
    die()
    return came


def after_some(original: Call, die: Call, *args: Any, **named: Any) -> Any:
    """Where there was something: outcomes given, or messages that came back."""
    came = original(*args, **named)
    if came or (came is None and args[1]):
        die()
    return came


def within_a_body(original: Call, die: Call, connection: Any, pieces: Sequence[bytes]) -> int:
    data = b"".join(pieces)
    half = len(data) // 2
    written: int = original(connection, [data[:half]])
    die()
    return written + original(connection, [data[half:]]) if written == half else written


def within_a_line(original: Call, die: Call, room: Any, line: bytes) -> bool:
    counts = line.startswith((b"B", b"E"))  # the head of a new log has no name yet
    if not counts or not original(room, line[: len(line) // 2]):
        return bool(original(room, line))
    die()
    return bool(original(room, line[len(line) // 2 :]))


def points() -> dict[str, tuple[Any, str, Call]]:
    """What is wrapped (all of these names together), and how."""
    from depeche.delivery.acks import AckLog, _Room
    from depeche.delivery.lanes import Lane
    from depeche.delivery.models import DeliveryQuerySet
    from depeche.delivery.smtp.connection import Connection

    found = {
        "start-up": (Path, "replace", before),  # its log has no name yet
        "before the lease is committed": (DeliveryQuerySet, "set_aside", after_some),
        "after the lease": (Lane, "lease", after_some),
        "before a body": (AckLog, "began advanced", after),
        "in a body": (Connection, "write_now", within_a_body),
        "behind a body": (Connection, "write_now", after),
        "answered, not noted": (AckLog, "ended advanced", before),
        "in a note": (_Room, "put", within_a_line),
        "noted, not recorded": (AckLog, "ended advanced", after),
        "before results are committed": (DeliveryQuerySet, "record", after_some),
        "after results are committed": (AckLog, "committed", before),
        "log being cut": (Path, "replace", before),
        "log cut": (Path, "replace", after),
        "in a take-over": (DeliveryQuerySet, "wait_again", before),
        "after a take-over": (DeliveryQuerySet, "wait_again", after),
    }
    assert len(found) == POINTS
    return found


# How often a point is come to until the first message is sent, and after how many more times a worker dies at most.
FIRST = {"log being cut": 1, "log cut": 1}
MOST = {
    "start-up": 1,
    "before the lease is committed": 2,
    "after the lease": 2,
    "before results are committed": 3,
    "after results are committed": 3,
    "log being cut": 3,
    "log cut": 3,
    "in a take-over": 1,
    "after a take-over": 1,
}
MOST_ELSEWHERE = 60
BY_A_WHOLE_LOG = {"in a take-over", "after a take-over"}  # are come to only where one is found


def work(url: str, point: str = "", times: int = 0) -> None:
    """What `bin/depeche worker` does, with mail to `url`; where there is a `point`, until it was come to so many times."""
    from django.conf import settings
    from django.core.management import call_command

    from depeche.delivery import acks

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    settings.EMAIL_URL = url
    if point:
        acks.ROOM_BYTES = 8_000
        arm(point, times)
    call_command("worker")


def arm(point: str, times: int) -> None:
    owner, names, how = points()[point]
    counted = itertools.count(1)

    def die() -> None:
        if next(counted) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in names.split():
        wrapped = functools.partial(how, getattr(owner, name), die)
        setattr(owner, name, functools.partialmethod(_called, wrapped))


def _called(owner: Any, wrapped: Call, *args: Any, **named: Any) -> Any:
    return wrapped(owner, *args, **named)
