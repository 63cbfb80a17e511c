"""Readers of a newsletter who may not be written to, whatever their subscription says: see `delivery.suppression`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from depeche.delivery import suppression
from depeche.delivery.lanes import InHand
from depeche.delivery.models import Reason

CANCELLED = "the edition was cancelled"  # kept for an answer


class Copy(InHand):
    """What of a mail to a reader is asked again until it leaves: by which subscription, and the hashes of the address."""

    __slots__ = ("hashes", "scope", "subscription")

    subscription: int
    hashes: tuple[str, ...]
    scope: str


def suppressed(copies: Collection[Copy], *, purpose: str) -> dict[int, Reason]:
    """Those of these copies that may not go to their address, by their keys, and why."""
    by_scope: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_scope[copy.scope].append(copy)
    found: dict[int, Reason] = {}
    for scope, some in by_scope.items():
        reasons = suppression.forbidding([copy.hashes for copy in some], purpose=purpose, scope=scope)
        if reasons:
            found |= {copy.key: reasons[copy.hashes] for copy in some if copy.hashes in reasons}
    return found


def why_withheld(copies: Mapping[int, Copy], wanted: Collection[int], *, purpose: str) -> dict[int, str]:
    """Those of `copies` that may not go, and what is kept of the reason; `wanted` are the subscriptions that still hold.

    The reason is "" where the reader left, pauses or was erased, and the address is not the cause.
    """
    reasons = suppressed(copies.values(), purpose=purpose)
    left = [key for key, copy in copies.items() if copy.subscription not in wanted]
    return dict.fromkeys(left, "") | {key: suppression.said(reason) for key, reason in reasons.items()}
