"""What is noted of the world outside: a way out that does not answer, reports that were heard, what our domains publish."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unreached(models.Model):
    """A worker cannot reach its first way out since then; `instead` names the second, where mail goes by that.

    A row that was not seen to for a while is of a worker that ended.
    """

    worker = models.CharField(max_length=32, unique=True)
    way = models.CharField(max_length=300)
    instead = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "delivery"

    def __str__(self) -> str:
        return self.way


class Kind(models.TextChoices):
    """What a report is about."""

    DEAD = "dead"
    COMPLAINT = "complaint"
    LEAVES = "leaves"
    SOFT = "soft"
    OURS = "ours"


class HeardReport(models.Model):
    """A report that was acted on, as a keyed hash: a second time it changes nothing.

    `about` is what its lane says the mail was of (« edition/12 »), `status` that of the refusal (RFC 3463).
    """

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    address_hash = models.CharField(max_length=80)
    at = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)
    about = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=11, blank=True)

    class Meta:
        app_label = "delivery"
        indexes = [models.Index(fields=["about", "kind"], name="reports_about")]

    def __str__(self) -> str:
        return self.digest


class SoftBounces(models.Model):
    """How often mail to an address came back for reasons that may pass, as it stood `at`; see `soft_bounces`."""

    address_hash = models.CharField(max_length=80, unique=True)
    score = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        app_label = "delivery"

    def __str__(self) -> str:
        return f"{self.score:.1f} ({self.at:%Y-%m-%d})"


class MailDomain(models.Model):
    """What the last examination of a sender domain found, as `examining.findings` writes it.

    `passed_at`: first found without red; from then on a red finding only warns. Or a person took the risk of what
    `accepted_codes` name.
    """

    domain = models.CharField(max_length=255, unique=True)  # in A-labels (RFC 5890)
    findings = models.JSONField(default=list)
    level = models.CharField(max_length=8)
    examined_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)
    accepted_codes = models.JSONField(default=list)
    accepted_because = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "delivery"
        verbose_name = _("sender domain")
        verbose_name_plural = _("sender domains")
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain
