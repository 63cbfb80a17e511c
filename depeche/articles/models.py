"""Sections and articles. What stands beside an article is in parts.py, who writes them in people.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, Revision
from wagtail.search import index
from wagtail.url_routing import RouteResult

from . import gatekeeping, gone, history, previews, second_person
from .blocks import BodyBlock
from .corrections import Correction, ErrorReport, PublishedVersion, ReportSent
from .digest import digest_of
from .disclosures import Disclosures
from .ledger import (
    AnonymousSource,
    Clearance,
    Dismissal,
    Evidence,
    ReadingFigures,
    Ruling,
    SlippedPast,
    StoredReading,
)
from .links import ArchivedLink
from .parts import (
    Byline,
    Delisting,
    ImportedText,
    MissedSchedule,
    RelatedArticle,
    RightOfReply,
    Source,
    TaggedArticle,
    Takedown,
    Topic,
)
from .people import Person
from .permissions import ForArticles, ForPublishers
from .rules import GateRule, PublishingRules
from .selections import ArticleQuerySet, Kind

__all__ = [
    "AnonymousSource",
    "ArchivedLink",
    "Article",
    "ArticleQuerySet",
    "Byline",
    "Clearance",
    "Correction",
    "Delisting",
    "Dismissal",
    "ErrorReport",
    "Evidence",
    "GateRule",
    "ImportedText",
    "Kind",
    "MissedSchedule",
    "Person",
    "PublishedVersion",
    "PublishingRules",
    "ReadingFigures",
    "RelatedArticle",
    "ReportSent",
    "RightOfReply",
    "Ruling",
    "Section",
    "SlippedPast",
    "Source",
    "StoredReading",
    "TaggedArticle",
    "Takedown",
    "Topic",
]


class Section(Page):
    """A part of the paper: a name, a line on what it covers, who edits it, its articles."""

    intro = models.TextField(_("what it covers"), blank=True, max_length=300)
    edited_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("edited by"),
    )

    template = "articles/section.html"
    content_panels = [
        TitleFieldPanel("title", heading=_("Name")),
        FieldPanel("intro"),
        FieldPanel("edited_by"),
    ]
    subpage_types = ["articles.Article"]
    per_page = 20

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def clean(self) -> None:
        super().clean()
        if self.slug and _is_taken_by_a_page_of_ours(self.slug):
            raise ValidationError(
                {"slug": gettext("This address is needed for other pages. Choose another one.")}
            )

    def permissions_for_user(self, user: AbstractBaseUser) -> ForPublishers:
        return ForPublishers(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        articles = Article.objects.child_of(self).published().for_lists()
        context["articles"] = Paginator(articles, self.per_page).get_page(request.GET.get("page"))
        return context


def _is_taken_by_a_page_of_ours(slug: str) -> bool:
    """Whether /slug/… leads to something that is no page of Wagtail's, as /people/… does."""
    if slug in dict(settings.LANGUAGES):
        return True
    with translation.override(settings.LANGUAGE_CODE):  # whose addresses carry no prefix
        for path in (f"/{slug}/", f"/{slug}/a/", f"/{slug}/a/1/"):
            try:
                if resolve(path).url_name != "wagtail_serve":
                    return True
            except Resolver404:
                return True
    return False


class HeadlinePanel(TitleFieldPanel):
    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_should_apply(self) -> bool:
            """The address follows the headline only until readers know it."""
            return super().get_should_apply() and not self.instance.first_published_at


class Article(Disclosures, Page):
    """One article. Stored as typed; typography is applied when rendering."""

    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind.choices,
        default=Kind.REPORTAGE,
        help_text=_("Readers see the name of every kind but reportage."),
    )
    sponsor = models.CharField(
        _("sponsor"), max_length=120, blank=True, help_text=_("Who paid for it. Named wherever it appears.")
    )
    standfirst = models.TextField(_("standfirst"), blank=True, max_length=1500)
    dateline = models.CharField(
        _("dateline"), max_length=120, blank=True, help_text=_("Where it was reported from: « Lille ».")
    )
    picture = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lead image"),
    )
    picture_alt = models.CharField(
        _("what it shows"), max_length=300, blank=True, help_text=_("For those who cannot see it.")
    )
    picture_caption = models.CharField(
        _("caption"), max_length=300, blank=True, help_text=_("What, where, when.")
    )
    picture_credit = models.CharField(_("credit"), max_length=120, blank=True, help_text=_("Who made it."))
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    topics = ClusterTaggableManager(through=TaggedArticle, blank=True, verbose_name=_("topics"))
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Published before then, by whatever road, it goes live then."),
    )
    changed_at = models.DateTimeField(_("last changed at"), null=True, editable=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    template = "articles/article.html"
    exclude_fields_in_copy = ["changed_at", "content_sha256"]
    subpage_types: list[str] = []
    content_panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("sponsor")]),
        HeadlinePanel(
            "title", heading=_("Headline"), placeholder=_("Headline"), help_text=_("As readers find it.")
        ),
        FieldPanel("standfirst"),
        InlinePanel("bylines", heading=_("Byline"), label=_("Author")),
        FieldPanel("dateline"),
        MultiFieldPanel(
            [
                FieldPanel("picture"),
                FieldPanel("picture_alt"),
                FieldRowPanel([FieldPanel("picture_caption"), FieldPanel("picture_credit")]),
            ],
            heading=_("Lead image"),
        ),
        FieldPanel("body"),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
        *Disclosures.disclosure_panels,
        InlinePanel("related_items", heading=_("Related articles"), label=_("Article"), max_num=3),
        FieldPanel("topics"),
    ]
    settings_panels = [FieldPanel("embargo_until"), *Page.settings_panels]
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
    def kind_label(self) -> str:
        """What readers are told of its kind; nothing of a reportage."""
        return "" if self.kind == Kind.REPORTAGE else str(Kind(self.kind).label)

    @property
    def related_articles(self) -> list[RelatedArticle]:
        """Those readers see, with what a list shows of them."""
        items = list(self.related_items.all())
        seen = Article.objects.published().for_lists().in_bulk([item.article_id for item in items])
        shown = [item for item in items if item.article_id in seen]
        for item in shown:
            item.article = seen[item.article_id]
        return shown

    @property
    def goes_live_at(self) -> dt.datetime | None:
        """The planned time, but never before the embargo ends; None is at once."""
        embargo, planned = self.embargo_until, self.go_live_at
        if embargo and embargo > timezone.now():
            return max(embargo, planned or embargo)
        return planned

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

    @property
    def is_hidden_from_search(self) -> bool:
        return self.delistings.filter(lifted_at=None).exists()

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """A new article waits for its publication, whatever the form it comes from says; copies are none.

        Raises:
            GateClosed: it is before readers, and these words may not be.
        """
        if self._state.adding and self.first_published_at is None:
            self.live, self.has_unpublished_changes = False, True
        if self.live and clean:  # saving a draft of a live article comes with clean=False
            gatekeeping.guard(self)
        super().save(clean=clean, **kwargs)

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.first_published_at and not self.live and self.slug != self._slug_readers_know():
            wrong["slug"] = gettext(
                "Readers who come back find at “%(slug)s” that the article was withdrawn. "
                "Publish it there first, then change its address."
            ) % {"slug": self._slug_readers_know()}
        if self.embargo_until and self.expire_at and self.embargo_until >= self.expire_at:
            wrong["embargo_until"] = gettext("The embargo must end before the article expires.")
        if self.kind == Kind.SPONSORED and not self.sponsor:
            wrong["sponsor"] = gettext("Readers are told who paid for a sponsored article. Name the sponsor.")
        elif self.sponsor and self.kind != Kind.SPONSORED:
            wrong["sponsor"] = gettext(
                "Only a sponsored article has a sponsor. Change the kind or remove the name."
            )
        if self.picture_id and not self.picture_alt:
            wrong["picture_alt"] = gettext("Say what the image shows, for those who cannot see it.")
        if self.picture_id and not self.picture_credit:
            wrong["picture_credit"] = gettext("Say who made the image.")
        if wrong:
            raise ValidationError(wrong)

    def permissions_for_user(self, user: AbstractBaseUser) -> ForArticles:
        return ForArticles(user, self)

    def publish(self, revision: Revision, user: AbstractBaseUser | None = None, **options: Any) -> Any:
        """Publish or schedule `revision`; every road but the editor's own button leads through here.

        Raises:
            NeedsSecondPerson: `user` may publish, but not this.
            GateClosed: what the desk found in it is not answered.
        """
        if user is not None:
            second_person.check(self, user, revision)
        skip_permission_checks = options.pop("skip_permission_checks", False)
        action = PublishPageRevisionAction(revision, user=user, **options)
        gatekeeping.clear(action.object)
        action.object.go_live_at = action.object.goes_live_at
        return action.execute(skip_permission_checks=skip_permission_checks)

    def digest(self) -> str:
        """SHA-256 (hex) of what readers read: equal digests, same content."""
        return digest_of(self)

    def with_content_json(self, content: dict[str, Any]) -> Article:
        """A revision brings back the words, never the bookkeeping of what was published when."""
        article = super().with_content_json(content)
        article.changed_at = self.changed_at
        article.content_sha256 = self.content_sha256
        return article

    def _slug_readers_know(self) -> str:
        return Article.objects.values_list("slug", flat=True).get(pk=self.pk)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """An article that readers knew answers for its absence, its history too; a draft is not there at all."""
        wants_history = path_components == [history.PATH]
        if (not path_components or wants_history) and not self.live and self.first_published_at:
            return RouteResult(self, kwargs={"is_gone": True})
        if wants_history and self.live:
            return RouteResult(self, kwargs={"of_its_history": True})
        return super().route(request, path_components)

    def get_route_paths(self) -> list[str]:
        """Both lead on when the address changes."""
        return [*super().get_route_paths(), f"/{history.PATH}/"]

    def serve(
        self,
        request: HttpRequest,
        *args: Any,
        is_gone: bool = False,
        of_its_history: bool = False,
        **kwargs: Any,
    ) -> HttpResponse:
        if is_gone:
            return gone.answer(self, request)
        if of_its_history:
            return history.answer(self, request)
        response = super().serve(request, *args, **kwargs)
        if self.is_hidden_from_search:
            response["X-Robots-Tag"] = "noindex"
        return response
