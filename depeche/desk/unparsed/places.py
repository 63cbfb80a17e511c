"""Past what stands between a reporting verb and what it reports: times, circumstances, who is told."""

from __future__ import annotations

from depeche.desk.passage import Passage
from depeche.desk.unparsed.sources import STOPS
from depeche.desk.unparsed.words import Small

FARTHEST_THAT = 9
FINAL = frozenset({".", "!", "?", "…", "...", ",", ";", ":", "–", "—"})

_LONGEST_ADJUNCT = 9


class Places:
    """Steps from token to token of a passage, without grammar."""

    def __init__(self, passage: Passage, small: Small) -> None:
        self._passage, self._words, self._small = passage, passage.words, small

    def _past_adjuncts(self, i: int, end: int) -> int:
        """Past adverbs and times: “said *later on Monday* that”."""
        small = self._small
        while i < end:
            if self._words[i] == "," and self._word(i + 1) in small.adverbs and self._word(i + 2) == ",":
                i += 3
                continue
            timed = self._words[i] in small.adjunct_openers and self._is_time(i + 1)
            if not (timed or self._words[i] in small.adverbs or self._is_time(i)):
                break
            i += 1 + timed
        return i

    def _is_time(self, i: int) -> bool:
        """Whether token `i` is a time; some are only with their capital (“May”)."""
        if i >= len(self._words):
            return False
        return self._words[i] in self._small.time or self._passage.form(i) in self._small.time

    def _past_circumstances(self, i: int, end: int) -> int:
        """Past times, and past “in a statement” where a mark follows."""
        i = self._past_adjuncts(i, end)
        if i < end and self._words[i] in self._small.adjunct_openers:
            for k in range(i + 1, min(end, i + _LONGEST_ADJUNCT)):
                if self._words[k] in FINAL:
                    return k
                if self._words[k] in self._small.finite or self._words[k] in self._small.that:
                    break
        return i

    def _past_addressee(self, i: int, end: int, *, sure: bool) -> int:
        """Past who is told: “told *reporters*”, “told *the Herald*”; `sure` where nobody need be."""
        words, small = self._words, self._small
        if i < end and words[i] in small.addressees:
            return i + 1
        known = i
        if known < end and (words[known] in small.definite or words[known] in small.indefinite):
            known += 1
        while known < end and self._passage.form(known)[:1].isupper() and words[known] not in small.time:
            known += 1
        if known - i > 1 or (known > i and words[i] not in small.definite | small.indefinite):
            return i if sure and self._word(known) not in small.that else known
        plain = known == i and self._word(i).isalpha() and self._word(i) not in small.no_report
        if plain and self._word(i + 1) in small.pronouns | small.definite | small.indefinite | small.that:
            return i + 1
        near = range(i, min(end, i + FARTHEST_THAT))
        marks = (k for k in near if words[k] in small.that or words[k] in STOPS)
        return i if sure else next(marks, end)

    def _word(self, i: int) -> str:
        return self._words[i] if 0 <= i < len(self._words) else ""
