"""What became of one file: checked, with the findings that count, or refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

from depeche.desk.house import Silenced
from depeche.desk.lines import Whereabouts
from depeche.desk.reading import Reading
from depeche.desk.spans import Severity

SEVERITIES: tuple[Severity, ...] = tuple(reversed(get_args(Severity)))  # the gravest first

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOT_READ = ("furniture", "byline")


@dataclass(frozen=True, eq=False)
class Checked:
    """A file that was read: its `name` as given, its whole text and the reading.

    `silenced` is what the newsroom does not want to hear, `house` the file that says so, `fails_on` the
    severity from which on it fails.
    """

    name: str
    source: str
    reading: Reading
    silenced: tuple[Silenced, ...] = ()
    fails_on: str = "warning"
    house: str = ""

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where its words stand in the file."""
        return Whereabouts(self.reading.article, self.source)

    @cached_property
    def words(self) -> int:
        """How many words were read; « l'usine » counts as one."""
        zones = self.reading.article.zones
        return sum(len(_WORD.findall(zone.text)) for zone in zones if zone.kind not in _NOT_READ)

    @property
    def fails(self) -> bool:
        """Whether a finding is at or above `fails_on`."""
        if self.fails_on not in SEVERITIES:
            return False
        grave = SEVERITIES[: SEVERITIES.index(self.fails_on) + 1]
        return any(finding.severity in grave for finding in self.reading.findings)


@dataclass(frozen=True)
class Unusable:
    """A file that could not be read, and what to tell people about it; `code` is for programs."""

    name: str
    code: str
    message: str


@dataclass(frozen=True)
class Totals:
    """Sums over files."""

    severities: Counter[Severity] = field(default_factory=Counter)
    files: int = 0
    unusable: int = 0
    words: int = 0
    silenced: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.severities + other.severities,
            self.files + other.files,
            self.unusable + other.unusable,
            self.words + other.words,
            self.silenced + other.silenced,
        )

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return self.severities.total()

    @property
    def per_100_words(self) -> float:
        """Findings for 100 words; 0 where there are no words."""
        return 100 * self.findings / self.words if self.words else 0.0


def totals(results: Iterable[Checked | Unusable]) -> Totals:
    """The sums over `results`."""
    results = list(results)
    read = [result for result in results if isinstance(result, Checked)]
    return Totals(
        Counter(finding.severity for result in read for finding in result.reading.findings),
        files=len(read),
        unusable=len(results) - len(read),
        words=sum(result.words for result in read),
        silenced=sum(len(result.silenced) for result in read),
    )
