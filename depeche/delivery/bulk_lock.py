"""Bulk mail waits for a person where the database may have forgotten who left; what somebody waits for still goes."""

from __future__ import annotations

import datetime as dt

from .models import Doubt, JournalMark
from .prepared import Prepared

_DOUBT = Prepared(lambda: JournalMark.objects.order_by("pk").values_list("doubt"))


class BulkMailLocked(Exception):
    """A person has to say first that sending is right; `doubt` says why."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(str(doubt.label))
        self.doubt = doubt


def doubt() -> Doubt | None:
    """Why bulk mail is locked; None where it is not."""
    found = _DOUBT.first()
    return Doubt(found[0]) if found and found[0] else None


def refuse_if_locked() -> None:
    """Raises BulkMailLocked."""
    why = doubt()
    if why:
        raise BulkMailLocked(why)


def mark() -> JournalMark:
    """The one row; held by us until the transaction ends."""
    JournalMark.objects.get_or_create(pk=1)
    return JournalMark.objects.select_for_update().get(pk=1)


def lock(why: Doubt, *, at: dt.datetime) -> None:
    """No bulk mail from now on. What it was locked for first stays the reason."""
    mark()
    JournalMark.objects.filter(doubt="").update(doubt=why, locked_at=at)


def unlock(*, by: str, at: dt.datetime) -> None:
    """Bulk mail again, on the word of `by` (a user name)."""
    mark()
    JournalMark.objects.update(doubt="", locked_at=None, accepted_at=at, accepted_by=by)
