"""Who agreed to which version of a legal text, as the consent log says; and whose consent rests on an older one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from django.db.models import Count, Q, QuerySet

from depeche import keys

from .consent import Action, ConsentEntry, ConsentPerson
from .legal import AGREED_TO, Kind, LegalText, LegalVersion
from .models import Basis, Newsletter, Subscriber, Subscription

AGREEING = (Action.CONFIRM, Action.IMPORT)
COUNTED_AT_ONCE = 100_000


def entries_under(version: LegalVersion) -> QuerySet[ConsentEntry]:
    """The entries by which somebody agreed while shown exactly this text, the newest first."""
    return ConsentEntry.objects.filter(_names(version), action__in=AGREEING).order_by("-number")


def is_counted_at_once() -> bool:
    """Whether the log is so short that counting, which reads all of it, keeps nobody waiting."""
    return not ConsentEntry.objects.filter(number__gt=COUNTED_AT_ONCE).exists()


def with_counts(versions: Collection[LegalVersion]) -> list[tuple[LegalVersion, int]]:
    """Each version and how many people agreed to it, some of whom may have left since; one look at the log."""
    counts = ConsentEntry.objects.filter(action__in=AGREEING).aggregate(
        **{
            f"version_{version.pk}": Count("person", distinct=True, filter=_names(version))
            for version in versions
        }
    )
    return [(version, counts[f"version_{version.pk}"]) for version in versions]


def resting_on(text: LegalText) -> QuerySet[Subscription]:
    """The confirmed subscriptions whose consent names this text: of its language, or of its newsletter."""
    if text.kind not in AGREED_TO:
        return Subscription.objects.none()
    found = Subscription.objects.confirmed().filter(basis=Basis.CONSENT)
    if text.kind == Kind.NOTICE:
        return found.filter(newsletter=text.newsletter)
    return found.filter(newsletter__language=text.language)


def readers_to_ask(text: LegalText) -> int:
    """How many readers a material change of `text` would be written about."""
    return resting_on(text).values("subscriber").distinct().count()


def outdated(version: LegalVersion, readers: Iterable[Subscriber]) -> dict[int, list[Subscription]]:
    """By reader, the subscriptions whose consent rests on an older version than this one, or on none we know of."""
    wanted = (
        resting_on(version.text)
        .filter(subscriber__in=readers)
        .select_related("subscriber", "newsletter")
        .order_by("pk")
    )
    subscriptions = list(wanted)
    names = _names_of({one.subscriber.address for one in subscriptions})
    agreed = _agreed_to(names.values(), {one.newsletter for one in subscriptions}, version.text.kind)
    fresh = set(version.text.versions.filter(number__gte=version.number).values_list("sha256", flat=True))
    found: dict[int, list[Subscription]] = {}
    for one in subscriptions:
        name = names.get(one.subscriber.address)
        if agreed.get((name, one.newsletter.purpose)) not in fresh:
            found.setdefault(one.subscriber_id, []).append(one)
    return found


def is_overtaken(version: LegalVersion) -> bool:
    """Whether a newer material version has taken the place of this one."""
    return version.text.versions.filter(number__gt=version.number, is_material=True).exists()


def texts_of_request(subscription: Subscription) -> dict[str, dict[str, object]] | None:
    """The versions in force when this subscription was last asked for; None where that was not noted."""
    name = _names_of({subscription.subscriber.address}).get(subscription.subscriber.address)
    entry = (
        ConsentEntry.objects.filter(
            person=name, purpose=subscription.newsletter.purpose, action=Action.REQUEST
        )
        .order_by("-number")
        .first()
    )
    return entry.as_facts.get("texts") if entry and name else None


def _names(version: LegalVersion) -> Q:
    # Facts are canonical JSON: this spelling is the only one.
    return Q(facts__contains=f'"{version.text.kind}":{{"sha256":"{version.sha256}"')


def _names_of(addresses: Collection[str]) -> dict[str, uuid.UUID]:
    """Address → the name of its person in the log, under whichever key it was noted."""
    hashes = {one: address for address in addresses for one in keys.address_hashes(address)}
    people = ConsentPerson.objects.filter(address_hash__in=hashes).values_list("address_hash", "name")
    return {hashes[one]: name for one, name in people}


def _agreed_to(
    people: Iterable[uuid.UUID], newsletters: Iterable[Newsletter], kind: str
) -> dict[tuple[uuid.UUID | None, str], str]:
    """(person, purpose) → SHA-256 of the text of this kind in the newest entry that agrees."""
    entries = ConsentEntry.objects.filter(
        person__in=list(people),
        purpose__in=[newsletter.purpose for newsletter in newsletters],
        action__in=AGREEING,
    ).order_by("number")
    return {
        (entry.person, entry.purpose): entry.as_facts.get("texts", {}).get(kind, {}).get("sha256", "")
        for entry in entries
    }
