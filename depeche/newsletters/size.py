"""How large the mail of an edition is: Gmail cuts off what is over about 102 KB, and with it the way to leave."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Sequence

from depeche.articles.models import Article, Correction
from depeche.subscribers.actions import leave_url, preferences_url

from . import rendering
from .models import Edition

WARNED_FROM_BYTES, AT_MOST_BYTES = 80_000, 100_000
ANY_NUMBER = 99_999  # of an edition that has none yet: its link « view online » counts too


class TooLarge(Exception):
    """The HTML of an edition is over `AT_MOST_BYTES`; without its last `spare` articles it would not be."""

    def __init__(self, size_bytes: int, articles: int, spare: int) -> None:
        super().__init__(size_bytes)
        self.size_bytes, self.articles, self.spare = size_bytes, articles, spare


def html_bytes(edition: Edition) -> int:
    """The size of the HTML part as a reader gets it: decoded, in UTF-8, with the line ends of the wire."""
    return _Measured(edition).size_bytes()


def check(edition: Edition) -> None:
    """Raises TooLarge."""
    measured = _Measured(edition)
    size_bytes = measured.size_bytes()
    if size_bytes > AT_MOST_BYTES:
        raise TooLarge(size_bytes, len(measured.articles), len(measured.articles) - measured.that_fit())


class _Measured:
    """An edition, rendered as if it had left, for a reader with links as long as any."""

    def __init__(self, edition: Edition) -> None:
        self._edition = copy.copy(edition)
        self.articles: Sequence[Article] = edition.articles()
        self._corrections: Sequence[Correction] = rendering.corrections_since_the_last(edition)
        self._edition.number = edition.number or ANY_NUMBER
        language = edition.newsletter.language
        self._links = rendering.Links(
            leave_url(uuid.UUID(int=0), language), preferences_url(uuid.UUID(int=0), language)
        )

    def size_bytes(self, articles: int | None = None) -> int:
        """With its first `articles` only, or all."""
        mail = rendering.render(
            self._edition,
            articles=self.articles[:articles],
            corrections=self._corrections,
            links=self._links,
        )
        return len(mail.html.encode()) + mail.html.count("\n")

    def that_fit(self) -> int:
        """How many articles, from the first, the mail has room for: by halving, as each adds something."""
        fits, too_many = 0, len(self.articles)
        while too_many - fits > 1:
            tried = (fits + too_many) // 2
            if self.size_bytes(tried) > AT_MOST_BYTES:
                too_many = tried
            else:
                fits = tried
        return fits
