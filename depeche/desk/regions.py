"""Which regions inside an article's markup belong to the site: share rows, sign-up boxes, comments."""

from __future__ import annotations

import re

from depeche.desk.html_tokens import Element, Event

_REASONS = {
    **dict.fromkeys(("share", "sharing", "sharebar", "social", "partage", "partager"), "share"),
    **dict.fromkeys(
        ("newsletter", "newsletters", "signup", "subscribe", "subscription", "infolettre", "paywall"),
        "sign_up",
    ),
    **dict.fromkeys(("related", "recommended", "recirculation", "promo", "promotion"), "related"),
    **dict.fromkeys(("cookie", "cookies", "consent"), "cookies"),
    **dict.fromkeys(("comments", "commentaires", "disqus", "respond"), "outside_article"),
    **dict.fromkeys(("breadcrumb", "breadcrumbs", "advert", "advertisement", "publicite"), "navigation"),
}
_COMMENTS = frozenset({"comments", "commentaires"})
# Names that classify the article (tag-cookies, has-comments) or hold something quoted (social-embed).
_CLASSIFYING = frozenset({"tag", "category", "categorie", "topic", "has", "no", "with", "is", "js", "post"})
_KEEPING = frozenset({"embed", "embedded", "quote", "tweet", "open", "closed", "body", "content"})
_NOT_OF_THE_STORY = frozenset(
    {"ad", "ads", "author", "auteur", "autrice", "bio", "sidebar", "widget", "banner", "toc", "menu", "tools"}
)
_PARTS = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+")
_SENTENCE = re.compile(r"\w[^.!?…]{15,400}[.!?…](?!\w)")
_ENOUGH_LEFT = 500


def region_reason(element: Element, article_length: int) -> str:
    """Why all of `element` is furniture by its class or id, "" where it is not.

    What holds half of the article and more is the article, whatever its name.
    """
    reason = ""
    tokens = _tokens(element)
    for token in tokens:
        parts = _parts(token)
        if parts and parts[0] not in _CLASSIFYING and not _KEEPING.intersection(parts):
            reason = reason or next((_REASONS[part] for part in parts if part in _REASONS), "")
    if not reason or element.length * 2 < article_length:
        return reason
    left = article_length - element.length
    return reason if left >= _ENOUGH_LEFT and _COMMENTS.intersection(map(str.lower, tokens)) else ""


def editorial_asides(events: list[Event]) -> set[int]:
    """The `id()` of each <aside> that belongs to the story: it has sentences, and is no box of links."""
    texts: dict[int, list[str]] = {}
    linked: dict[int, int] = {}
    open_asides: list[Element] = []
    links = 0
    for event in events:
        tag = event.element.tag
        if event.text:
            if open_asides and tag not in ("script", "style"):
                inner = id(open_asides[-1])
                texts.setdefault(inner, []).append("" if links else event.text)
                linked[inner] = linked.get(inner, 0) + (len(event.text) if links else 0)
        elif tag == "a":
            links += 1 if event.opens else -1
        elif tag == "aside" and event.opens:
            open_asides.append(event.element)
        elif tag == "aside":
            open_asides.pop()
    asides = (event.element for event in events if event.opens and event.element.tag == "aside")
    return {
        id(aside)
        for aside in asides
        if _is_editorial(aside, "".join(texts.get(id(aside), [])), linked.get(id(aside), 0))
    }


def _is_editorial(aside: Element, unlinked: str, linked: int) -> bool:
    parts = {part for token in _tokens(aside) for part in _parts(token)}
    named = parts.intersection(_NOT_OF_THE_STORY) or parts.intersection(_REASONS)
    return not named and linked * 3 <= len(unlinked) and bool(_SENTENCE.search(unlinked))


def _tokens(element: Element) -> list[str]:
    return f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}".split()


def _parts(token: str) -> list[str]:
    return [part.lower() for part in _PARTS.findall(token)]
