"""The gate at work: reads what is not read yet, asks the rows what people answered, lets through or refuses.

Every road to readers ends in `Article.save`, which asks `guard`; those who know earlier ask `clear` before
any transaction opens, so that the desk never reads inside one.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from . import analysis, gate
from .ledger import AnonymousSource, Clearance, Dismissal, Evidence, Ruling, StoredReading, packed
from .manuscript import Manuscript, manuscript_of
from .rules import PublishingRules

if TYPE_CHECKING:
    from .models import Article

NAMED_AT_MOST = 3

log = logging.getLogger(__name__)


class GateClosed(Exception):
    """This text may not go to readers: `examination` says what stops it; None, that the desk does not answer."""

    def __init__(self, article: Article, examination: gate.Examination | None) -> None:
        super().__init__(article.pk)
        self.article, self.examination = article, examination

    def __str__(self) -> str:
        return sentence(self)


def sentence(error: GateClosed) -> str:
    """The refusal and the way out, for whoever was refused."""
    article = error.article
    headline = (article.draft_title if article.pk else "") or article.title
    if error.examination is None:
        way_out = _("The draft is safe; try again in a minute.")
    else:
        way_out = _(
            "Mend it, give the source, or override it with a second person, in the editor under “Findings”. "
            "The draft is safe."
        )
    refusal = _("“%(headline)s” is not published: %(reason)s.") % {
        "headline": headline,
        "reason": reason(error),
    }
    return f"{refusal} {way_out}"


def reason(error: GateClosed) -> str:
    """What stops it, without a full stop."""
    if error.examination is None:
        return _("the desk cannot be reached, so nobody knows what it would find")
    stopping = error.examination.stopping
    names = [_name(item) for item in stopping[:NAMED_AT_MOST]]
    more = len(stopping) - len(names)
    if more:
        names.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "; ".join(names)


def _name(item: gate.Stand | gate.Requirement) -> str:
    if isinstance(item, gate.Requirement):
        return requirement_title(item)
    words = item.finding.place.words
    shown = words if len(words) <= 60 else words[:60].rpartition(" ")[0] + "…"
    return f"{item.finding.title(get_language() or 'en')} ({shown})"


def requirement_title(requirement: gate.Requirement) -> str:
    """What the gate asks for, in a few words."""
    words = ", ".join(requirement.words)
    return {
        "ai": _("AI was used: tell readers, or name who answers for the text"),
        "reply": _("Somebody is accused: record that they were asked for their side"),
        "interests": _("Those who sign declared an interest in this (%(words)s): say what readers are told")
        % {"words": words},
        "anonymity": _("An anonymous source waits for an editor’s approval (%(words)s)") % {"words": words},
        "unattributed": _("Too many claims have no source (%(share)s; at most %(most)s)")
        % dict(zip(("share", "most"), (*requirement.words, "", "")[:2], strict=True)),
    }[requirement.name]


def guard(article: Article) -> None:
    """Nothing, if `article` may stand before readers with the words and disclosures it now has.

    Raises:
        GateClosed: it may not.
    """
    public = type(article).objects.filter(pk=article.pk, live=True).first()
    if public is None or _judged(public) != _judged(article):
        clear(article)


def _judged(article: Article) -> tuple[object, ...]:
    """All the gate looks at that a draft may change."""
    return *article.judged, manuscript_of(article).sha256


def clear(article: Article) -> gate.Examination:
    """Let `article` through and note it.

    Raises:
        GateClosed: something stops it, or the desk does not answer.
    """
    manuscript = manuscript_of(article)
    try:
        reading = reading_of(article, manuscript)
    except analysis.DeskUnreachable as error:
        log.error("Not published, the desk does not answer: article %s (%s)", article.pk, error)
        raise GateClosed(article, None) from error
    examination = examine(article, manuscript, reading)
    if not examination.is_open:
        raise GateClosed(article, examination)
    if article.pk:
        note_clearance(article, examination)
    return examination


def note_clearance(article: Article, examination: gate.Examination) -> None:
    """Keep that exactly this text passed, and what two people answered for."""
    answered = [
        [stand.finding.code, stand.finding.place.words]
        for stand in examination.stands
        if stand.finding.severity == "error" and stand.state is gate.State.DISMISSED
    ]
    answered += [
        [requirement.name, ", ".join(requirement.words)]
        for requirement in examination.requirements
        if requirement.state is gate.State.DISMISSED
    ]
    Clearance.objects.update_or_create(
        article_id=article.pk,
        manuscript_sha256=examination.reading.manuscript_sha256,
        defaults={"overridden": answered, "cleared_at": timezone.now()},
    )


def reading_of(article: Article, manuscript: Manuscript | None = None) -> analysis.Reading:
    """The stored reading of exactly these words by today's desk; where there is none, a new one, stored.

    Raises:
        DeskUnreachable: there was none, and the desk does not answer.
    """
    manuscript = manuscript or manuscript_of(article)
    stored = StoredReading.objects.filter(
        article_id=article.pk, manuscript_sha256=manuscript.sha256, desk=analysis.desk_version()
    ).first()
    if stored:
        return stored.reading
    reading = analysis.read(manuscript)
    if article.pk:
        store(article, reading)
    return reading


@transaction.atomic
def store(article: Article, reading: analysis.Reading) -> None:
    """Keep a reading, and of those before it only what readers had."""
    StoredReading.objects.update_or_create(
        article_id=article.pk,
        manuscript_sha256=reading.manuscript_sha256,
        defaults={"packed": packed(reading), "desk": reading.desk, "made_at": timezone.now()},
    )
    older = StoredReading.objects.filter(article_id=article.pk, is_published=False)
    older.exclude(manuscript_sha256=reading.manuscript_sha256).delete()


def examine(article: Article, manuscript: Manuscript, reading: analysis.Reading) -> gate.Examination:
    """How everything stands in this text of `article`, by what people answered and the newsroom's rules."""
    thresholds = PublishingRules.load().thresholds(article.kind)
    return gate.examine(reading, _answers(article), _beside(article, manuscript), thresholds)


def _answers(article: Article) -> list[gate.Answer]:
    if not article.pk:
        return []
    standing = Dismissal.objects.standing().filter(article_id=article.pk)
    return [gate.Answer(row.key, row.seconded_at is not None) for row in standing]


def _beside(article: Article, manuscript: Manuscript) -> gate.Beside:
    sourced: set[str] = set()
    anonymous: set[str] = set()
    if article.pk:
        for model in (Ruling, Evidence):
            rows = model.objects.standing().filter(article_id=article.pk)  # type: ignore[attr-defined]
            sourced.update(rows.values_list("key", flat=True))
        approved = AnonymousSource.objects.standing().filter(article_id=article.pk, approved_at__isnull=False)
        anonymous = {" ".join(words.casefold().split()) for words in approved.values_list("words", flat=True)}
    return gate.Beside(
        sourced=frozenset(sourced),
        anonymous=frozenset(anonymous),
        has_reply=bool(article.replies.all()),
        has_interests_answer=bool(article.interests),
        interests_met=_interests_met(article, manuscript),
        ai_use=article.ai_use,
        is_ai_answered=article.is_ai_answered,
    )


_NAME = re.compile(
    r"[^\W\d_]*[A-ZÀ-ÖØ-Þ][\w’'-]{2,}(?: (?:(?:de|du|des|la|le|of|the) )*[A-ZÀ-ÖØ-Þ][\w’'-]+)*"
)


def _interests_met(article: Article, manuscript: Manuscript) -> tuple[str, ...]:
    """The names in the authors' declared interests that the text mentions, too."""
    text = "\n".join(zone.text for zone in manuscript.zones)
    names = (match.group() for person in article.authors for match in _NAME.finditer(person.interests))
    met = (name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))
    return tuple(dict.fromkeys(met))
