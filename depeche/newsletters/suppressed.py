"""Readers of a newsletter who may not be written to, whatever their subscription says: see `delivery.suppression`."""

from __future__ import annotations

from collections.abc import Collection

from depeche.delivery import suppression
from depeche.subscribers.models import Subscription


def suppressed(subscriptions: Collection[int], *, purpose: str) -> set[int]:
    """Those of these subscriptions to whose reader no mail of this purpose about their newsletter may go."""
    addresses: dict[str, dict[int, str]] = {}
    rows = Subscription.objects.filter(pk__in=subscriptions).select_related("subscriber", "newsletter")
    for row in rows:
        addresses.setdefault(row.newsletter.purpose, {})[row.pk] = row.subscriber.address
    found: set[int] = set()
    for scope, some in addresses.items():
        blocked = suppression.blocked(set(some.values()), purpose=purpose, scope=scope)
        found |= {pk for pk, address in some.items() if address in blocked}
    return found
