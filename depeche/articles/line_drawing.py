"""A line over months as the points of an SVG: no script, no style, nothing but numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 240, 64, 4


@dataclass(frozen=True)
class Drawing:
    """Pieces of a line (`points` of polylines); lone points and the last one. A month without a value is a gap."""

    pieces: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    top: float


def draw(values: Sequence[float | None], *, top: float | None = None) -> Drawing:
    """The line of `values` from left to right, from 0 to `top` (the largest of them) upwards."""
    highest = top or max((value for value in values if value is not None), default=0) or 1
    runs: list[list[tuple[float, float]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((_across(number, len(values)), _up(value / highest)))
    runs = [run for run in runs if run]
    pieces = tuple(" ".join(f"{x:g},{y:g}" for x, y in run) for run in runs if len(run) > 1)
    ends = [run[0] for run in runs if len(run) == 1] + ([runs[-1][-1]] if runs else [])
    return Drawing(pieces, tuple(dict.fromkeys(ends)), highest)


def _across(number: int, count: int) -> float:
    room = WIDTH - 2 * MARGIN
    return round(MARGIN + (room * number / (count - 1) if count > 1 else room), 1)


def _up(share: float) -> float:
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * min(share, 1), 1)
