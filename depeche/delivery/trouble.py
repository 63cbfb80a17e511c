"""Why no mail leaves, where that is our own fault or the mail server's: told by each worker, for people to see."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone

from .brakes import Stopped
from .hand import clock
from .models import Trouble

GONE_AFTER = dt.timedelta(minutes=15)  # longer than one more try may take
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")


def current() -> list[Trouble]:
    """What stands in the way now, the oldest first; of a worker that vanished, for a quarter of an hour."""
    return list(Trouble.objects.filter(until_at__gt=timezone.now() - GONE_AFTER))


def forget(worker: str) -> None:
    """This worker is no more, or sends again."""
    Trouble.objects.filter(worker=worker).delete()


class Teller:
    """Keeps the row of one worker as it is with its brakes, and asks nothing of the database while nothing changes."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._told: Stopped | None = None

    def tell(self, stopped: Stopped | None) -> None:
        """All mail waits for this reason, or does not."""
        if stopped == self._told:
            return
        if stopped is None:
            forget(self._worker)
        else:
            at = timezone.now()
            Trouble.objects.update_or_create(
                worker=self._worker,
                defaults={
                    "since_at": stopped.since_at,
                    "until_at": at + dt.timedelta(seconds=max(0.0, stopped.until - clock())),
                    "words": _ADDRESS.sub("…", stopped.words),
                },
            )
        self._told = stopped
