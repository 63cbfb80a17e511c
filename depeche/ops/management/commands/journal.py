"""`bin/depeche journal status|replay|accept`: what the journal knows, after a restore."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from depeche import journal
from depeche.asking import agreed
from depeche.delivery import bulk_lock
from depeche.subscribers import replaying


class Command(BaseCommand):
    help = _("After a restore: do again what readers had decided, and let editions leave again.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="where it is, and whether editions may leave")
        verbs.add_parser("replay", help="read all of it again, and make the database agree")
        accept = verbs.add_parser("accept", help="let editions leave all the same; asks first")
        accept.add_argument("--by", metavar="NAME", default="", help="who says so; kept")
        accept.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["verb"])(options)

    def status(self, options: dict[str, Any]) -> None:
        length = _("%(bytes)d bytes") % {"bytes": journal.length()} if journal.exists() else _("none yet")
        self.stdout.write(f"{journal.file()}: {length}")
        doubt = bulk_lock.doubt()
        if doubt:
            self.stdout.write(_("No edition leaves: %(doubt)s.") % {"doubt": doubt.label})
        else:
            self.stdout.write(_("Editions may leave."))

    def replay(self, options: dict[str, Any]) -> None:
        done = replaying.replay()
        self.stdout.write(
            _(
                "Done again: %(withdrawn)d left, %(suppressed)d suppressed, %(lifted)d lifted, %(erased)d erased."
            )
            % {
                "withdrawn": done.withdrawn,
                "suppressed": done.suppressed,
                "lifted": done.lifted,
                "erased": done.erased,
            }
        )
        if done.doubt:
            self.stdout.write(_("No edition leaves: %(doubt)s.") % {"doubt": done.doubt.label})

    def accept(self, options: dict[str, Any]) -> None:
        doubt = bulk_lock.doubt()
        if doubt is None:
            self.stdout.write(_("Editions may leave."))
            return
        self.stdout.write(_("No edition leaves: %(doubt)s.") % {"doubt": doubt.label})
        self.stdout.write(str(replaying.WHAT_ACCEPTING_MEANS))
        if not options["yes"] and not agreed(_("Let editions leave all the same? [y/N] ")):
            raise CommandError(_("Editions stay locked."))
        replaying.accept(by=options["by"] or "bin/depeche")
        self.stdout.write(_("Editions may leave."))
