"""`bin/depeche edition new|test|send|status …`: an edition without a browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from depeche.articles.models import Article
from depeche.asking import agreed
from depeche.delivery.bulk_lock import BulkMailLocked
from depeche.newsletters import actions
from depeche.newsletters.models import Edition
from depeche.subscribers.models import Newsletter, Subscription


class Command(BaseCommand):
    help = _("Compose, test, send and follow an edition of a newsletter.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        new = verbs.add_parser("new", help="a draft with these articles, in this order")
        new.add_argument(
            "articles", nargs="+", type=int, metavar="ARTICLE", help="ids, as `import --json` prints them"
        )
        new.add_argument("--subject", required=True)
        new.add_argument("--introduction", default="")
        new.add_argument("--newsletter", metavar="SLUG", help="default: that of the first article's language")
        test = verbs.add_parser("test", help="one copy to each address, marked as a test")
        test.add_argument("edition", type=int)
        test.add_argument("--to", required=True, nargs="+", metavar="ADDRESS")
        send = verbs.add_parser("send", help="to every confirmed subscriber, once")
        send.add_argument("edition", type=int)
        send.add_argument("--yes", action="store_true", help="do not ask")
        status = verbs.add_parser("status", help="what became of each copy")
        status.add_argument("edition", type=int)
        for verb in (new, test, send, status):
            verb.add_argument("--json", action="store_true")
        for verb in (new, send):
            verb.add_argument("--by", metavar="USER", required=verb is send, help="in whose name")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = getattr(self, options["verb"])(options)
        facts = _facts(edition)
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
        else:
            copies = ", ".join(f"{count} {state}" for state, count in facts["copies"].items()) or "–"
            self.stdout.write(f"{facts['id']}: {facts['subject']} ({edition.get_state_display()}; {copies})")

    def new(self, options: dict[str, Any]) -> Edition:
        found = Article.objects.in_bulk(options["articles"])
        missing = [str(pk) for pk in options["articles"] if pk not in found]
        if missing:
            raise CommandError(_("There is no article %(ids)s.") % {"ids": ", ".join(missing)})
        articles = [found[pk] for pk in dict.fromkeys(options["articles"])]
        newsletters = Newsletter.objects.filter(
            **(
                {"slug": options["newsletter"]}
                if options["newsletter"]
                else {"language": articles[0].language}
            )
        )
        newsletter = newsletters.first()
        if newsletter is None:
            names = ", ".join(Newsletter.objects.values_list("slug", flat=True)) or "–"
            raise CommandError(_("There is no such newsletter; there are: %(names)s.") % {"names": names})
        return actions.compose_edition(
            newsletter,
            subject=_one_line(options["subject"]),
            introduction=options["introduction"],
            articles=articles,
            by=_user(options["by"]) if options["by"] else None,
        )

    def test(self, options: dict[str, Any]) -> Edition:
        edition = _edition(options)
        try:
            for address in options["to"]:
                validate_email(address, check_deliverability=False, test_environment=True)
            actions.send_test(edition, to=options["to"])
        except EmailNotValidError as error:
            raise CommandError(_("“%(address)s” is not an e-mail address.") % {"address": address}) from error
        except actions.NothingToSend as error:
            raise CommandError(_("This edition holds no article yet. Add one first.")) from error
        return edition

    def send(self, options: dict[str, Any]) -> Edition:
        edition, user = _edition(options), _user(options["by"])
        readers = Subscription.objects.confirmed().to(edition.newsletter).count()
        question = _("Send “%(subject)s” to %(readers)d readers? It cannot be called back. [y/N] ") % {
            "subject": edition.subject,
            "readers": readers,
        }
        if not options["yes"] and not agreed(question):
            raise CommandError(_("Nothing was sent."))
        try:
            return actions.send(edition, by=user)
        except actions.NotAllowed as error:
            raise CommandError(_("%(user)s may not send editions.") % {"user": user}) from error
        except BulkMailLocked as error:
            raise CommandError(
                _("Nothing was sent: %(doubt)s. “bin/depeche journal accept” says what that means.")
                % {"doubt": error}
            ) from error
        except actions.AlreadySent as error:
            raise CommandError(_("This edition was sent already. It goes out only once.")) from error
        except actions.NothingToSend as error:
            raise CommandError(_("This edition holds no article yet. Add one first.")) from error
        except actions.NotPublished as error:
            raise CommandError(
                _("“%(headline)s” is not published. Publish it or take it out.")
                % {"headline": error.article.title}
            ) from error

    def status(self, options: dict[str, Any]) -> Edition:
        return _edition(options)


def _facts(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.pk,
        "newsletter": edition.newsletter.slug,
        "number": edition.number,
        "subject": edition.subject,
        "state": edition.state,
        "readers": Subscription.objects.confirmed().to(edition.newsletter).count(),
        "copies": actions.progress(edition),
        "url": edition.web_url if edition.number else None,
        "articles": [item.article_id for item in edition.items.all()],
    }


def _edition(options: dict[str, Any]) -> Edition:
    edition = Edition.objects.select_related("newsletter").filter(pk=options["edition"]).first()
    if edition is None:
        raise CommandError(_("There is no edition %(id)s.") % {"id": options["edition"]})
    return edition


def _user(name: str) -> Any:
    user = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name})
    return user


def _one_line(subject: str) -> str:
    if not subject.strip() or not subject.isprintable():
        raise CommandError(_("A subject is one line of text."))
    if len(subject.strip()) > 150:
        raise CommandError(_("A subject has at most 150 characters."))
    return subject.strip()
