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
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import DraftStateMixin, Page, Revision

from depeche import facts

from .models import MissedSchedule

LONGEST_PAUSE = dt.timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """One thing to do now: `do` publishes a revision or takes something down."""

    kind: str
    target: Any
    at: dt.datetime
    do: Callable[[], object]

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
    missed = {(row.kind, row.content_type_id, row.object_id): row for row in MissedSchedule.objects.all()}
    MissedSchedule.objects.filter(pk__in=[row.pk for key, row in missed.items() if key not in due]).delete()
    failed = []
    for key, thing in due.items():
        row = missed.get(key)
        if row and row.next_try_at > at:
            continue
        try:
            with transaction.atomic():
                thing.do()
                if row:
                    row.delete()
        except Exception as error:
            log.exception("Due at %s and failed: %s of %s", thing.at, thing.kind, thing.target)
            failed.append(_remember(thing, error, row, at))
    return failed


def _to_take_down(at: dt.datetime) -> Iterator[Due]:
    """Live things whose last day has come."""
    for model in _models_with_drafts():
        for target in model._default_manager.filter(live=True, expire_at__lt=at).order_by("expire_at"):
            take_down = functools.partial(_take_down, target)
            yield Due(MissedSchedule.Kind.EXPIRE, target, target.expire_at, take_down)


def _to_publish(at: dt.datetime) -> Iterator[Due]:
    """Approved revisions whose time has come, oldest first."""
    revisions = Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at", "pk")
    for revision in list(revisions):
        if revision.content_object is not None:
            yield Due(
                MissedSchedule.Kind.PUBLISH,
                revision.content_object,
                revision.approved_go_live_at,
                functools.partial(revision.publish, log_action="wagtail.publish.scheduled"),
            )


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
def _remember(thing: Due, error: Exception, row: MissedSchedule | None, at: dt.datetime) -> MissedSchedule:
    is_news = row is None
    kind, content_type_id, object_id = thing.key
    row = row or MissedSchedule(kind=kind, content_type_id=content_type_id, object_id=object_id)
    row.title, row.due_at, row.failed_at = str(thing.target)[:255], thing.at, at
    row.reason = f"{type(error).__name__}: {error}"[:300]
    row.next_try_at = at + min(dt.timedelta(minutes=2**row.attempts), LONGEST_PAUSE)
    row.attempts += 1
    row.scheduled_by = _who_scheduled(thing)
    row.save()
    if is_news:
        facts.announce(facts.ScheduleMissed(missed_id=row.pk))
    return row


def _who_scheduled(thing: Due) -> User | None:
    """The publisher who set the time, by the log."""
    actions = ["wagtail.publish.schedule", "wagtail.schedule.revert", "wagtail.publish"]
    entries = registry.get_logs_for_instance(thing.target).filter(action__in=actions, user__isnull=False)
    entry = entries.order_by("-timestamp").first()
    return entry.user if entry else None
