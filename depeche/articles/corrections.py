"""What readers had and what was put right: published versions, corrections, and errors readers report."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision
from wagtail.permissions import page_permission_policy


class PublishedVersion(models.Model):
    """Content that readers had from some moment on; the same content published again is no new version.

    One that is withheld stays on record and is not shown any more; readers are told why.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    withheld_because = models.CharField(max_length=300, blank=True)
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="versions_are_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def in_language(self, code: str) -> CorrectionQuerySet:
        """Of articles in that language that readers still see."""
        return self.filter(article__locale__language_code=code, article__live=True)

    def newest_first(self) -> CorrectionQuerySet:
        return self.order_by("-published_at", "-pk")


class Correction(models.Model):  # type: ignore[django-manager-missing] # « deliveries » comes from above
    """Something that readers had was put right; never changed once it is public.

    `was` are the wrong words and `now` the right ones, as published; `was` is empty where something was
    missing, `now` where something is gone. `wrong_versions` carried the wrong words.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        UPDATE = "update", _("Update")

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices, default=Kind.CORRECTION)
    was = models.TextField(_("wrong words"), blank=True, max_length=1000)
    now = models.TextField(_("right words"), blank=True, max_length=1000)
    reason = models.CharField(_("what was wrong"), max_length=300, help_text=_("One sentence, for readers."))
    changes_meaning = models.BooleanField(
        _("it changes what readers understood"),
        default=True,
        help_text=_("Then it stands above the text, else below it."),
    )
    tells_readers = models.BooleanField(_("write to those who were sent the wrong words"), default=False)
    wrong_versions = models.ManyToManyField(PublishedVersion, related_name="+")
    corrected_in = models.ForeignKey(PublishedVersion, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(condition=~models.Q(was="", now=""), name="a_correction_has_words"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_correction_says_what_was_wrong"),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def anchor(self) -> str:
        """The fragment of its place on the page of the article."""
        return f"correction-{self.pk}"

    @property
    def was_label(self) -> str:
        """What leads to the wrong words, before a colon."""
        if self.kind == self.Kind.UPDATE:
            return gettext("The article said")
        return gettext("We wrote") if self.now else gettext("We should not have written")

    @property
    def now_label(self) -> str:
        """What leads to the right words, before a colon."""
        if not self.was:
            return gettext("This was missing")
        if self.kind == self.Kind.CORRECTION:
            return gettext("We should have written")
        return gettext("It now says")


EDITS = ("change_page", "publish_page")


def may_answer(user: Any) -> bool:
    """Whether `user` edits any article, not only their own."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    given = page_permission_policy.get_cached_permissions_for_user(user)
    return any(one.permission.codename in EDITS for one in given)


class ErrorReportQuerySet(models.QuerySet["ErrorReport"]):
    def open(self) -> ErrorReportQuerySet:
        """Those that wait for an answer."""
        return self.filter(state=ErrorReport.State.OPEN)

    def answered(self) -> ErrorReportQuerySet:
        return self.filter(state__in=ErrorReport.ANSWERED)

    def answerable_by(self, user: Any) -> ErrorReportQuerySet:
        """Of articles that `user` edits: an author who edits only their own does not answer for them."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        below = Q(pk__in=[])
        for given in page_permission_policy.get_cached_permissions_for_user(user):
            if given.permission.codename in EDITS:
                below |= Q(article__path__startswith=given.page.path)
        return self.filter(below)


class ErrorReport(models.Model):
    """A reader says that something in an article is wrong: a ticket, answered in the open.

    `number` is what the reader keeps; the address is there only to answer, and goes once it is closed long enough.
    The same report again raises `times`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        CORRECTED = "corrected", _("the article was corrected")
        UNCHANGED = "unchanged", _("the article stays as it is")
        SPAM = "spam", _("no report of an error")

    ANSWERED = (State.CORRECTED, State.UNCHANGED)

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="error_reports")
    number = models.CharField(max_length=12, unique=True)
    words = models.CharField(_("the words in question"), max_length=500, blank=True)
    message = models.TextField(_("what is wrong"), max_length=2000, blank=True)
    address = models.EmailField(_("address for the answer"), blank=True, max_length=320)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    correction = models.ForeignKey(
        Correction, null=True, blank=True, on_delete=models.SET_NULL, related_name="error_reports"
    )
    answer = models.TextField(_("answer"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reported_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # keyed hash of what was sent
    times = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)  # when colleagues were written to

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported error")
        verbose_name_plural = _("reported errors")
        ordering = ["-reported_at", "-pk"]
        indexes = [models.Index(fields=["state", "-reported_at"], name="reports_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~models.Q(fingerprint=""), name="each_report_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["corrected", "unchanged"]) | ~models.Q(answer=""),
                name="an_answered_report_has_an_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None)
                | (~models.Q(state="open") & models.Q(answered_at__isnull=False)),
                name="an_answer_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.ticket

    @property
    def ticket(self) -> str:
        """The number as people read it: « K7QD-9XMR »."""
        return f"{self.number[:4]}-{self.number[4:]}"


class ReportSent(models.Model):
    """That a report came from some network, known only by a keyed hash: against floods, for a day."""

    report = models.ForeignKey(ErrorReport, on_delete=models.CASCADE, related_name="sent")
    network_key = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.report_id)
