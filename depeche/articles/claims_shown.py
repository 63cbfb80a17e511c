"""What the findings panel shows of the ledger: claims in order, who says them, how sure, on what they rest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from .analysis import Claim
from .answering import EvidenceForm
from .claim_labels import DEGREES, STATUSES, TYPES, label
from .findings_shown import Asked, folded, mark, numbered, shortened
from .gate import Examination
from .ledger import AnonymousSource, Evidence, Ruling
from .models import Article

_VOICES_AT_MOST = 4


@dataclass(frozen=True)
class ClaimRow:
    """A claim in the list; `id` tells it from others with the same key."""

    id: str
    claim: Claim
    is_open: bool
    ruling: Ruling | None
    evidence: list[Evidence]
    anonymous: AnonymousSource | None
    form: EvidenceForm | None

    @property
    def words(self) -> str:
        return shortened(self.claim.place.words)

    @property
    def status(self) -> str:
        return label(STATUSES, self.claim.status)

    @property
    def type(self) -> str:
        """What kind of claim it is, where it is more than a plain fact."""
        return "" if self.claim.type == "event" else label(TYPES, self.claim.type)

    @property
    def degree(self) -> str:
        """How sure, where it is not simply stated and the status does not say it already."""
        is_said = self.claim.degree in ("certain", self.claim.status)
        return "" if is_said else label(DEGREES, self.claim.degree)

    @property
    def is_bare(self) -> bool:
        """Whether nobody is named for it yet, in the text or by hand."""
        bare = self.claim.status in ("asserted_unattributed", "hearsay_no_source")
        return bare and self.claim.checkable and not self.ruling and not self.evidence

    @property
    def may_be_anonymous(self) -> bool:
        return self.claim.quality == "anonymous_described"


@dataclass
class ShownClaims:
    """The claims of `article` as `asked`; attributes are read by the template."""

    article: Article
    examination: Examination
    asked: Asked
    rows: list[ClaimRow] = field(init=False)

    def __post_init__(self) -> None:
        claims = self.examination.reading.claims
        ids = numbered(claim.key for claim in claims)
        self.rows = [self._row(claim, id) for claim, id in zip(claims, ids, strict=True)]

    @property
    def verdicts(self) -> list[tuple[str, Any]]:
        return Ruling.Verdict.choices

    @property
    def bare_sentence(self) -> str:
        """Which share of what can be checked nobody is named for."""
        share = self.examination.reading.unattributed_share
        return _("%(percent)d %% of the claims have no source") % {"percent": round(100 * share)}

    @property
    def voices(self) -> list[tuple[str, int]]:
        """The loudest sources with their share in per cent."""
        loudest = self.examination.reading.voices[:_VOICES_AT_MOST]
        return [(source, round(100 * share)) for source, share in loudest]

    @property
    def marks(self) -> list[dict[str, Any]]:
        return [mark(row.id, row.claim.place, "claim") for row in self.rows]

    @cached_property
    def may_publish(self) -> bool:
        """Whether whoever looks can be the second person."""
        return bool(self.article.pk) and self.article.permissions_for_user(self.asked.by).can_publish()

    def _row(self, claim: Claim, id: str) -> ClaimRow:
        is_open = id in self.asked.opened
        given = self.asked.form if id == self.asked.problem_at else None
        return ClaimRow(
            id=id,
            claim=claim,
            is_open=is_open,
            ruling=self._rulings.get(claim.key),
            evidence=self._evidence.get(claim.key, []),
            anonymous=self._anonymous.get(folded(claim.source)),
            form=(given or EvidenceForm(at=id)) if is_open else None,
        )

    @cached_property
    def _rulings(self) -> dict[str, Ruling]:
        return {said.key: said for said in self._standing(Ruling)}

    @cached_property
    def _evidence(self) -> dict[str, list[Evidence]]:
        found: dict[str, list[Evidence]] = defaultdict(list)
        for said in self._standing(Evidence):
            found[said.key].append(said)
        return found

    @cached_property
    def _anonymous(self) -> dict[str, AnonymousSource]:
        return {folded(said.words): said for said in self._standing(AnonymousSource)}

    def _standing(self, model: Any) -> list[Any]:
        if not self.article.pk:
            return []
        rows = model.objects.standing().filter(article_id=self.article.pk).order_by("at")
        return list(rows.select_related("by"))
