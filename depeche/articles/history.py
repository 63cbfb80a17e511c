"""What readers had, and when: the published versions of an article, each with what changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .comparing import Line, compare
from .corrections import Correction, PublishedVersion
from .passages import Passage, passages_of

if TYPE_CHECKING:
    from .models import Article

PATH = "versions"  # below the address of the article
PER_PAGE = 10


@dataclass
class Shown:
    """A version, what changed since the one before, what it put right, and what was put right in it later.

    `is_bare`: nothing of its words is shown, since it or the one before is withheld.
    """

    version: PublishedVersion
    lines: list[Line] = field(default_factory=list)
    is_first: bool = False
    is_bare: bool = False
    corrects: list[Correction] = field(default_factory=list)
    corrected: list[Correction] = field(default_factory=list)


def answer(article: Article, request: HttpRequest) -> HttpResponse:
    """The page of versions, newest first; not for search engines, which would find what was wrong."""
    found = article.versions.order_by("-number").select_related("revision")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"article": article, "articles": page, "versions": shown(article, list(page))}
    response = render(request, "articles/versions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def shown(article: Article, versions: Sequence[PublishedVersion]) -> list[Shown]:
    """These neighbouring versions, newest first, as they are shown."""
    if not versions:
        return []
    before = article.versions.filter(number__lt=versions[-1].number).select_related("revision").last()
    older = [*versions[1:], before]
    texts = {version.pk: _passages(version) for version in (*versions, before) if version}
    found = [_shown(new, old, texts) for new, old in zip(versions, older, strict=True)]
    _add_corrections(article, found)
    return found


def _shown(
    new: PublishedVersion, old: PublishedVersion | None, texts: dict[int, tuple[Passage, ...]]
) -> Shown:
    if new.withheld_because or (old and old.withheld_because):  # else the difference would tell the words
        return Shown(new, is_bare=True)
    return Shown(new, compare(texts[old.pk], texts[new.pk]) if old else [], is_first=old is None)


def _passages(version: PublishedVersion) -> tuple[Passage, ...]:
    return passages_of(version.revision.as_object())


def _add_corrections(article: Article, found: list[Shown]) -> None:
    by_key = {shown.version.pk: shown for shown in found}
    for correction in article.corrections.prefetch_related("wrong_versions").order_by("published_at", "pk"):
        if correction.corrected_in_id in by_key:
            by_key[correction.corrected_in_id].corrects.append(correction)
        for version in correction.wrong_versions.all():
            if version.pk in by_key:
                by_key[version.pk].corrected.append(correction)
