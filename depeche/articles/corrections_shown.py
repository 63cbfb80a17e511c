"""Which corrections readers see, and how each is said in one line of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import override

from .corrections import CorrectionQuerySet
from .models import Article, ArticleQuerySet, Correction


@dataclass(frozen=True)
class OnThePage:
    """The corrections of one article, each where it stands: above the text what changes its meaning."""

    above: Sequence[Correction]
    below: Sequence[Correction]

    @property
    def all(self) -> list[Correction]:
        """The newest first."""
        found = [*self.above, *self.below]
        return sorted(found, key=lambda correction: (correction.published_at, correction.pk), reverse=True)


def on_the_page(article: Article) -> OnThePage:
    """What stands on the page of `article`; nothing of one that is not saved yet."""
    found = list(article.corrections.newest_first()) if article.pk else []
    return OnThePage(
        [correction for correction in found if correction.changes_meaning],
        [correction for correction in found if not correction.changes_meaning],
    )


def among(articles: ArticleQuerySet) -> CorrectionQuerySet:
    """The corrections of these articles, the newest first, with the article of each."""
    found = Correction.objects.filter(article__in=articles.order_by().values("pk"))
    return found.select_related("article__locale").defer("article__body").newest_first()


def in_words(correction: Correction) -> str:
    """Reason, words then and words now in one line, plain, in the language of the article."""
    language = correction.article.language
    opening, closing = ("« ", " »") if language.startswith("fr") else ("“", "”")
    colon = " : " if language.startswith("fr") else ": "
    with override(language):
        said = [(correction.was_label, correction.was), (correction.now_label, correction.now)]
    words = [f"{label}{colon}{opening}{text}{closing}." for label, text in said if text]
    return " ".join([correction.reason, *words])
