"""Mailboxes that take nothing for a while: counted under the keyed hash of the address, less and less as time passes.

One a day counts, and the count halves in 30 days: it takes five within three weeks, or six weekly ones.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from depeche import keys

from . import suppression
from .models import Reason, SoftBounces

HALF_LIFE = dt.timedelta(days=30)
A_DAY = dt.timedelta(hours=20)  # an edition may leave earlier than that of the day before
ENOUGH = 4.0
FORGOTTEN_AFTER = 5 * HALF_LIFE  # then at most an eighth is left of what is not enough


@transaction.atomic
def count(address: str, *, at: dt.datetime) -> bool:
    """One more mail to `address`, sent `at`, came back; whether it is now suppressed, and counted from nothing again.

    Who confirmed since that they want mail is not suppressed.
    """
    hashes = keys.address_hashes(address)
    row = SoftBounces.objects.select_for_update().filter(address_hash__in=hashes).first()
    if row and abs(at - row.at) < A_DAY:
        return False
    score = 1 + (left(row, at=at) if row else 0.0)
    if score >= ENOUGH:
        forget(address)
        return suppression.restore(hashes[0], Reason.SOFT_BOUNCE, scope="", at=at)
    SoftBounces.objects.update_or_create(
        address_hash=row.address_hash if row else hashes[0],
        defaults={"score": score, "at": max(at, row.at) if row else at},
    )
    return False


def left(row: SoftBounces, *, at: dt.datetime) -> float:
    """What is left of a count."""
    return row.score * 0.5 ** (max(dt.timedelta(), at - row.at) / HALF_LIFE)


def forget(address: str) -> None:
    """Begin from nothing."""
    SoftBounces.objects.filter(address_hash__in=keys.address_hashes(address)).delete()


def forget_old(*, at: dt.datetime) -> int:
    """Delete what is as good as nothing."""
    return SoftBounces.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()[0]
