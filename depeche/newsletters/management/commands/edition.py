"""`bin/depeche edition VERB …`: an edition without a browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from depeche.articles.models import Article
from depeche.delivery.bulk_lock import BulkMailLocked
from depeche.newsletters import actions, agreement, sending_words, size
from depeche.newsletters.management import digests, sending
from depeche.newsletters.models import Edition, EditionState
from depeche.newsletters.progress import progress
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
        for verb in (new, test):
            verb.add_argument("--json", action="store_true")
        new.add_argument("--by", metavar="USER", help="in whose name")
        sending.add_arguments(verbs)
        digests.add_arguments(verbs)

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb in sending.VERBS:
            edition, user = _edition(options), _user(options["by"])
            said = _refused_in_words(lambda: sending.VERBS[verb](edition, user, options), user)
            edition.refresh_from_db()
            self._show(edition, said, as_json=options["json"])
        elif verb == "digest":
            digests.run(options, _user(options["by"]) if options["by"] else None, self.stdout)
        elif verb == "uncertain":
            sending.show_uncertain(_edition(options), self.stdout, as_json=options["json"])
        elif verb == "status" and options["follow"]:
            sending.follow(_edition(options), lambda edition: self._show(edition, as_json=options["json"]))
        else:
            self._show(getattr(self, verb)(options), as_json=options["json"])

    def _show(self, edition: Edition, said: str = "", *, as_json: bool) -> None:
        facts = _facts(edition)
        if as_json:
            self.stdout.write(json.dumps(facts | {"said": said}, ensure_ascii=False))
            return
        copies = ", ".join(f"{count} {state}" for state, count in facts["copies"].items()) or "–"
        self.stdout.write(f"{facts['id']}: {facts['subject']} ({edition.get_state_display()}; {copies})")
        for sentence in [said, *_sentences(edition, facts)]:
            if sentence:
                self.stdout.write(sentence)

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

    def status(self, options: dict[str, Any]) -> Edition:
        return _edition(options)


def _facts(edition: Edition) -> dict[str, Any]:
    asked = agreement.open_request(edition)
    return {
        "id": edition.pk,
        "newsletter": edition.newsletter.slug,
        "number": edition.number,
        "subject": edition.subject,
        "state": edition.state,
        "readers": Subscription.objects.confirmed().to(edition.newsletter).count(),
        "copies": actions.progress(edition),
        "progress": progress(edition).as_json() if edition.has_left else None,
        "scheduled_at": edition.scheduled_at and edition.scheduled_at.isoformat(),
        "held_because": edition.held_because,
        "held_about": edition.held_about,
        "html_bytes": None if edition.has_left else size.html_bytes(edition),
        "asked": asked
        and {
            "by": asked.asked_by and asked.asked_by.get_username(),
            "at": asked.asked_at.isoformat(),
            "leave_at": asked.leave_at and asked.leave_at.isoformat(),
        },
        "url": edition.web_url if edition.number else None,
        "articles": [item.article_id for item in edition.items.all()],
    }


def _sentences(edition: Edition, facts: dict[str, Any]) -> list[str]:
    """What a person should know beside the figures."""
    found = []
    if edition.held_because:
        found = [sending_words.held(edition), sending_words.held_todo(edition)]
    if facts["html_bytes"] is not None:
        found.append(sending_words.size_warning(facts["html_bytes"]))
    if facts["asked"]:
        found.append(_("%(user)s asks for agreement.") % {"user": facts["asked"]["by"]})
    now = facts["progress"]
    if now and now["seconds_left"] is not None and now["open"]:
        rate = _("%(count)s per minute") % {"count": sending_words.number(now["per_minute"])}
        found.append(f"{rate}, {sending_words.time_left(now['seconds_left'])}")
    for why in now["why"] if now else []:
        found.append(f"{why['sentence']} {why['words']}".strip())
    return found


def _refused_in_words(act: Callable[[], str], user: Any) -> str:
    try:
        return act()
    except actions.NotAllowed as error:
        raise CommandError(_("%(user)s may not send editions.") % {"user": user}) from error
    except BulkMailLocked as error:
        raise CommandError(
            _("Nothing was sent: %(doubt)s. “bin/depeche journal accept” says what that means.")
            % {"doubt": error}
        ) from error
    except actions.NotNow as error:
        raise CommandError(f"{sending_words.refusal(error)} {_what_can_be_done(error.state)}") from error
    except sending_words.REFUSALS as error:
        raise CommandError(sending_words.refusal(error)) from error


def _what_can_be_done(state: EditionState) -> str:
    return {
        EditionState.DRAFT: _("“send” and “schedule” are what can be done."),
        EditionState.SCHEDULED: _("“send”, “schedule” and “unschedule” are what can be done."),
        EditionState.SENDING: _("“pause” and “cancel” are what can be done."),
        EditionState.PAUSED: _("“resume” and “cancel” are what can be done."),
        EditionState.SENT: _("“resend” and “decide” are what can be done."),
        EditionState.CANCELLED: _("Compose a new one."),
    }[state]


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
