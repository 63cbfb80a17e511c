"""Readers of a newsletter who may not be written to, whatever their subscription says: see `delivery.suppression`."""

from __future__ import annotations

from collections.abc import Collection

from depeche.delivery import suppression
from depeche.delivery.models import Reason
from depeche.subscribers.models import Subscription


def suppressed(subscriptions: Collection[int], *, purpose: str) -> dict[int, Reason]:
    """Those of these subscriptions to whose reader no mail of this purpose about their newsletter may go, and why."""
    addresses: dict[str, dict[int, str]] = {}
    rows = Subscription.objects.filter(pk__in=subscriptions).select_related("subscriber", "newsletter")
    for row in rows:
        addresses.setdefault(row.newsletter.purpose, {})[row.pk] = row.subscriber.address
    found: dict[int, Reason] = {}
    for scope, some in addresses.items():
        blocked = suppression.blocked(set(some.values()), purpose=purpose, scope=scope)
        found |= {pk: blocked[address] for pk, address in some.items() if address in blocked}
    return found


def why_held_back(subscription: int, *, purpose: str) -> str:
    """What the ledger keeps of a mail that was held back; "" where the address is not the cause."""
    reason = suppressed([subscription], purpose=purpose).get(subscription)
    return suppression.said(reason) if reason else ""
