"""The home page: the paper itself, in one language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel, TitleFieldPanel
from wagtail.models import Orderable, Page

from depeche.articles import corrections_shown
from depeche.articles.models import Article, ArticleQuerySet, Section
from depeche.articles.permissions import ForPublishersOnly
from depeche.articles.selections import know_their_sections


class Home(Page):
    """The paper: its name, what it promises, who answers for it."""

    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, help_text=_("Who is responsible for what is published.")
    )
    contact = models.EmailField(_("contact"), blank=True)

    template = "front/home.html"
    is_creatable = False  # one for each language, made when the newsroom is set up
    subpage_types = ["articles.Section"]
    content_panels = [
        TitleFieldPanel("title", heading=_("Name of the paper")),
        FieldPanel("tagline"),
        InlinePanel(
            "front_stories",
            heading=_("Front page, in order"),
            label=_("Story"),
            help_text=_("The first is the lead. What is not chosen here is filled with the newest articles."),
            max_num=5,
        ),
        MultiFieldPanel([FieldPanel("publisher"), FieldPanel("contact")], heading=_("Responsible")),
    ]

    latest_count = 10
    latest_least = 3  # fewer are no thread: they stand in their sections
    seconds_count = 3
    section_count = 4
    corrections_count = 3

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def permissions_for_user(self, user: AbstractBaseUser) -> ForPublishersOnly:
        return ForPublishersOnly(user, self)

    def sections(self) -> list[Section]:
        return list(Section.objects.child_of(self).live())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`lead` and `seconds`; `sections` without these; `latest`, the thread of the day, without these too.

        `corrections` are the newest, `published_since` tells since when there could have been any.
        """
        context = super().get_context(request, *args, **kwargs)
        sections = {section.path: section for section in self.sections()}
        articles = Article.objects.descendant_of(self).published().for_lists()
        stories = self._stories(articles)
        others = articles.exclude(pk__in=[story.pk for story in stories])
        latest = list(others[: self.latest_count])
        by_section = [
            (section, list(others.child_of(section)[: self.section_count])) for section in sections.values()
        ]
        shown = [*stories, *latest, *(article for _section, articles in by_section for article in articles)]
        know_their_sections(shown, sections)
        findable = Article.objects.descendant_of(self).findable()
        context.update(
            lead=stories[0] if stories else None,
            seconds=stories[1:],
            sections=[
                {"section": section, "articles": articles} for section, articles in by_section if articles
            ],
            latest=latest if len(latest) >= self.latest_least else [],
            corrections=corrections_shown.among(findable)[: self.corrections_count],
            published_since=findable.aggregate(first=models.Min("first_published_at"))["first"],
        )
        return context

    def _stories(self, articles: ArticleQuerySet) -> list[Article]:
        """What opens the paper: what the editors chose and is still published, then the newest news."""
        wanted = self.seconds_count + 1
        chosen_keys = [story.article_id for story in self.front_stories.all()]
        found = articles.in_bulk(chosen_keys) if chosen_keys else {}
        chosen = [found[key] for key in chosen_keys if key in found][:wanted]
        newest = articles.news().exclude(pk__in=found)[: wanted - len(chosen)]
        return [*chosen, *newest]


class FrontStory(Orderable):
    """An article the editors put on the front page."""

    home = ParentalKey(Home, on_delete=models.CASCADE, related_name="front_stories")
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="+", verbose_name=_("article")
    )

    panels = [PageChooserPanel("article", "articles.Article")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["home", "article"], name="each_front_story_once")]
