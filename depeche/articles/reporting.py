"""Errors readers report: taken down within limits, answered, set aside, and forgotten in time."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from wagtail.log_actions import log
from wagtail.models import Site

from depeche.delivery import actions as delivery
from depeche.delivery.messages import named_address

from .actions import NotAllowed
from .corrections import ErrorReportQuerySet
from .models import Article, Correction, ErrorReport, ReportSent

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
LENGTH = 8  # some 39 bits: enough where all that a number opens is an answer

WITHIN = dt.timedelta(hours=1)
FROM_A_NETWORK, OF_AN_ARTICLE, IN_ALL = 5, 30, 200

NETWORKS_KEPT = dt.timedelta(days=1)
ADDRESSES_KEPT = dt.timedelta(days=90)
UNANSWERED_KEPT = dt.timedelta(days=365)
SPAM_KEPT = dt.timedelta(days=30)


class TooMany(Exception):
    """One report too many within an hour, from a network, of an article, or in all."""


class NotTheirs(Exception):
    """The correction is one of another article, or the article was not corrected."""


@dataclass(frozen=True)
class Told:
    """What a reader sent: the words in question, what is wrong with them, where to write to."""

    message: str
    words: str = ""
    address: str = ""
    is_from_a_machine: bool = False


@dataclass(frozen=True)
class Answer:
    """What a reader is told, and what became of the article."""

    text: str
    is_corrected: bool
    correction: Correction | None = None


def number_in(typed: str) -> str:
    """A ticket's number as stored, however somebody typed it; "" where it cannot be one."""
    number = "".join(sign for sign in typed.upper() if sign not in " -–\u00a0\u202f\t\r\n")
    return number if len(number) == LENGTH and set(number) <= set(SIGNS) else ""


def report(
    article: Article, told: Told, *, language: str, network: str, at: dt.datetime | None = None
) -> ErrorReport:
    """The ticket of a report about `article`, new unless the very same was sent before.

    What only a machine fills in makes it spam, which a person may take up again. Limits hold up to the few that
    arrive in the same moment.

    Raises:
        TooMany: a limit is reached; nothing is kept.
    """
    at = at or timezone.now()
    network_key = _hashed("network", network)
    _check_limits(article, network_key, at)
    with transaction.atomic():
        found = _same_or_new(article, told, language, at)
        ReportSent.objects.create(report=found, network_key=network_key, sent_at=at)
    return found


def _check_limits(article: Article, network_key: str, at: dt.datetime) -> None:
    sent = ReportSent.objects.filter(sent_at__gt=at - WITHIN).aggregate(
        in_all=Count("pk"),
        of_article=Count("pk", filter=Q(report__article=article)),
        from_network=Count("pk", filter=Q(network_key=network_key)),
    )
    if (
        sent["from_network"] >= FROM_A_NETWORK
        or sent["of_article"] >= OF_AN_ARTICLE
        or sent["in_all"] >= IN_ALL
    ):
        raise TooMany


def _same_or_new(article: Article, told: Told, language: str, at: dt.datetime) -> ErrorReport:
    fingerprint = _hashed(
        "report",
        str(article.pk),
        told.address.lower(),
        *(_folded(text) for text in (told.words, told.message)),
    )
    if ErrorReport.objects.filter(fingerprint=fingerprint).update(times=F("times") + 1):
        return ErrorReport.objects.get(fingerprint=fingerprint)
    spam = told.is_from_a_machine
    try:
        with transaction.atomic():
            return ErrorReport.objects.create(
                article=article,
                number="".join(secrets.choice(SIGNS) for _ in range(LENGTH)),
                words=told.words,
                message=told.message,
                address=told.address,
                language=language,
                state=ErrorReport.State.SPAM if spam else ErrorReport.State.OPEN,
                answered_at=at if spam else None,
                reported_at=at,
                fingerprint=fingerprint,
            )
    except IntegrityError:  # the same, in the same moment; or a number that is taken
        return _same_or_new(article, told, language, at)


def _hashed(what: str, *parts: str) -> str:
    return salted_hmac(f"articles.reporting.{what}", "\0".join(parts), algorithm="sha256").hexdigest()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


@transaction.atomic
def answer(report: ErrorReport, given: Answer, *, by: User, at: dt.datetime | None = None) -> ErrorReport:
    """Answer `report` in public, and by mail where an address was given.

    An answer may be put right: the time of the first one stands.

    Raises:
        NotAllowed: `by` does not edit the article.
        NotTheirs: the correction is of another article, or none was needed.
    """
    found = _locked(report, by)
    correction = given.correction
    if correction and not (given.is_corrected and correction.article_id == found.article_id):
        raise NotTheirs
    if found.state not in ErrorReport.ANSWERED:
        found.answered_at = at or timezone.now()
    found.state = ErrorReport.State.CORRECTED if given.is_corrected else ErrorReport.State.UNCHANGED
    found.answer, found.correction, found.answered_by = given.text, correction, by
    found.save(update_fields=["state", "answer", "correction", "answered_by", "answered_at"])
    _log(found.article, found.state, [found.number], by)
    if found.address:
        _mail_answer(found)
    return found


@transaction.atomic
def set_aside(reports: ErrorReportQuerySet, *, by: User, at: dt.datetime | None = None) -> int:
    """Put on the spam pile those of `reports` that wait and that `by` may answer; how many they were."""
    rows = reports.open().answerable_by(by).select_related("article")
    numbers: dict[Article, list[str]] = defaultdict(list)
    for found in rows:
        numbers[found.article].append(found.number)
    done = ErrorReport.objects.filter(number__in=[each for some in numbers.values() for each in some]).update(
        state=ErrorReport.State.SPAM, answered_at=at or timezone.now(), answered_by=by
    )
    for article, some in numbers.items():
        _log(article, ErrorReport.State.SPAM, some, by)
    return done


@transaction.atomic
def take_up_again(report: ErrorReport, *, by: User) -> ErrorReport:
    """Let a report that was put on the spam pile wait for an answer.

    Raises:
        NotAllowed: `by` does not edit the article.
    """
    found = _locked(report, by)
    if found.state == ErrorReport.State.SPAM:
        found.state, found.answered_at, found.answered_by = ErrorReport.State.OPEN, None, None
        found.save(update_fields=["state", "answered_at", "answered_by"])
        _log(found.article, found.state, [found.number], by)
    return found


def _locked(report: ErrorReport, by: User) -> ErrorReport:
    rows = ErrorReport.objects.select_for_update(of=("self",)).select_related("article")
    found = rows.answerable_by(by).filter(pk=report.pk).first()
    if found is None:
        raise NotAllowed
    return found


def _log(article: Article, state: str, numbers: list[str], by: User) -> None:
    log(article, "depeche.answer_report", user=by, data={"reports": numbers, "state": str(state)})


def _mail_answer(report: ErrorReport) -> None:
    with translation.override(report.language):
        site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
        paper = site.root_page.title if site else settings.WAGTAIL_SITE_NAME
        context = {
            "report": report,
            "paper": paper,
            "ticket_url": settings.BASE_URL + reverse("report_ticket", args=[report.number]),
            "kept_days": ADDRESSES_KEPT.days,
        }
        subject = render_to_string("articles/reports/mail_answer_subject.txt", context)
        text = render_to_string("articles/reports/mail_answer.txt", context)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    delivery.send(
        sender=named_address(name or paper, address),
        recipient=report.address,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
    )


@transaction.atomic
def forget(at: dt.datetime | None = None) -> None:
    """Delete what is kept no longer: networks, addresses of what was answered, all that spam said."""
    at = at or timezone.now()
    ReportSent.objects.filter(sent_at__lte=at - NETWORKS_KEPT).delete()
    with_address = ErrorReport.objects.exclude(address="")
    closed = Q(answered_at__lte=at - ADDRESSES_KEPT) | Q(reported_at__lte=at - UNANSWERED_KEPT)
    # The hash of what was sent goes, too: with the text at hand it would tell the address.
    with_address.filter(closed).update(address="", fingerprint="")
    spam = ErrorReport.objects.filter(state=ErrorReport.State.SPAM, answered_at__lte=at - SPAM_KEPT)
    spam.exclude(message="", address="").update(words="", message="", address="", fingerprint="")
