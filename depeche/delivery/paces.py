"""How fast mail may leave, as rows that all workers share."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORGOTTEN_AFTER = dt.timedelta(hours=1)  # what a domain taught us by refusing
REGAINED_A_MINUTE = 0.2  # of what it was slowed down to: after five minutes it is as fast as it was


class Pace(models.Model):
    """At most `count` messages in `per_s` seconds to one domain, or by one transport to all.

    `next_at` is the next free moment. What may not leave soon is put into a line, whose end `line_at` is.
    """

    transport = models.CharField(max_length=16, blank=True)
    domain = models.CharField(_("domain"), max_length=255, blank=True)  # in A-labels (RFC 5890)
    has_subdomains = models.BooleanField(_("with its subdomains"), default=False)
    count = models.PositiveIntegerField(null=True)
    per_s = models.PositiveIntegerField(null=True)
    learned_per_minute = models.FloatField(null=True)
    learned_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now)
    line_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)  # counts what changed for workers

    class Meta:
        verbose_name = _("pace")
        verbose_name_plural = _("paces")
        constraints = [
            models.UniqueConstraint(fields=["transport", "domain"], name="one_pace_per_transport_or_domain"),
            models.CheckConstraint(
                name="a_pace_is_of_a_transport_or_a_domain",
                condition=models.Q(transport="") ^ models.Q(domain=""),
            ),
            models.CheckConstraint(
                name="a_pace_is_whole",
                condition=models.Q(count=None, per_s=None) | models.Q(count__gte=1, per_s__gte=1),
            ),
            models.CheckConstraint(
                name="what_was_learned_is_whole",
                condition=models.Q(learned_per_minute=None, learned_at=None)
                | models.Q(learned_per_minute__gt=0, learned_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.transport or self.domain

    def interval_s(self, at: dt.datetime) -> float:
        """How long after a message at `at` the next may leave; 0 where nothing holds it."""
        interval_s = self.per_s / self.count if self.count and self.per_s else 0.0
        return max(interval_s, 60 / learned if (learned := self.learned(at)) else 0.0)

    def learned(self, at: dt.datetime) -> float:
        """How many a minute the domain seems to bear at `at`, growing since it refused; 0 where it is forgotten."""
        if self.learned_per_minute is None or self.learned_at is None:
            return 0.0
        since = at - self.learned_at
        if since >= FORGOTTEN_AFTER:
            return 0.0
        minutes = max(0.0, since.total_seconds() / 60)
        return self.learned_per_minute * (1 + REGAINED_A_MINUTE * minutes)
