"""What machines read of a page, in its head."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from depeche.articles.models import Article
from depeche.front import structured

register = template.Library()


@register.simple_tag
def news_article(article: Article, paper: dict[str, Any]) -> SafeString:
    """The JSON-LD of an article; nothing of one that readers do not have yet."""
    if not article.pk or not article.first_published_at:
        return SafeString("")
    home = paper["home"]
    data = structured.news_article(
        article, paper_name=paper["name"], paper_url=(home.full_url if home else "") or ""
    )
    return structured.script(data)
