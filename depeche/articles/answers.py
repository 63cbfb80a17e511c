"""What people say to the desk: a warning dismissed, an error overridden by two, a claim put right, evidence
added, anonymity approved. Each is on record with who and when, and can be taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from . import gatekeeping
from .analysis import Claim, Finding
from .gate import Examination, Requirement, Stand
from .ledger import AnonymousSource, Dismissal, Evidence, Ruling, Said
from .models import Article

LONGEST_WORDS = 300


class Refused(Exception):
    """It cannot be recorded; `str()` says why and what to do, in the user's language."""


@transaction.atomic
def dismiss(
    article: Article, item: Finding | Requirement, *, reason: str, by: User, at: dt.datetime | None = None
) -> Dismissal:
    """Answer for a finding. A warning is dismissed then; an error, or something the gate asks for, waits
    for a second person.

    Raises:
        Refused: without a reason, without the right to edit, or answered already.
    """
    _needs_editing(article, by)
    reason = _needs_words(reason, _("Say why: whoever reviews the article reads it."))
    if isinstance(item, Finding):
        code, severity, words = item.code, item.severity, item.place.words
    else:
        code, severity, words = item.name, "error", gatekeeping.requirement_title(item)
    dismissal = _created(
        lambda: Dismissal.objects.create(
            article=article,
            key=item.key,
            code=code,
            severity=severity,
            words=words[:LONGEST_WORDS],
            reason=reason,
            by=by,
            at=at or timezone.now(),
        )
    )
    _note(article, "depeche.dismiss", by, dismissal, reason=reason, code=code)
    return dismissal


@transaction.atomic
def second(dismissal: Dismissal, *, by: User, at: dt.datetime | None = None) -> None:
    """Agree to an override, as its second person.

    Raises:
        Refused: `by` asked for it, or may not publish this article.
    """
    dismissal = _locked(dismissal)
    if not dismissal.is_override or dismissal.seconded_at:
        raise Refused(_("Nobody else is needed here."))
    if dismissal.by_id == by.pk:
        raise Refused(_("You asked for it: a second person has to agree."))
    if not dismissal.article.permissions_for_user(by).can_publish():
        raise Refused(_("Only a colleague who may publish this article can agree."))
    dismissal.seconded_by, dismissal.seconded_at = by, at or timezone.now()
    dismissal.save(update_fields=["seconded_by", "seconded_at"])
    _note(dismissal.article, "depeche.second", by, dismissal, code=dismissal.code)


@transaction.atomic
def override_all(
    article: Article, examination: Examination, *, reason: str, by: User, second_by: User
) -> None:
    """Answer for everything that stops `article`, as two people at once: `by` asks, `second_by` agrees.

    Raises:
        Refused: the two are one, or one of them may not.
    """
    for item in examination.stopping:
        found = item.finding if isinstance(item, Stand) else item
        dismissal = article.dismissals.standing().filter(key=found.key).first()
        dismissal = dismissal or dismiss(article, found, reason=reason, by=by)
        if dismissal.is_override:
            second(dismissal, by=second_by)


@transaction.atomic
def rule(
    article: Article,
    claim: Claim,
    *,
    verdict: str,
    source: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> Ruling:
    """Put the engine right about a claim; a ruling that stood before gives way.

    Raises:
        Refused: no name for the right source, no such verdict, or no right to edit.
    """
    _needs_editing(article, by)
    if verdict not in Ruling.Verdict.values:
        raise Refused(_("Choose what is right."))
    if verdict == Ruling.Verdict.SOURCE:
        source = _needs_words(source, _("Name the source: who says it?"))
    else:
        source = ""
    at = at or timezone.now()
    article.rulings.standing().filter(key=claim.key).update(taken_back_at=at, taken_back_by=by)
    ruling = _created(
        lambda: Ruling.objects.create(
            article=article,
            key=claim.key,
            words=claim.place.words[:LONGEST_WORDS],
            verdict=verdict,
            source=source[:200],
            engine_said=_said_by_the_engine(claim),
            by=by,
            at=at,
        )
    )
    _note(article, "depeche.rule", by, ruling, verdict=verdict)
    return ruling


@transaction.atomic
def add_evidence(
    article: Article, claim: Claim, *, record: dict[str, Any], by: User, at: dt.datetime | None = None
) -> Evidence:
    """Note what a claim rests on; `record` is the fields of a source record, cleaned by a form.

    Raises:
        Refused: no right to edit.
    """
    _needs_editing(article, by)
    evidence = Evidence.objects.create(
        article=article,
        key=claim.key,
        words=claim.place.words[:LONGEST_WORDS],
        by=by,
        at=at or timezone.now(),
        **record,
    )
    _note(article, "depeche.evidence", by, evidence, who=evidence.who)
    return evidence


@transaction.atomic
def ask_for_anonymity(
    article: Article, *, words: str, reason: str, by: User, at: dt.datetime | None = None
) -> AnonymousSource:
    """Record why the source described by `words` is not named; an editor has to approve.

    Raises:
        Refused: no words, no reason, no right to edit.
    """
    _needs_editing(article, by)
    source = AnonymousSource.objects.create(
        article=article,
        words=_needs_words(words, _("Say how the article describes this source."))[:LONGEST_WORDS],
        reason=_needs_words(reason, _("Say why the source cannot be named.")),
        by=by,
        at=at or timezone.now(),
    )
    _note(article, "depeche.anonymity", by, source)
    return source


@transaction.atomic
def approve_anonymity(source: AnonymousSource, *, by: User, at: dt.datetime | None = None) -> None:
    """Answer for an anonymous source as the editor who knows who it is.

    Raises:
        Refused: `by` asked for it, or may not publish this article.
    """
    source = _locked(source)
    if source.by_id == by.pk:
        raise Refused(_("You asked for it: an editor who knows the source has to approve."))
    if not source.article.permissions_for_user(by).can_publish():
        raise Refused(_("Only a colleague who may publish this article can approve."))
    source.approved_by, source.approved_at = by, at or timezone.now()
    source.save(update_fields=["approved_by", "approved_at"])
    _note(source.article, "depeche.approve_anonymity", by, source)


@transaction.atomic
def take_back(said: Any, *, by: User, at: dt.datetime | None = None) -> None:
    """Undo what somebody said; it stays on record.

    Raises:
        Refused: no right to edit.
    """
    _needs_editing(said.article, by)
    said = _locked(said)
    said.taken_back_at, said.taken_back_by = at or timezone.now(), by
    said.save(update_fields=["taken_back_at", "taken_back_by"])
    _note(said.article, "depeche.take_back", by, said, of=said._meta.model_name)


def _said_by_the_engine(claim: Claim) -> dict[str, str]:
    """What a ruling corrects, for those who improve the engine."""
    names = ("source", "cue", "voice", "degree", "status", "type")
    return {"sentence": claim.sentence, **{name: getattr(claim, name) for name in names}}


def _needs_editing(article: Article, by: User) -> None:
    if not article.permissions_for_user(by).can_edit():
        raise Refused(_("You may not edit this article."))


def _needs_words(words: str, otherwise: str) -> str:
    words = " ".join(words.split())[:500]
    if not words:
        raise Refused(otherwise)
    return words


def _created(create: Callable[[], Any]) -> Any:
    try:
        with transaction.atomic():
            return create()
    except IntegrityError as error:
        raise Refused(_("A colleague was faster: it is answered already.")) from error


def _locked(said: Any) -> Any:
    """The row as it stands, ours until the transaction ends.

    Raises Refused where somebody took it back.
    """
    model: type[models.Model] = type(said)
    row = (
        model._default_manager.select_for_update(of=("self",)).filter(pk=said.pk, taken_back_at=None).first()
    )  # type: ignore[misc]
    if row is None:
        raise Refused(_("A colleague was faster: it was taken back."))
    return row


def _note(article: Article, action: str, by: User, said: Said, **data: Any) -> None:
    log(article, action, user=by, data={"words": said.words, **data})
