"""Which stories a front shows first, and which of them with its picture."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from depeche.articles.models import Article

register = template.Library()


@register.filter
def paid_last(articles: Iterable[Article]) -> list[Article]:
    """The same articles, what was paid for after the others: money buys no first place."""
    return sorted(articles, key=lambda article: bool(article.sponsor))


@register.filter
def to_be_pictured(articles: Iterable[Article]) -> Article | None:
    """The first that has a picture and was not paid for; the others of the row go without."""
    return next((article for article in articles if article.picture and not article.sponsor), None)


@register.filter
def to_lead(articles: Iterable[Article]) -> Article | None:
    """The first that was not paid for."""
    return next((article for article in articles if not article.sponsor), None)


@register.filter
def unpaid(articles: Iterable[Article]) -> list[Article]:
    """Those that nobody paid for: the thread of the day is news."""
    return [article for article in articles if not article.sponsor]
