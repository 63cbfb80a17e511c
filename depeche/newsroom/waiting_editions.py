"""Editions that wait for somebody: to be composed, sent, agreed to, or decided on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.delivery.models import State
from depeche.newsletters import agreement, digest_words, digesting, sending_words
from depeche.newsletters.digest import Digest
from depeche.newsletters.models import NOT_YET, Edition, EditionDelivery, SendRequest

from .waiting_rows import AT_MOST, Row


@dataclass
class Editions:
    """Rows by what is to be done; `leaving` leave by themselves."""

    held: list[Row] = field(default_factory=list)
    asked: list[Row] = field(default_factory=list)
    undecided: list[Row] = field(default_factory=list)
    drafts: list[Row] = field(default_factory=list)
    leaving: list[Row] = field(default_factory=list)


def editions(user: User) -> Editions:
    """What waits for `user`; who may only compose sees the drafts."""
    found, may_send = Editions(), user.has_perm("newsletters.send_edition")
    if not may_send and not user.has_perm("newsletters.change_edition"):
        return found
    asked = SendRequest.objects.filter(edition=OuterRef("pk"), answered_at=None).exclude(asked_by=user)
    rows = Edition.objects.filter(state__in=NOT_YET).select_related("newsletter", "digest_run")
    rows = rows.annotate(is_asked_for=Exists(asked))
    for edition in rows.order_by(F("scheduled_at").asc(nulls_last=True), "-pk")[: 3 * AT_MOST]:
        if edition.is_draft and len(found.drafts) < AT_MOST:
            found.drafts.append(_draft(edition, may_send))
        elif may_send and not edition.is_draft:
            _sort_scheduled(edition, found)
        if may_send and edition.is_asked_for:
            found.asked.extend(_asked(edition))
    if may_send:
        found.undecided.extend(_undecided())
        found.leaving.extend(_digests())
    return found


def _draft(edition: Edition, may_send: bool) -> Row:
    name = "send_edition" if may_send else "wagtailsnippets_newsletters_edition:edit"
    act = _("Test and send…") if may_send else _("Compose")
    note = _("put together by itself: look at it, then send it") if hasattr(edition, "digest_run") else ""
    return _row(edition, act, edition.created_at, url=reverse(name, args=[edition.pk]), note=note)


def _digests() -> Iterator[Row]:
    """Those that leave by themselves, each with what became of the last."""
    for digest in Digest.objects.filter(is_on=True).select_related("newsletter")[:AT_MOST]:
        due = digesting.next_due(digest, after=timezone.now())
        last = digest.runs.select_related("edition").first()
        yield Row(
            _("Digest: %(newsletter)s") % {"newsletter": digest.newsletter.name},
            reverse("newsletter_digest", args=[digest.newsletter_id]),
            _("Look"),
            when=due.at if due else None,
            note=digest_words.outcome(last) if last else "",
        )


def _sort_scheduled(edition: Edition, found: Editions) -> None:
    if edition.held_because:
        why = sending_words.held(edition)
        found.held.append(_row(edition, _("See to it"), edition.scheduled_at, note=why, is_alarm=True))
    else:
        found.leaving.append(_row(edition, _("Look"), edition.scheduled_at))


def _asked(edition: Edition) -> Iterator[Row]:
    request = agreement.open_request(edition)
    if request:
        yield _row(edition, _("Look"), request.asked_at, who=request.asked_by)


def _undecided() -> Iterator[Row]:
    copies = EditionDelivery.objects.filter(state=State.UNCERTAIN).order_by()
    counts = copies.values("edition_id", "edition__subject", "edition__sending_since")
    for row in counts.annotate(count=Count("pk")).order_by("edition_id")[:AT_MOST]:
        yield Row(
            row["edition__subject"],
            reverse("edition_uncertain", args=[row["edition_id"]]),
            _("Decide"),
            when=row["edition__sending_since"],
            note=ngettext("%(count)d copy", "%(count)d copies", row["count"]) % {"count": row["count"]},
        )


def _row(
    edition: Edition, act: str, when: dt.datetime | None, *, url: str = "", note: str = "", **more: object
) -> Row:
    url = url or reverse("send_edition", args=[edition.pk])
    return Row(edition.subject, url, act, when=when, note=note or edition.newsletter.name, **more)  # type: ignore[arg-type]
