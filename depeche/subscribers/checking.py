"""The nightly check of the consent log, and what the last one found: for `doctor`, which reads no log of the worker."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import logging
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from . import verifying
from .consent import ConsentEntry

logger = logging.getLogger(__name__)

NAMED = 100
TWO_NIGHTS = dt.timedelta(hours=48)


class Check(NamedTuple):
    """When the log was checked, and how many problems were found; no more than `NAMED` are counted."""

    at: dt.datetime
    problems: int


def check(*, at: dt.datetime | None = None) -> Check:
    """Check all of the log: what is wrong is an error in ours, the first hundred tell enough."""
    found = list(itertools.islice(verifying.verify(), NAMED))
    for problem in found:
        logger.error("%s", problem)
    done = Check(at or timezone.now(), len(found))
    partial = _file().with_suffix(".partial")
    partial.write_text(json.dumps({"at": done.at.isoformat(), "problems": done.problems}))
    partial.replace(_file())
    return done


def last() -> Check | None:
    """The last one that came to its end; None where there was none, or what was kept of it is unreadable."""
    try:
        kept = json.loads(_file().read_text())
        return Check(dt.datetime.fromisoformat(kept["at"]).astimezone(dt.UTC), int(kept["problems"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def is_missing(*, at: dt.datetime | None = None) -> bool:
    """Whether two nights went by without a check, though there was something to check."""
    since = (at or timezone.now()) - TWO_NIGHTS
    done = last()
    if done and done.at > since:
        return False
    first = ConsentEntry.objects.order_by("number").values_list("at", flat=True).first()
    return first is not None and first <= since


def _file() -> Path:
    return settings.DATA / "consent-check.json"
