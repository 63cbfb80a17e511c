"""The ledger: what the desk read, what people answered, and what each claim rests on. None of it is ever
part of a revision: it is about words, found by key, and outlives the draft it was said of.
"""

from __future__ import annotations

import json
import zlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .analysis import Reading, reading_from_json
from .parts import SourceRecord


def _person(name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name=name
    )


def _article(name: str) -> models.ForeignKey:
    return models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name=name)


class StoredReading(models.Model):
    """What the desk found in exactly one text of an article: findings and the ledger of its claims.

    Those of texts that readers had stay for ever, of the others only the newest.
    """

    article = _article("readings")
    manuscript_sha256 = models.CharField(max_length=64)
    desk = models.CharField(max_length=64)
    packed = models.BinaryField()
    made_at = models.DateTimeField()
    is_published = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "manuscript_sha256"], name="each_text_is_read_once")
        ]

    def __str__(self) -> str:
        return self.manuscript_sha256

    @property
    def reading(self) -> Reading:
        return reading_from_json(json.loads(zlib.decompress(self.packed)))


def packed(reading: Reading) -> bytes:
    """A reading as it is stored."""
    words = json.dumps(reading.as_json(), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(words.encode(), 9)


class TakenBack(models.QuerySet):
    def standing(self) -> TakenBack:
        """Those nobody took back."""
        return self.filter(taken_back_at=None)


class Said(models.Model):
    """Something a person said about words of an article, until it is taken back; kept even then."""

    key = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    by = _person()
    at = models.DateTimeField()
    taken_back_by = _person()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TakenBack.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.words


class Dismissal(Said):
    """A finding, or something the gate asks for, that somebody answered for: a warning by one person with a
    reason, an error by two.
    """

    article = _article("dismissals")
    code = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    reason = models.TextField(_("reason"), max_length=500)
    seconded_by = _person()
    seconded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                condition=models.Q(taken_back_at=None),
                name="a_finding_is_dismissed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(seconded_by=None) | ~models.Q(seconded_by=models.F("by")),
                name="an_override_needs_two_people",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_dismissal_has_a_reason"),
        ]

    @property
    def is_override(self) -> bool:
        """Whether it needs a second person."""
        return self.severity == "error"

    @property
    def is_complete(self) -> bool:
        """Whether everybody it needs has agreed, even if their account is gone since."""
        return not self.is_override or self.seconded_at is not None


class Ruling(Said):
    """What a person knows better than the engine about a claim: who said it, that it is none, or that the
    newsroom saw it itself.
    """

    class Verdict(models.TextChoices):
        SOURCE = "source", _("This source says it")
        NOT_A_CLAIM = "not_a_claim", _("This is no claim")
        OBSERVED = "observed", _("We saw it ourselves")

    article = _article("rulings")
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    source = models.CharField(_("source"), max_length=200, blank=True)
    engine_said = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                condition=models.Q(taken_back_at=None),
                name="a_claim_is_ruled_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="source") | ~models.Q(source=""),
                name="a_right_source_has_a_name",
            ),
        ]


class Evidence(SourceRecord, Said):
    """What a claim rests on; readers may be shown it."""

    article = _article("evidence")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.who


class AnonymousSource(Said):
    """Somebody the article does not name: `words` is how it describes them. An editor who knows who it is
    approves; both are on record.
    """

    article = _article("anonymous_sources")
    reason = models.TextField(_("why they cannot be named"), max_length=500)
    approved_by = _person()
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("by")),
                name="anonymity_needs_two_people",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="anonymity_has_a_reason"),
        ]


class Clearance(models.Model):
    """The gate let exactly this text through; `overridden` are the codes (or names of requirements) and words
    that two people answered for.
    """

    article = _article("clearances")
    manuscript_sha256 = models.CharField(max_length=64)
    overridden = models.JSONField(default=list)
    cleared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "manuscript_sha256"], name="each_text_is_cleared_once")
        ]

    def __str__(self) -> str:
        return self.manuscript_sha256


class SlippedPast(models.Model):
    """A text before readers that the gate would not let through, found by the audit; gone once it is mended."""

    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="slipped_past")
    manuscript_sha256 = models.CharField(max_length=64)
    stopping = models.JSONField(default=list)
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.manuscript_sha256


class ReadingFigures(models.Model):
    """What the desk counts in the text that readers have of an article now, so that no page unpacks readings.

    `sourced` are the checkable claims that somebody is named for, in the text or by a colleague.
    """

    article = models.OneToOneField(
        "articles.Article", on_delete=models.CASCADE, related_name="reading_figures"
    )
    checkable = models.PositiveIntegerField()
    sourced = models.PositiveIntegerField()
    vague = models.PositiveIntegerField()
    overrides = models.PositiveIntegerField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sourced__lte=models.F("checkable")), name="sourced_claims_are_checkable"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sourced}/{self.checkable}"
