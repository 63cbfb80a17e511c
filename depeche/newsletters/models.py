"""Editions of a newsletter, what they carried, and what became of each copy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable, PreviewableMixin, Revision

from depeche.articles.models import Article, Correction, Section
from depeche.articles.selections import know_their_sections
from depeche.delivery.models import HELD_STATES, WAITING_STATES, Delivery
from depeche.delivery.showing import shown
from depeche.subscribers.models import Newsletter, Subscriber, Subscription, one_line

from .digest import Digest, DigestRun  # noqa: F401 - Django looks for models here

WAITING, HELD = models.Q(state__in=WAITING_STATES), models.Q(state__in=HELD_STATES)


class EditionState(models.TextChoices):
    DRAFT = "draft", _("being composed")
    SCHEDULED = "scheduled", _("scheduled")
    SENDING = "sending", _("being sent")
    PAUSED = "paused", _("paused")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("cancelled")


NOT_YET = (EditionState.DRAFT, EditionState.SCHEDULED)
UNDER_WAY = (EditionState.SENDING, EditionState.PAUSED)


class Held(models.TextChoices):
    """Why a scheduled edition did not leave at its time and asks a person."""

    LATE = "late", _("it was found too late: nothing was running at its time")
    RESTORED = "restored", _("a backup was restored since, so it may have left already")
    LOCKED = "locked", _("newsletters are locked until an administrator looked at what was restored")
    ARTICLE = "article", _("an article is not published any more")
    EMPTY = "empty", _("it holds no article any more")
    AGREEMENT = "agreement", _("a second person has to agree first")
    DOMAIN = "domain", _("mail providers would refuse what comes from its sender domain")
    PERSON = "person", _("whoever scheduled it may not send editions any more")
    SIZE = "size", _("the mail is too large")
    TROUBLE = "trouble", _("sending it failed")


class StoppedItself(models.TextChoices):
    COMPLAINTS = "complaints", _("too many readers complained")
    REFUSED = "refused", _("mail servers refuse how it is sent")


class Edition(PreviewableMixin, ClusterableModel):
    """One issue of a newsletter: a subject, a word from the editor, articles in order."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.PROTECT, related_name="editions", verbose_name=_("newsletter")
    )
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    subject = models.CharField(_("subject"), max_length=150, validators=[one_line])
    introduction = models.TextField(_("introduction"), blank=True, max_length=2000)
    state = models.CharField(
        _("state"), max_length=12, choices=EditionState.choices, default=EditionState.DRAFT, editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    sending_since = models.DateTimeField(_("sending since"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    stale_at = models.DateTimeField(null=True, editable=False)  # refused for now until then: no news any more
    scheduled_at = models.DateTimeField(_("leaves at"), null=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    schedule_set_at = models.DateTimeField(null=True, editable=False)
    held_because = models.CharField(max_length=10, choices=Held.choices, blank=True, editable=False)
    held_about = models.CharField(max_length=300, blank=True, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(_("paused at"), null=True, editable=False)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    paused_because = models.CharField(max_length=300, blank=True, editable=False)
    paused_itself = models.CharField(max_length=10, choices=StoppedItself.choices, blank=True, editable=False)
    complaints_known = models.PositiveIntegerField(default=0, editable=False)  # when it last paused itself
    refusals_known = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    marks = models.JSONField(default=list, editable=False)  # how far it was, minute by minute

    panels = [
        FieldPanel("newsletter", widget=forms.Select),
        FieldPanel("subject"),
        FieldPanel("introduction"),
        InlinePanel("items", heading=_("Articles, in order"), label=_("Article"), min_num=1),
    ]

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-pk"]
        permissions = [("send_edition", _("Can send an edition to its readers"))]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "number"], name="edition_numbers_are_unique"),
            models.CheckConstraint(
                name="editions_under_way_and_only_they_are_numbered",
                condition=models.Q(state__in=NOT_YET, number__isnull=True)
                | models.Q(~models.Q(state__in=NOT_YET), number__isnull=False, sending_since__isnull=False),
            ),
            models.CheckConstraint(
                name="scheduled_editions_have_a_time",
                condition=~models.Q(state=EditionState.SCHEDULED) | models.Q(scheduled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_scheduled_editions_are_held",
                condition=models.Q(held_because="") | models.Q(state=EditionState.SCHEDULED),
            ),
            models.CheckConstraint(
                name="paused_editions_since_when",
                condition=~models.Q(state=EditionState.PAUSED) | models.Q(paused_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_draft(self) -> bool:
        return self.state == EditionState.DRAFT

    @property
    def has_left(self) -> bool:
        """Whether it is or was on its way: from then on it stays as it is, and has a number and a web version."""
        return self.state not in NOT_YET

    @property
    def web_url(self) -> str:
        """The address of the web version (once sent)."""
        with translation.override(self.newsletter.language):
            return settings.BASE_URL + reverse("edition", args=[self.newsletter.slug, self.number or 0])

    def articles(self, *, whole: bool = False) -> list[Article]:
        """The articles as this edition carries them: live ones while a draft, for ever those sent after.

        With the words that stand in a mail; or `whole`, as a page shows them.
        """
        items = self.items.all()
        if self.pk is not None:
            items = items.select_related("revision", "article").defer("article__body")
        articles = [item.as_carried() if whole else item.in_words() for item in items if item.article_id]
        above = {article.path[: -article.steplen] for article in articles}
        know_their_sections(articles, {one.path: one for one in Section.objects.filter(path__in=above)})
        return articles

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("html", _("Mail (HTML)")), ("text", _("Mail (text)"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from . import rendering

        mail = rendering.render(self)
        if mode_name == "text":
            return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")
        return shown(mail.html)


class EditionItem(Orderable):
    """One article in an edition; from sending on, the very revision that went out."""

    edition = ParentalKey(Edition, on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="edition_items", verbose_name=_("article")
    )
    revision = models.ForeignKey(
        Revision, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    panels = [PageChooserPanel("article", "articles.Article")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["edition", "article"], name="each_article_once_per_edition")
        ]

    def as_carried(self) -> Article:
        """The words of the revision that was sent, at the address the article has today."""
        if not self.revision:
            return self.article
        carried = self.revision.as_object()
        carried.live = self.article.live
        carried.slug, carried.url_path = self.article.slug, self.article.url_path
        return carried

    def in_words(self) -> Article:
        """The same with no more than a mail says of it, for which nothing is asked of the database."""
        article = self.article
        if self.revision:
            for field in _WORDS:
                setattr(article, field.name, self.revision.content.get(field.name, field.get_default()))
        return article


_WORDS = [Article._meta.get_field(name) for name in ("kind", "sponsor", "title", "standfirst")]


class SendRequest(models.Model):
    """One person wants an edition to leave; another who may send agrees or declines.

    `words` is a digest of what was to leave: once the edition says something else, the request is void.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    leave_at = models.DateTimeField(_("leaves at"), null=True)  # None: as soon as somebody agrees
    words = models.CharField(max_length=64)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    is_agreed = models.BooleanField(default=False)
    because = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request to send")
        verbose_name_plural = _("requests to send")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(answered_at=None), name="one_open_request_per_edition"
            ),
            models.CheckConstraint(
                name="nobody_agrees_with_themselves",
                condition=models.Q(is_agreed=False)
                | ~models.Q(answered_by=models.F("asked_by"))
                | models.Q(answered_by=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} ({self.asked_at:%Y-%m-%d})"


class EditionDelivery(Delivery):
    """The ledger: one row per edition and subscription, whatever happens."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )  # the constraint is an index that begins with it
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")

    class Meta(Delivery.Meta):
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        constraints = [
            models.UniqueConstraint(fields=["edition", "subscription"], name="each_subscriber_once")
        ]
        # The next to leave, what a worker holds, how many are in which state: none looks at what is done.
        indexes = [
            models.Index(fields=["edition", "due_at", "id"], condition=WAITING, name="copies_that_wait"),
            models.Index(fields=["worker"], condition=HELD, name="copies_held"),
            models.Index(fields=["edition", "state"], name="copies_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.subscription_id} ({self.state})"


class CorrectionMailing(models.Model):
    """The mail about one correction: `planned_at` says when everybody who was sent the wrong words was entered.

    None: copies with the wrong words may still be on their way, so others may have to be entered.
    """

    correction = models.OneToOneField(Correction, on_delete=models.CASCADE, related_name="mailing")
    planned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.correction)


class CorrectionDelivery(Delivery):
    """One row per correction and reader, whatever carried the wrong words; `copy` is the newest that did."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="+")
    copy = models.ForeignKey(EditionDelivery, on_delete=models.CASCADE, related_name="+")

    class Meta(Delivery.Meta):
        verbose_name = _("mail about a correction")
        verbose_name_plural = _("mails about corrections")
        constraints = [
            models.UniqueConstraint(fields=["correction", "subscriber"], name="each_reader_is_told_once")
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=WAITING, name="corrections_that_wait"),
            models.Index(fields=["worker"], condition=HELD, name="corrections_held"),
            models.Index(fields=["correction", "state"], name="corrections_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id}/{self.subscriber_id} ({self.state})"
