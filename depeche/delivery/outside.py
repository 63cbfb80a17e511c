"""What is noted of the world outside: a way out that does not answer, and which reports of a provider were heard."""

from __future__ import annotations

from django.db import models


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


class HeardReport(models.Model):
    """A report of a provider that was acted on, as a keyed hash: a second time it changes nothing."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    address_hash = models.CharField(max_length=80)
    at = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "delivery"

    def __str__(self) -> str:
        return self.digest
