"""What machines are told of an article: schema.org as JSON-LD, in plain characters."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from depeche.articles import corrections_shown
from depeche.articles.models import Article, Correction, Kind, Person, Source

# Source: https://schema.org/NewsArticle and its subtypes. What was paid for or made up is no news.
TYPES = {
    Kind.REPORTAGE: "ReportageNewsArticle",
    Kind.ANALYSIS: "AnalysisNewsArticle",
    Kind.BACKGROUND: "BackgroundNewsArticle",
    Kind.OPINION: "OpinionNewsArticle",
    Kind.REVIEW: "ReviewNewsArticle",
    Kind.SPONSORED: "AdvertiserContentArticle",
    Kind.SATIRE: "SatiricalArticle",
}
_ENDS_NO_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
_ENDS_NO_SCRIPT |= {0x2028: "\\u2028", 0x2029: "\\u2029"}


def script(data: dict[str, Any]) -> SafeString:
    """A data block that no text inside can end; browsers do not execute it, so no policy has to allow it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ENDS_NO_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def news_article(article: Article, *, paper_name: str, paper_url: str) -> dict[str, Any]:
    """The article with its authors, dates, sources and corrections; what is empty is left out."""
    address = article.full_url or ""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES[Kind(article.kind)],
        "headline": article.title,
        "description": article.search_description or article.standfirst,
        "inLanguage": article.language,
        "mainEntityOfPage": address,
        "url": address,
        "datePublished": _moment(article.first_published_at),
        "dateModified": _moment(article.changed_at if article.is_changed else article.first_published_at),
        "author": [_person(person) for person in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": paper_name, "url": paper_url},
        "sponsor": {"@type": "Organization", "name": article.sponsor} if article.sponsor else None,
        "dateline": article.dateline,
        "citation": [_source(source) for source in article.sources.all()],
        "correction": [
            _correction(correction, address)
            for correction in reversed(corrections_shown.on_the_page(article).all)
        ],
    }
    return {name: value for name, value in found.items() if value}


def _moment(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _person(person: Person) -> dict[str, str]:
    return {"@type": "Person", "name": person.name, "url": settings.BASE_URL + person.url}


def _source(source: Source) -> dict[str, Any]:
    """A work with its address where there is one; who said something in person is named all the same."""
    described: dict[str, Any] = {"name": source.title or source.who, "url": source.link}
    if source.title and source.kind == Source.Kind.PERSON:
        described["author"] = {"@type": "Person", "name": source.who}
    elif source.title:
        described["publisher"] = {"@type": "Organization", "name": source.who}
    return {"@type": "CreativeWork"} | {name: value for name, value in described.items() if value}


def _correction(correction: Correction, address: str) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "text": corrections_shown.in_words(correction),
        "datePublished": _moment(correction.published_at),
        "url": f"{address}#{correction.anchor}",
    }
