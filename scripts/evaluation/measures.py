"""Hits, misses and false alarms, and how far such counts can be trusted."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RESAMPLES = 2_000
_SEED = 20_260_401
_Z95 = 1.959964


@dataclass(frozen=True)
class Counts:
    """What was found rightly, found wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def found(self) -> int:
        """How many were put forward."""
        return self.right + self.wrong

    @property
    def expected(self) -> int:
        """How many there are to find."""
        return self.right + self.missed

    @property
    def precision(self) -> float:
        """The share of right ones in what was found; 1 where nothing was."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found; 1 where there is nothing."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


NONE = Counts()


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of `counts`."""
    return sum(counts, NONE)


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share `right` of `n` (Wilson 1927); (0, 1) where n is 0."""
    if not n:
        return 0.0, 1.0
    share, z2 = right / n, _Z95 * _Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap_f1(by_text: Sequence[Counts]) -> tuple[float, float]:
    """The 95 % percentile interval of F1 over texts drawn with replacement; the same for the same counts."""
    chance = random.Random(_SEED)
    drawn = sorted(
        total(chance.choices(by_text, k=len(by_text))).f1 for _ in range(_RESAMPLES if by_text else 0)
    )
    return (drawn[int(0.025 * _RESAMPLES)], drawn[int(0.975 * _RESAMPLES) - 1]) if drawn else (0.0, 1.0)
