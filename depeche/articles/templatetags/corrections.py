"""The corrections of the article a template shows."""

from __future__ import annotations

from django import template

from depeche.articles import corrections_shown
from depeche.articles.models import Article

register = template.Library()


@register.simple_tag
def corrections_of(article: Article) -> corrections_shown.OnThePage:
    """Those above and below the text, and all of them."""
    return corrections_shown.on_the_page(article)
