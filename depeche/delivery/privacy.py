"""What delivery holds about an address: its transactional mails, and what the catcher caught."""

from __future__ import annotations

from typing import Any

from depeche import keys

from . import catcher
from .messages import address_key
from .models import HeardReport, SoftBounces, Suppression, TransactionalMessage


def export(address: str) -> dict[str, list[Any]]:
    """What was written to this address and what became of it, what was reported of it, and why it may not be written to."""
    hashes = keys.address_hashes(address)
    rows = TransactionalMessage.objects.filter(recipient_key=address_key(address))
    reasons = Suppression.objects.filter(address_hash__in=hashes).order_by("pk")
    soft = SoftBounces.objects.filter(address_hash__in=hashes)
    reports = HeardReport.objects.filter(address_hash__in=hashes).order_by("pk")
    return {
        "messages": list(rows.values("created_at", "purpose", "state", "finished_at", "reply")),
        "suppressions": list(reasons.values("reason", "scope", "at", "lifted_at", "lifted_by")),
        "mail_reports": list(reports.values("kind", "at", "status")),
        "mail_that_came_back": list(soft.values("score", "at")),
    }


def erase(address: str) -> int:
    """Delete the messages; how many there were. Why it may not be written to stays, as a keyed hash."""
    HeardReport.objects.filter(address_hash__in=keys.address_hashes(address)).update(address_hash="")
    SoftBounces.objects.filter(address_hash__in=keys.address_hashes(address)).delete()
    count, _ = TransactionalMessage.objects.filter(recipient_key=address_key(address)).delete()
    return count + catcher.erase(address)
