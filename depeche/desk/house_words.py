"""The words a newsroom lets pass, and those it wants flagged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from depeche.desk.canonical import canonical
from depeche.desk.reading import Reading
from depeche.desk.spans import Finding, Severity, Span

CODE = "LEX001"

_ALLOWABLE = ("LEX", "TRN", "INF005")
_NOT_OURS = ("furniture", "byline")
_QUOTED = re.compile(r"«[^»]*»?")


@dataclass(frozen=True)
class HouseWords:
    """`allow`: words and phrases that no rule of wording may flag; `flag`: words that are findings, each with
    neutral ones. Compared without regard to case, apostrophes or kinds of space.
    """

    allow: tuple[str, ...] = ()
    flag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def allows(self, finding: Finding, text: str) -> bool:
        """Whether the words of `finding` lie in an allowed phrase."""
        if not self.allow or not finding.code.startswith(_ALLOWABLE):
            return False
        start, end = finding.span
        reach = max(map(len, self.allow))
        around = max(0, start - reach)
        nearby = _folded(text[around : end + reach])
        return any(
            around + found.start() <= start and end <= around + found.end()
            for phrase in self._allowed
            for found in phrase.finditer(nearby)
        )

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """A warning for each flagged word in our own voice, an info where a source says it; none within
        quotation marks, or where a rule has flagged it already.
        """
        if not self.flag:
            return
        known = [finding.span for finding in reading.findings if finding.code == CODE]
        said = [span for item in reading.attributions if item.type != "conditional" for span in item.content]
        for zone in reading.article.zones:
            if zone.kind in _NOT_OURS:
                continue
            text = _folded(zone.text)
            quoted = [found.span() for found in _QUOTED.finditer(text)]
            for found in self._flagged.finditer(text):
                span = found.start() + zone.start, found.end() + zone.start
                if _inside(found.span(), quoted) or any(_touch(span, other) for other in known):
                    continue
                severity: Severity = "info" if _inside(span, said) else "warning"
                neutral = self._neutral[" ".join(found[0].split())]
                yield Finding(CODE, severity, span, alternatives=neutral)

    @cached_property
    def _allowed(self) -> list[re.Pattern[str]]:
        return [re.compile(_pattern(phrase)) for phrase in self.allow]

    @cached_property
    def _flagged(self) -> re.Pattern[str]:
        longest_first = sorted(self.flag, key=len, reverse=True)
        return re.compile("|".join(_pattern(phrase) for phrase in longest_first))

    @cached_property
    def _neutral(self) -> dict[str, tuple[str, ...]]:
        return {" ".join(_folded(phrase).split()): neutral for phrase, neutral in self.flag.items()}


def _folded(text: str) -> str:
    """In lower case and canonical, of the same length."""
    lower = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    return canonical(lower)


def _pattern(phrase: str) -> str:
    return r"(?<!\w)" + r"\s+".join(map(re.escape, _folded(phrase).split())) + r"(?!\w)"


def _inside(span: Span, spans: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
