"""`wake(name)`: tells the worker, after commit, that there is something to look at. Carries no truth."""

import threading
from collections import defaultdict

from django.db import transaction
from huey.contrib.djhuey import task

_bells: defaultdict[str, threading.Event] = defaultdict(threading.Event)


@task(name="jobs.ring")
def _ring(name: str) -> None:
    _bells[name].set()


def bell(name: str) -> threading.Event:
    """The event that `wake(name)` sets in the worker process."""
    return _bells[name]


def wake(name: str) -> None:
    """Ring the bell of that name once this transaction commits; a lost ring only costs a short wait."""
    transaction.on_commit(lambda: _ring(name), robust=True)
