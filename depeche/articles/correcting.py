"""Putting right what readers had: filing a correction, and who has to hear of it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from depeche import facts

from .actions import NotAllowed
from .models import Article, Correction, PublishedVersion
from .passages import Passage, contains, passages_of, says

IsWrong = Callable[[Revision], bool]


class NotCorrected(Exception):
    """The correction does not fit what readers have; `str()` says how to mend it, in the user's language.

    `field` is the one to mend (`was`, `now`, `reason`), "" where it is none of them.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Mistake:
    """Wrong words and right ones: enough to tell whether some text is wrong."""

    was: str
    now: str

    def is_in(self, passages: tuple[Passage, ...]) -> bool:
        """Whether it says the wrong words; where those are part of the right ones (or none), without these."""
        if not says(passages, self.was):
            return False
        return not (self.now and contains(self.now, self.was) and says(passages, self.now))

    def is_in_revision(self, revision: Revision) -> bool:
        return self.is_in(passages_of(revision.as_object()))


@dataclass(frozen=True)
class Sent:
    """One thing that carried the wrong words to readers: its name, when it left, where it stands."""

    name: str
    at: dt.datetime
    url: str


@dataclass(frozen=True)
class Audience:
    """How many readers would be written to, and what brought them the wrong words."""

    readers: int = 0
    sent: tuple[Sent, ...] = ()


class Messenger(Protocol):
    """An upper app that sends articles to readers, and corrections after them."""

    def audience(self, article: Article, is_wrong: IsWrong) -> Audience:
        """Who was sent the article in a wrong revision, and still wants to hear from us."""

    def progress(self, correction: Correction) -> list[tuple[str, int]]:
        """What became of the mails about it: a state in words, and how many."""


_messengers: list[Messenger] = []


def register_messenger(messenger: Messenger) -> None:
    """Let an upper app say whom it sent what."""
    _messengers.append(messenger)


def audience(article: Article, mistake: Mistake) -> Audience:
    """Whom we would write to about this mistake."""
    asked = [messenger.audience(article, mistake.is_in_revision) for messenger in _messengers]
    return Audience(sum(one.readers for one in asked), tuple(sent for one in asked for sent in one.sent))


def progress(correction: Correction) -> list[tuple[str, int]]:
    """What became of the mails about a correction: a state in words, and how many."""
    return [row for messenger in _messengers for row in messenger.progress(correction)]


@dataclass(frozen=True)
class Draft:
    """A correction as it would be published: what an editor wants to say, in clean words."""

    kind: str
    was: str
    now: str
    reason: str
    changes_meaning: bool = True
    tells_readers: bool = False

    def cleaned(self) -> Draft:
        """The same on one line each, without signs that turn the direction of what follows."""
        was, now, reason = (_one_line(words) for words in (self.was, self.now, self.reason))
        return Draft(self.kind, was, now, reason, self.changes_meaning, self.tells_readers)

    @property
    def mistake(self) -> Mistake:
        return Mistake(self.was, self.now)


def check(article: Article, draft: Draft) -> list[PublishedVersion]:
    """The versions that were wrong, where the draft fits what readers had and have.

    Raises:
        NotCorrected: readers do not have the right words yet, or never had the wrong ones.
    """
    versions = list(article.versions.select_related("revision"))
    if not draft.was and not draft.now:
        raise NotCorrected(_("Give the wrong words, the right ones, or both."), "was")
    if not draft.reason:
        raise NotCorrected(_("Say in one sentence what was wrong."), "reason")
    if len(versions) < 2:
        raise NotCorrected(_("Readers had no other version: change the article and publish it first."))
    newest = passages_of(versions[-1].revision.as_object())
    if draft.now and not says(newest, draft.now):
        raise NotCorrected(
            _("Readers do not have the right words yet: publish the corrected article first."), "now"
        )
    if draft.was and draft.mistake.is_in(newest):
        raise NotCorrected(
            _("The article still says the wrong words: publish the corrected article first."), "was"
        )
    wrong = [version for version in versions[:-1] if draft.mistake.is_in_revision(version.revision)]
    if not wrong and not draft.was:
        raise NotCorrected(_("All earlier versions say these words already."), "now")
    if not wrong:
        raise NotCorrected(
            _("No earlier version says the wrong words: copy them as they were published."), "was"
        )
    for filed in article.corrections.filter(was=draft.was, now=draft.now).prefetch_related("wrong_versions"):
        if set(wrong) <= set(filed.wrong_versions.all()):  # else the mistake came back since
            raise NotCorrected(_("This correction is published already."))
    return wrong


@transaction.atomic
def file_correction(article: Article, *, by: User, at: dt.datetime | None = None, **said: Any) -> Correction:
    """Put on record, before readers, that `was` is now `now`; whoever was sent the wrong words may be told.

    `said` are the fields of a `Draft`: kind, was, now, reason, changes_meaning, tells_readers.

    Raises:
        NotAllowed: `by` may not publish in this section.
        NotCorrected: readers do not have the right words yet, never had the wrong ones, or were told already.
    """
    if not may_file(article, by):
        raise NotAllowed
    Article.objects.select_for_update().only("pk").get(pk=article.pk)  # two who press at once file it once
    draft = Draft(**said).cleaned()
    wrong = check(article, draft)
    newest = article.versions.last()
    correction = Correction.objects.create(
        article=article,
        **vars(draft),
        corrected_in=newest,
        published_at=at or timezone.now(),
        filed_by=by,
    )
    correction.wrong_versions.set(wrong)
    data = {"was": draft.was[:200], "now": draft.now[:200], "reason": draft.reason}
    log(article, "depeche.correct", user=by, data=data)
    facts.announce(facts.CorrectionPublished(correction_id=correction.pk, article_id=article.pk))
    return correction


def may_file(article: Article, by: User) -> bool:
    """Whether this person may file one: whoever may publish it, as it stands before readers."""
    return article.live and article.permissions_for_user(by).can_publish()


def _one_line(words: str) -> str:
    plain = "".join(sign for sign in words if sign.isspace() or unicodedata.category(sign) != "Cc")
    return " ".join("".join(sign for sign in plain if sign not in _TURNING).split())


# Embeddings, overrides and isolates of direction (UAX 9 §2): words that hold them would turn their neighbours.
_TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
