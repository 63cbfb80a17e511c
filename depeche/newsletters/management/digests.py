"""`bin/depeche edition digest [NEWSLETTER]`: when digests leave, and what became of them."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser, _SubParsersAction
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from depeche.articles.templatetags import dates
from depeche.newsletters import digest_words, digesting, sending_words
from depeche.newsletters.actions import NotAllowed
from depeche.newsletters.digest import Digest
from depeche.subscribers.models import Newsletter

DAYS_SHOWN = 7
CHANGES = ("is_on", "leaves_at", "weekdays", "needs_review")

Options = dict[str, Any]


def add_arguments(verbs: _SubParsersAction[Any]) -> None:
    verb: ArgumentParser = verbs.add_parser(
        "digest", help="when digests leave by themselves, and what became of them"
    )
    verb.add_argument("newsletter", nargs="?", metavar="NEWSLETTER", help="its slug; default: each")
    switch = verb.add_mutually_exclusive_group()
    switch.add_argument("--on", action="store_true", default=None, dest="is_on")
    switch.add_argument("--off", action="store_false", default=None, dest="is_on")
    verb.add_argument("--at", metavar="HH:MM", dest="leaves_at", help="by the newsroom's clock")
    verb.add_argument("--days", dest="weekdays", help="as digits, 1 is Monday: 12345")
    review = verb.add_mutually_exclusive_group()
    review.add_argument(
        "--review", action="store_true", default=None, dest="needs_review", help="a person looks first"
    )
    review.add_argument("--no-review", action="store_false", default=None, dest="needs_review")
    verb.add_argument("--by", metavar="USER", help="in whose name")
    verb.add_argument("--json", action="store_true")


def run(options: Options, user: Any, out: OutputWrapper) -> None:
    """Change it, where something is to be changed; then show it, one line (or JSON object) each."""
    found = Newsletter.objects.all()
    if options["newsletter"]:
        found = found.filter(slug=options["newsletter"])
        if not found:
            names = ", ".join(Newsletter.objects.values_list("slug", flat=True)) or "–"
            raise CommandError(_("There is no such newsletter; there are: %(names)s.") % {"names": names})
    if any(options[name] is not None for name in CHANGES):
        if not options["newsletter"] or user is None:
            raise CommandError(_("Say of which newsletter, and in whose name (--by)."))
        _change(found.get(), options, user)
    for newsletter in found:
        facts = _facts(digesting.digest_of(newsletter))
        out.write(json.dumps(facts, ensure_ascii=False) if options["json"] else "\n".join(_lines(facts)))


def _change(newsletter: Newsletter, options: Options, user: Any) -> None:
    digest = digesting.digest_of(newsletter)
    wanted = {name: getattr(digest, name) for name in CHANGES}
    wanted |= {name: options[name] for name in CHANGES if options[name] is not None}
    wanted["leaves_at"] = _hour(wanted["leaves_at"])
    if not set(wanted["weekdays"]) <= set("1234567"):
        raise CommandError(_("Days are digits, 1 is Monday: 12345."))
    try:
        digesting.set_up(newsletter, **wanted, by=user)
    except digesting.NoDay as error:
        raise CommandError(_("Choose at least one day, or let no digest leave.")) from error
    except NotAllowed as error:
        raise CommandError(sending_words.refusal(error)) from error


def _hour(value: dt.time | str) -> dt.time:
    if isinstance(value, dt.time):
        return value
    try:
        return dt.datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - an hour has no zone
    except ValueError as error:
        raise CommandError(_("Enter an hour, such as 07:00.")) from error


def _facts(digest: Digest) -> dict[str, Any]:
    due = digesting.next_due(digest, after=timezone.now())
    runs = digest.runs.select_related("edition")[:DAYS_SHOWN] if digest.pk else []
    return {
        "newsletter": digest.newsletter.slug,
        "is_on": digest.is_on,
        "leaves_at": f"{digest.leaves_at:%H:%M}",
        "weekdays": digest.weekdays,
        "needs_review": digest.needs_review,
        "by": digest.on_by and digest.on_by.get_username(),
        "next_at": due and due.at.isoformat(),
        "days": [
            {
                "day": run.day.isoformat(),
                "articles": run.articles,
                "edition": run.edition_id,
                "said": digest_words.outcome(run),
            }
            for run in runs
        ],
    }


def _lines(facts: dict[str, Any]) -> list[str]:
    if facts["next_at"]:
        moment = timezone.localtime(dt.datetime.fromisoformat(facts["next_at"]))
        words = (
            _("it is put together on %(moment)s") if facts["needs_review"] else _("it leaves on %(moment)s")
        )
        state = words % {"moment": dates.moment(moment, autoescape=False)}
    else:
        state = _("no digest leaves by itself")
    return [f"{facts['newsletter']}: {state}", *(f"  {run['day']}: {run['said']}" for run in facts["days"])]
