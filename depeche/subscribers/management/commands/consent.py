"""`bin/depeche consent prove|verify|rotate-key|public-key`"""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche import keys
from depeche.subscribers import proving, recording, verifying
from depeche.subscribers.consent import Action, ConsentEntry

SECONDS_BETWEEN = 5


class Command(BaseCommand):
    help = _("Prove what a reader agreed to; check the log of consent; change its key.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        prove = verbs.add_parser("prove", help=_("a signed PDF and JSON about one address"))
        prove.add_argument("address", metavar="ADDRESS")
        prove.add_argument("--to", metavar="FOLDER", type=Path, default=Path(), help=_("where to write it"))
        languages = [code for code, _name in settings.LANGUAGES]
        prove.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)
        verbs.add_parser("verify", help=_("whether the log is what was written"))
        verbs.add_parser("rotate-key", help=_("a new key from now on; the old ones stay for reading"))
        verbs.add_parser("public-key", help=_("the public halves of the keys that sign proofs"))

    def handle(self, *args: Any, **options: Any) -> None:
        {
            "prove": self._prove,
            "verify": self._verify,
            "rotate-key": self._rotate,
            "public-key": self._public_key,
        }[options["verb"]](options)

    def _prove(self, options: dict[str, Any]) -> None:
        address = options["address"].strip()
        if not address or len(address) > 320 or not address.isprintable():
            raise CommandError(_("That is not an address."))
        try:
            story = proving.prove(address)
        except proving.NothingKnown as error:
            raise CommandError(_("The log knows nothing of %(address)s.") % {"address": address}) from error
        except keys.UnknownKey as error:
            raise CommandError(_("Key %(key)s is not there.") % {"key": error}) from error
        files = proving.sealed(story, language=options["language"])
        folder: Path = options["to"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (folder / name).write_bytes(content)
                self.stdout.write(str(folder / name))
        except OSError as error:
            raise CommandError(str(error)) from error
        if story["verification"]["problems"]:
            for problem in story["verification"]["problems"]:
                self.stderr.write(problem["says"])
            sys.exit(1)

    def _verify(self, options: dict[str, Any]) -> None:
        count = 0
        try:
            for problem in verifying.verify(self._progress()):
                count += 1
                self.stdout.write(str(problem))
        except (OperationalError, ProgrammingError):
            raise  # no database at all: whoever called us says what to do
        except DatabaseError as error:
            raise CommandError(_("The log cannot be read: %(error)s") % {"error": error}) from error
        if count:
            self.stderr.write(ngettext("%(count)d problem.", "%(count)d problems.", count) % {"count": count})
            sys.exit(1)
        entries = ConsentEntry.objects.count()
        words = ngettext(
            "%(count)d entry: all is as it was written.",
            "%(count)d entries: all is as it was written.",
            entries,
        )
        self.stdout.write(words % {"count": entries})

    def _progress(self) -> Any:
        """Says how far it is, every few seconds."""
        last = time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal last
            if time.monotonic() - last >= SECONDS_BETWEEN:
                last = time.monotonic()
                self.stderr.write(_("%(done)d of %(of)d entries read") % {"done": done, "of": of})

        return tell

    def _rotate(self, options: dict[str, Any]) -> None:
        with transaction.atomic():
            old = keys.current()
            new = keys.rotate()
            recording.record_about_all(Action.ROTATION, facts={"from": old.number, "to": new.number})
        keys.rotate_signer()
        self.stdout.write(
            _("Key %(number)d is used from now on. Copy it to where the other keys are kept.")
            % {"number": new.number}
        )

    def _public_key(self, options: dict[str, Any]) -> None:
        keys.signer()
        self.stdout.write(proving.public_keys())
