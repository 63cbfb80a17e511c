"""Readers of a newsletter who may not be written to, whatever their subscription says: see `delivery.suppression`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from depeche.delivery import suppression
from depeche.delivery.models import Reason
from depeche.subscribers.models import Newsletter, Subscription

CANCELLED = "the edition was cancelled"  # kept for an answer


def suppressed(subscriptions: Collection[int], *, purpose: str) -> dict[int, Reason]:
    """Those of these subscriptions to whose reader no mail of this purpose about their newsletter may go, and why."""
    addresses: dict[str, dict[int, str]] = {}
    rows = Subscription.objects.filter(pk__in=subscriptions)
    scopes = {newsletter.pk: newsletter.purpose for newsletter in Newsletter.objects.all()}
    for pk, newsletter, address in rows.values_list("pk", "newsletter_id", "subscriber__address"):
        addresses.setdefault(scopes[newsletter], {})[pk] = address
    found: dict[int, Reason] = {}
    for scope, some in addresses.items():
        blocked = suppression.blocked(set(some.values()), purpose=purpose, scope=scope)
        found |= {pk: blocked[address] for pk, address in some.items() if address in blocked}
    return found


def why_withheld(
    keys: Collection[int], asked: Mapping[int, int], wanted: Collection[int], *, purpose: str
) -> dict[int, str]:
    """Of mails, `asked` by the subscription each is for: those that may not go, and what is kept of the reason.

    That is "" where the reader left, pauses or was erased, and the address is not the cause.
    """
    reasons = suppressed(asked.values(), purpose=purpose)
    return {
        key: suppression.said(reasons[asked[key]]) if asked.get(key) in reasons else ""
        for key in keys
        if asked.get(key) in reasons or asked.get(key) not in wanted
    }
