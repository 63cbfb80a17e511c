"""`bin/depeche doctor`"""

import datetime as dt
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.delivery import bulk_lock, failover, mail_domains, reply_words, trouble
from depeche.delivery.examining.findings import as_read
from depeche.newsletters import sender_domains
from depeche.ops import mail_doctor
from depeche.ops.checks import Problem, problems, texts_to_complete, unsigned
from depeche.ops.refusal import no_database
from depeche.subscribers import checking


def _database() -> list[Problem]:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        return [Problem("DATABASE_URL", str(no_database(error)))]
    try:
        return [*texts_to_complete(), *unsigned()]
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


def _trouble() -> list[Problem]:
    """What keeps workers from sending anything."""
    try:
        found = trouble.current()
    except DatabaseError:  # not there, or not prepared yet
        return []
    words = _("No mail leaves since %(since)s: “%(words)s”. It is tried again by itself at %(until)s.")
    return [
        Problem(
            "EMAIL_URL",
            words
            % {
                "since": _when(one.since_at),
                "words": reply_words.shown(one.words),
                "until": _when(one.until_at),
            },
            is_unsafe=False,
        )
        for one in found
    ]


def _ways_out() -> list[Problem]:
    """The ways out for mail that do not answer now, and what is taken instead."""
    try:
        found = {(row.way, row.instead): row.since for row in reversed(failover.unreached())}
    except DatabaseError:  # not there, or not prepared yet
        return []
    waits = _("%(way)s has not answered since %(since)s. Mail waits.")
    goes = _("%(way)s has not answered since %(since)s. Mail goes by %(instead)s.")
    return [
        Problem(
            "EMAIL_URL",
            (goes if instead else waits) % {"way": way, "since": _when(since), "instead": instead},
            is_unsafe=False,
        )
        for (way, instead), since in found.items()
    ]


def _consent() -> list[Problem]:
    """What the nightly check of the consent log found, or that there was none."""
    name = "consent verify"
    try:
        if checking.is_missing():
            words = _(
                "The consent log was not checked for two nights. Is the worker running? By hand: %(command)s."
            )
            return [Problem(name, words % {"command": f"bin/depeche {name}"}, is_unsafe=False)]
    except DatabaseError:  # not there, or not prepared yet
        return []
    done = checking.last()
    if done is None or not done.problems:
        return []
    words = ngettext(
        "On %(at)s the check of the consent log found %(count)s problem. To see it: %(command)s.",
        "On %(at)s the check of the consent log found %(count)s problems. To see them: %(command)s.",
        done.problems,
    )
    count = f"{done.problems}+" if done.problems == checking.NAMED else done.problems
    facts = {"at": _when(done.at), "count": count, "command": f"bin/depeche {name}"}
    return [Problem(name, words % facts, is_unsafe=False)]


def _mail_domains() -> list[Problem]:
    """Sender domains that were red when they were last looked up."""
    if not mail_domains.leaves_for_real():
        return []
    try:
        rows = [row for domain in sender_domains.domains() if (row := mail_domains.kept(domain))]
    except DatabaseError:  # not there, or not prepared yet
        return []
    words = _("Mail providers refuse what comes from %(domain)s, or will. What is wrong: %(command)s.")
    return [
        Problem(
            "mail",
            words % {"domain": as_read(row.domain), "command": "bin/depeche doctor mail"},
            is_unsafe=False,
        )
        for row in rows
        if mail_domains.red_codes(row)
    ]


def _when(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


class Command(BaseCommand):
    help = _("Look for unsafe settings, and say how to mend each.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what",
            nargs="?",
            choices=["mail"],
            help="mail: what providers look up about the domains newsletters come from",
        )
        parser.add_argument("--domain", default="", help="with mail: this one only")
        parser.add_argument("--json", action="store_true", help="with mail: one object for each domain")
        parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "mail":
            if mail_doctor.run(self.stdout, domain=options["domain"], as_json=options["json"]):
                sys.exit(1)
            return
        if options["domain"] or options["json"]:
            raise CommandError(_("--domain and --json go with “doctor mail”."))
        found = [
            *(*problems(), *_database(), *_journal(), *_ways_out(), *_trouble()),
            *(*_mail_domains(), *_consent()),
        ]
        for problem in found:
            word = _("Unsafe") if problem.is_unsafe else _("Note")
            self.stdout.write(f"{word}: {problem.setting}: {problem.message}")
        if any(problem.is_unsafe for problem in found):
            sys.exit(1)
        done = checking.last()
        if done and not done.problems and not options["quiet"]:
            self.stdout.write(_("Consent log: checked on %(at)s, nothing wrong.") % {"at": _when(done.at)})
        if not found and not options["quiet"]:
            self.stdout.write(_("All is well."))
