"""An article as it stands in the editor's form, whether or not the form would be saved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest, QueryDict
from wagtail.blocks import StreamBlock

from .models import Article, Byline, Person, RightOfReply
from .selections import Kind

MOST_CHARACTERS = 200_000

_TEXTS = ("title", "standfirst", "dateline", "picture_caption", "interests", "ai_use", "ai_note")
_NUMBER = re.compile(r"[0-9]{1,9}")
_MOST_ROWS = 200


class NotAForm(Exception):
    """What was sent is not the editor's form of an article."""


def as_posted(article: Article, request: HttpRequest) -> Article:
    """`article` with the words, authors and disclosures that `request` carries; nothing is validated or saved.

    Raises:
        NotAForm: the text cannot be told from what was sent, or it is longer than `MOST_CHARACTERS`.
    """
    posted = request.POST
    for name in _TEXTS:
        setattr(article, name, posted.get(name, ""))
    if posted.get("kind") in Kind.values:
        article.kind = posted["kind"]
    article.ai_reviewed_by_id = _number(posted.get("ai_reviewed_by", ""))
    _take_authors(article, posted)
    article.replies = [
        RightOfReply(who=posted.get(row + "-who", "")) for row in _rows(posted, "replies", "who")
    ]
    article.body = _body(request)
    return article


def _body(request: HttpRequest) -> object:
    posted = request.POST
    if sum(len(value) for name, value in posted.items() if name.startswith("body-")) > 4 * MOST_CHARACTERS:
        raise NotAForm("too long")
    block: StreamBlock = Article._meta.get_field("body").stream_block
    try:
        return block.value_from_datadict(posted, request.FILES, "body")
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NotAForm("no body") from error


def _take_authors(article: Article, posted: QueryDict) -> None:
    if "bylines-TOTAL_FORMS" not in posted:
        return
    numbers = [_number(posted.get(row + "-person", "")) for row in _rows(posted, "bylines", "person")]
    people = Person.objects.in_bulk(numbers)
    article.bylines = [Byline(person=people[number]) for number in numbers if number in people]


def _rows(posted: QueryDict, formset: str, needed: str) -> Iterator[str]:
    """The prefixes of the rows of a formset that stand, by their place, with something in the field `needed`."""
    total = min(_number(posted.get(f"{formset}-TOTAL_FORMS", "")) or 0, _MOST_ROWS)
    rows = [f"{formset}-{number}" for number in range(total)]
    standing = [row for row in rows if posted.get(f"{row}-{needed}") and not posted.get(f"{row}-DELETE")]
    return iter(sorted(standing, key=lambda row: _number(posted.get(f"{row}-ORDER", "")) or 0))


def _number(words: str) -> int | None:
    return int(words) if _NUMBER.fullmatch(words) else None
