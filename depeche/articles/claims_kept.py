"""What is kept of the claims of an article for its readers: the reading of what they have, and what people said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from .analysis import Claim, Reading
from .ledger import AnonymousSource, Evidence, Ruling, StoredReading
from .manuscript import Manuscript

if TYPE_CHECKING:
    from .models import Article


def published_reading(article: Article, manuscript: Manuscript) -> Reading | None:
    """What was found in these words when readers got them."""
    rows = StoredReading.objects.filter(article_id=article.pk, manuscript_sha256=manuscript.sha256)
    stored = rows.filter(is_published=True).first()
    try:
        return stored.reading if stored else None
    except ValueError:  # of a release whose readings this one does not know
        return None


def standing_claims(reading: Reading) -> Iterator[Claim]:
    """The claims in the order of the text; what is said within hearsay is no surer than the hearsay, and the
    same statement found twice counts once.
    """
    rumours: list[Claim] = []
    for claim in sorted(reading.claims, key=_order):
        around = next((rumour for rumour in rumours if _lies_within(claim, rumour)), None)
        if around and claim.cue == around.cue:
            continue
        if claim.voice == "hearsay":
            rumours.append(claim)
        yield replace(claim, degree=around.degree) if around and claim.degree == "certain" else claim


def _order(claim: Claim) -> tuple[int, int, int, bool]:
    """What lies around others comes before them."""
    return claim.place.zone, claim.place.start, -claim.place.end, claim.voice != "hearsay"


def _lies_within(claim: Claim, other: Claim) -> bool:
    inner, outer = claim.place, other.place
    return outer.zone == inner.zone and outer.start <= inner.start and inner.end <= outer.end


def _said(model: type, article: Article) -> list:
    return list(model.objects.standing().filter(article_id=article.pk).order_by("at"))  # type: ignore[attr-defined]


def rulings_on(article: Article) -> dict[str, Ruling]:
    """What people ruled on its claims, by the key of the claim."""
    return {said.key: said for said in _said(Ruling, article)}


def evidence_for(article: Article, keys: set[str]) -> dict[str, list[Evidence]]:
    """What claims of these keys rest on."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in _said(Evidence, article) if keys else ():
        if row.key in keys:
            found[row.key].append(row)
    return found


def anonymous_among(article: Article, claims: Iterable[Claim]) -> list[AnonymousSource]:
    """The sources of these claims whose anonymity an editor approved."""
    described = {folded(claim.source) for claim in claims if claim.quality == "anonymous_described"}
    rows = _said(AnonymousSource, article) if described else []
    return [row for row in rows if row.approved_at and folded(row.words) in described]


def folded(words: str) -> str:
    """Names that differ only in case and space are one."""
    return " ".join(words.casefold().split())
