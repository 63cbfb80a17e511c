"""Putting digests together at their time: from the articles since the last one, once a day, by whichever worker is first."""

from __future__ import annotations

import datetime as dt
import logging
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from depeche.articles.models import Article, Kind
from depeche.subscribers.models import Newsletter

from . import actions, agreement, digest_words, newsroom_clock, scheduling
from .actions import may_send, refuse_unless
from .digest import Digest, DigestRun
from .models import Edition, EditionItem, EditionState

FIRST_LOOKS_BACK = dt.timedelta(days=1)
OVERLAP = dt.timedelta(hours=1)  # what was being published at the hour itself, and had not come whole

logger = logging.getLogger(__name__)


class NoDay(Exception):
    """A digest that is on needs a day to leave on."""


class Due(NamedTuple):
    """A day by the newsroom's calendar, and when the digest of that day leaves."""

    day: dt.date
    at: dt.datetime


def digest_of(newsletter: Newsletter) -> Digest:
    """The digest of a newsletter; one that is off, and not saved, where nobody set it up yet."""
    found = Digest.objects.filter(newsletter=newsletter).select_related("newsletter", "on_by").first()
    return found or Digest(newsletter=newsletter)


@transaction.atomic
def set_up(
    newsletter: Newsletter,
    *,
    is_on: bool,
    leaves_at: dt.time,
    weekdays: str,
    needs_review: bool,
    by: AbstractUser,
    at: dt.datetime | None = None,
) -> Digest:
    """Say when the digest leaves (`weekdays` as digits, 1 is Monday), in the name of `by`; or that it does not.

    Raises:
        NotAllowed: `by` may not send editions.
        NoDay: on, but on no day.
    """
    refuse_unless(by)
    at, weekdays = at or timezone.now(), "".join(sorted(set(weekdays)))
    if is_on and not weekdays:
        raise NoDay
    Digest.objects.get_or_create(newsletter=newsletter)
    digest = Digest.objects.select_for_update(of=("self",)).get(newsletter=newsletter)
    if is_on and not digest.is_on:
        digest.on_since = at
    if (is_on, leaves_at, weekdays) != (digest.is_on, digest.leaves_at, digest.weekdays):
        digest.timed_at = at
    digest.is_on, digest.leaves_at, digest.weekdays = is_on, leaves_at, weekdays
    digest.needs_review, digest.on_by_id = needs_review, by.pk
    digest.save()
    said = {"is_on": is_on, "leaves_at": f"{leaves_at:%H:%M}", "weekdays": weekdays, "review": needs_review}
    log(newsletter, "depeche.set_digest", user=by, data=said)
    return digest


def compose_due(*, at: dt.datetime | None = None) -> list[DigestRun]:
    """Put together the digests whose time has come, each on its own; those of today that no worker saw to before."""
    at = at or timezone.now()
    runs = []
    for digest in Digest.objects.filter(is_on=True):
        try:
            run = _run(digest, at=at)
        except IntegrityError:
            continue  # another worker was faster
        except Exception:
            logger.exception("digest %s is due and could not be put together; it is tried again", digest.pk)
            continue
        runs += [run] if run else []
    return runs


def next_due(digest: Digest, *, after: dt.datetime) -> Due | None:
    """When it leaves next; None where it is off."""
    if not digest.is_on:
        return None
    today = timezone.localdate(after, timezone.get_default_timezone())
    seen_to = set(digest.runs.filter(day__gte=today).values_list("day", flat=True))
    for days in range(15):
        due = _due(digest, today + dt.timedelta(days=days))
        if due and due.at > after and due.day not in seen_to:
            return due
    return None


def since(digest: Digest, due: Due) -> dt.datetime:
    """From when on articles belong to the digest that leaves then: since the last, or a day long for the first."""
    last = digest.runs.filter(due_at__lt=due.at).order_by("-due_at").first()
    if last is None or digest.on_since is None or last.due_at < digest.on_since:
        return due.at - FIRST_LOOKS_BACK
    return last.due_at


def articles_for(digest: Digest, due: Due) -> list[Article]:
    """What readers may read of (`since`, `due.at`], news first, then by age; nothing paid for, nothing sent before."""
    newsletter, begins = digest.newsletter, since(digest, due)
    if digest.runs.filter(due_at=begins).exists():
        begins -= OVERLAP
    sent = Q(edition__number__isnull=False) & ~Q(edition__state=EditionState.CANCELLED)
    carried = EditionItem.objects.filter(edition__newsletter=newsletter)
    carried = carried.filter(sent | Q(edition__digest_run__isnull=False))
    found = (
        Article.objects.published()
        .filter(locale__language_code=newsletter.language)
        .filter(first_published_at__gt=begins, first_published_at__lte=due.at)
        .exclude(kind=Kind.SPONSORED)
        .exclude(pk__in=carried.values("article"))
    )
    lead = found.news().first()
    return sorted(found, key=lambda article: article != lead)


def _due(digest: Digest, day: dt.date) -> Due | None:
    if not digest.is_of(day):
        return None
    return Due(day, newsroom_clock.moment(dt.datetime.combine(day, digest.leaves_at)))


def _last_due(digest: Digest, *, at: dt.datetime) -> Due | None:
    """The newest day whose hour is past, if it came after its hour was set and was not seen to."""
    today = timezone.localdate(at, timezone.get_default_timezone())
    for days in range(8):
        due = _due(digest, today - dt.timedelta(days=days))
        if due and due.at <= at:
            is_new = digest.timed_at is not None and due.at > digest.timed_at
            return due if is_new and not digest.runs.filter(day=due.day).exists() else None
    return None


def _run(digest: Digest, *, at: dt.datetime) -> DigestRun | None:
    """The day that was due, seen to; None where none is, or another worker did.

    Raises:
        IntegrityError: another worker did at the same moment.
    """
    if _last_due(digest, at=at) is None:
        return None
    with transaction.atomic():
        rows = Digest.objects.select_for_update(of=("self",)).select_related("newsletter", "on_by")
        digest = rows.get(pk=digest.pk)
        due = _last_due(digest, at=at) if digest.is_on else None
        if due is None:
            return None
        articles, begins = articles_for(digest, due), since(digest, due)
        run = DigestRun(
            digest=digest, day=due.day, since=begins, due_at=due.at, ran_at=at, articles=len(articles)
        )
        if articles:
            run.edition = _compose(digest, run, articles, at=at)
        run.save(force_insert=True)
        return run


def _compose(digest: Digest, run: DigestRun, articles: list[Article], *, at: dt.datetime) -> Edition:
    """A draft for whoever looks at it first; otherwise one that leaves now, or asks whoever has to agree.

    It counts as scheduled since its hour, so that `scheduling` holds back what is late, or was restored since.
    """
    edition = actions.compose_edition(
        digest.newsletter,
        subject=digest_words.subject(run, articles[0]),
        introduction=digest_words.introduction(run),
        articles=articles,
        by=None,
    )
    if digest.needs_review:
        return edition
    if digest.on_by and may_send(digest.on_by) and agreement.is_missing(edition, at=run.due_at):
        agreement.ask(edition, by=digest.on_by, leave_at=None, at=at)
        return edition
    return scheduling.set_time(edition, leave_at=run.due_at, by=digest.on_by, at=run.due_at)
