"""The verbs of `bin/depeche edition` for when an edition leaves and what can be done once it is on its way."""

from __future__ import annotations

import datetime as dt
import json
import time
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.asking import agreed
from depeche.newsletters import (
    agreement,
    control,
    newsroom_clock,
    readers,
    scheduling,
    sending_words,
    undelivered,
)
from depeche.newsletters.models import Edition, EditionState
from depeche.newsletters.progress import progress

LOOKED_AT_EVERY_S = 2.0
NOT_ALL_ARRIVED = 3  # exit code of `status --follow`

Options = dict[str, Any]


def add_arguments(verbs: _SubParsersAction[Any]) -> None:
    """Those of the verbs below; each has EDITION, --json, and --by where it changes something."""
    send = _verb(verbs, "send", "to every reader it is due for, once; or asks for a second person")
    schedule = _verb(verbs, "schedule", "leaves by itself then, with its articles as they are then")
    schedule.add_argument(
        "--at", required=True, metavar="WHEN", help="by the newsroom's clock: 2027-03-28T07:00"
    )
    twice = schedule.add_mutually_exclusive_group()
    twice.add_argument("--first", action="store_true", help="where the clock shows that time twice")
    twice.add_argument("--second", action="store_true", help="an hour later")
    _verb(verbs, "unschedule", "a draft again")
    approve = _verb(verbs, "approve", "agree, as a second person, to what a colleague asked for")
    decline = _verb(verbs, "decline", "do not agree, or take back what one asked for")
    decline.add_argument("--because", default="", help="for colleagues")
    pause = _verb(verbs, "pause", "within a second, no copy begins any more")
    pause.add_argument("--because", default="", help="for colleagues")
    _verb(verbs, "resume", "go on where it was paused")
    cancel = _verb(verbs, "cancel", "no copy leaves any more, for ever; what left cannot be called back")
    resend = _verb(verbs, "resend", "failed copies again, without those refused because of their address")
    resend.add_argument(
        "--refusal", nargs="+", metavar="KEY", help="only and all of these, as resend names them"
    )
    _verb(verbs, "uncertain", "copies of unknown fate, by name", changes=False)
    decide = _verb(verbs, "decide", "on copies of unknown fate")
    decide.add_argument("copies", nargs="*", type=int, metavar="COPY", help="as `uncertain` names them")
    decide.add_argument("--all", action="store_true", dest="is_all", help="all of them")
    fate = decide.add_mutually_exclusive_group(required=True)
    fate.add_argument("--arrived", action="store_true", help="take them as arrived")
    fate.add_argument("--send-again", action="store_true", help="who had it gets it twice")
    status = _verb(verbs, "status", "what became of each copy", changes=False)
    status.add_argument("--follow", action="store_true", help="until it is through")
    for verb in (send, approve, cancel, resend, decide):
        verb.add_argument("--yes", action="store_true", help="do not ask")


def send(edition: Edition, by: Any, options: Options) -> str:
    count = readers.due(edition.newsletter, at=timezone.now()).count()
    _ask(
        options,
        _("Send “%(subject)s” to %(readers)d readers? It cannot be called back. [y/N] ")
        % {"subject": edition.subject, "readers": count},
        _("Nothing was sent."),
    )
    sent = control.send_now(edition, by=by)
    return "" if sent.has_left else _asked(by)


def schedule(edition: Edition, by: Any, options: Options) -> str:
    leave_at = _moment(options)
    done = scheduling.schedule(edition, leave_at=leave_at, by=by)
    is_set = done.state == EditionState.SCHEDULED and done.scheduled_at == leave_at
    return _leaves_at(leave_at) if is_set else _asked(by)


def unschedule(edition: Edition, by: Any, options: Options) -> str:
    scheduling.unschedule(edition, by=by)
    return ""


def approve(edition: Edition, by: Any, options: Options) -> str:
    asked = agreement.open_request(edition)
    if asked and asked.leave_at is None:
        question = _("Send “%(subject)s” now? It cannot be called back. [y/N] ") % {
            "subject": edition.subject
        }
        _ask(options, question, _("Nothing was sent."))
    done = control.agree(edition, by=by)
    return _leaves_at(done.scheduled_at) if done.scheduled_at and not done.has_left else ""


def decline(edition: Edition, by: Any, options: Options) -> str:
    control.decline(edition, by=by, because=options["because"])
    return ""


def pause(edition: Edition, by: Any, options: Options) -> str:
    control.pause(edition, by=by, because=options["because"])
    return _("“resume” lets it go on.")


def resume(edition: Edition, by: Any, options: Options) -> str:
    control.resume(edition, by=by)
    return ""


def cancel(edition: Edition, by: Any, options: Options) -> str:
    now = progress(edition)
    question = _(
        "Cancel “%(subject)s”? %(open)d copies will never leave; %(sent)d left and cannot be called back. [y/N] "
    ) % {"subject": edition.subject, "open": now.open, "sent": now.sent + now.uncertain}
    _ask(options, question, _("Nothing was changed."))
    control.cancel(edition, by=by)
    return ""


def resend(edition: Edition, by: Any, options: Options) -> str:
    found = undelivered.refusals(edition)
    keys = options["refusal"]
    unknown = set(keys or ()) - {one.key for one in found}
    if unknown:
        names = ", ".join(f"“{one.key}”" for one in found) or "–"
        raise CommandError(_("No copy failed by that name; there are: %(names)s.") % {"names": names})
    chosen = [one for one in found if (not one.is_about_the_address if keys is None else one.key in keys)]
    lines = [f"{one.count} × “{one.key}”  {one.said}" for one in chosen]
    question = "\n".join([*lines, _("Send these copies again? [y/N] ")])
    if chosen:
        _ask(options, question, _("Nothing was changed."))
    count = undelivered.resend_failed(edition, by=by, keys=keys)
    said = ngettext("%(count)d copy waits again.", "%(count)d copies wait again.", count) % {"count": count}
    rest = sum(one.count for one in found if one not in chosen)
    if rest:
        said += " " + ngettext(
            "%(count)d more was refused for good; “--refusal” sends those you name all the same.",
            "%(count)d more were refused for good; “--refusal” sends those you name all the same.",
            rest,
        ) % {"count": rest}
    return said


def decide(edition: Edition, by: Any, options: Options) -> str:
    found = {one.copy: one for one in undelivered.uncertain(edition)}
    if bool(options["copies"]) == options["is_all"]:
        raise CommandError(_("Name the copies, as “uncertain” lists them, or say --all."), returncode=2)
    chosen = list(found) if options["is_all"] else options["copies"]
    names = [f"{key}  {found[key].address}" for key in chosen if key in found]
    question = (
        _("Taken as arrived, they never get it if it was lost. Do so? [y/N] ")
        if options["arrived"]
        else _("Sent again, they get it twice if it had arrived. Do so? [y/N] ")
    )
    if names:
        _ask(options, "\n".join([*names, question]), _("Nothing was changed."))
    count = undelivered.decide(edition, chosen, arrived=options["arrived"], by=by)
    said = ngettext("%(count)d copy was decided on.", "%(count)d copies were decided on.", count)
    others = len(set(chosen)) - count
    if others:
        said += " " + ngettext(
            "%(others)d was decided on before, or is not of unknown fate.",
            "%(others)d were decided on before, or are not of unknown fate.",
            others,
        )
    return said % {"count": count, "others": others}


VERBS: dict[str, Callable[[Edition, Any, Options], str]] = {
    verb.__name__: verb
    for verb in (send, schedule, unschedule, approve, decline, pause, resume, cancel, resend, decide)
}


def show_uncertain(edition: Edition, out: OutputWrapper, *, as_json: bool) -> None:
    """Copies of unknown fate: key, address, when, in which words."""
    found = undelivered.uncertain(edition)
    if as_json:
        rows = [
            {
                "copy": one.copy,
                "address": one.address,
                "at": one.at and one.at.isoformat(),
                "words": one.words,
                "may_be_known": one.may_be_known,
            }
            for one in found
        ]
        out.write(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        shown = newsroom_clock.on_clock(one.at).isoformat(" ", "minutes") if one.at else "–"
        out.write(f"{one.copy}  {one.address}  {shown}  {one.said}")
    if not found:
        out.write(_("No copy is of unknown fate."))
        return
    out.write(
        _(
            "The mail server may have taken these copies: its answer was lost. “decide --arrived” takes them as "
            "arrived, and whoever did not get theirs never will; “decide --send-again” sends them again, and "
            "whoever got theirs gets it twice."
        )
    )


def follow(edition: Edition, show: Callable[[Edition], None]) -> None:
    """Show it each time something moved, until no copy is open; raises CommandError where not all arrived."""
    last = None
    while True:
        edition.refresh_from_db()
        now = progress(edition)
        if now != last:
            show(edition)
        last = now
        if edition.is_draft or edition.held_because or (edition.has_left and not now.open):
            break
        time.sleep(LOOKED_AT_EVERY_S)
    if last.failed or last.uncertain:
        raise CommandError(
            _("%(failed)d copies failed, %(uncertain)d are of unknown fate: see “resend” and “uncertain”.")
            % {"failed": last.failed, "uncertain": last.uncertain},
            returncode=NOT_ALL_ARRIVED,
        )


def _verb(verbs: _SubParsersAction[Any], name: str, about: str, *, changes: bool = True) -> ArgumentParser:
    verb: ArgumentParser = verbs.add_parser(name, help=about)
    verb.add_argument("edition", type=int, metavar="EDITION")
    verb.add_argument("--json", action="store_true")
    if changes:
        verb.add_argument("--by", metavar="USER", required=True, help="in whose name")
    return verb


def _ask(options: Options, question: str, if_not: str) -> None:
    if not options["yes"] and not agreed(question):
        raise CommandError(if_not)


def _asked(by: Any) -> str:
    return _("A second person has to agree first, by “approve”.") + " " + sending_words.who_else_may_send(by)


def _moment(options: Options) -> dt.datetime:
    try:
        shown = parse_datetime(options["at"])
    except ValueError:
        shown = None
    if shown is None:
        raise CommandError(
            _("“%(when)s” is no time; say 2027-03-28T07:00.") % {"when": options["at"]}, returncode=2
        )
    if shown.tzinfo:
        return shown.astimezone(dt.UTC)
    moments = newsroom_clock.moments(shown)
    if not moments:
        raise CommandError(
            _("That night the clock is put forward over this hour: it does not exist. Choose another.")
        )
    if len(moments) > 1 and not (options["first"] or options["second"]):
        raise CommandError(
            _("The clock shows this time twice that night: say --first or --second."), returncode=2
        )
    return moments[-1 if options["second"] else 0]


def _leaves_at(at: dt.datetime) -> str:
    local = timezone.localtime(at, timezone.get_default_timezone())
    shown = f"{local:%Y-%m-%d %H:%M} ({local.tzname()})"
    return _("It leaves on %(when)s, with its articles as they are then.") % {"when": shown}
