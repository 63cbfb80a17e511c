"""The addresses that sources and evidence give: whether they still answer, and the copy that was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

DEAD_AFTER = dt.timedelta(hours=24)
FAILURES_OF_THE_DEAD = 2


class Problem(models.TextChoices):
    """What a check met; named as FetchRefused has it, but for what a status tells."""

    GONE = "gone", _("The page is not there any more")
    STATUS = "status", _("The site answers with an error")
    UNRESOLVABLE = "unresolvable", _("The name of the site is not known")
    TLS = "tls", _("The secure connection cannot be trusted")
    TOO_SLOW = "too_slow", _("The site does not answer in time")
    UNREACHABLE = "unreachable", _("The site cannot be reached")
    TOO_MANY_REDIRECTS = "too_many_redirects", _("The site redirects without end")
    REFUSED = "refused", _("The site does not let programs in")
    TOO_LARGE = "too_large", _("It answers, but is too large to be copied")
    CONTENT_TYPE = "content_type", _("It answers, but with something that is not copied")
    NOT_FETCHED = "not_fetched", _("An address of a kind that is never fetched")


class LinkQuerySet(models.QuerySet["ArchivedLink"]):
    def dead(self) -> LinkQuerySet:
        """Those that failed twice, at least a day apart, and did not answer since."""
        long_ago = models.F("checked_at") - DEAD_AFTER
        return self.filter(failures__gte=FAILURES_OF_THE_DEAD, failing_since__lte=long_ago)

    def due(self, at: dt.datetime) -> LinkQuerySet:
        """Those to be looked at by then: first the ones that never were."""
        first = models.F("checked_at").asc(nulls_first=True)
        return self.filter(next_check_at__lte=at).order_by(first, "next_check_at", "pk")


class ArchivedLink(models.Model):
    """One address, wherever it is used. Its copy is a file named by `sha256`; `earlier` are copies that a
    newer one replaced, on request: digest, when, and type of each.
    """

    url = models.URLField(_("link"), max_length=500, unique=True)
    checked_at = models.DateTimeField(_("last checked at"), null=True)
    next_check_at = models.DateTimeField(db_index=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(_("problem"), max_length=20, choices=Problem.choices, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    archived_at = models.DateTimeField(_("copied on"), null=True)
    earlier = models.JSONField(default=list)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(failing_since=None, failures=0)
                | models.Q(failing_since__isnull=False, failures__gt=0),
                name="a_failing_link_fails_since_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_dead(self) -> bool:
        """As `dead()` has it."""
        if self.failing_since is None or self.checked_at is None or self.failures < FAILURES_OF_THE_DEAD:
            return False
        return self.checked_at - self.failing_since >= DEAD_AFTER

    @property
    def digests(self) -> list[str]:
        """Of all copies, the newest first."""
        return [digest for digest in (self.sha256, *(digest for digest, *_rest in self.earlier)) if digest]


@dataclass(frozen=True)
class LinkState:
    """What is known of an address: `pk` of its row, since when it is dead (None: it is not), why, and when
    the copy was made (None: there is none).
    """

    pk: int
    url: str
    dead_since: dt.datetime | None
    problem: str
    archived_at: dt.datetime | None


def state_of(urls: Iterable[str]) -> dict[str, LinkState]:
    """What is known of each of these addresses; those nobody looked at yet are left out. One query."""
    rows = ArchivedLink.objects.filter(url__in={url for url in urls if url}, checked_at__isnull=False)
    return {
        row.url: LinkState(
            row.pk,
            row.url,
            row.failing_since if row.is_dead else None,
            row.get_problem_display() if row.problem else "",
            row.archived_at,
        )
        for row in rows
    }
