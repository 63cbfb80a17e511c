"""`bin/depeche pace show|set|clear`: how fast mail leaves, without a browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from depeche.delivery import pace
from depeche.delivery.pace import FALLBACK, MAIN, Of
from depeche.delivery.pace_forms import as_read
from depeche.delivery.pace_words import UnclearPace, parsed


class Command(BaseCommand):
    help = _("How fast newsletters leave: shown, set, cleared.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        show = verbs.add_parser("show", help="what holds mail now")
        set_ = verbs.add_parser("set", help="from now on, also for workers that run")
        set_.add_argument("words", nargs="+", metavar="PACE", help="in plain words: 30 per minute")
        set_.add_argument("--with-subdomains", action="store_true", help="of the domain")
        clear = verbs.add_parser("clear", help="as fast as the server takes it; also what was learned")
        for verb in (set_, clear):
            of = verb.add_mutually_exclusive_group()
            of.add_argument("--domain", help="only mail to this domain")
            of.add_argument("--transport", choices=[MAIN, FALLBACK], default=MAIN, help="all mail by it")
            verb.add_argument("--by", metavar="USER", help="in whose name")
        for verb in (show, set_, clear):
            verb.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["verb"])(options)
        limits = pace.limits()
        if options["json"]:
            self.stdout.write(json.dumps([_facts(limit) for limit in limits], ensure_ascii=False))
            return
        for limit in limits:
            what = as_read(limit.of.domain) or limit.of.transport
            if limit.has_subdomains:
                what = _("%(domain)s and its subdomains") % {"domain": what}
            self.stdout.write(f"{what}: {limit}")
        if not limits:
            self.stdout.write(_("No pace is set: mail leaves as fast as the server takes it."))

    def show(self, options: dict[str, Any]) -> None:
        """What is written in any case."""

    def set(self, options: dict[str, Any]) -> None:
        by = _user(options["by"])
        if options["with_subdomains"] and not options["domain"]:
            raise CommandError(_("--with-subdomains needs --domain."))
        try:
            rate = parsed(" ".join(options["words"]))
        except UnclearPace as error:
            raise CommandError(str(error)) from error
        pace.set_pace(rate, of=_of(options), has_subdomains=options["with_subdomains"], by=by)

    def clear(self, options: dict[str, Any]) -> None:
        if not pace.clear(of=_of(options), by=_user(options["by"])):
            self.stderr.write(_("Nothing was set there."))


def _of(options: dict[str, Any]) -> Of:
    if options["domain"] is None:
        return Of(transport=options["transport"])
    try:
        return Of(domain=pace.domain_key(options["domain"]))
    except pace.UnclearDomain as error:
        raise CommandError(str(error)) from error


def _user(name: str | None) -> AbstractUser | None:
    if not name:
        return None
    user: Any = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name})
    if not pace.may_set(user):
        raise CommandError(_("%(user)s may not set paces.") % {"user": user})
    return user  # type: ignore[no-any-return]


def _facts(limit: pace.Limit) -> dict[str, Any]:
    return {
        **limit.of._asdict(),
        "with_subdomains": limit.has_subdomains,
        "count": limit.rate.most if limit.rate else None,
        "per_s": limit.rate.per_s if limit.rate else None,
        "per_minute": round(limit.per_minute, 2),
        "is_learned": limit.is_learned,
        "words": str(limit),
    }
