"""What newsletters hold about an address: which editions were sent to it."""

from __future__ import annotations

from typing import Any

from depeche.delivery.messages import address_key

from .models import EditionDelivery


def _copies(address: str) -> Any:
    return EditionDelivery.objects.filter(subscription__subscriber__address_key=address_key(address))


def export(address: str) -> dict[str, list[Any]]:
    """The editions, and what became of this reader's copy."""
    return {"editions": list(_copies(address).values("edition__subject", "state", "finished_at", "reply"))}


def erase(address: str) -> int:
    """Delete the copies' rows; how many there were."""
    count, _ = _copies(address).delete()
    return count
