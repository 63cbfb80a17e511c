"""What a reporting verb reports, and whose words they are, where no parser tells: by place and punctuation."""

from __future__ import annotations

from typing import NamedTuple

from depeche.desk.passage import Passage, Quotation
from depeche.desk.unparsed.cues import Cue
from depeche.desk.unparsed.places import FARTHEST_THAT, FINAL, Places
from depeche.desk.unparsed.quality import quality
from depeche.desk.unparsed.sources import (
    STOPS,
    Range,
    noun_phrase,
    phrase_left,
    phrase_right,
    with_apposition,
)
from depeche.desk.unparsed.words import load_small
from depeche.desk.verbs import load_verbs

_SHORTEST_CONTENT = 1
_SHORTEST_CLAUSE = 3
_FARTHEST_NAMED = 8
_FARTHEST_VERB = 12
_THINKING = frozenset({"opinion", "belief_state", "warning", "prediction_commitment"})
_EVIDENTIAL = "evidential"
_SURE, _UNSURE = "low", "high"
_QUOTABLE, _NAMING, _ADDRESSED, _MATTER = "q", "c", "a", "n"
_SPOKEN_ENDS = frozenset({",", ".", "!", "?", "…", "..."})


class Report(NamedTuple):
    """Who says it and what, as tokens; `naming` where it is only the word for a thing."""

    source: Range
    content: tuple[Range, ...]
    naming: bool = False


class Reports(Places):
    """Finds the reports of one passage."""

    def __init__(self, passage: Passage, language: str) -> None:
        super().__init__(passage, load_small(language))
        self._language, self._forms = language, load_verbs(language).forms
        self._closing = {q.last - 1: q for q in passage.quotations if q.closed and not q.depth}
        self._opening = {q.first: q for q in passage.quotations if q.opened and not q.depth}

    def of(self, cue: Cue, before: tuple[int, Range] | None) -> Report | None:
        """What `cue` reports; None for nothing or nobody. `before` is the sentence and the source of the
        cue before it, whose words a participle goes on with.
        """
        if cue.participle:
            if before is None or before[0] != self._passage.sentence_of[cue.first]:
                return None
            content = self._content(cue, before[1])
            return Report(before[1], content) if content else None
        sure = cue.verb.ambiguity == _SURE or self._spoken_near(cue.opening) is not None
        source = phrase_left(self._passage, cue.opening, self._language, anybody=sure)
        if _NAMING in cue.verb.frames:
            return self._named(cue, source)
        return self._inverted(cue) or (source and (self._behind(cue, source) or self._ahead(cue, source)))

    # The words stand before the verb.

    def _inverted(self, cue: Cue) -> Report | None:
        """“…,” said Anna Reed; …, said Anna Reed."""
        if _ADDRESSED in cue.verb.frames and _MATTER not in cue.verb.frames:
            return None
        end = self._passage.sentence(cue.first)[1]
        at = self._past_adjuncts(cue.last, end)
        quotation = self._spoken_before(cue.first)
        if quotation is None and not (self._word(cue.first - 1) == "," and cue.verb.ambiguity == _SURE):
            return None
        source = phrase_right(self._passage, at, end, self._language)
        if source is None and quotation and self._word(at) in self._small.definite | self._small.indefinite:
            source = noun_phrase(self._passage, at, end, self._language)
        if source is None:
            return None
        source = with_apposition(self._passage, source, end, self._language, closed=False)
        after = self._past_circumstances(source[1], end)
        if quotation is None and after < end and self._words[after] not in FINAL:
            return None
        return self._around(source, (cue.first, after, end), quotation)

    def _behind(self, cue: Cue, source: Range) -> Report | None:
        """“…,” she said; the bridge will close, the council said."""
        end = self._passage.sentence(cue.first)[1]
        after = self._past_circumstances(cue.last, end)
        quotation = self._spoken_before(source[0])
        ended = (after >= end or self._words[after] in FINAL) and self._word(after) != ":"
        if quotation:
            apart = self._passage.sentence_of[quotation.last - 1] != self._passage.sentence_of[cue.first]
            if apart and not (ended and cue.verb.ambiguity == _SURE):
                return None
        else:
            sure = cue.verb.ambiguity != _UNSURE and self._word(after + 1) != "«"
            if self._word(source[0] - 1) != "," or not ended or not sure:
                return None
        return self._around(source, (source[0], after, end), quotation)

    def _spoken_near(self, i: int) -> Quotation | None:
        """The speech that ends a few words before token `i`, no mark between."""
        first = i
        while first > max(0, i - _FARTHEST_NAMED) and self._words[first - 1] not in STOPS:
            first -= 1
        return self._spoken_before(first)

    def _spoken_before(self, i: int) -> Quotation | None:
        """The quotation that ends right before token `i` as speech does, with a comma or stop."""
        comma = self._word(i - 1) == ","
        quotation = self._closing.get(i - 1 - comma)
        if quotation and (comma or self._words[quotation.last - 2] in _SPOKEN_ENDS):
            return quotation
        return None

    def _around(
        self, source: Range, places: tuple[int, int, int], quotation: Quotation | None
    ) -> Report | None:
        """What is said before and behind an inserted “she said”; `places` are where that begins, where it
        ends, and where the sentence does.
        """
        first, after, end = places
        resumed = self._resumed(after, end, quoted=quotation is not None)
        shortest = 1 if resumed else _SHORTEST_CLAUSE
        content = self._leading(first, quotation, shortest)
        return Report(source, (*content, *resumed)) if content else None

    def _leading(self, end: int, quotation: Quotation | None, shortest: int) -> tuple[Range, ...]:
        """What stands before token `end`: the quotation, or the clause it is part of."""
        while end and self._words[end - 1] in (",", "–", "—"):
            end -= 1
        if quotation:
            start = self._passage.sentence(quotation.first)[0]
            alone = quotation.first == start or self._words[quotation.first - 1] in STOPS
            return ((quotation.first if alone else start, end),)
        start = self._passage.sentence(end - 1)[0]
        start = max([start, *(i + 1 for i in range(start, end) if self._words[i] == ";")])
        opens = self._words[start] in self._small.openers
        if opens and self._small.finite.isdisjoint(self._words[start:end]):
            return ()
        return ((start, end),) if end - start >= shortest else ()

    def _resumed(self, after: int, end: int, *, quoted: bool) -> tuple[Range, ...]:
        """The rest of what is said, behind an inserted “she said”: a quotation, or the rest of a clause."""
        if self._word(after) not in (",", ":", "–", "—") or after + 1 >= end:
            return ()
        quotation = self._opening.get(after + 1)
        if quotation:
            return ((quotation.first, quotation.last),)
        nxt = self._words[after + 1]
        if quoted or self._word(after) != "," or nxt in self._small.boundaries | self._small.adverbs:
            return ()
        if nxt in self._forms:
            return ()
        return self._trailing(after + 1, end)

    # The words stand behind the verb.

    def _ahead(self, cue: Cue, source: Range) -> Report | None:
        """She said (that) …; the mayor said: “…”."""
        if (
            source[0] > self._passage.sentence(cue.first)[0]
            and self._word(source[0] - 1) in self._small.unreported
        ):
            return None
        content = self._content(cue, source)
        return Report(source, content) if content else None

    def _content(self, cue: Cue, source: Range) -> tuple[Range, ...]:
        end = self._passage.sentence(cue.first)[1]
        at = self._past_adjuncts(cue.last, end)
        if _ADDRESSED in cue.verb.frames:
            at = self._past_adjuncts(self._past_addressee(at, end, sure=_MATTER in cue.verb.frames), end)
        start = self._introduced(at, end)
        if start < 0:
            if not self._goes_without(cue, source, at, end):
                return ()
            matter = _MATTER in cue.verb.frames and self._word(at) in self._small.matters
            return self._trailing(at + matter, end, led=self._is_led(cue, source))
        quotation = self._opening.get(start)
        if quotation:
            return ((quotation.first, quotation.last),) if _QUOTABLE in cue.verb.frames else ()
        kind = quality(self._passage, source, self._language)
        if cue.verb.frames == _QUOTABLE or (cue.verb.stance == _EVIDENTIAL and kind == "pronoun"):
            return ()
        return self._trailing(start, end, led=self._is_led(cue, source))

    def _introduced(self, at: int, end: int) -> int:
        """Where content begins that “that”, a colon or a quotation mark introduces, -1 for none."""
        reach = FARTHEST_THAT if self._word(at) in self._small.adjunct_openers else 1
        for i in range(at, min(end, at + reach)):
            word = self._words[i]
            if word == "," and self._word(i + 1) in self._small.that:
                return i + 2
            if word in self._small.that or (word in (":", ",") and i + 1 in self._opening):
                return i + 1 + (self._word(i + 1) == "," and word in self._small.that)
            if i in self._opening:
                return i
            if word in STOPS:
                break
        return -1

    def _goes_without(self, cue: Cue, source: Range, at: int, end: int) -> bool:
        """Whether what follows is reported though nothing introduces it."""
        word, verb = self._word(at), cue.verb
        if at >= end or word in STOPS:
            return False
        if _MATTER in verb.frames and word in self._small.matters:
            return True
        if word in self._small.no_report or verb.frames == _QUOTABLE:
            return False
        if verb.ambiguity == _SURE:
            return True
        if quality(self._passage, source, self._language).startswith("vague"):
            return verb.stance in _THINKING
        quoted = any(at < i < end for i in self._opening)
        return quoted and verb.ambiguity != _UNSURE and _QUOTABLE in verb.frames

    def _is_led(self, cue: Cue, source: Range) -> bool:
        """Whether the report is a clause within another: “after the council said …,”, “who said …,”."""
        before = self._word(source[0] - 1)
        return before in self._small.subordinators or self._word(cue.first - 1) in self._small.who

    def _trailing(self, start: int, end: int, *, led: bool = False) -> tuple[Range, ...]:
        """The clause from token `start` on: to a semicolon, to a clause with a source of its own, or, where
        the report is `led` by another clause, to the next comma.
        """
        words, quoted = self._words, self._passage.quoted
        while end > start and words[end - 1] in FINAL:
            end -= 1
        for i in range(start, end):
            turns = words[i] == "," and (
                (self._word(i + 1) in self._small.linking and self._reports(i, end))
                or any(form.kind == "ppres" for form in self._forms.get(self._word(i + 1), ()))
            )
            if not quoted[i] and (words[i] == ";" or turns or (led and words[i] == ",")):
                end = i
                break
        end = max([end, *(self._opening[i].last for i in range(start, end) if i in self._opening)])
        return ((start, end),) if end - start >= _SHORTEST_CONTENT else ()

    def _reports(self, first: int, end: int) -> bool:
        """Whether a sure reporting verb stands near behind token `first`."""
        near = range(first, min(end, first + _FARTHEST_VERB))
        return any(
            form.verb.ambiguity == _SURE
            for i in near
            if not self._passage.quoted[i]
            for form in self._forms.get(self._words[i], ())
        )

    def _named(self, cue: Cue, source: Range | None) -> Report | None:
        """What they call “a disgrace”."""
        end = self._passage.sentence(cue.first)[1]
        for i in range(cue.last, min(end, cue.last + _FARTHEST_NAMED)):
            if i in self._opening and source:
                quotation = self._opening[i]
                return Report(source, ((quotation.first, quotation.last),), naming=True)
            if self._words[i] in STOPS:
                break
        return None
