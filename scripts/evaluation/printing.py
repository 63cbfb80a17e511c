"""The figures of an evaluation in words and columns."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.evaluation.attributions import THRESHOLDS, AttributionScore
from scripts.evaluation.conditionals import HedgeScore
from scripts.evaluation.measures import NONE, Counts, bootstrap_f1, total, wilson
from scripts.evaluation.texts import TextScore


def attribution_lines(score: AttributionScore) -> Iterator[str]:
    """Precision, recall and F1 at both overlaps with 95 % intervals, and what is right of the matched."""
    for threshold in THRESHOLDS:
        by_text = score.by_text[threshold]
        counts = total(by_text)
        low, high = bootstrap_f1(by_text)
        yield (
            f"attributions @{threshold}  P {counts.precision:.3f}  R {counts.recall:.3f}  F1 {counts.f1:.3f}"
            f"  [{low:.3f}, {high:.3f}]  right {counts.right}  wrong {counts.wrong}  missed {counts.missed}"
        )
        matched = max(1, counts.right)
        yield "  of the matched   " + "  ".join(
            f"{name} {score.right[threshold][name] / matched:.3f}"
            for name in ("source", "cue", "type", "exact")
        )
    yield f"content characters  {_figures(score.characters)}"
    yield "recall by type @0.3  " + ", ".join(
        f"{name} {score.found_by_type[name]}/{n}" for name, n in score.expected_by_type.most_common()
    )


def hedge_lines(score: HedgeScore) -> Iterator[str]:
    """Hearsay conditionals with 95 % intervals, all hedges, vague sources, and the traps fallen into."""
    yield f"hearsay conditional  {_with_intervals(score.hearsay)}"
    yield f"  without a source   {_with_intervals(score.without_source)}"
    if score.traps:
        yield "  no hearsay, but called so: " + ", ".join(
            f"{trap} {score.taken_for_hearsay[trap]}/{n}"
            for trap, n in sorted(score.traps.items(), key=_trap)
        )
        named = sum(score.same_trap.values())
        yield f"  trap named rightly: {named}/{sum(score.traps.values())}"
    yield f"all hedges (where gold marks all)  {_figures(score.hedges)}"
    if score.vague.expected:
        yield f"vague sources        {_with_intervals(score.vague)}"


def text_lines(score: TextScore) -> Iterator[str]:
    """Precision and recall of findings by code with n, and the load on an editor by sort of text."""
    yield f"{'code':<8}{'P':>7}{'n':>5}   {'R':>5}{'n':>5}   {'near misses':>11}  {'unjudged infos':>14}"
    codes = sorted({*score.by_code, *score.near_misses, *score.unjudged})
    for code in codes:
        yield _code_line(score, code)
    everything = total(score.by_code.values())
    yield f"all      {_with_intervals(everything)}"
    yield f"errors   P {_share(score.errors.right, score.errors.found)}"
    if score.same_severity.found:
        yield f"severity as expected {score.same_severity.right}/{score.same_severity.found}"
    for sort, texts in sorted(score.texts.items()):
        words = score.words[sort]
        found = {severity: score.found[sort, severity] for severity in ("error", "warning", "info")}
        yield (
            f"{sort:<9}{texts:>3} texts {words:>6} words   errors a text {found['error'] / texts:.2f}   "
            f"warnings per 100 words {100 * found['warning'] / max(1, words):.2f}   "
            f"all per 100 words {100 * sum(found.values()) / max(1, words):.2f}"
        )


def _code_line(score: TextScore, code: str) -> str:
    counts = score.by_code.get(code, NONE)
    precision = f"{counts.precision:.2f}" if counts.found else "–"
    recall = f"{counts.recall:.2f}" if counts.expected else "–"
    return (
        f"{code:<8}{precision:>7}{counts.found:>5}   {recall:>5}{counts.expected:>5}   "
        f"{score.near_misses[code]:>11}  {score.unjudged[code]:>14}"
    )


def _trap(item: tuple[str, int]) -> tuple[int, str]:
    return (int(item[0][1:]) if item[0][1:].isdigit() else 99, item[0])


def _figures(counts: Counts) -> str:
    return (
        f"P {counts.precision:.3f}  R {counts.recall:.3f}  F1 {counts.f1:.3f}"
        f"  right {counts.right}  wrong {counts.wrong}  missed {counts.missed}"
    )


def _with_intervals(counts: Counts) -> str:
    return f"P {_share(counts.right, counts.found)}  R {_share(counts.right, counts.expected)}"


def _share(right: int, n: int) -> str:
    low, high = wilson(right, n)
    return f"{right / n:.3f} ({right}/{n}) [{low:.2f}, {high:.2f}]" if n else "– (0)"
