"""Editions as a bulk lane of the delivery engine."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone

from depeche.delivery import bounces, suppression, verp
from depeche.delivery.acks import Fates
from depeche.delivery.content import Content
from depeche.delivery.lanes import InHand, Lane, Mailed
from depeche.delivery.messages import address_key
from depeche.delivery.models import DeliveryQuerySet, State
from depeche.delivery.prepared import Place, Prepared
from depeche.keys import address_hashes_of
from depeche.subscribers.models import Subscription, purpose_of

from . import actions, filling, rendering, undelivered
from .models import Edition, EditionDelivery, EditionState
from .suppressed import CANCELLED, Copy, why_withheld

_SENDING = Prepared(
    lambda: (
        Edition.objects.filter(state=EditionState.SENDING).order_by("sending_since", "pk").values_list("pk")
    )
)
_DONE = Prepared(lambda: actions.done().order_by().values_list("pk"))
_STALE = Prepared(
    lambda: EditionDelivery.objects.filter(
        state=State.DEFERRED,
        edition__in=Edition.objects.filter(state=EditionState.SENDING, stale_at__lt=Place("at")),
    ).values_list("pk", "reply")
)
_STATES = Prepared(
    lambda: Edition.objects.filter(pk__among=Place("editions")).order_by().values_list("pk", "state")
)
_WANTED = Prepared(
    lambda: (
        Subscription.objects.confirmed()
        .allowed()
        .not_paused(Place("today"))
        .filter(pk__among=Place("keys"))
        .values_list("pk")
    )
)
_COPIES = Prepared(
    lambda: EditionDelivery.objects.filter(pk__among=Place("keys")).values_list(
        "pk",
        "edition_id",
        "subscription_id",
        "subscription__subscriber__address",
        "subscription__subscriber__language",
        "subscription__subscriber__key",
        "subscription__key",
        "subscription__subscriber__address_hash",
    )
)
# What goes into a mail, and may be put right while it is on its way.
_VERSIONS = Prepared(
    lambda: (
        Edition.objects.filter(pk__among=Place("editions"))
        .order_by()
        .values_list(
            "pk",
            "sending_since",
            "newsletter__sender_name",
            "newsletter__sender_address",
            "newsletter__reply_to",
            "newsletter__key",
        )
    )
)


class EditionCopy(Copy):
    """One copy of `edition`."""

    __slots__ = ("_mail", "_row", "edition")

    def __init__(
        self,
        lane: Lane,
        row: Sequence[Any],
        mail: tuple[filling.ReadersMail, str],
        hashes: tuple[str, ...],
        comes_back_to: Callable[[int, str], str] | None,
    ) -> None:
        """`row` is one of `_COPIES`; `comes_back_to` makes the envelope's sender, where it is not the newsletter's."""
        key, self.edition, self.subscription, address, _language, _subscriber, _subscription, _hash = row
        # What `InHand` has is set here too: to call its __init__ would take as long again, for each of very many.
        self.lane, self.key, self.recipient = lane, key, address
        self._row, self.hashes = row, hashes
        self._mail, self.scope = mail
        self.sender = comes_back_to(key, address) if comes_back_to else self._mail.sender
        self.domain = address.rpartition("@")[2].lower()
        self.slot, self._content = 0.0, None

    def make(self) -> Content:
        _key, edition, subscription, address, language, subscriber_key, subscription_key, _hash = self._row
        return self._mail.copy((address, language, subscriber_key, subscription_key), edition, subscription)


class EditionLane(Lane):
    """Keys are rows of the ledger; what may still be sent is asked of the subscriptions."""

    name, code = "edition", "e"

    def rows(self) -> DeliveryQuerySet:
        return EditionDelivery.objects.all()

    def due(self) -> DeliveryQuerySet:
        return self.rows().due(Place("at")).filter(edition=Place("edition"))  # type: ignore[misc]

    def sources(self) -> Sequence[Mapping[str, object]]:
        """Edition by edition, as they left: so the next copies are found by index, however many wait."""
        return [{"edition": edition} for (edition,) in _SENDING.rows()]

    def withheld(self, messages: Mapping[int, InHand]) -> Mapping[int, str]:
        copies = cast("Mapping[int, EditionCopy]", messages)
        asked = [copy.subscription for copy in copies.values()]
        wanted = {key for (key,) in _WANTED.kept(Subscription, keys=asked, today=timezone.localdate())}
        cancelled = dict.fromkeys(_of_editions(copies, EditionState.CANCELLED), CANCELLED)
        return cancelled | why_withheld(copies, wanted, purpose=suppression.NEWSLETTER)

    def held(self, messages: Mapping[int, InHand]) -> Collection[int]:
        return _of_editions(cast("Mapping[int, EditionCopy]", messages), EditionState.PAUSED)

    def load(self, keys: Collection[int]) -> Sequence[InHand]:
        found = _COPIES.rows(keys=keys)
        hashes = address_hashes_of([row[3] for row in found], kept=[row[7] for row in found])
        comes_back_to = verp.maker(self.code)
        versions = {
            version[0]: (tuple(version), purpose_of(newsletter))
            for *version, newsletter in _VERSIONS.rows(editions={row[1] for row in found})
        }
        mails = {}
        for edition, language in {(row[1], row[4]) for row in found}:
            version, scope = versions[edition]
            mails[edition, language] = _compiled(version, language), scope
            mails[edition, language][0].sign_as_now()
        return [
            EditionCopy(self, row, mails[row[1], row[4]], known, comes_back_to)
            for row, known in zip(found, hashes, strict=True)
        ]

    def mailed(self, key: int) -> Mailed | None:
        return _mailed(EditionDelivery.objects.filter(pk=key))

    def newest_to(self, address: str) -> Mailed | None:
        rows = EditionDelivery.objects.filter(subscription__subscriber__address_key=address_key(address))
        return _mailed(rows.order_by("-pk"))

    def named(self, message_id: str) -> int | None:
        found = filling.read_message_id(message_id)
        if found is None or found[0] != self.code:
            return None
        rows = EditionDelivery.objects.filter(edition=found[1], subscription=found[2])
        return rows.values_list("pk", flat=True).first()

    def finish(self, *, at: dt.datetime) -> None:
        if done := [key for (key,) in _DONE.rows()]:
            actions.finish(done, at=at)

    def take_over(self, fates: Fates, *, worker: str, at: dt.datetime) -> None:
        super().take_over(fates, worker=worker, at=at)
        undelivered.go_on_with_what_came_back(at=at)

    def sweep(self, *, at: dt.datetime) -> None:
        """Also gives up what was refused for so long that the edition is no news any more."""
        super().sweep(at=at)
        if stale := {key: reply for key, reply in _STALE.rows(at=at)}:  # noqa: C416 - rows are sequences
            rows = EditionDelivery.objects.filter(pk__among=stale, state=State.DEFERRED)
            rows.update(state=State.FAILED, finished_at=at)
            bounces.given_up(self, stale.items(), at=at)


def _mailed(rows: QuerySet[Any]) -> Mailed | None:
    """Of the first of these copies that left."""
    left = rows.filter(state__in=(State.SENT, State.UNCERTAIN, State.FAILED)).exclude(finished_at=None)
    found = left.values_list("subscription__subscriber__address", "edition_id", "finished_at").first()
    return Mailed(found[0], actions.about(found[1]), found[2]) if found else None


def _of_editions(copies: Mapping[int, EditionCopy], state: EditionState) -> list[int]:
    """Keys of those whose edition is in that state."""
    rows = _STATES.rows(editions={copy.edition for copy in copies.values()})
    theirs = {edition for edition, found in rows if found == state}
    return [key for key, copy in copies.items() if copy.edition in theirs] if theirs else []


@functools.lru_cache(maxsize=16)
def _compiled(version: tuple[Any, ...], language: str) -> filling.ReadersMail:
    """A sent edition never changes, so it is compiled once per worker and language; again where its sender was put right."""
    edition = Edition.objects.select_related("newsletter").get(pk=version[0])
    mail = rendering.render(edition, links=filling.READERS_OWN, language=language)
    return filling.compile_mail(mail, edition)
