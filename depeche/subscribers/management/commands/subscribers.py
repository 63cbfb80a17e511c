"""`bin/depeche subscribers import|export …`: lists of readers, with what proves that they agreed."""

from __future__ import annotations

import csv
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from depeche.subscribers import exporting, import_words, importing
from depeche.subscribers.csv_lines import FileRefused
from depeche.subscribers.models import ImportRun, Newsletter, Subscription

ERRORS_PRINTED = 50


class Command(BaseCommand):
    _lines_before = _bytes_before = 0  # what an import that goes on had done already
    help = _("Enter subscribers from a file, with proof that they agreed; or write them to one.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        entering = verbs.add_parser("import", help="enter the readers of a CSV file")
        entering.add_argument("file", type=Path, metavar="FILE.csv")
        entering.add_argument("--newsletter", required=True, metavar="SLUG")
        entering.add_argument("--by", required=True, metavar="USER", help="in whose name")
        entering.add_argument("--dry-run", action="store_true", help="check every line, enter nothing")
        entering.add_argument("--json", action="store_true", help="report and progress as JSON")
        leaving = verbs.add_parser("export", help="write subscribers as CSV")
        leaving.add_argument("--newsletter", metavar="SLUG", help="default: all")
        leaving.add_argument("--to", type=Path, metavar="FILE", help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self._export(options)
            return
        newsletter, user = _newsletter(options["newsletter"]), _user(options["by"])
        tell = self._teller(options["json"])
        try:
            run = self._import(options, newsletter, user, tell)
        except FileRefused as error:
            told = {"line": error.line, "error": error.code, **error.facts}
            if options["json"]:
                self.stdout.write(json.dumps({"file": str(options["file"]), "refused_whole": told}))
            raise CommandError(import_words.sentence(told)) from error
        except importing.NotAllowed as error:
            raise CommandError(_("%(user)s may not enter subscribers.") % {"user": user}) from error
        except importing.AnotherIsAtIt as error:
            raise CommandError(_("This file is being entered already.")) from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        self._report(run, options["json"])
        if run.refused:
            sys.exit(1)

    def _import(
        self, options: dict[str, Any], newsletter: Newsletter, user: Any, tell: Callable[[ImportRun], None]
    ) -> ImportRun:
        if options["dry_run"]:
            if not user.has_perm(importing.PERMISSION):
                raise importing.NotAllowed(user)
            return importing.try_out(options["file"], newsletter=newsletter, tell=tell)
        run = importing.start(options["file"], newsletter=newsletter, by=user)
        self._lines_before, self._bytes_before = run.lines_done, run.bytes_done
        if run.lines_done:
            self.stderr.write(_("Goes on after line %(line)s.") % {"line": run.lines_done})
        importing.go_on(run, options["file"], by=user.get_username(), tell=tell)
        return run

    def _teller(self, as_json: bool) -> Callable[[ImportRun], None]:
        """Says on standard error how far it is: lines, lines a second, time left; at most once a second."""
        began, last = time.monotonic(), 0.0

        def tell(run: ImportRun) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < 1 and not run.finished_at:
                return
            last, passed = now, max(now - began, 0.001)
            lines, bytes_ = run.lines_done - self._lines_before, run.bytes_done - self._bytes_before
            left_s = round((run.size_bytes - run.bytes_done) * passed / bytes_) if bytes_ else None
            facts = {"lines": run.lines_done, "per_second": round(lines / passed), "left_s": left_s}
            if as_json:
                self.stderr.write(json.dumps({**facts, "passed_s": round(passed, 1)}))
                return
            self.stderr.write(
                _("%(lines)s lines, %(per_second)s a second, %(left)s s left")
                % {**facts, "left": "?" if left_s is None else left_s}
            )

        return tell

    def _report(self, run: ImportRun, as_json: bool) -> None:
        facts = {
            "file": run.file_name,
            "sha256": run.sha256,
            "dry_run": run.is_trial,
            "lines": run.lines_done,
            "entered": run.entered,
            "known": run.known,
            "refused": run.refused,
            "errors": run.errors,
        }
        if as_json:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        for error in run.errors[:ERRORS_PRINTED]:
            self.stdout.write(import_words.sentence(error))
        if run.refused > ERRORS_PRINTED:
            self.stdout.write("…")
        words = _("%(entered)s entered, %(known)s subscribed already, %(refused)s refused.")
        if run.is_trial:
            words = _("Nothing was entered. It would be: ") + words
        self.stdout.write(words % facts)

    def _export(self, options: dict[str, Any]) -> None:
        subscriptions = Subscription.objects.all()
        if options["newsletter"]:
            subscriptions = subscriptions.to(_newsletter(options["newsletter"]))
        try:
            target = (
                options["to"].open("w", encoding="utf-8", newline="")
                if options["to"]
                else nullcontext(self.stdout)
            )
        except OSError as error:
            raise CommandError(f"{options['to']}: {error.strerror}") from error
        with target as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(exporting.HEADER)
            writer.writerows(exporting.rows(subscriptions))


def _newsletter(slug: str) -> Newsletter:
    found = Newsletter.objects.filter(slug=slug).first()
    if found is None:
        names = ", ".join(Newsletter.objects.values_list("slug", flat=True)) or "–"
        raise CommandError(_("There is no such newsletter; there are: %(names)s.") % {"names": names})
    return found


def _user(name: str) -> Any:
    user = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name})
    return user
