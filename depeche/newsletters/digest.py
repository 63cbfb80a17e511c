"""The digest of a newsletter: an edition put together by itself on chosen days; and what became of each of them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

EVERY_DAY = "1234567"  # ISO 8601: 1 is Monday


class Digest(models.Model):  # type: ignore[django-manager-missing] # « runs » comes from below
    """When the digest of a newsletter leaves by the newsroom's clock, in whose name, and who looks at it first."""

    newsletter = models.OneToOneField(
        "subscribers.Newsletter", on_delete=models.CASCADE, related_name="digest"
    )
    is_on = models.BooleanField(_("leaves by itself"), default=False)
    leaves_at = models.TimeField(_("hour"), default=dt.time(7))
    weekdays = models.CharField(_("days"), max_length=7, default=EVERY_DAY)
    needs_review = models.BooleanField(_("a person looks first"), default=True)
    on_since = models.DateTimeField(null=True, editable=False)
    timed_at = models.DateTimeField(null=True, editable=False)  # what was due before is not made up for
    on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.CheckConstraint(
                name="digests_that_are_on_say_since_when",
                condition=models.Q(is_on=False)
                | models.Q(on_since__isnull=False, timed_at__isnull=False, weekdays__gt=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.newsletter_id}: {self.weekdays} {self.leaves_at:%H:%M}"

    def is_of(self, day: dt.date) -> bool:
        """Whether it leaves on days like this."""
        return str(day.isoweekday()) in self.weekdays


class DigestRun(models.Model):
    """One day of a digest: the articles published in (`since`, `due_at`] were looked at, and became an edition if any.

    The database has one per digest and day, however many workers look.
    """

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="runs")
    day = models.DateField(_("day"))  # by the newsroom's calendar
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField()
    articles = models.PositiveIntegerField(_("articles"))
    edition = models.OneToOneField(
        "newsletters.Edition", null=True, on_delete=models.SET_NULL, related_name="digest_run"
    )

    class Meta:
        verbose_name = _("day of a digest")
        verbose_name_plural = _("days of a digest")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "day"], name="one_edition_per_digest_and_day"),
            models.CheckConstraint(
                name="empty_digests_have_no_edition",
                condition=models.Q(edition=None) | models.Q(articles__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest_id} ({self.day})"
