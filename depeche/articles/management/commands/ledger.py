"""`bin/depeche ledger [--article ID …] [--since DATE]`"""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from depeche.articles import exporting
from depeche.articles.analysis import DeskUnreachable
from depeche.articles.models import Article


class Command(BaseCommand):
    help = _(
        "Write the ledgers of articles, one JSON object a line: what the desk read, what people answered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--article", metavar="ID", action="append", default=[], help="only this one; may be repeated"
        )
        parser.add_argument(
            "--since", metavar="DATE", help="only what was saved or answered since (2026-03-12)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since, failed = _beginning_of(options["since"]), 0
        for article_id in _chosen(options["article"], since):
            try:
                line = _line(article_id)
            except Unwritten as error:
                failed += 1
                self.stderr.write(str(error))
            else:
                self.stdout.write(line)
        if failed:
            sys.exit(1)


class Unwritten(Exception):
    """The ledger of one article cannot be written; says why, in the user's language."""


def _line(article_id: int) -> str:
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        raise Unwritten(_("There is no article %(id)s.") % {"id": article_id})
    try:
        return json.dumps(exporting.ledger_of(article), ensure_ascii=False)
    except DeskUnreachable as error:
        raise Unwritten(
            _("Article %(id)s is not read yet, and the desk cannot be reached.") % {"id": article_id}
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unwritten(
            _("Article %(id)s: its newest version cannot be loaded.") % {"id": article_id}
        ) from error


def _chosen(named: list[str], since: dt.datetime | None) -> Iterator[int]:
    """The articles named, whether there are such or not; all that were worked on where none is named."""
    for text in named:
        if not text.isdecimal():
            raise CommandError(
                _("“%(text)s” is no article: give its number, as in the address of its editor.")
                % {"text": text},
                returncode=2,
            )
    worked_on = exporting.worked_on_since(since)
    if not named:
        yield from worked_on.values_list("pk", flat=True).iterator()
    elif since is None:
        yield from map(int, dict.fromkeys(named))
    else:
        yield from worked_on.filter(pk__in=list(map(int, named))).values_list("pk", flat=True)


def _beginning_of(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            _("“%(text)s” is no date: write it as 2026-03-12.") % {"text": text}, returncode=2
        ) from error
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
