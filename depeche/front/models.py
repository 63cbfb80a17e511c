"""The home page: the paper itself, in one language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.models import Page

from depeche.articles.models import Article, Section
from depeche.articles.permissions import ForPublishersOnly


class Home(Page):
    """The paper: its name, what it promises, who answers for it."""

    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, help_text=_("Who is responsible for what is published.")
    )
    contact = models.EmailField(_("contact"), blank=True)

    template = "front/home.html"
    subpage_types = ["articles.Section"]
    content_panels = [
        TitleFieldPanel("title", heading=_("Name of the paper")),
        FieldPanel("tagline"),
        MultiFieldPanel([FieldPanel("publisher"), FieldPanel("contact")], heading=_("Responsible")),
    ]

    latest_count = 12

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def permissions_for_user(self, user: AbstractBaseUser) -> ForPublishersOnly:
        return ForPublishersOnly(user, self)

    def sections(self) -> list[Section]:
        return list(Section.objects.child_of(self).live())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        newest = Article.objects.descendant_of(self).published().prefetch_related("bylines__person")
        lead, *others = list(newest[: self.latest_count]) or [None]
        context.update(lead=lead, articles=others)
        return context
