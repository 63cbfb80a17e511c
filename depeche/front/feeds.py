"""Feeds of the paper."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from depeche.articles import corrections_shown
from depeche.articles.corrections import CorrectionQuerySet
from depeche.articles.models import Article, Correction

from .context_processors import paper_of_this_language

NEWEST = 50


class Corrections(Feed):
    """The newest corrections in the language of the address, as Atom (RFC 4287), in plain characters."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return f"{_('Corrections')} – {self.author_name()}"

    def subtitle(self) -> str:
        return _("What we put right, and what we had written.")

    def author_name(self) -> str:
        return paper_of_this_language()["name"]

    def link(self) -> str:
        return settings.BASE_URL + reverse("corrections")

    def feed_url(self) -> str:
        return settings.BASE_URL + reverse("corrections_feed")

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> CorrectionQuerySet:
        articles = Article.objects.findable().filter(locale__language_code=get_language())
        return corrections_shown.among(articles)[:NEWEST]

    def item_title(self, item: Correction) -> str:
        return pgettext("title of a feed entry", "%(kind)s: %(headline)s") % {
            "kind": item.get_kind_display(),
            "headline": item.article.title,
        }

    def item_description(self, item: Correction) -> str:
        return corrections_shown.in_words(item)

    def item_link(self, item: Correction) -> str:
        return f"{item.article.full_url}#{item.anchor}"

    item_guid = item_link

    def item_pubdate(self, item: Correction) -> dt.datetime:
        return item.published_at

    item_updateddate = item_pubdate
