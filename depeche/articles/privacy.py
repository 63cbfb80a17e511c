"""What the articles hold about an address: the public one of somebody who writes for us."""

from __future__ import annotations

from typing import Any

from .models import Person


def export(address: str) -> dict[str, list[Any]]:
    """The pages of people whose public address this is."""
    people = Person.objects.filter(contact__iexact=address)
    return {"people": list(people.values("name", "role", "bio", "languages", "expertise", "interests"))}


def erase(address: str) -> int:
    """Take the address from their pages; the articles they signed stay signed."""
    return Person.objects.filter(contact__iexact=address).update(contact="")
