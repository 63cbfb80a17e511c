"""What the subscriber desk may do about suppressed addresses: look one up, lift what its rule leaves to them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from wagtail.log_actions import log

from depeche.delivery import bulk_lock, suppression
from depeche.delivery.models import Doubt, JournalMark, Reason, Suppression

from . import replaying


class NotAllowed(Exception):
    """This person may not."""


class NothingStands(Exception):
    """The address is not suppressed for this reason: somebody was faster, or it was never so."""


def may_look(user: AbstractUser | AnonymousUser) -> bool:
    """Whether this person may ask about an address: whoever may see readers."""
    return user.has_perm("subscribers.view_subscriber")


def may_lift(user: AbstractUser | AnonymousUser) -> bool:
    return may_look(user) and user.has_perm("subscribers.change_subscriber")


def may_accept(user: AbstractUser | AnonymousUser) -> bool:
    """Whether this person may let editions leave after a restore."""
    return user.is_active and user.is_superuser


def is_for_the_desk(reason: str) -> bool:
    return suppression.DESK in suppression.RULES[Reason(reason)].lifted_by


@transaction.atomic
def lift(address: str, reason: Reason, *, by: AbstractUser) -> list[Suppression]:
    """What no longer holds; each is in the audit log, which names no address.

    Raises:
        NotAllowed, NothingStands.
        suppression.NotTheirsToLift: the rule leaves it to the reader.
    """
    if not may_lift(by):
        raise NotAllowed
    rows = [row for row in suppression.standing(address) if row.reason == reason]
    if not suppression.lift_by_desk(address, reason, by=by.get_username()):
        raise NothingStands
    for row in rows:
        log(row, "depeche.lift_suppression", user=by, data={"reason": str(reason)})
    return rows


@transaction.atomic
def accept(*, by: AbstractUser) -> Doubt | None:
    """Editions may leave again; why they could not, None if they could.

    Raises:
        NotAllowed.
    """
    if not may_accept(by):
        raise NotAllowed
    doubt = bulk_lock.doubt()
    if doubt is not None:
        replaying.accept(by=by.get_username())
        log(JournalMark.objects.get(), "depeche.accept_journal", user=by, data={"doubt": str(doubt)})
    return doubt
