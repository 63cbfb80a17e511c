"""The ledger of an article as data, for those who improve the desk: what it read, and what people made of it.

Colleagues are left out: of who answered it tells only whether it was one or two.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from . import gate, gatekeeping
from .analysis import Claim, Place, Reading
from .ledger import AnonymousSource, Dismissal, Evidence, Ruling
from .manuscript import manuscript_of
from .models import Article, StoredReading

VERSION = 1  # raised if a key changes its meaning or goes

_OF_A_CLAIM = (
    "key",
    "kind",
    "sentence",
    "source",
    "quality",
    "cue",
    "voice",
    "degree",
    "status",
    "type",
    "checkable",
)
_OF_EVIDENCE = ("who", "kind", "title", "link")


@dataclass(frozen=True)
class _Said:
    """What people said of an article and did not take back, by key."""

    dismissals: dict[str, Dismissal]
    rulings: dict[str, Ruling]
    evidence: dict[str, list[Evidence]]


def worked_on_since(day: dt.datetime | None) -> QuerySet[Article]:
    """The articles saved, or answered for, since then; all of them without a time."""
    articles = Article.objects.order_by("pk")
    if day is None:
        return articles
    answered = [
        Exists(model.objects.filter(article=OuterRef("pk"), at__gte=day))
        for model in (Dismissal, Ruling, Evidence, AnonymousSource)
    ]
    worked_on = Q(latest_revision_created_at__gte=day)
    for one in answered:
        worked_on |= Q(one)
    return articles.filter(worked_on)


def ledger_of(article: Article) -> dict[str, Any]:
    """The ledger of the newest text of `article`, and of each that readers had, as plain data.

    Raises:
        DeskUnreachable: the newest text is not read yet, and the desk does not answer.
    """
    newest = article.get_latest_revision_as_object()
    manuscript = manuscript_of(newest)
    reading = gatekeeping.reading_of(newest, manuscript)
    said = _said_of(article)
    published = list(StoredReading.objects.filter(article_id=article.pk, is_published=True).order_by("pk"))
    examination = gatekeeping.examine(newest, manuscript, reading)
    zones = [{"kind": zone.kind, "text": zone.text, "speaker": zone.speaker} for zone in manuscript.zones]
    texts = [
        {
            **_text(examination, said),
            "is_newest": True,
            "is_published": reading.manuscript_sha256 in {row.manuscript_sha256 for row in published},
            "zones": zones,
            "requirements": [_requirement(item) for item in examination.requirements],
        }
    ]
    for row in published:
        if row.manuscript_sha256 != reading.manuscript_sha256:
            earlier = gatekeeping.examine(newest, manuscript, row.reading)
            texts.append({**_text(earlier, said), "is_newest": False, "is_published": True})
    return {
        "version": VERSION,
        "article": article.pk,
        "headline": newest.title,
        "language": newest.language,
        "kind": newest.kind,
        "texts": texts,
        "of_words_gone": _of_words_gone(said, [reading, *(row.reading for row in published)]),
    }


def _said_of(article: Article) -> _Said:
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in Evidence.objects.standing().filter(article_id=article.pk).order_by("pk"):
        evidence[row.key].append(row)
    dismissals = Dismissal.objects.standing().filter(article_id=article.pk)
    rulings = Ruling.objects.standing().filter(article_id=article.pk)
    return _Said({row.key: row for row in dismissals}, {row.key: row for row in rulings}, evidence)


def _text(examination: gate.Examination, said: _Said) -> dict[str, Any]:
    reading = examination.reading
    return {
        "manuscript_sha256": reading.manuscript_sha256,
        "desk": reading.desk,
        "is_read": reading.is_read,
        "words": reading.words,
        "claims": [_claim(claim, said) for claim in reading.claims],
        "findings": [_finding(stand, said) for stand in examination.stands],
    }


def _claim(claim: Claim, said: _Said) -> dict[str, Any]:
    ruling = said.rulings.get(claim.key)
    return {
        **{name: getattr(claim, name) for name in _OF_A_CLAIM},
        **_place(claim.place),
        "ruling": ruling and {"verdict": ruling.verdict, "source": ruling.source},
        "evidence": [_evidence(row) for row in said.evidence.get(claim.key, ())],
    }


def _finding(stand: gate.Stand, said: _Said) -> dict[str, Any]:
    finding = stand.finding
    return {
        "key": finding.key,
        "code": finding.code,
        "severity": finding.severity,
        **_place(finding.place),
        "related": [_place(place) for place in finding.related],
        "rewrite": finding.rewrite,
        "state": _state(stand),
        **_answer(said.dismissals.get(finding.key)),
    }


def _state(stand: gate.Stand) -> str:
    """As the gate has it; an error that two answered for is overridden, not dismissed."""
    is_override = stand.state is gate.State.DISMISSED and stand.finding.severity == "error"
    return "overridden" if is_override else stand.state.value


def _answer(dismissal: Dismissal | None) -> dict[str, str]:
    if dismissal is None:
        return {}
    return {"reason": dismissal.reason, "answered_by": "two" if dismissal.seconded_at else "one"}


def _place(place: Place) -> dict[str, Any]:
    """Where words stand: number of the zone, half-open offsets in code points of its text."""
    return {"words": place.words, "zone": place.zone, "start": place.start, "end": place.end}


def _evidence(row: Evidence) -> dict[str, Any]:
    consulted_on = row.consulted_on and row.consulted_on.isoformat()
    return {**{name: getattr(row, name) for name in _OF_EVIDENCE}, "consulted_on": consulted_on}


def _requirement(item: gate.Requirement) -> dict[str, Any]:
    return {"name": item.name, "words": list(item.words), "state": item.state.value}


def _of_words_gone(said: _Said, readings: Iterable[Reading]) -> dict[str, Any]:
    """What people answered to words that no text at hand has: the desk was right or wrong about them all the
    same.
    """
    claims = {claim.key for reading in readings for claim in reading.claims}
    findings = {finding.key for reading in readings for finding in reading.findings}
    rulings = [
        {
            "key": row.key,
            "words": row.words,
            "verdict": row.verdict,
            "source": row.source,
            "engine_said": row.engine_said,
        }
        for row in said.rulings.values()
        if row.key not in claims
    ]
    dismissals = [
        {
            "key": row.key,
            "code": row.code,
            "severity": row.severity,
            "words": row.words,
            **_answer(row),
        }
        for row in said.dismissals.values()
        if row.key not in findings and not row.key.startswith("gate-")
    ]
    return {"rulings": rulings, "dismissals": dismissals}
