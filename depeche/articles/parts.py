"""What stands beside an article: authors, sources, topics, neighbours, and what was decided about it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, PageChooserPanel
from wagtail.models import Orderable

from .people import Person


class Topic(TagBase):
    """What an article is about, whatever its section."""

    free_tagging = True

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.CheckConstraint(condition=~models.Q(slug=""), name="a_topic_has_an_address")]

    @property
    def url(self) -> str:
        return reverse("topic", args=[self.slug])

    def slugify(self, tag: str, i: int | None = None) -> str:
        """« energie »; « topic » where no letter is Latin (« Київ »); with a number where that is taken."""
        slug = slugify(tag) or "topic"
        return f"{slug}-{i}" if i else slug


class TaggedArticle(ItemBase):
    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="tagged_articles")
    content_object = ParentalKey("articles.Article", on_delete=models.CASCADE, related_name="tagged_topics")


class Byline(Orderable):
    article = ParentalKey("articles.Article", on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))

    panels = [FieldPanel("person")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "person"], name="each_author_once_per_article")
        ]


class SourceRecord(models.Model):
    """Where something is known from: who says it or made it, what it is, where it can be seen."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        DOCUMENT = "document", _("Document")
        INSTITUTION = "institution", _("Institution")
        DATA = "data", _("Data")
        STUDY = "study", _("Study")
        AGENCY = "agency", _("News agency")
        OBSERVATION = "observation", _("Seen by us")

    who = models.CharField(_("who"), max_length=200, help_text=_("Who says it, or who made the document."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.DOCUMENT)
    title = models.CharField(
        _("what"),
        max_length=300,
        blank=True,
        help_text=_("Title of the document, occasion of the interview."),
    )
    link = models.URLField(_("link"), blank=True, max_length=500)
    consulted_on = models.DateField(_("consulted on"), null=True, blank=True)

    class Meta:
        abstract = True


class Source(SourceRecord, Orderable):
    """Where an article has it from, as readers may check."""

    article = ParentalKey("articles.Article", on_delete=models.CASCADE, related_name="sources")

    panels = [
        FieldRowPanel([FieldPanel("who"), FieldPanel("kind")]),
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("link"), FieldPanel("consulted_on")]),
        HelpPanel(template="articles/source_link_state.html"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.who

    def as_read(self) -> list[str]:
        return [self.who, self.kind, self.title, self.link, str(self.consulted_on)]


class RightOfReply(Orderable):
    """Somebody the article accuses was asked for their side: what came of it, and when."""

    class Outcome(models.TextChoices):
        OBTAINED = "obtained", _("They answered; the article says what")
        REFUSED = "refused", _("They would not answer")
        NO_ANSWER = "no_answer", _("No answer came")

    article = ParentalKey("articles.Article", on_delete=models.CASCADE, related_name="replies")
    who = models.CharField(_("who was asked"), max_length=200)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    asked_on = models.DateField(_("asked on"))
    note = models.CharField(
        _("how"), max_length=300, blank=True, help_text=_("“By telephone, twice”. Readers do not see it.")
    )

    panels = [
        FieldRowPanel([FieldPanel("who"), FieldPanel("outcome")]),
        FieldRowPanel([FieldPanel("asked_on"), FieldPanel("note")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("right of reply")
        verbose_name_plural = _("rights of reply")

    def __str__(self) -> str:
        return self.who


class RelatedArticle(Orderable):
    origin = ParentalKey("articles.Article", on_delete=models.CASCADE, related_name="related_items")
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="+", verbose_name=_("article")
    )
    why = models.CharField(
        _("why"), max_length=60, blank=True, help_text=_("“The background”, “What came next”.")
    )

    panels = [PageChooserPanel("article", "articles.Article"), FieldPanel("why")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["origin", "article"], name="each_related_article_once")
        ]


class ImportedText(models.Model):
    """A text that was imported: the same text again leads to the article it became."""

    fingerprint = models.CharField(max_length=64, unique=True)
    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="imported_text")
    origin = models.CharField(_("origin"), max_length=2000, help_text=_("File name or address."))
    imported_at = models.DateTimeField(_("imported at"))

    def __str__(self) -> str:
        return self.origin


class Takedown(models.Model):
    """An article was taken from readers; they are told why."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="takedowns")
    headline = models.CharField(max_length=255, blank=True)  # as readers knew it: no draft's
    reason = models.TextField(_("reason"), max_length=500)
    taken_down_at = models.DateTimeField(_("taken down at"))
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.reason


class Delisting(models.Model):
    """An article is kept out of search engines at the request of a person it names; why is kept, not shown."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="delistings")
    reason = models.TextField(_("reason"), max_length=2000)
    requested_on = models.DateField(_("requested on"))
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(lifted_at=None), name="an_article_is_delisted_once"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class MissedSchedule(models.Model):
    """A publication or a withdrawal that was due and failed; the row goes once it succeeds or is due no more."""

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("publication")
        EXPIRE = "expire", _("withdrawal")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    target = GenericForeignKey("content_type", "object_id", for_concrete_model=False)
    title = models.CharField(_("title"), max_length=255)
    due_at = models.DateTimeField(_("due at"))
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    failed_at = models.DateTimeField(_("last failed at"))
    next_try_at = models.DateTimeField(_("tried again at"))

    class Meta:
        verbose_name = _("missed schedule")
        verbose_name_plural = _("missed schedules")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"], name="one_missed_schedule_per_kind_and_object"
            )
        ]

    def __str__(self) -> str:
        return self.title
