"""What was scheduled happens: each thing on its own, so that a bad one stops no other."""

from __future__ import annotations

import datetime as dt
import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import Truncator
from wagtail.log_actions import registry
from wagtail.models import DraftStateMixin, Page, Revision

from depeche import facts

from . import gatekeeping
from .models import Article, MissedSchedule

LONGEST_PAUSE = dt.timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """One thing to do now: `do` publishes a revision or takes something down, which `still_due` locks."""

    kind: str
    target: Any
    at: dt.datetime
    still_due: models.QuerySet[Any]
    do: Callable[[], object]
    prepare: Callable[[], object] = lambda: None  # what must not happen inside a transaction

    @property
    def names(self) -> dict[str, Any]:
        return dict(zip(("kind", "content_type_id", "object_id"), self.key, strict=True))

    @property
    def key(self) -> tuple[str, int, str]:
        target_class = Page if isinstance(self.target, Page) else type(self.target)
        return self.kind, ContentType.objects.get_for_model(target_class).pk, str(self.target.pk)


def publish_due(at: dt.datetime | None = None) -> list[MissedSchedule]:
    """Publish and take down what is due, each in a transaction of its own; what failed now comes back.

    A failure is remembered and tried again after 1, 2, 4… minutes, at most an hour.
    """
    at = at or timezone.now()
    due = {thing.key: thing for thing in [*_to_take_down(at), *_to_publish(at)]}
    for row in MissedSchedule.objects.all():
        if (row.kind, row.content_type_id, row.object_id) not in due:
            row.delete()
    tried = [_try(thing, at) for thing in due.values()]
    return [missed for missed in tried if missed]


def _try(thing: Due, at: dt.datetime) -> MissedSchedule | None:
    """Do it, unless it waits or another worker has it; what failed now comes back."""
    missed = MissedSchedule.objects.filter(**thing.names)
    try:
        if not missed.filter(next_try_at__gt=at).exists() and thing.still_due.exists():
            thing.prepare()
        with transaction.atomic():
            if not missed.filter(next_try_at__gt=at).exists() and _lock(thing.still_due):
                thing.do()
                missed.delete()
        return None
    except Exception as error:
        if isinstance(error, gatekeeping.GateClosed):
            log.warning("Due at %s and stopped at the gate: %s", thing.at, thing.target)
        else:
            log.exception("Due at %s and failed: %s of %s", thing.at, thing.kind, thing.target)
        return _remember(thing, error, at)


def _lock(rows: models.QuerySet[Any]) -> bool:
    """Whether the row is still there, and ours until the transaction ends; SQLite has one writer anyway."""
    return rows.order_by().select_for_update(skip_locked=True, of=("self",)).first() is not None


def _to_take_down(at: dt.datetime) -> Iterator[Due]:
    """Live things whose last day has come."""
    for model in _models_with_drafts():
        expired = model._default_manager.filter(live=True, expire_at__lt=at)
        for target in expired.order_by("expire_at"):
            take_down = functools.partial(_take_down, target)
            still_due = expired.filter(pk=target.pk)
            yield Due(MissedSchedule.Kind.EXPIRE, target, target.expire_at, still_due, take_down)


def _to_publish(at: dt.datetime) -> Iterator[Due]:
    """Approved revisions whose time has come, oldest first."""
    revisions = Revision.objects.filter(approved_go_live_at__lt=at)
    for revision in list(revisions.order_by("approved_go_live_at", "pk")):
        if revision.content_object is not None:
            yield Due(
                MissedSchedule.Kind.PUBLISH,
                revision.content_object,
                revision.approved_go_live_at,
                revisions.filter(pk=revision.pk),
                functools.partial(revision.publish, log_action="wagtail.publish.scheduled"),
                functools.partial(_read, revision),
            )


def _read(revision: Revision) -> None:
    article = revision.as_object()
    if isinstance(article, Article):
        gatekeeping.clear(article)


def _models_with_drafts() -> list[type[Any]]:
    snippets = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *snippets]


def _take_down(target: Any) -> None:
    target = getattr(target, "specific", target)
    target.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


@transaction.atomic
def _remember(thing: Due, error: Exception, at: dt.datetime) -> MissedSchedule:
    first: dict[str, Any] = {
        "title": str(thing.target)[:255],
        "due_at": thing.at,
        "failed_at": at,
        "next_try_at": at,
    }
    rows = MissedSchedule.objects.select_for_update()
    row, is_news = rows.get_or_create(**thing.names, defaults=first)
    row.title, row.due_at, row.failed_at = first["title"], thing.at, at
    row.reason = Truncator(_in_words(error)).chars(300)
    row.next_try_at = at + min(dt.timedelta(minutes=2**row.attempts), LONGEST_PAUSE)
    row.attempts += 1
    row.scheduled_by = _who_scheduled(thing)
    row.save()
    if is_news:
        facts.announce(facts.ScheduleMissed(missed_id=row.pk))
    return row


def _in_words(error: Exception) -> str:
    if isinstance(error, gatekeeping.GateClosed):
        return gatekeeping.reason(error)
    return f"{type(error).__name__}: {error}"


def _who_scheduled(thing: Due) -> User | None:
    """The publisher who set the time, by the log."""
    actions = ["wagtail.publish.schedule", "wagtail.schedule.revert", "wagtail.publish"]
    entries = registry.get_logs_for_instance(thing.target).filter(action__in=actions, user__isnull=False)
    entry = entries.order_by("-timestamp").first()
    return entry.user if entry else None
