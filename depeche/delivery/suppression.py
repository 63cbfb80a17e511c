"""Addresses that may not be written to: why, which mails may go all the same, what lifts it and who may lift it.

Addresses stand as keyed hashes, so the table outlives whoever was erased. It beats every import, and the journal
(`depeche.journal`) carries it over a restore. The rules are told in docs/reference/suppression.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from depeche import journal, keys

from .models import Reason, Suppression
from .prepared import Place, Prepared

NEWSLETTER, CORRECTION, REPERMISSION = "newsletter", "correction", "repermission"
CONFIRMATION, RIGHTS, SERVICE = "confirmation", "rights", "service"
PURPOSES = (NEWSLETTER, CORRECTION, REPERMISSION, CONFIRMATION, RIGHTS, SERVICE)

OPT_IN, DESK = "a confirmed double opt-in", "the subscriber desk"
_CHUNK = 500
_SAID = "suppressed: "


@dataclass(frozen=True)
class Rule:
    """What one reason means: mails of these purposes may still go; what lifts it; who may lift it by that.

    `is_scoped`: it is about one thing (a newsletter), named by the scope; else about the whole address.
    """

    may_go: frozenset[str]
    lifted_by: frozenset[str]
    who: str
    is_scoped: bool = False


# The gravest first: where several hold, this one is told.
RULES: Mapping[Reason, Rule] = MappingProxyType(
    {
        Reason.ERASED: Rule(frozenset({CONFIRMATION, RIGHTS}), frozenset({OPT_IN}), "the person"),
        Reason.OBJECTION: Rule(frozenset({CONFIRMATION, RIGHTS, SERVICE}), frozenset({OPT_IN}), "the person"),
        Reason.COMPLAINT: Rule(frozenset({CONFIRMATION, RIGHTS, SERVICE}), frozenset({OPT_IN}), "the person"),
        Reason.HARD_BOUNCE: Rule(
            frozenset({CONFIRMATION}), frozenset({OPT_IN, DESK}), "the person or the subscriber desk"
        ),
        Reason.SOFT_BOUNCE: Rule(
            frozenset({CONFIRMATION, RIGHTS, SERVICE}),
            frozenset({OPT_IN, DESK}),
            "the person or the subscriber desk",
        ),
        Reason.UNSUBSCRIBED: Rule(
            frozenset({REPERMISSION, CONFIRMATION, RIGHTS, SERVICE}),
            frozenset({OPT_IN}),
            "the person",
            is_scoped=True,
        ),
    }
)
_GRAVITY = list(RULES)
_STANDING = Prepared(
    lambda: Suppression.objects.filter(address_hash__among=Place("hashes"), lifted_at=None).values_list(
        "address_hash", "reason", "scope"
    )
)


class NotTheirsToLift(Exception):
    """The rule leaves this to the person; `str()` is the reason."""


@transaction.atomic
def suppress(address: str, reason: Reason, *, scope: str = "", at: dt.datetime | None = None) -> None:
    """No mail to `address` from now on but what the rule of `reason` lets through; a second time changes nothing.

    Raises:
        ValueError: a scope is missing where the rule asks for one.
    """
    if RULES[reason].is_scoped and not scope:
        raise ValueError(f"{reason} needs a scope")
    _suppress(keys.address_hashes(address), reason, scope=scope, at=at or timezone.now())


@transaction.atomic
def lift(
    address: str,
    *,
    reasons: Collection[Reason],
    scope: str | None = None,
    by: str,
    at: dt.datetime | None = None,
) -> int:
    """How many suppressions for these reasons ended; `scope` None: whatever theirs, else only those of that scope.

    Whether `by` may is for the caller to know; see `lift_by_opt_in` and `lift_by_desk`.
    """
    rows = _standing(keys.address_hashes(address)).filter(reason__in=reasons)
    return _lift(rows if scope is None else rows.filter(scope=scope), by=by, at=at or timezone.now())


def lift_by_opt_in(address: str, *, scope: str, at: dt.datetime | None = None) -> int:
    """What ends when the person themselves confirmed that they want what `scope` names; how many did."""
    by_them = {reason for reason, rule in RULES.items() if OPT_IN in rule.lifted_by}
    whole = [reason for reason in by_them if not RULES[reason].is_scoped]
    scoped = [reason for reason in by_them if RULES[reason].is_scoped]
    return lift(address, reasons=whole, by="reader", at=at) + lift(
        address, reasons=scoped, scope=scope, by="reader", at=at
    )


def lift_by_desk(address: str, reason: Reason, *, by: str, at: dt.datetime | None = None) -> int:
    """How many ended on the word of the desk. `by` is a user name.

    Raises:
        NotTheirsToLift: only the person may.
    """
    if DESK not in RULES[reason].lifted_by:
        raise NotTheirsToLift(reason)
    return lift(address, reasons=[reason], by=by, at=at)


def blocked(addresses: Collection[str], *, purpose: str, scope: str = "") -> dict[str, Reason]:
    """Those of `addresses` that a mail of this purpose may not go to, each with the gravest reason; by one query.

    `scope` names what the mail is about: a suppression of one newsletter stops that one alone.

    Raises:
        ValueError: no such purpose.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"no such purpose: {purpose}")
    hashes = dict(zip(addresses, keys.address_hashes_of(addresses), strict=True))
    found = forbidding(hashes.values(), purpose=purpose, scope=scope)
    return {address: found[some] for address, some in hashes.items() if some in found}


def forbidding(
    people: Collection[tuple[str, ...]], *, purpose: str, scope: str = ""
) -> dict[tuple[str, ...], Reason]:
    """As `blocked`, of people whose address is known by its keyed hashes, as `keys.address_hashes_of` makes them."""
    whose = {one: hashes for hashes in people for one in hashes}
    found: dict[tuple[str, ...], list[Reason]] = {}
    for one, reason, where in _STANDING.rows(hashes=whose):
        if where in ("", scope) and purpose not in RULES[Reason(reason)].may_go:
            found.setdefault(whose[one], []).append(Reason(reason))
    return {hashes: min(reasons, key=_GRAVITY.index) for hashes, reasons in found.items()}


def may_be_written_to(address: str, *, purpose: str, scope: str = "") -> bool:
    """Whether a mail of this purpose may go to `address`."""
    return not blocked([address], purpose=purpose, scope=scope)


def said(reason: Reason) -> str:
    """What a message that was held back keeps for an answer."""
    return f"{_SAID}{reason.value}"


def reason_said(reply: str) -> Reason | None:
    """The reason `said` put into an answer; None for any other answer."""
    value = reply.removeprefix(_SAID) if reply.startswith(_SAID) else ""
    return Reason(value) if value in Reason.values else None


def emptied(reason: Reason) -> dict[str, Any]:
    """What a transactional message that was held back may not keep: its body; of whoever was erased, the address."""
    if reason == Reason.ERASED:
        return {"content": b"", "recipient": "", "recipient_key": ""}
    return {"content": b""}


def standing(address: str) -> list[Suppression]:
    """What holds for an address now, the newest first."""
    return list(_standing(keys.address_hashes(address)).order_by("-at", "-pk"))


def standing_under(hashes: Collection[str]) -> set[tuple[str, str, str]]:
    """Hash, reason and scope of what holds now under these keyed hashes."""
    found: set[tuple[str, str, str]] = set()
    for some in _chunks(sorted(hashes)):
        found |= set(_standing(some).values_list("address_hash", "reason", "scope"))
    return found


@transaction.atomic
def restore(address_hash: str, reason: Reason, *, scope: str, at: dt.datetime) -> bool:
    """Enter again what the journal says was suppressed at `at`; False if it stands, or was lifted since."""
    rows = Suppression.objects.filter(address_hash=address_hash, reason=reason, scope=scope)
    if rows.filter(Q(lifted_at=None) | Q(lifted_at__gte=at)).exists():
        return False
    return _suppress([address_hash], reason, scope=scope, at=at)


@transaction.atomic
def restore_lift(address_hash: str, reason: Reason, *, scope: str, by: str, at: dt.datetime) -> bool:
    """End again what the journal says was lifted at `at`; False if nothing older than that stands."""
    rows = _standing([address_hash]).filter(reason=reason, scope=scope, at__lte=at)
    return bool(_lift(rows, by=by, at=at))


def _suppress(hashes: list[str], reason: Reason, *, scope: str, at: dt.datetime) -> bool:
    """Entered under the first of `hashes`, unless it stands under any of them."""
    if _standing(hashes).filter(reason=reason, scope=scope).exists():
        return False
    row = Suppression(address_hash=hashes[0], reason=reason, scope=scope, at=at)
    Suppression.objects.bulk_create([row], ignore_conflicts=True)  # another process may have been first
    journal.note(journal.SUPPRESSED, at=at, address=hashes[0], reason=str(reason), scope=scope)
    return True


def _lift(rows: QuerySet[Suppression], *, by: str, at: dt.datetime) -> int:
    ended = list(rows.select_for_update())
    Suppression.objects.filter(pk__in=[row.pk for row in ended]).update(lifted_at=at, lifted_by=by)
    for row in ended:  # under the hash it stands by: the key may have been rotated since
        journal.note(
            journal.LIFTED, at=at, address=row.address_hash, reason=row.reason, scope=row.scope, by=by
        )
    return len(ended)


def _standing(hashes: Collection[str]) -> QuerySet[Suppression]:
    return Suppression.objects.filter(address_hash__in=hashes, lifted_at=None)


def _chunks(hashes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(hashes), _CHUNK):
        yield hashes[start : start + _CHUNK]
