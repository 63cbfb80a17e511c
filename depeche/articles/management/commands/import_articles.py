"""`bin/depeche import FILE…|URL|-`"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.articles import actions, answers, gatekeeping, importing, second_person
from depeche.articles.models import Section
from depeche.jobs.fetch import FetchRefused, fetch


@dataclass(frozen=True)
class Source:
    origin: str
    content: bytes
    declared_encoding: str = ""


class Refused(Exception):
    """One text that could not be imported, and why, in the user's language."""


class Command(BaseCommand):
    help = _("Make drafts of texts: files, web pages, or standard input (-).")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="FILE|URL|-")
        parser.add_argument("--publish", action="store_true", help="publish at once; needs --by")
        parser.add_argument("--by", metavar="USER", help="in whose name")
        parser.add_argument(
            "--override", metavar="REASON", help="answer for what the desk stops; needs --second"
        )
        parser.add_argument("--second", metavar="USER", help="the second person who agrees to --override")
        parser.add_argument("--section", metavar="SLUG", help="default: the first of that language")
        parser.add_argument(
            "--language", metavar="CODE", help="default: what the page says, else the newsroom's"
        )
        parser.add_argument(
            "--format", choices=["text", "markdown", "html"], help="default: by name and content"
        )
        parser.add_argument("--encoding", help="default: detected")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _user(options["by"])
        if options["publish"] and user is None:
            raise CommandError(_("--publish needs --by USER: somebody answers for what is published."))
        _check_override(options)
        failed = 0
        for name in options["sources"]:
            try:
                imported = self._import(name, user, options)
            except Refused as error:
                failed += 1
                self.stderr.write(f"{name}: {error}")
                continue
            self.stdout.write(_as_json(name, imported) if options["json"] else _as_text(name, imported))
        if failed:
            sys.exit(1)

    def _import(self, name: str, user: Any, options: dict[str, Any]) -> importing.Imported:
        source = _read(name, options["encoding"] or "")
        content = _decoded(source.content, options["encoding"]) if options["encoding"] else source.content
        try:
            reading = importing.read(
                content,
                source_format=options["format"],
                name=source.origin,
                declared_encoding=source.declared_encoding,
            )
        except importing.UnreadableSource as error:
            raise Refused(_explain(error)) from error
        section = _section(options["section"], options["language"] or reading.language)
        if options["publish"] and not section.permissions_for_user(user).can_publish_subpage():
            raise Refused(
                _("%(user)s may not publish in “%(section)s”.") % {"user": user, "section": section}
            )
        try:
            imported = importing.make_draft(reading, section=section, origin=source.origin, by=user)
            if options["publish"] and not imported.article.live:
                if not imported.is_untouched:
                    raise Refused(
                        _("it is known already, and was worked on since: publish it in the editor, %(url)s")
                        % {"url": _edit_url(imported.article)}
                    )
                _publish(imported.article, user, options)
            if (
                not imported.is_new
                and not imported.article.is_child_of(section)
                and (options["section"] or options["language"])
            ):
                raise Refused(
                    _("it is known already, in another section: move it in the editor, %(url)s")
                    % {"url": _edit_url(imported.article)}
                )
        except second_person.NeedsSecondPerson as error:
            raise Refused(
                _("the draft is there, but not published: %(reason)s %(url)s")
                % {"reason": second_person.sentence(error), "url": _edit_url(error.article)}
            ) from error
        except gatekeeping.GateClosed as error:
            raise Refused(
                _(
                    "the draft is there, but not published: %(reason)s. Mend the text, or answer for it as two "
                    "with --override REASON --second USER. %(url)s"
                )
                % {"reason": gatekeeping.reason(error), "url": _edit_url(imported.article)}
            ) from error
        except answers.Refused as error:
            raise Refused(
                _("the draft is there, but not published: %(reason)s %(url)s")
                % {"reason": error, "url": _edit_url(imported.article)}
            ) from error
        except actions.NotAllowed as error:
            raise Refused(
                _("%(user)s may not write in “%(section)s”.") % {"user": user, "section": section}
            ) from error
        except importing.HeadlineTooLong as error:
            raise Refused(
                _(
                    "the headline has %(length)d characters, %(most)d at most: put a shorter one on the first line."
                )
                % {"length": len(str(error)), "most": importing.LONGEST_HEADLINE}
            ) from error
        return imported


def _check_override(options: dict[str, Any]) -> None:
    if not options["override"] and not options["second"]:
        return
    if not (options["override"] and options["second"] and options["publish"]):
        raise CommandError(
            _("An override needs all of --publish, --override REASON and --second USER, a second person.")
        )
    if _user(options["second"]) == _user(options["by"]):
        raise CommandError(_("--second names the same person as --by: somebody else has to agree."))


def _publish(article: Any, user: Any, options: dict[str, Any]) -> None:
    """Publish it; where the gate is closed and two people answer for it, past the gate, on record."""
    try:
        actions.publish(article, by=user)
    except gatekeeping.GateClosed as error:
        if not options["override"] or error.examination is None:
            raise
        answers.override_all(
            article,
            error.examination,
            reason=options["override"],
            by=user,
            second_by=_user(options["second"]),
        )
        actions.publish(article, by=user)


def _decoded(content: bytes, encoding: str) -> str:
    """The text, in the encoding somebody named: they know better than any guess, or are told."""
    try:
        return content.decode(encoding)
    except LookupError as error:
        raise Refused(_("there is no encoding “%(name)s”.") % {"name": encoding}) from error
    except UnicodeDecodeError as error:
        raise Refused(
            _("it is not written in %(name)s: leave --encoding out to have it found.") % {"name": encoding}
        ) from error


def _read(name: str, encoding: str) -> Source:
    """The bytes behind a name, never more than one over the limit."""
    most = importing.MAX_SOURCE_BYTES
    if name == "-":
        return Source("", sys.stdin.buffer.read(most + 1), encoding)
    if "://" in name:
        try:
            page = fetch(name, max_bytes=most)
        except FetchRefused as error:
            raise Refused(_explain_fetch(error)) from error
        return Source(page.url, page.content, encoding or page.charset)
    try:
        with Path(name).open("rb") as file:
            return Source(name, file.read(most + 1), encoding)
    except FileNotFoundError as error:
        raise Refused(_("there is no such file.")) from error
    except OSError as error:
        raise Refused(_("it cannot be read: %(reason)s.") % {"reason": error.strerror}) from error


def _section(slug: str | None, language: str) -> Section:
    codes = [code for code, _name in settings.LANGUAGES]
    if language and language not in codes:
        raise Refused(
            _(
                "its language (%(language)s) is none of this newsroom's (%(codes)s): choose one with --language."
            )
            % {"language": language, "codes": ", ".join(codes)}
        )
    sections = Section.objects.filter(locale__language_code=language or codes[0]).order_by("path")
    section = sections.filter(slug=slug).first() if slug else sections.first()
    if section is None:
        names = ", ".join(sections.values_list("slug", flat=True)) or "–"
        raise Refused(
            _("there is no section “%(slug)s” in this language; there are: %(names)s.")
            % {"slug": slug or "", "names": names}
        )
    return section


def _user(name: str | None) -> Any:
    if not name:
        return None
    user = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name})
    return user


def _explain(error: importing.UnreadableSource) -> str:
    return {
        "empty": _("it holds no text to publish."),
        "too_large": _("it is larger than %(most)d MB: one article at a time, please.")
        % {"most": importing.MAX_SOURCE_BYTES // 1_000_000},
        "binary": _("this is no text: save it as text, Markdown or HTML and import that."),
        "encoding": _("its encoding is not recognised: save it as UTF-8, or name it with --encoding."),
        "no_headline": _("it has no headline: put one on the first line, the text below."),
    }[error.code]


def _explain_fetch(error: FetchRefused) -> str:
    reasons = {
        "scheme": _("only http and https addresses are fetched."),
        "credentials": _("addresses with a password in them are not fetched."),
        "port": _("only the usual ports are fetched."),
        "private_address": _(
            "this address is not on the public Internet: save the page and import the file."
        ),
        "unresolvable": _("this name does not exist, or there is no connection."),
        "too_many_redirects": _("it redirects without end."),
        "too_large": _("it is larger than %(most)d MB: one article at a time, please.")
        % {"most": importing.MAX_SOURCE_BYTES // 1_000_000},
        "too_slow": _("the server takes too long: try again, or save the page and import the file."),
        "status": _("the server has no such page."),
        "content_type": _("this is no page of text: only HTML, Markdown and plain text are imported."),
        "tls": _("its certificate is not valid: nobody can tell whose page this is."),
    }
    words = reasons.get(error.code, _("the server cannot be reached."))
    return f"{words} ({error.detail})" if error.detail else words


def _as_json(name: str, imported: importing.Imported) -> str:
    article, reading = imported.article, imported.reading
    return json.dumps(
        {
            "source": name,
            "id": article.pk,
            "new": imported.is_new,
            "live": article.live,
            "url": article.full_url,
            "edit_url": _edit_url(article),
            "language": article.language,
            "format": reading.source_format,
            "encoding": reading.encoding,
            "zones": [
                {"kind": zone.kind, "start": zone.start, "end": zone.end, "text": zone.text}
                | ({"reason": zone.reason} if zone.reason else {})
                for zone in reading.zones
            ],
            "left_out": [
                {"reason": zone.reason or zone.kind, "text": zone.text} for zone in imported.left_out
            ],
        },
        ensure_ascii=False,
    )


def _as_text(name: str, imported: importing.Imported) -> str:
    article, zones = imported.article, imported.reading.zones
    crossheads, paragraphs = (sum(zone.kind == kind for zone in zones) for kind in ("crosshead", "paragraph"))
    what = _("new draft") if imported.is_new else _("known already")
    if article.live:
        what = _("published") if imported.is_new else _("known already, published")
    lines = [
        f"{name}: {what}: {article.title}",
        "  "
        + _("%(crossheads)s, %(paragraphs)s, read as %(format)s, %(encoding)s")
        % {
            "crossheads": ngettext("%d crosshead", "%d crossheads", crossheads) % crossheads,
            "paragraphs": ngettext("%d paragraph", "%d paragraphs", paragraphs) % paragraphs,
            "format": imported.reading.source_format,
            "encoding": imported.reading.encoding,
        },
        *(
            "  "
            + _("left out (%(reason)s): %(text)s")
            % {"reason": zone.reason or zone.kind, "text": Truncator(zone.text).chars(160)}
            for zone in imported.left_out
        ),
        f"  {article.full_url if article.live else _edit_url(article)}",
    ]
    return "\n".join(lines)


def _edit_url(article: Any) -> str:
    return settings.BASE_URL + reverse("wagtailadmin_pages:edit", args=[article.pk])
