"""`bin/depeche dkim create|list|show|use|retire`: the keys that sign our mail."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from depeche.asking import agreed
from depeche.delivery import dkim_keys, dkim_records
from depeche.delivery.dkim_keys import DkimKey, Selector
from depeche.delivery.messages import domain_of


class Command(BaseCommand):
    help = _("The keys that sign our mail (DKIM): made, shown, changed.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="a new key, which signs nothing yet")
        create.add_argument("--selector", default="", help="its name; without one, of this month")
        list_ = verbs.add_parser("list", help="the keys there are and were")
        list_.add_argument("--json", action="store_true")
        show = verbs.add_parser("show", help="the DNS record to publish")
        use = verbs.add_parser("use", help="sign with it from now on, once its record is published")
        use.add_argument("--unpublished", action="store_true", help="also if DNS does not have its record")
        retire = verbs.add_parser("retire", help="delete its private half for ever; asks first")
        retire.add_argument("--yes", action="store_true", help="do not ask")
        for verb in (show, use, retire):
            verb.add_argument("selector", metavar="SELECTOR")
            verb.add_argument("--domain", default="", help="where several have that selector")
        create.add_argument("--domain", default="", help="of the sender; without one, of DEPECHE_MAIL_FROM")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(options)
        except dkim_keys.UnusableName as error:
            raise CommandError(_("“%(name)s” cannot be a name in DNS.") % {"name": error}) from error
        except dkim_keys.UnusableKey as error:
            raise CommandError(
                _("%(path)s holds no RSA key of 2048 bits without a password. Take it out of the folder.")
                % {"path": error}
            ) from error
        except OSError as error:
            raise CommandError(
                _("The keys in %(folder)s cannot be read or written: %(error)s.")
                % {"folder": settings.DKIM_FOLDER, "error": error.strerror}
            ) from error

    def create(self, options: dict[str, Any]) -> None:
        domain = options["domain"] or domain_of(settings.DEFAULT_FROM_EMAIL)
        try:
            key = dkim_keys.create(domain, selector=options["selector"], today=timezone.localdate())
        except dkim_keys.AlreadyThere as error:
            raise CommandError(
                _("%(name)s is taken, or was: a selector is never used for a second key.") % {"name": error}
            ) from error
        self._tell(key)
        self.stdout.write("")
        self.stdout.write(
            _("Once it is published (name servers may take an hour): %(command)s")
            % {"command": f"bin/depeche dkim use {key.selector}"}
        )

    def list(self, options: dict[str, Any]) -> None:
        found = dkim_keys.selectors()
        if options["json"]:
            self.stdout.write(json.dumps([_facts(one) for one in found]))
            return
        words = {"in use": _("signs"), "kept": _("does not sign"), "retired": _("retired")}
        for one in found:
            since = date_format(timezone.localtime(one.since), "DATETIME_FORMAT")
            self.stdout.write(f"{one.domain}  {one.name}  {words[one.state]}  {since}")
        if not found:
            self.stdout.write(
                _("There is no key: mail leaves unsigned. %(command)s makes one.")
                % {"command": "bin/depeche dkim create"}
            )

    def show(self, options: dict[str, Any]) -> None:
        selector = _selector(options)
        if selector.key is None:
            raise CommandError(_retired(selector))
        self._tell(selector.key)

    def use(self, options: dict[str, Any]) -> None:
        selector = _selector(options)
        if selector.key is None:
            raise CommandError(_retired(selector))
        is_published = dkim_records.is_published(selector.key)
        if is_published is False and not options["unpublished"]:
            raise CommandError(
                _(
                    "DNS does not have this key under %(name)s (yet): what it signs would be refused. Publish what “%(command)s” shows, wait, and try again."
                )
                % {"name": selector.key.record_name, "command": f"bin/depeche dkim show {selector.name}"}
            )
        if is_published is None:
            self.stderr.write(_("DNS could not be asked whether its record is published."))
        before = dkim_keys.in_use().get(selector.domain)
        dkim_keys.use(selector)
        self.stdout.write(
            _("Mail from %(domain)s is signed with %(selector)s from now on.")
            % {"domain": selector.domain, "selector": selector.name}
        )
        if before is not None and before.selector != selector.name:
            self.stdout.write(
                _("Leave the record of %(selector)s published for a week: mail under way is signed with it.")
                % {"selector": before.selector}
            )

    def retire(self, options: dict[str, Any]) -> None:
        selector = _selector(options)
        if selector.key is None:
            raise CommandError(_retired(selector))
        if selector.is_in_use:
            question = _(
                "Mail from %(domain)s will leave unsigned, and the key is gone for ever. Retire it? [y/N] "
            )
        else:
            question = _("The key of %(selector)s is gone for ever then. Retire it? [y/N] ")
        words = {"domain": selector.domain, "selector": selector.name}
        if not options["yes"] and not agreed(question % words):
            raise CommandError(_("Nothing was changed."))
        dkim_keys.retire(selector)
        self.stdout.write(
            _(
                "Retired. A week after it last signed, publish “v=DKIM1; p=” under %(name)s instead of its key, or remove the record."
            )
            % {"name": selector.key.record_name}
        )

    def _tell(self, key: DkimKey) -> None:
        self.stdout.write(_("Publish this record in DNS, of type TXT. Name:"))
        self.stdout.write(key.record_name)
        self.stdout.write(_("Value, for a web form:"))
        self.stdout.write(key.record)
        self.stdout.write(_("Or as a line of a zone file:"))
        self.stdout.write(dkim_records.zone_line(key))


def _selector(options: dict[str, Any]) -> Selector:
    """The one that is meant. Raises CommandError."""
    domain = dkim_keys.domain_key(options["domain"]) if options["domain"] else ""
    try:
        return dkim_keys.find(options["selector"], domain=domain)
    except dkim_keys.UnknownSelector as error:
        if error.domains:
            words = _("Several domains have a selector %(selector)s: %(domains)s. Say which, by --domain.")
        else:
            words = _("There is no selector %(selector)s. “bin/depeche dkim list” names those there are.")
        raise CommandError(
            words % {"selector": options["selector"], "domains": ", ".join(error.domains)}
        ) from error


def _retired(selector: Selector) -> str:
    return _("%(selector)s is retired: its key is gone.") % {"selector": selector.name}


def _facts(selector: Selector) -> dict[str, Any]:
    return {
        "domain": selector.domain,
        "selector": selector.name,
        "state": selector.state,
        "since": selector.since.isoformat(timespec="seconds"),
        "record_name": f"{selector.name}._domainkey.{selector.domain}",
        "record": selector.key.record if selector.key else None,
    }
