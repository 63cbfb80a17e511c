"""How an edition looks: HTML with its styles inlined, and a text part made from the same articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from depeche.delivery.messages import inlined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from depeche.articles.models import Article

    from .models import Edition

# Stands where each reader's own address goes; nothing a journalist can type looks like it.
LEAVE_URL = "https://leave.invalid/8e0d6c1f"


@dataclass(frozen=True)
class Mail:
    """One edition ready to send: subject, text and HTML, with a slot for the reader's way out."""

    subject: str
    text: str
    html: str

    def for_reader(self, leave_url: str) -> Mail:
        return replace(
            self,
            text=self.text.replace(LEAVE_URL, leave_url),
            html=self.html.replace(LEAVE_URL, leave_url),
        )


def render(edition: Edition, *, articles: Sequence[Article] | None = None) -> Mail:
    """The edition (or one of `articles`) in its newsletter's language, the leave slot still open."""
    articles = edition.articles() if articles is None else articles
    language = edition.newsletter.language
    with translation.override(language):
        context = {
            "edition": edition,
            "newsletter": edition.newsletter,
            "articles": [
                {"article": article, "url": settings.BASE_URL + (article.url or "/")} for article in articles
            ],
            "language": language,
            "leave_url": LEAVE_URL,
            "base_url": settings.BASE_URL,
        }
        text = render_to_string("newsletters/edition.txt", context)
        html = inlined(render_to_string("newsletters/edition_mail.html", context))
    return Mail(edition.subject, text, html)
