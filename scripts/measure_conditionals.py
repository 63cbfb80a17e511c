"""How well the desk tells hearsay conditionals from others, against labelled spans.

    python scripts/measure_conditionals.py FILE.jsonl... [--show] [--alone] [--language fr]

A line of FILE holds a "text" and "hedges", each with a "span", a "type" and a "trap". Prints precision and recall
of `conditional_hearsay` with Wilson intervals of 95 %, those of a named source (T10), and the confusion by trap.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from depeche.desk.attribution import attributions
from depeche.desk.certainty import hedges
from depeche.desk.parsing import parse
from depeche.desk.spans import Hedge

HEARSAY = "conditional_hearsay"


@dataclass
class Counts:
    """What was found and what was not, and the sentences in which the two differ."""

    hit: int = 0
    extra: int = 0
    missed: int = 0
    exact: int = 0
    conditionals: int = 0
    unlabelled: int = 0
    sourced: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    traps: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="list the conditionals that were misjudged")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--alone", action="store_true", help="give the rules no attributions")
    options = parser.parse_args()
    rows = [json.loads(line) for path in options.files for line in path.read_text("utf-8").splitlines()]
    report(*measured(rows, options.language, alone=options.alone), show=options.show)


def measured(rows: list[dict], language: str, *, alone: bool = False) -> tuple[Counts, float]:
    """The counts over all rows, and the microseconds a word that the rules took."""
    counts, seconds, words = Counts(), 0.0, 0
    passages = parse([(row["text"], "paragraph") for row in rows], language)
    for row, passage in zip(rows, passages, strict=True):
        attributed = [] if alone else attributions(passage, language)
        begun = time.perf_counter()
        found = hedges(passage, attributed, language)
        seconds += time.perf_counter() - begun
        words += len(passage)
        compare(row, [hedge for hedge in found if hedge.type.startswith("conditional")], counts)
    return counts, seconds * 1e6 / max(words, 1)


def compare(row: dict, found: list[Hedge], counts: Counts) -> None:
    left = list(found)
    for gold in row.get("hedges", ()):
        if not gold["type"].startswith("conditional"):
            continue
        counts.conditionals += 1
        span = tuple(gold["span"])
        match = next((hedge for hedge in left if hedge.span[0] < span[1] and span[0] < hedge.span[1]), None)
        if match is not None:
            left.remove(match)
            counts.exact += match.span == span
        judge(row, gold, match, counts)
    for hedge in left:
        counts.unlabelled += 1
        counts.extra += hedge.type == HEARSAY
        counts.errors.append(
            f"{row.get('id')} no conditional: {excerpt(row['text'], hedge.span)} {hedge.trap}"
        )


def judge(row: dict, gold: dict, match: Hedge | None, counts: Counts) -> None:
    wanted, got = gold["type"] == HEARSAY, match is not None and match.type == HEARSAY
    counts.hit += wanted and got
    counts.missed += wanted and not got
    counts.extra += got and not wanted
    trap = gold.get("trap") or ("hearsay" if wanted else "other")
    judged = "not found" if match is None else match.trap or "hearsay"
    counts.traps[trap, judged] += 1
    if wanted and got and match is not None:
        counts.sourced[trap == "T10", match.trap == "T10"] += 1
    if trap != judged:
        mark = "!!" if wanted != got else "  "
        counts.errors.append(
            f"{mark} {row.get('id')} {trap} read as {judged}: {excerpt(row['text'], gold['span'])}"
        )


def excerpt(text: str, span: tuple[int, int] | list[int]) -> str:
    start, end = span
    return f"{text[:start]}[{text[start:end]}]{text[end:]}"


def report(counts: Counts, microseconds: float, *, show: bool) -> None:
    print(f"{counts.conditionals} conditionals, {counts.exact} found with the same span")
    print(f"{counts.unlabelled} found where none is labelled; {microseconds:.2f} µs a word")
    print("hearsay precision", rate(counts.hit, counts.hit + counts.extra))
    print("hearsay recall   ", rate(counts.hit, counts.hit + counts.missed))
    both, only_found = counts.sourced[True, True], counts.sourced[False, True]
    print("source (T10) precision", rate(both, both + only_found))
    print("source (T10) recall   ", rate(both, both + counts.sourced[True, False]))
    print("by trap:", *by_trap(counts.traps), sep="\n  ")
    if show:
        print(*counts.errors, sep="\n")


def by_trap(traps: Counter[tuple[str, str]]) -> Iterator[str]:
    for trap in sorted({trap for trap, _ in traps}, key=lambda name: (len(name), name)):
        judged = {name: n for (gold, name), n in sorted(traps.items()) if gold == trap}
        others = ", ".join(f"{n} as {name}" for name, n in judged.items() if name != trap)
        yield f"{trap:8} {judged.get(trap, 0):3} of {sum(judged.values()):3}  {others}"


def rate(hits: int, total: int) -> str:
    """A share with Wilson's 95 % interval."""
    if not total:
        return "– (n = 0)"
    share, z = hits / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return f"{share:.3f} [{middle - half:.3f}, {middle + half:.3f}] (n = {total})"


if __name__ == "__main__":
    main()
