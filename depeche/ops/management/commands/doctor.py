"""`bin/depeche doctor`"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, connection
from django.utils.translation import gettext as _

from depeche.delivery import bulk_lock
from depeche.ops.checks import Problem, problems, texts_to_complete
from depeche.ops.refusal import no_database


def _database() -> list[Problem]:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        return [Problem("DATABASE_URL", str(no_database(error)))]
    try:
        return texts_to_complete()
    except DatabaseError:  # not prepared yet: there are no texts to look at
        return []


def _journal() -> list[Problem]:
    try:
        doubt = bulk_lock.doubt()
    except DatabaseError:  # not there, or not prepared yet
        return []
    if doubt is None:
        return []
    words = _("No edition leaves: %(doubt)s. “bin/depeche journal accept” says what that means.")
    return [Problem("DEPECHE_JOURNAL", words % {"doubt": doubt.label}, is_unsafe=False)]


class Command(BaseCommand):
    help = _("Look for unsafe settings, and say how to mend each.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*problems(), *_database(), *_journal()]
        for problem in found:
            word = _("Unsafe") if problem.is_unsafe else _("Note")
            self.stdout.write(f"{word}: {problem.setting}: {problem.message}")
        if any(problem.is_unsafe for problem in found):
            sys.exit(1)
        if not found and not options["quiet"]:
            self.stdout.write(_("All is well."))
