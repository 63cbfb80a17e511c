"""After a restore: what the journal knows of who left, was suppressed or erased is done again in the database.

Where it can't be sure that nobody was forgotten, bulk mail is locked until a person accepts that.
Told in docs/reference/suppression.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from depeche import journal
from depeche.delivery import bulk_lock, suppression
from depeche.delivery.models import Doubt, JournalMark, Reason

from . import actions, privacy, whose
from .consent import ConsentEntry
from .models import Subscriber, Subscription
from .recording import Shown

WORDS = "The journal says that this reader left; the database, restored from an older copy, did not know."

WHAT_ACCEPTING_MEANS = _(
    "Some who left, objected or were erased may stand as readers again, and would get the next edition against their will. "
    "First look for the missing journal or a newer copy of the database. If there is none, accept: every reader the database "
    "holds is written to again, and it is kept that you said so."
)


@dataclass(frozen=True)
class Replayed:
    """How much was done again, and why bulk mail is locked (None: it is not)."""

    withdrawn: int
    suppressed: int
    lifted: int
    erased: int
    doubt: Doubt | None

    @property
    def total(self) -> int:
        return self.withdrawn + self.suppressed + self.lifted + self.erased


@dataclass
class _Told:
    """What the journal says last of each; addresses are keyed hashes."""

    withdrawn: dict[tuple[str, str], dt.datetime] = field(default_factory=dict)
    suppressions: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    erased: dict[str, dt.datetime] = field(default_factory=dict)
    head: tuple[int, str] | None = None
    is_empty: bool = True


@transaction.atomic
def replay(*, since_last_time: bool = False, at: dt.datetime | None = None) -> Replayed:
    """Make the database agree with the journal; a second time changes nothing.

    `since_last_time`: only what was noted since this database last agreed with it, as at each start.
    """
    at = at or timezone.now()
    mark = bulk_lock.mark()
    end = journal.length()
    start = mark.read_to if since_last_time and mark.read_to <= end else 0
    told = _read(start)
    doubt = _doubt(mark, told, start=start, end=end)
    erased = _erase_again(told.erased)
    withdrawn = _withdraw_again(told.withdrawn)
    changed = _suppress_and_lift_again(told.suppressions)
    JournalMark.objects.update(read_to=end)
    if doubt and Subscriber.objects.exists():
        bulk_lock.lock(doubt, at=at)
    elif doubt:  # nobody to write to: what is known from now on is all there is to know
        journal.note(journal.ACCEPTED, at=at)
    return Replayed(withdrawn, *changed, erased, bulk_lock.doubt())


@transaction.atomic
def accept(*, by: str, at: dt.datetime | None = None) -> Doubt | None:
    """Bulk mail goes again, on the word of `by` (a user name); why it was locked, None if it was not."""
    at = at or timezone.now()
    why = bulk_lock.doubt()
    if why is None:
        return None
    bulk_lock.unlock(by=by, at=at)
    journal.note(journal.ACCEPTED, at=at)
    last = ConsentEntry.objects.order_by("-number").first()
    if last:
        journal.note(journal.HEAD, at=at, number=last.number, digest=last.digest)
    return why


def _read(start: int) -> _Told:
    told = _Told()
    for record in journal.records(start=start):
        told.is_empty = False
        kind, at = record["kind"], dt.datetime.fromisoformat(record["at"])
        if kind == journal.WITHDRAWN:
            key = record["address"], record["purpose"]
            told.withdrawn[key] = max(at, told.withdrawn.get(key, at))
        elif kind in (journal.SUPPRESSED, journal.LIFTED):
            told.suppressions[record["address"], record["reason"], record["scope"]] = record
        elif kind == journal.ERASED:
            told.erased[record["address"]] = max(at, told.erased.get(record["address"], at))
        elif kind == journal.HEAD and (told.head is None or record["number"] >= told.head[0]):
            told.head = record["number"], record["digest"]
        elif kind == journal.ACCEPTED:
            told.head = None
    return told


def _doubt(mark: JournalMark, told: _Told, *, start: int, end: int) -> Doubt | None:
    if end < mark.read_to:
        return Doubt.SHORTER if end else Doubt.MISSING
    if start < end and told.is_empty:  # the key to it is gone
        return Doubt.MISSING
    if not end:
        return Doubt.MISSING if _one_was_kept() else None
    if told.head is None:
        return None
    number, digest = told.head
    is_known = ConsentEntry.objects.filter(number=number, digest=digest).exists()
    return None if is_known else Doubt.BEHIND


def _one_was_kept() -> bool:
    """The recorder notes each entry in the journal; what was recorded before there was one says so in its facts."""
    return ConsentEntry.objects.exclude(facts__contains='"recorded"').exists()


def _erase_again(erased: Mapping[str, dt.datetime]) -> int:
    """How many addresses that were erased are back and were erased again; not who came back by themselves since."""
    readers = whose.subscribers(erased)
    back = {one: reader.address for one, reader in readers.items() if reader.created_at <= erased[one]}
    others = {one: at for one, at in erased.items() if one not in readers}
    back |= whose.remembered(others)
    for one, address in back.items():
        privacy.erase(address, actor="system", reason="replay", at=erased[one])
    return len(back)


def _withdraw_again(withdrawn: Mapping[tuple[str, str], dt.datetime]) -> int:
    """How many subscriptions stood that were left since, and are left again from the same moment."""
    readers = whose.subscribers({one for one, _purpose in withdrawn})
    standing = whose.subscriptions(readers.values())
    again = 0
    for (one, purpose), at in withdrawn.items():
        subscription = standing.get((readers[one].pk, purpose)) if one in readers else None
        if subscription is None or _since(subscription) > at:
            continue
        shown = Shown(WORDS, readers[one].language, "replay", "")
        actions.withdraw(subscription.key, shown=shown, actor="system", at=at)
        again += 1
    return again


def _since(subscription: Subscription) -> dt.datetime:
    return subscription.confirmed_at if subscription.is_confirmed else subscription.requested_at  # type: ignore[return-value]


def _suppress_and_lift_again(told: Mapping[tuple[str, str, str], dict[str, Any]]) -> tuple[int, int]:
    """How many suppressions, and how many lifts, the database did not know of."""
    standing = suppression.standing_under({one for one, _reason, _scope in told})
    suppressed = lifted = 0
    for (one, reason, scope), record in told.items():
        is_standing = (one, reason, scope) in standing
        at = dt.datetime.fromisoformat(record["at"])
        if record["kind"] == journal.SUPPRESSED and not is_standing:
            suppressed += suppression.restore(one, Reason(reason), scope=scope, at=at)
        elif record["kind"] == journal.LIFTED and is_standing:
            lifted += suppression.restore_lift(one, Reason(reason), scope=scope, by=record["by"], at=at)
    return suppressed, lifted
