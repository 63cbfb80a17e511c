"""Sections, articles, people, and the texts that came in by import."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet, Revision
from wagtail.search import index

from . import previews, second_person
from .blocks import BodyBlock
from .permissions import ForArticles, ForPublishers
from .rules import PublishingRules  # noqa: F401 - a model of this app


class Person(index.Indexed, models.Model):
    """Somebody who writes for us."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    role = models.CharField(_("role"), max_length=120, blank=True)

    panels = [FieldPanel("name"), FieldPanel("role")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Section(Page):
    """A part of the paper: a name, a line on what it covers, its articles."""

    intro = models.TextField(_("what it covers"), blank=True, max_length=300)

    template = "articles/section.html"
    content_panels = [TitleFieldPanel("title", heading=_("Name")), FieldPanel("intro")]
    subpage_types = ["articles.Article"]
    per_page = 20

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def permissions_for_user(self, user: AbstractBaseUser) -> ForPublishers:
        return ForPublishers(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        articles = Article.objects.child_of(self).published()
        context["articles"] = Paginator(articles, self.per_page).get_page(request.GET.get("page"))
        return context


class ArticleQuerySet(PageQuerySet):
    def published(self) -> ArticleQuerySet:
        """What readers see, newest first."""
        return self.live().public().order_by("-first_published_at", "-pk")


class Article(Page):
    """One article. Stored as typed; typography is applied when rendering."""

    standfirst = models.TextField(_("standfirst"), blank=True, max_length=1500)
    dateline = models.CharField(
        _("dateline"), max_length=120, blank=True, help_text=_("Where it was reported from: « Lille ».")
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    changed_at = models.DateTimeField(_("last changed at"), null=True, editable=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    template = "articles/article.html"
    exclude_fields_in_copy = ["changed_at", "content_sha256"]
    subpage_types: list[str] = []
    content_panels = [
        TitleFieldPanel("title", heading=_("Headline")),
        FieldPanel("standfirst"),
        FieldRowPanel([FieldPanel("dateline")]),
        InlinePanel("bylines", heading=_("Byline"), label=_("Author")),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("standfirst"), index.SearchField("body")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @property
    def headline(self) -> str:
        return self.title

    @property
    def language(self) -> str:
        return self.locale.language_code

    @property
    def section(self) -> Section:
        return self.get_parent().specific

    @property
    def authors(self) -> list[Person]:
        return [byline.person for byline in self.bylines.all()]

    @property
    def is_changed(self) -> bool:
        """Whether its content was changed after it was first published."""
        return bool(self.changed_at and self.first_published_at and self.changed_at > self.first_published_at)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("light", _("Page, light")), ("dark", _("Page, dark")), *previews.modes()]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page in one fixed theme, or what an upper app makes of this article."""
        render = previews.renderer(mode_name)
        if render is not None:
            return render(self)
        request.fixed_theme = mode_name  # type: ignore[attr-defined] # read by base.html
        return super().serve_preview(request, mode_name)

    def permissions_for_user(self, user: AbstractBaseUser) -> ForArticles:
        return ForArticles(user, self)

    def publish(self, revision: Revision, user: AbstractBaseUser | None = None, **options: Any) -> Any:
        """Publish or schedule `revision`; every road but the editor's own button leads through here.

        Raises:
            NeedsSecondPerson: `user` may publish, but not this.
        """
        if user is not None:
            second_person.check(self, user, revision)
        return super().publish(revision, user=user, **options)

    def digest(self) -> str:
        """SHA-256 (hex) of what readers read: equal digests, same content."""
        content = [
            self.title,
            self.standfirst,
            self.dateline,
            _without_ids(self.body.get_prep_value()),
            [byline.person_id for byline in self.bylines.all()],
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    def with_content_json(self, content: dict[str, Any]) -> Article:
        """A revision brings back the words, never the bookkeeping of what was published when."""
        article = super().with_content_json(content)
        article.changed_at = self.changed_at
        article.content_sha256 = self.content_sha256
        return article


def _without_ids(value: Any) -> Any:
    """Blocks without the identifiers the editor gives them: the same words are the same content."""
    if isinstance(value, dict):
        return {key: _without_ids(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, (list, tuple)):
        return [_without_ids(inner) for inner in value]
    return value


class Byline(Orderable):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))

    panels = [FieldPanel("person")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "person"], name="each_author_once_per_article")
        ]


class ImportedText(models.Model):
    """A text that was imported: the same text again leads to the article it became."""

    fingerprint = models.CharField(max_length=64, unique=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="imported_text")
    origin = models.CharField(_("origin"), max_length=2000, help_text=_("File name or address."))
    imported_at = models.DateTimeField(_("imported at"))

    def __str__(self) -> str:
        return self.origin


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
