"""What the articles hold about an address: the public one of somebody who writes for us."""

from __future__ import annotations

from typing import Any

from .models import Person


def export(address: str) -> dict[str, list[Any]]:
    """The pages of people whose public address this is."""
    people = Person.objects.filter(contact__iexact=address)
    return {"people": list(people.values("name", "role", "bio", "languages", "expertise", "interests"))}


def erase(address: str) -> int:
    """Nothing: who writes for us publishes this address, whatever they read; they take it from their page."""
    return 0
