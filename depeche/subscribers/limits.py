"""How many requests for a newsletter are taken down: from one network, for one mail domain or address, over all.

Counted in the database, per hour and day, when a request is taken down: what was turned away costs nobody anything.
Near a limit a person presses one more button; beyond it they are told so.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass

import idna
from django.conf import settings
from django.db import transaction
from django.db.models import F
from publicsuffixlist import PublicSuffixList

from depeche import keys

from .models import SignUpCount

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
KEPT = dt.timedelta(days=2)
BIG_DOMAIN = 20  # times what another domain may have
DOTS_SAY_NOTHING = {"gmail.com", "googlemail.com"}


class Near(Exception):
    """A limit is near: not counted, until the sender pressed one more button."""


class TooMany(Exception):
    """Beyond a limit: not counted. `again_in` is when the window ends."""

    def __init__(self, again_in: dt.timedelta) -> None:
        super().__init__(str(again_in))
        self.again_in = again_in


@dataclass(frozen=True)
class Limit:
    """Requests within one window, from where one more button is asked for, and from where none is taken down."""

    window: dt.timedelta
    near: int
    most: int | None  # none: near is as far as it goes


@dataclass(frozen=True)
class Source:
    """Where a request comes from or goes to, as the counts name it: a hash that nobody can make again tomorrow."""

    kind: str
    digest: str
    limits: tuple[Limit, ...]

    def name(self, limit: Limit) -> str:
        return f"{self.kind}-{'hour' if limit.window == HOUR else 'day'}:{self.digest}"


def sources(*, network: str, address: str, at: dt.datetime) -> tuple[Source, ...]:
    """All that this request counts for. An unknown network ("") is not counted."""
    salt = keys.salt_of_the_day(at.astimezone(dt.UTC).date())
    domain = registered(address.rpartition("@")[2])
    per_hour = settings.SIGN_UPS_PER_HOUR
    times = BIG_DOMAIN if domain in settings.BIG_MAIL_DOMAINS else 1
    found = [
        # Mails to one address are bounded where they are written (`actions.request`).
        ("address", mailbox(address), (Limit(DAY, 5, None),)),
        ("domain", domain, (Limit(HOUR, 20 * times, 100 * times), Limit(DAY, 50 * times, 300 * times))),
        ("all", "", (Limit(HOUR, per_hour // 10, per_hour), Limit(DAY, per_hour, 5 * per_hour))),
    ]
    if network:
        found.append(("network", network, (Limit(HOUR, 5, 60), Limit(DAY, 20, 200))))
    return tuple(
        Source(kind, keys.current().mac("sign-up", salt, kind, value)[:40], limits)
        for kind, value, limits in found
    )


def registered(domain: str) -> str:
    """The part of a mail domain that somebody had to register: « b.test » of « x7.a.b.test », for both its spellings.

    A well-known mail domain stands for itself, as does one that is all suffix. Source: publicsuffix.org, without the
    names that private services give out: whoever has a server there has as many as they like.
    """
    try:
        domain = idna.decode(domain, uts46=True)
    except idna.IDNAError:
        domain = domain.lower()
    if domain in settings.BIG_MAIL_DOMAINS:
        return domain
    return _suffixes().privatesuffix(domain) or domain


def mailbox(address: str) -> str:
    """What the spellings of an address that end in one mailbox have in common: no « +tag », at Gmail no dots."""
    name, _at, domain = address.lower().rpartition("@")
    name = name.partition("+")[0] or name
    return f"{name.replace('.', '') if domain in DOTS_SAY_NOTHING else name}@{domain}"


@transaction.atomic
def count(found: tuple[Source, ...], *, pressed: bool, at: dt.datetime) -> bool:
    """Count one request for all its sources, or for none of them; whether a mail can come of it.

    `pressed`: the one more button was. An address that was entered so often gets no further mail today: that
    counts neither for its domain nor over all.

    Call it within the transaction that takes the request down.

    Raises:
        TooMany, Near.
    """
    windows = {source.name(limit): _start(limit, at) for source in found for limit in source.limits}
    # Made and locked in one order: of two requests at once none waits for what the other has.
    SignUpCount.objects.bulk_create(
        (SignUpCount(source=name, window=windows[name]) for name in sorted(windows)), ignore_conflicts=True
    )
    rows = [
        row
        for row in SignUpCount.objects.select_for_update()
        .filter(source__in=windows, window__in=set(windows.values()))
        .order_by("source", "window")
        if row.window == windows[row.source]
    ]
    counts = {row.source: row.count for row in rows}
    _judge(found, counts, pressed=pressed, at=at)
    gets_none = any(
        counts[one.name(limit)] >= limit.near for one in found for limit in one.limits if limit.most is None
    )
    counted = [row.pk for row in rows if not (gets_none and row.source.startswith(("domain", "all")))]
    SignUpCount.objects.filter(pk__in=counted).update(count=F("count") + 1)
    return not gets_none


def use_once(name: str, *, at: dt.datetime) -> bool:
    """Whether this is the first use of `name`, which is remembered for a day."""
    _row, is_first = SignUpCount.objects.get_or_create(
        source=f"used:{name}", window=_start(Limit(DAY, 1, 1), at)
    )
    return is_first


def forget(*, at: dt.datetime) -> int:
    """Delete counts of windows that are over, and the salts before today's; how many counts there were."""
    keys.forget_salts_before(at.astimezone(dt.UTC).date())
    return SignUpCount.objects.filter(window__lt=at - KEPT).delete()[0]


@functools.cache
def _suffixes() -> PublicSuffixList:
    """The list that comes with the package: nothing is fetched."""
    return PublicSuffixList(only_icann=True)


def _judge(found: tuple[Source, ...], counts: Mapping[str, int], *, pressed: bool, at: dt.datetime) -> None:
    asked_before = any(
        counts[source.name(limit)] for source in found if source.kind == "network" for limit in source.limits
    )
    is_near = False
    for source in found:
        for limit in source.limits:
            so_far = counts[source.name(limit)]
            is_near = is_near or so_far >= limit.near
            # Else whoever floods a domain shuts out all who have their mail there.
            is_spared = source.kind == "domain" and not asked_before
            if limit.most is not None and so_far >= limit.most and not is_spared:
                raise TooMany(_start(limit, at) + limit.window - at)
    if is_near and not pressed:
        raise Near


def _start(limit: Limit, at: dt.datetime) -> dt.datetime:
    at = at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    return at if limit.window == HOUR else at.replace(hour=0)
