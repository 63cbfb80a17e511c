"""Hedges and vague sources against a gold standard: the same if their spans touch, each counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.evaluation.measures import NONE, Counts

HEARSAY = "conditional_hearsay"
NOT_HEARSAY = "conditional_not_hearsay"

Span = Sequence[int]


@dataclass
class HedgeScore:
    """Sums over texts. `taken_for_hearsay` counts, by trap, what is no hearsay and was called so."""

    hedges: Counts = NONE
    hearsay: Counts = NONE
    without_source: Counts = NONE
    vague: Counts = NONE
    traps: Counter[str] = field(default_factory=Counter)
    taken_for_hearsay: Counter[str] = field(default_factory=Counter)
    same_trap: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class HedgeMistakes:
    """The hearsay conditionals of one text that were missed, and what was wrongly called one."""

    missed: tuple[Span, ...]
    wrong: tuple[Span, ...]


def add_text(score: HedgeScore, gold: dict[str, Any], found: dict[str, Any]) -> HedgeMistakes:
    """The mistakes with hearsay in one text, after its counts have been added to `score`."""
    expected, offered = gold.get("hedges", []), found.get("hedges", [])
    score.hedges += _counts(_spans(expected), _spans(offered))[0]
    counts, missed, wrong = _counts(_spans(expected, HEARSAY), _spans(offered, HEARSAY))
    score.hearsay += counts
    score.without_source += _counts(
        [h["span"] for h in expected if h["type"] == HEARSAY and h.get("trap") != "T10"],
        [h["span"] for h in offered if h["type"] == HEARSAY and h.get("trap") != "T10"],
    )[0]
    if "vague" in gold:
        vague = [f["span"] for f in found.get("findings", []) if f["code"] == "ATT002"]
        score.vague += _counts(gold["vague"], vague)[0]
    for hedge in expected:
        if hedge["type"] == NOT_HEARSAY:
            _add_trap(score, hedge, offered)
    return HedgeMistakes(tuple(missed), tuple(wrong))


def touch(one: Span, other: Span) -> bool:
    """Whether two half-open spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _add_trap(score: HedgeScore, hedge: dict[str, Any], offered: list[dict[str, Any]]) -> None:
    trap = hedge.get("trap") or "none"
    score.traps[trap] += 1
    same = [other for other in offered if touch(hedge["span"], other["span"])]
    score.taken_for_hearsay[trap] += any(other["type"] == HEARSAY for other in same)
    score.same_trap[trap] += any(
        other["type"] == NOT_HEARSAY and other.get("trap") == hedge.get("trap") for other in same
    )


def _spans(hedges: Iterable[dict[str, Any]], kind: str = "") -> list[Span]:
    return [hedge["span"] for hedge in hedges if not kind or hedge["type"] == kind]


def _counts(expected: list[Span], offered: list[Span]) -> tuple[Counts, list[Span], list[Span]]:
    """The counts, what was missed and what is wrong; matched greedily in the order of `expected`."""
    used: set[int] = set()
    missed = []
    for span in expected:
        hit = next((n for n, other in enumerate(offered) if n not in used and touch(span, other)), -1)
        if hit < 0:
            missed.append(span)
        else:
            used.add(hit)
    wrong = [span for n, span in enumerate(offered) if n not in used]
    return Counts(len(used), len(wrong), len(missed)), missed, wrong
