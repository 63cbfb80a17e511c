"""Times as the newsroom's clock shows them, which shows some twice in autumn and some never in spring."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def moments(shown: dt.datetime) -> list[dt.datetime]:
    """When the clock shows `shown` (naive): once; never where it is put forward over it; twice where it is put back."""
    zone = timezone.get_default_timezone()
    possible = {shown.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
    return sorted(one for one in possible if on_clock(one) == shown)


def moment(shown: dt.datetime) -> dt.datetime:
    """When something that happens every day at this hour (naive) does: the first time, where the clock shows it twice.

    Where it is put forward over that hour, as long after as the hour stands after the gap began: 2.30 leaves at 3.30.
    Source: RFC 5545 §3.3.5.
    """
    return shown.replace(tzinfo=timezone.get_default_timezone(), fold=0).astimezone(dt.UTC)


def on_clock(moment: dt.datetime) -> dt.datetime:
    """What the clock shows at this moment; naive."""
    return moment.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)


def is_put_between(one: dt.datetime, other: dt.datetime) -> bool:
    """Whether the clock is put forward or back between two moments."""
    zone = timezone.get_default_timezone()
    return one.astimezone(zone).utcoffset() != other.astimezone(zone).utcoffset()
