"""A text from a file or the web becomes a draft. What is left out is reported, nothing else is lost."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import slugify
from wagtail.log_actions import log

from depeche.desk import article as desk
from depeche.desk.spans import Zone

from .actions import NotAllowed
from .models import Article, Byline, ImportedText, Person, Section

# What callers need of the desk comes through here.
read = desk.read_article
UnreadableSource = desk.UnreadableSource
MAX_SOURCE_BYTES = desk.MAX_SOURCE_BYTES

LONGEST_HEADLINE = Article._meta.get_field("title").max_length
LONGEST_STANDFIRST = Article._meta.get_field("standfirst").max_length
LONGEST_CROSSHEAD = 150


class HeadlineTooLong(Exception):
    """Longer than a headline may be; `str()` is the headline."""


@dataclass(frozen=True)
class Imported:
    """What became of one text: its article, whether it is new, what was read and what was left out."""

    article: Article
    is_new: bool
    reading: desk.Article

    @property
    def left_out(self) -> tuple[Zone, ...]:
        """Furniture of the site, images and their captions, a byline that is more than names.

        They are in the report, not (or not whole) in the draft.
        """
        kinds = {"furniture", "caption"}
        if read_byline(self.reading.byline)[1]:
            kinds.add("byline")
        return tuple(zone for zone in self.reading.zones if zone.kind in kinds)

    @property
    def is_untouched(self) -> bool:
        """Whether the article still is what the import made of the text: no later draft, never published."""
        return self.article.first_published_at is None and self.article.revisions.count() == 1


def make_draft(
    reading: desk.Article,
    *,
    section: Section,
    origin: str,
    by: AbstractBaseUser | None,
    at: dt.datetime | None = None,
) -> Imported:
    """The draft made of `reading`, or the article that the same text became before.

    Raises:
        NotAllowed: `by` may not write in this section.
        HeadlineTooLong: it would not fit the headline's field.
    """
    if by is not None and not section.permissions_for_user(by).can_add_subpage():
        raise NotAllowed
    if len(reading.headline) > LONGEST_HEADLINE:
        raise HeadlineTooLong(reading.headline)
    try:
        with transaction.atomic():
            section = Section.objects.select_for_update(of=("self",)).get(
                pk=section.pk
            )  # one child at a time
            known = _known(reading)
            return known or Imported(
                _write(reading, section, origin, by, at or timezone.now()), True, reading
            )
    except IntegrityError:  # somebody imported the same text at this very moment
        known = _known(reading)
        if known is None:
            raise
        return known


def _known(reading: desk.Article) -> Imported | None:
    text = ImportedText.objects.filter(fingerprint=reading.fingerprint).select_related("article").first()
    return Imported(text.article, False, reading) if text else None


def _write(
    reading: desk.Article, section: Section, origin: str, by: AbstractBaseUser | None, at: dt.datetime
) -> Article:
    standfirst, body = reading.standfirst, list(_blocks(reading.body))
    if len(standfirst) > LONGEST_STANDFIRST:
        body.insert(0, ("paragraph", f"<p>{escape(standfirst)}</p>"))
        standfirst = ""
    article = Article(
        title=reading.headline,
        standfirst=standfirst,
        body=[],
        owner=by,
        locale=section.locale,
        live=False,
        has_unpublished_changes=True,
    )
    article.body = article.body.stream_block.to_python(
        [{"type": kind, "value": value} for kind, value in body]
    )
    if not slugify(reading.headline):  # no letter that an address could be made of
        article.slug = f"article-{reading.fingerprint[:8]}"
    article.bylines = [Byline(person=person) for person in _authors(reading.byline)]
    section.add_child(instance=article)
    article.save_revision(user=by, log_action=False)
    ImportedText.objects.create(
        fingerprint=reading.fingerprint, article=article, origin=origin[:2000], imported_at=at
    )
    log(article, "wagtail.create", user=by, data={"origin": origin[:200]})
    return article


def _blocks(zones: tuple[Zone, ...]) -> Iterator[tuple[str, Any]]:
    """Zones as body blocks (raw values); neighbouring list items become one list."""
    for (kind, reason), group in itertools.groupby(zones, key=lambda zone: (zone.kind, zone.reason)):
        if kind == "list_item":
            yield "list", {"ordered": reason == "ordered", "items": [_rich(zone) for zone in group]}
        else:
            for zone in group:
                yield from _block(zone)


def _block(zone: Zone) -> Iterator[tuple[str, Any]]:
    if zone.kind == "crosshead" and len(zone.text) <= LONGEST_CROSSHEAD:
        yield "crosshead", zone.text
    elif zone.kind == "quotation" and zone.speaker:
        yield (
            "quotation",
            {"text": zone.text.strip('«»“”" \u00a0\u202f'), "speaker": zone.speaker, "role": ""},
        )
    elif zone.kind != "caption":
        yield "paragraph", _rich(zone)


def _rich(zone: Zone) -> str:
    return f"<p>{zone.html or escape(zone.text)}</p>"


_NAME = re.compile(r"[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'.-]*){1,4}")
_PARTICLES = {"de", "du", "des", "la", "le", "van", "von", "der", "den", "di", "da", "al", "el", "bin", "y"}


def read_byline(byline: str) -> tuple[list[str], bool]:
    """The names of « Par Jeanne Morel et Luc Abadie », and whether it says anything besides."""
    names = re.sub(r"^\s*(par|by)\s+", "", byline, flags=re.IGNORECASE)
    parts = [" ".join(part.split()) for part in re.split(r",|;|/|\s+(?:et|and|&|avec|with)\s+", names)]
    found = [part for part in parts if _is_name(part)]
    return list(dict.fromkeys(found)), any(part and part not in found for part in parts)


def _is_name(part: str) -> bool:
    words_are_names = all(
        word[0].isupper() or word in _PARTICLES or word[:2] in ("d'", "d’") for word in part.split()
    )
    return bool(_NAME.fullmatch(part)) and part[0].isupper() and words_are_names and len(part) <= 120


def _authors(byline: str) -> list[Person]:
    """The people of a byline, made where they are not known yet."""
    return [Person.objects.named(name) for name in read_byline(byline)[0]]
