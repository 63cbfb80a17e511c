"""What a digest says: to readers in the language of its newsletter, to the newsroom in that of whoever looks."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.articles.models import Article
from depeche.articles.templatetags import dates

from .digest import EVERY_DAY, Digest, DigestRun
from .models import Edition

_BREAKS = re.compile(r"[\r\n\0]+")  # a headline never has any; were one to, it would be no header


def subject(run: DigestRun, lead: Article) -> str:
    """« Dimanche 28 mars 2027 : La passerelle rouvrira », as long as a subject may be."""
    with translation.override(run.digest.newsletter.language):
        said = _("%(day)s: %(headline)s") % {"day": capfirst(_day(run.due_at)), "headline": lead.title}
    return _shortened(_BREAKS.sub(" ", said), Edition._meta.get_field("subject").max_length or 150)


def introduction(run: DigestRun) -> str:
    """How many articles, since when."""
    with translation.override(run.digest.newsletter.language):
        return ngettext(
            "%(count)d article published since %(moment)s.",
            "%(count)d articles published since %(moment)s.",
            run.articles,
        ) % {"count": run.articles, "moment": dates.moment(_local(run.since), autoescape=False)}


def outcome(run: DigestRun) -> str:
    """What became of a day, for the newsroom."""
    if not run.articles:
        return _("No article since %(moment)s: nothing left.") % {
            "moment": dates.moment(_local(run.since), autoescape=False)
        }
    count = ngettext("%(count)d article", "%(count)d articles", run.articles) % {"count": run.articles}
    if run.edition is None:
        return _("%(articles)s; the edition was deleted.") % {"articles": count}
    return f"{count}; {run.edition.get_state_display()}"


def days(digest: Digest) -> str:
    """« chaque jour », or the days it leaves on."""
    if digest.weekdays == EVERY_DAY:
        return _("every day")
    return ", ".join(str(WEEKDAYS[int(day) - 1]).lower() for day in digest.weekdays)


def hour(digest: Digest) -> str:
    """« 7 h », as readers of this language write it."""
    return dates.hour(dt.datetime.combine(dt.date(2027, 1, 1), digest.leaves_at), autoescape=False)


def _day(moment: dt.datetime) -> str:
    return dates.day(_local(moment), autoescape=False)


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())


def _shortened(words: str, at_most: int) -> str:
    if len(words) <= at_most:
        return words
    return f"{words[: at_most - 1].rsplit(' ', 1)[0]}…"
