"""What newsletters hold about an address: which editions were sent to it, and which corrections of them."""

from __future__ import annotations

from typing import Any

from depeche.delivery.messages import address_key

from .models import CorrectionDelivery, EditionDelivery


def _copies(address: str) -> Any:
    return EditionDelivery.objects.filter(subscription__subscriber__address_key=address_key(address))


def _corrections(address: str) -> Any:
    return CorrectionDelivery.objects.filter(subscriber__address_key=address_key(address))


def export(address: str) -> dict[str, list[Any]]:
    """The editions, the corrections, and what became of this reader's copy of each."""
    corrections = _corrections(address).values("correction__reason", "state", "finished_at", "reply")
    return {
        "editions": list(_copies(address).values("edition__subject", "state", "finished_at", "reply")),
        "corrections": list(corrections),
    }


def erase(address: str) -> int:
    """Delete the copies' rows; how many there were."""
    told, _ = _corrections(address).delete()
    count, _ = _copies(address).delete()
    return told + count
