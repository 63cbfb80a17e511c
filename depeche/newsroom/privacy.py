"""What the newsroom's door holds about an address: that somebody tried in vain to sign in under it."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.db.models import QuerySet

MODELS = ("axes.AccessAttempt",)


def export(address: str) -> dict[str, list[Any]]:
    """When, and from which network."""
    return {"failed_sign_ins": list(_attempts(address).values("attempt_time", "ip_address"))}


def erase(address: str) -> int:
    """Delete them; how many there were."""
    return _attempts(address).delete()[0]


def _attempts(address: str) -> QuerySet[AccessAttempt]:
    given = address.strip()
    return AccessAttempt.objects.filter(username__iexact=given) if given else AccessAttempt.objects.none()
