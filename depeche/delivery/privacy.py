"""What delivery holds about an address: its transactional mails, and what the catcher caught."""

from __future__ import annotations

from typing import Any

from . import catcher
from .messages import address_key
from .models import TransactionalMessage


def export(address: str) -> dict[str, list[Any]]:
    """When something was written to this address, and what became of it."""
    rows = TransactionalMessage.objects.filter(recipient_key=address_key(address))
    return {"messages": list(rows.values("created_at", "state", "finished_at", "reply"))}


def erase(address: str) -> int:
    """Delete it; how many messages there were."""
    count, _ = TransactionalMessage.objects.filter(recipient_key=address_key(address)).delete()
    return count + catcher.erase(address)
