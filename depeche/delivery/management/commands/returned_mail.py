"""`bin/depeche returned-mail --pipe|--imap`: what came back of mail is acted on."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from depeche.delivery import bounces, returned_mailbox
from depeche.delivery.returned import Kind
from depeche.delivery.returned.classifying import READ_BYTES


class Command(BaseCommand):
    help = _("Acts on mail that came back, from a pipe or from the mailbox for it.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--pipe", action="store_true", help="one mail, from standard input")
        way.add_argument("--imap", action="store_true", help="all unread mail in DEPECHE_BOUNCE_MAILBOX")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["imap"]:
            self._from_mailbox()
        else:
            self._from_pipe()

    def _from_pipe(self) -> None:
        raw = sys.stdin.buffer.read(READ_BYTES)
        while sys.stdin.buffer.read(1 << 16):  # or whoever writes it would take it for not delivered
            pass
        try:
            bounces.take(raw)
        except (DatabaseError, OSError) as error:
            self.stderr.write(_("Not now: %(words)s. Try again later.") % {"words": type(error).__name__})
            sys.exit(os.EX_TEMPFAIL)

    def _from_mailbox(self) -> None:
        try:
            counts = returned_mailbox.read()
        except returned_mailbox.CannotRead as error:
            raise CommandError(str(error)) from error
        for kind in Kind:
            self.stdout.write(f"{kind.value}: {counts[kind.value]}")
