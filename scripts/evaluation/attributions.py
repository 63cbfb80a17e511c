"""Attributions against a gold standard: matched one to one by the share of gold content they cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.evaluation.measures import NONE, Counts

THRESHOLDS = (0.3, 0.8)

_OPENERS = ("que ", "qu’", "qu'", "de ", "d’", "d'", "à ")
_EDGES = ' \u00a0\u202f«»"“”.,;:!?'

Annotation = dict[str, Any]


@dataclass
class AttributionScore:
    """Sums over texts; those keyed by a threshold hold for the match at that share of overlap."""

    by_text: dict[float, list[Counts]] = field(default_factory=lambda: {t: [] for t in THRESHOLDS})
    right: dict[float, Counter[str]] = field(default_factory=lambda: {t: Counter() for t in THRESHOLDS})
    characters: Counts = NONE
    expected_by_type: Counter[str] = field(default_factory=Counter)
    found_by_type: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Matching:
    """What became of the attributions of one text at the lowest threshold."""

    pairs: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    wrong: tuple[int, ...]


def add_text(
    score: AttributionScore, text: str, gold: Sequence[Annotation], found: Sequence[Annotation]
) -> Matching:
    """How one text was matched, after its counts have been added to `score`."""
    for threshold in THRESHOLDS:
        pairs = match(text, gold, found, threshold)
        score.by_text[threshold].append(Counts(len(pairs), len(found) - len(pairs), len(gold) - len(pairs)))
        for i, j in pairs:
            score.right[threshold].update(agreements(text, gold[i], found[j]))
    pairs = match(text, gold, found, THRESHOLDS[0])
    score.expected_by_type.update(a["type"] for a in gold)
    score.found_by_type.update(gold[i]["type"] for i, _ in pairs)
    of_gold, of_found = _all_content(text, gold), _all_content(text, found)
    score.characters += Counts(len(of_gold & of_found), len(of_found - of_gold), len(of_gold - of_found))
    matched, used = {i for i, _ in pairs}, {j for _, j in pairs}
    return Matching(
        tuple(pairs),
        tuple(i for i in range(len(gold)) if i not in matched),
        tuple(j for j in range(len(found)) if j not in used),
    )


def match(
    text: str, gold: Sequence[Annotation], found: Sequence[Annotation], threshold: float
) -> list[tuple[int, int]]:
    """Pairs (index in `gold`, index in `found`), the best overlaps first, each index once.

    The overlap is the share of gold characters covered, capped for what is more than twice as long; an
    attribution without content matches by its cue.
    """
    candidates = []
    for i, expected in enumerate(gold):
        wanted = characters(text, expected["content"])
        for j, offered in enumerate(found):
            given = characters(text, offered["content"])
            same_cue = _touch(text, expected["cue"], offered["cue"])
            overlap = len(wanted & given) / len(wanted) if wanted else float(same_cue)
            if wanted:
                overlap = min(overlap, 2 * len(wanted & given) / max(1, len(given)))
            if overlap >= threshold and overlap > 0:
                candidates.append((overlap + 0.5 * same_cue, i, j))
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(candidates, reverse=True):
        if all(i != first and j != second for first, second in pairs):
            pairs.append((i, j))
    return pairs


def agreements(text: str, expected: Annotation, offered: Annotation) -> list[str]:
    """Which of source, cue, type and exact content are right in a matched attribution."""
    sources = expected["source"], offered["source"]
    same = {
        "source": _touch(text, *sources) if all(sources) else sources == (None, None),
        "cue": _touch(text, expected["cue"], offered["cue"]),
        "type": expected["type"] == offered["type"],
        "exact": characters(text, expected["content"]) == characters(text, offered["content"]),
    }
    return [name for name, agrees in same.items() if agrees]


def characters(text: str, spans: Iterable[Sequence[int]]) -> set[int]:
    """The places of the characters in `spans` that are no white space, without what stands at their edges."""
    return {n for span in spans for n in range(*_trimmed(text, span)) if not text[n].isspace()}


def _trimmed(text: str, span: Sequence[int]) -> tuple[int, int]:
    start, end = span
    before = None
    while before != (start, end) and start < end:
        before = start, end
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        words = text[start:end].lower()
        opener = next((o for o in _OPENERS if words.startswith(o) and len(words) > len(o)), "")
        start += len(opener)
    return start, end


def _touch(text: str, one: Sequence[int] | None, other: Sequence[int] | None) -> bool:
    return bool(one and other and characters(text, [one]) & characters(text, [other]))


def _all_content(text: str, annotations: Sequence[Annotation]) -> set[int]:
    return characters(text, [span for annotation in annotations for span in annotation["content"]])
