"""The one recorder of the consent log: whatever the road by which an address came in or left, it is noted here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from depeche import journal, keys, rows

from .consent import Action, ConsentDetail, ConsentEntry, ConsentPerson, Detail, ShownText

START = "0" * 64
NETWORK_KEPT = dt.timedelta(days=365)
PERSON_KEPT_AFTER_ERASURE = dt.timedelta(days=5 * 365)
_LOCK = 0x436F6E73  # on PostgreSQL, one writer of the chain at a time


@dataclass(frozen=True)
class Shown:
    """What somebody had before them: the very words, in which language, on which form at which address."""

    wording: str
    language: str
    form: str
    url: str


@dataclass(frozen=True)
class Happening:
    """What is to be noted about one address.

    `purpose` names a newsletter (« newsletter:KEY ») or another use of an address; `texts` are those in force then
    (kind → {"version": n, "sha256": …}); `details` are readable and can be erased; `facts` name nobody.
    """

    action: str
    address: str
    purpose: str
    shown: Shown | None = None
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    basis: str = "consent"
    actor: str = "reader"
    details: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    at: dt.datetime | None = None


def record(happening: Happening) -> ConsentEntry:
    """The entry, at the end of the chain. Call it within the transaction that changes the subscription."""
    return record_all([happening])[0]


@transaction.atomic
def record_all(happenings: Sequence[Happening]) -> list[ConsentEntry]:
    """An entry for each, in their order; thousands at once cost little more than one."""
    if not happenings:
        return []
    chain = _Chain()
    people = _people({happening.address for happening in happenings})
    _keep_words(happenings)
    entries = [chain.link(happening, people[happening.address]) for happening in happenings]
    chain.write()
    return entries


@transaction.atomic
def record_about_all(action: str, *, facts: Mapping[str, Any], at: dt.datetime | None = None) -> ConsentEntry:
    """An entry about no single person: a purge, a new key."""
    chain = _Chain()
    entry = chain.add(
        action=action, person=None, purpose="", at=at or timezone.now(), facts=facts, details={}
    )
    chain.write()
    return entry


@transaction.atomic
def erase(
    address: str,
    *,
    at: dt.datetime | None = None,
    actor: str = "reader",
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Delete what is readable about an address in the log; how many details there were. `facts` name nobody.

    The entries stay, with the keyed hash that finds them, until `PERSON_KEPT_AFTER_ERASURE` has passed.
    """
    at = at or timezone.now()
    people = list(ConsentPerson.objects.filter(address_hash__in=keys.address_hashes(address)))
    gone = 0
    for person in people:
        chain = _Chain()
        chain.add(
            action=Action.ERASURE,
            person=person.name,
            purpose="",
            at=at,
            facts={"actor": actor, **(facts or {})},
            details={},
        )
        chain.write()
        numbers = ConsentEntry.objects.filter(person=person.name).values("number")
        gone += ConsentDetail.objects.filter(entry__in=numbers).exclude(kind=Detail.PERSON).delete()[0]
        person.erased_at, person.purge_at = at, at + PERSON_KEPT_AFTER_ERASURE
        person.save(update_fields=["erased_at", "purge_at"])
        ConsentDetail.objects.filter(entry__in=numbers, kind=Detail.PERSON).update(purge_at=person.purge_at)
    return gone


@transaction.atomic
def purge(*, at: dt.datetime | None = None) -> int:
    """Delete the details past their date, and the people whose time is over; how many details went."""
    at = at or timezone.now()
    due = ConsentDetail.objects.filter(purge_at__lte=at)
    over = ConsentPerson.objects.filter(purge_at__lte=at, erased_at__isnull=False)
    if not due.exists() and not over.exists():
        return 0
    record_about_all(Action.PURGE, facts={"until": at.isoformat()}, at=at)
    count, _ = due.delete()
    over.delete()
    return count


def person_of(address: str) -> ConsentPerson | None:
    """Whose entries an address has, also after it was erased; None where there are none or they were forgotten."""
    return ConsentPerson.objects.filter(address_hash__in=keys.address_hashes(address)).first()


def has_agreed(address: str) -> bool:
    """Whether the log holds agreement that may have to be proved: confirmed here, or entered with proof."""
    person = person_of(address)
    agreed = (Action.CONFIRM, Action.IMPORT)
    return person is not None and ConsentEntry.objects.filter(person=person.name, action__in=agreed).exists()


def canonical(value: Any) -> str:
    """One spelling for each JSON value: keys in order, no spaces; what hashes are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(entry: ConsentEntry, key: keys.Key) -> str:
    """What `entry.digest` has to be: a keyed hash of all its columns and of the digest before."""
    return key.mac(
        "entry",
        str(entry.number),
        entry.person.hex if entry.person else "",
        entry.action,
        entry.purpose,
        in_utc(entry.at),
        entry.facts,
        entry.commitments,
        str(entry.key),
        entry.previous,
    )


def commitment(key: keys.Key, number: int, kind: str, salt: str, value: str) -> str:
    """What an entry holds instead of a readable detail."""
    return key.mac("commitment", str(number), kind, salt, value)


def in_utc(at: dt.datetime) -> str:
    """With microseconds, as every database keeps them."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


class _Chain:
    """The end of the chain, held by us until the transaction ends; entries gather and are written together."""

    def __init__(self) -> None:
        if connection.vendor == "postgresql":  # SQLite has one writer anyway
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = ConsentEntry.objects.order_by("-number").values_list("number", "digest").first()
        self._number, self._digest = last or (0, START)
        self._key = keys.current()
        self._entries: list[ConsentEntry] = []
        self._details: list[ConsentDetail] = []

    def link(self, happening: Happening, person: ConsentPerson) -> ConsentEntry:
        shown = happening.shown
        facts: dict[str, Any] = {"basis": happening.basis, "actor": happening.actor, **happening.facts}
        if happening.texts:
            facts["texts"] = {kind: dict(version) for kind, version in happening.texts.items()}
        if shown:
            facts |= {"language": shown.language, "form": shown.form, "url": shown.url.partition("?")[0]}
            facts["wording"] = sha256(shown.wording)
        return self.add(
            action=happening.action,
            person=person.name,
            purpose=happening.purpose,
            at=happening.at or timezone.now(),
            facts=facts,
            details={
                Detail.PERSON: person.address_hash,
                Detail.ADDRESS: happening.address,
                **happening.details,
            },
        )

    def add(
        self,
        *,
        action: str,
        person: uuid.UUID | None,
        purpose: str,
        at: dt.datetime,
        facts: Mapping[str, Any],
        details: Mapping[str, str],
    ) -> ConsentEntry:
        entry = ConsentEntry(
            number=self._number + 1,
            person=person,
            action=action,
            purpose=purpose,
            at=at,
            facts=canonical(facts),
            key=self._key.number,
            previous=self._digest,
        )
        kept = [self._detail(entry, kind, value) for kind, value in details.items() if value]
        entry.commitments = canonical(
            {
                detail.kind: {
                    "mac": commitment(self._key, entry.number, detail.kind, detail.salt, detail.value),
                    "purge": in_utc(detail.purge_at) if detail.purge_at else None,
                }
                for detail in kept
            }
        )
        entry.digest = digest_of(entry, self._key)
        self._number, self._digest = entry.number, entry.digest
        self._entries.append(entry)
        self._details += kept
        return entry

    def write(self) -> None:
        rows.insert(self._entries)
        rows.insert(self._details)
        journal.note(journal.HEAD, number=self._number, digest=self._digest)

    def _detail(self, entry: ConsentEntry, kind: str, value: str) -> ConsentDetail:
        is_of_the_network = kind in (Detail.NETWORK_ADDRESS, Detail.USER_AGENT)
        return ConsentDetail(
            entry=entry,
            kind=kind,
            value=value,
            salt=secrets.token_hex(16),
            purge_at=entry.at + NETWORK_KEPT if is_of_the_network else None,
        )


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _people(addresses: Iterable[str]) -> dict[str, ConsentPerson]:
    """The person behind each address, made where there is none; one who was erased and comes back is found again."""
    hashes = {address: keys.address_hashes(address) for address in addresses}
    every = [one for some in hashes.values() for one in some]
    known: dict[str, ConsentPerson] = {}
    for start in range(0, len(every), 500):
        for one in ConsentPerson.objects.filter(address_hash__in=every[start : start + 500]):
            known[one.address_hash] = one
    found: dict[str, ConsentPerson] = {}
    new: dict[str, ConsentPerson] = {}
    back: list[ConsentPerson] = []
    for address, some in hashes.items():
        person = next((known[name] for name in some if name in known), None) or new.get(some[0])
        if person is None:
            person = new[some[0]] = ConsentPerson(address_hash=some[0])
        elif person.erased_at:
            person.erased_at = person.purge_at = None
            back.append(person)
        found[address] = person
    rows.insert(list(new.values()))
    ConsentPerson.objects.bulk_update(back, ["erased_at", "purge_at"], batch_size=500)
    return found


def _keep_words(happenings: Iterable[Happening]) -> None:
    shown = {sha256(one.shown.wording): one for one in happenings if one.shown}
    known = set(ShownText.objects.filter(pk__in=shown).values_list("pk", flat=True))
    ShownText.objects.bulk_create(
        (
            ShownText(
                sha256=digest,
                text=one.shown.wording,
                language=one.shown.language,
                first_shown_at=one.at or timezone.now(),
            )
            for digest, one in shown.items()
            if digest not in known and one.shown
        ),
        ignore_conflicts=True,
    )
