"""Not faster than is good: paces are set here, and slots to send in are reserved, for all workers together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import idna
from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from .lanes import all_lanes
from .models import State
from .pace_words import Rate, shown
from .paces import FORGOTTEN_AFTER, Pace

MAIN, FALLBACK = "main", "fallback"
SOON = dt.timedelta(seconds=1)  # a slot later than that is not waited for in a worker's hand
AT_ONCE = dt.timedelta(seconds=0.2)  # a slot as near as that is not waited for at all
SLOWEST_LEARNED = 0.5  # a minute
LEARNED_AT_FIRST = 30.0  # where a domain refused before it took anything


class UnclearDomain(ValueError):
    """What was written names no mail domain; its words say so to people."""


class Of(NamedTuple):
    """What a pace is of: all mail by a transport, or mail to a domain."""

    transport: str = ""
    domain: str = ""


class Limit(NamedTuple):
    """A pace as it holds now. `rate` is what was set; None where only refusals of the domain hold it."""

    of: Of
    has_subdomains: bool
    rate: Rate | None
    per_minute: float
    is_learned: bool

    def __str__(self) -> str:
        if self.rate and not self.is_learned:
            return shown(self.rate)
        return _("about %(count)s per minute, because the domain refused more") % {
            "count": f"{self.per_minute:.0f}" if self.per_minute >= 1 else "1"
        }


def may_set(user: AbstractUser | AnonymousUser) -> bool:
    """Whether this person may say how fast mail leaves."""
    return user.has_perm("delivery.change_pace")


def transports() -> list[str]:
    """The transports there are, by the names that paces know them by."""
    return [MAIN, *([FALLBACK] if settings.EMAIL_FALLBACK_URL else [])]


def domain_key(words: str) -> str:
    """The domain as paces keep it: A-labels in lower case (RFC 5890, UTS 46).

    Raises:
        UnclearDomain: it is none.
    """
    given = words.strip().removeprefix("@").removesuffix(".")
    try:
        found = idna.encode(given, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise UnclearDomain(
            _("“%(domain)s” is not a mail domain. Write what follows the @, for example “exemple.fr”.")
            % {"domain": given[:80]}
        ) from error
    return found


@transaction.atomic
def set_pace(
    rate: Rate,
    *,
    of: Of,
    has_subdomains: bool = False,
    by: AbstractUser | None,
    at: dt.datetime | None = None,
) -> Pace:
    """From now on mail `of` this leaves at this rate; what was learned of the domain is forgotten.

    Workers follow within a second.
    """
    at = at or timezone.now()
    row, _is_new = Pace.objects.select_for_update().get_or_create(**of._asdict())
    row.count, row.per_s = rate
    row.has_subdomains = has_subdomains and bool(of.domain)
    row.learned_per_minute = row.learned_at = None
    row.revision += 1
    _begin_anew(row, at)
    row.save()
    log(row, "depeche.set_pace", user=by, data={"pace": f"{rate.most}/{rate.per_s} s"})
    return row


@transaction.atomic
def clear(*, of: Of, by: AbstractUser | None, at: dt.datetime | None = None) -> bool:
    """From now on nothing holds mail `of` this, neither what was set nor what was learned; False where nothing did."""
    row = Pace.objects.select_for_update().filter(**of._asdict()).first()
    if row is None:
        return False
    _begin_anew(row, at or timezone.now())
    log(row, "depeche.set_pace", user=by, data={"pace": ""})
    row.delete()
    return True


def _begin_anew(row: Pace, at: dt.datetime) -> None:
    """Nothing stands in line any more: who did is asked about again at once."""
    if row.line_at > at + SOON:
        for lane in all_lanes():
            if not lane.is_first:
                lane.rows().filter(state=State.PENDING, due_at__gt=at).order_by().update(due_at=at)
        Pace.objects.filter(line_at__gt=at).update(line_at=at)
    row.next_at = row.line_at = at


def limits(at: dt.datetime | None = None) -> list[Limit]:
    """What holds mail now, transports first."""
    at = at or timezone.now()
    return [
        Limit(
            Of(row.transport, row.domain),
            row.has_subdomains,
            Rate(row.count, row.per_s) if row.count and row.per_s else None,
            60 / interval_s,
            _is_slower_for_refusals(row, at),
        )
        for row in Pace.objects.order_by("domain", "transport")
        if (interval_s := row.interval_s(at))
    ]


def per_minute(
    domain: str | None = None, *, transport: str = MAIN, at: dt.datetime | None = None
) -> float | None:
    """How many messages a minute may leave by this transport, to this domain if one is named; None: no pace."""
    at = at or timezone.now()
    table = Table(list(Pace.objects.all()))
    rows = [*table.of_domain(domain or ""), *table.of_transport(transport)]
    return min((60 / interval_s for row in rows if (interval_s := row.interval_s(at))), default=None)


def _is_slower_for_refusals(row: Pace, at: dt.datetime) -> bool:
    learned = row.learned(at)
    return bool(learned) and (not row.count or not row.per_s or learned < row.count / row.per_s * 60)


class Table:
    """All paces at one moment, found by domain."""

    def __init__(self, rows: Collection[Pace]) -> None:
        self.version = {row.pk: row.revision for row in rows}
        self._transports = {row.transport: row for row in rows if row.transport}
        self._domains = {row.domain: row for row in rows if row.domain}
        self._found: dict[str, tuple[Pace, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.version)

    def has_old(self, at: dt.datetime) -> bool:
        """Whether something was learned so long ago that it holds nothing."""
        return any(
            not row.count and row.learned_at and row.learned_at < at - FORGOTTEN_AFTER
            for row in self._domains.values()
        )

    def of_transport(self, name: str) -> tuple[Pace, ...]:
        row = self._transports.get(name)
        return (row,) if row else ()

    def of_domain(self, domain: str) -> tuple[Pace, ...]:
        """The paces that mail to this domain (as in an address) keeps: its own, and those of domains above."""
        if not self._domains:
            return ()
        found = self._found.get(domain)
        if found is None:
            found = self._found[domain] = self._look_up(domain)
        return found

    def _look_up(self, domain: str) -> tuple[Pace, ...]:
        try:
            key = domain_key(domain)
        except UnclearDomain:
            return ()
        labels = key.split(".")
        above = (self._domains.get(".".join(labels[start:])) for start in range(1, len(labels)))
        own = self._domains.get(key)
        return (*([own] if own else []), *(row for row in above if row and row.has_subdomains))


class Slot(NamedTuple):
    """When a message may leave (`at`), or when to ask again (`is_granted` is False)."""

    at: dt.datetime
    is_granted: bool


def reserve(wanted: Sequence[Collection[int]], *, at: dt.datetime, later: int) -> list[Slot]:
    """A slot for each message, `wanted` by the keys of the paces it keeps, in order.

    Granted are slots that come soon, `later` of them to be waited for; others get their place in the line, which is as
    long as it takes.
    """
    keys = {key for some in wanted for key in some}
    with transaction.atomic():
        rows = Pace.objects.select_for_update().order_by("pk").in_bulk(keys)
        found = []
        for some in wanted:
            paces = [rows[key] for key in some if key in rows]
            slot = _next(paces, at, may_wait=later > 0)
            later -= slot.is_granted and slot.at > at + AT_ONCE
            found.append(slot)
        for row in rows.values():
            Pace.objects.filter(pk=row.pk).update(next_at=row.next_at, line_at=row.line_at)
    return found


def _next(paces: Collection[Pace], at: dt.datetime, *, may_wait: bool) -> Slot:
    free_at = max((at, *(row.next_at for row in paces)))
    if free_at <= at + AT_ONCE or (may_wait and free_at < at + SOON):
        for row in paces:
            row.next_at = free_at + dt.timedelta(seconds=row.interval_s(free_at))
        return Slot(free_at, True)
    due_at = max((at + SOON / 2, free_at, *(row.line_at for row in paces)))
    for row in paces:
        row.line_at = due_at + dt.timedelta(seconds=row.interval_s(due_at))
    return Slot(due_at, False)


def reserve_many(key: int, most: int, *, at: dt.datetime, later: int) -> list[dt.datetime]:
    """At most so many slots of one pace that come soon; used by nobody else, also where they stay unused."""
    slots: list[dt.datetime] = []
    with transaction.atomic():
        row = Pace.objects.select_for_update().filter(pk=key).first()
        while row and len(slots) < most:
            slot = _next([row], at, may_wait=later > 0)
            if not slot.is_granted:
                break
            later -= slot.at > at + AT_ONCE
            slots.append(slot.at)
        if row and slots:
            Pace.objects.filter(pk=key).update(next_at=row.next_at)
    return slots


def count(sent: Sequence[Collection[int]], *, at: dt.datetime) -> None:
    """Mail that waits for no slot takes one all the same."""
    with transaction.atomic():
        rows = Pace.objects.select_for_update().order_by("pk").in_bulk({key for some in sent for key in some})
        for key, row in rows.items():
            taken = sum(key in some for some in sent)
            next_at = max(row.next_at, at) + taken * dt.timedelta(seconds=row.interval_s(at))
            Pace.objects.filter(pk=key).update(next_at=next_at)


def learn(domain: str, *, until: dt.datetime, had: Callable[[], float], at: dt.datetime) -> None:
    """The domain refused for our rate: nothing more before `until`, then half of what it `had` (a minute), growing.

    Whoever tells it second changes nothing.
    """
    try:
        key = domain_key(domain)
    except UnclearDomain:
        return
    with transaction.atomic():
        row, _is_new = Pace.objects.select_for_update().get_or_create(transport="", domain=key)
        if row.learned_at and row.learned_at > at:
            return
        interval_s = row.interval_s(at)
        rates = [rate for rate in (had(), 60 / interval_s if interval_s else 0.0) if rate]
        row.learned_per_minute = max(SLOWEST_LEARNED, min(rates) / 2 if rates else LEARNED_AT_FIRST)
        row.learned_at = until
        row.next_at, row.revision = max(row.next_at, until), row.revision + 1
        row.save()


def forget(at: dt.datetime) -> None:
    """Delete what was learned so long ago that it holds nothing."""
    Pace.objects.filter(Q(count=None), learned_at__lt=at - FORGOTTEN_AFTER).delete()
