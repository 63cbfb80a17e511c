"""What the articles hold about an address: the public one of somebody who writes for us, what a colleague
answered the desk, and evidence that quotes the address.

The words of sources and reasons are journalism: shown to whoever decides, never deleted on request (GDPR
art. 85). An account that is deleted leaves its answers without a name. Who an anonymous source is, no row tells.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from .models import AnonymousSource, Dismissal, ErrorReport, Evidence, Person, ReportSent, Ruling

REPORTED = ("articles.ErrorReport", "articles.ReportSent")
ABOUT_COLLEAGUES = ("articles.Dismissal", "articles.Ruling", "articles.Evidence", "articles.AnonymousSource")


def export(address: str) -> dict[str, list[Any]]:
    """The pages of people whose public address this is."""
    people = Person.objects.filter(contact__iexact=address)
    return {"people": list(people.values("name", "role", "bio", "languages", "expertise", "interests"))}


def erase(address: str) -> int:
    """Nothing: who writes for us publishes this address, whatever they read; they take it from their page."""
    return 0


def export_ledger(address: str) -> dict[str, list[Any]]:
    """What an account of this address answered the desk, and the evidence of anybody that quotes the address."""
    accounts = User.objects.filter(email__iexact=address)
    theirs = Q(by__in=accounts) | Q(taken_back_by__in=accounts)
    answers = [
        ("dismissal", Dismissal, theirs | Q(seconded_by__in=accounts), "reason"),
        ("ruling", Ruling, theirs, "source"),
        ("evidence", Evidence, theirs, "who"),
        ("anonymous source", AnonymousSource, theirs | Q(approved_by__in=accounts), "reason"),
    ]
    given = [
        {"kind": kind, **row}
        for kind, model, mine, said in answers
        for row in model.objects.filter(mine).order_by("pk").values("article_id", "words", said, "at")
    ]
    quoted = (
        Q(who__icontains=address)
        | Q(title__icontains=address)
        | Q(link__icontains=address)
        | Q(words__icontains=address)
    )
    evidence = Evidence.objects.filter(quoted).order_by("pk")
    return {
        "answers_to_the_desk": given,
        "evidence": list(evidence.values("article_id", "who", "kind", "title", "link", "words")),
    }


def erase_ledger(address: str) -> int:
    """Nothing: what a text rested on, and who answered for it, stays answerable."""
    return 0


def export_reports(address: str) -> dict[str, list[Any]]:
    """The errors somebody reported, as long as the address for the answer is kept."""
    reports = ErrorReport.objects.filter(address__iexact=address).order_by("pk")
    shown = ("number", "article_id", "words", "message", "address", "state", "answer", "reported_at")
    sent = ReportSent.objects.filter(report__in=reports).order_by("pk")
    return {
        "reported_errors": list(reports.values(*shown)),
        "reports_sent": list(sent.values("report__number", "network_key", "sent_at")),
    }


def erase_reports(address: str) -> int:
    """Forget whose reports they were, from where, and what they said; that there was one, and our answer, stay."""
    reports = ErrorReport.objects.filter(address__iexact=address)
    ReportSent.objects.filter(report__in=reports).delete()
    return reports.update(address="", words="", message="", fingerprint="")
