"""The headline and crossheads of an article, each with the blocks it is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.echoes import Echoes, stems
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Finding, Severity, Span

BODY = ("standfirst", "paragraph", "quotation", "list_item", "caption")

_FEWEST_TOKENS = 8
_CONTENT_TAGS = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM", "X"})
_CLAUSE_ENDS = frozenset({",", ";", ":", ".", "–", "—", "?", "!"})
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Title:
    """A headline or crosshead: block `number` of the draft, held against the blocks of `scope`, in order.

    `echoes` finds its words in the whole text.
    """

    draft: Draft
    number: int
    scope: range
    echoes: Echoes

    @property
    def block(self) -> BlockReading:
        """The title as it was read."""
        return self.draft.blocks[self.number]

    @property
    def passage(self) -> Passage:
        """The words of the title."""
        return self.draft.blocks[self.number].passage

    @property
    def is_headline(self) -> bool:
        """Whether it stands over the whole article."""
        return self.passage.kind == "headline"

    def texts(self) -> Iterator[tuple[int, BlockReading]]:
        """The blocks it is held against, with their numbers."""
        for number in self.scope:
            if self.draft.blocks[number].passage.kind in BODY:
                yield number, self.draft.blocks[number]

    def span(self, first: int, last: int) -> Span:
        """Tokens of the title as offsets of the article."""
        return self.draft.shifted(self.number, self.passage.span(first, last))

    def differs(self, span: Span, severity: Severity, where: tuple[int, Span]) -> Finding:
        """HED003 for `span` of the title, which the text contradicts at `where`, a (block, span)."""
        number, there = where
        return Finding(
            "HED003",
            severity,
            self.draft.shifted(self.number, span),
            related=(self.draft.shifted(number, there),),
            values=(("other", self.draft.blocks[number].passage.text[slice(*there)]),),
        )

    def content(self) -> list[int]:
        """The tokens that say something: no articles, prepositions or bare words."""
        passage = self.passage
        bare = _bare(self.draft.language)
        return [
            i
            for i, word in enumerate(passage.words)
            if len(word) >= _SHORTEST
            and word not in bare
            and word[0].isalnum()
            and (not passage.parsed or passage.tags[i] in _CONTENT_TAGS)
        ]

    def shared(self, content: list[int], place: tuple[int, int]) -> int:
        """How many of the tokens `content` come back in the sentence at `place`, a (block, token)."""
        number, at = place
        passage, language = self.draft.blocks[number].passage, self.draft.language
        there = {stem for k in range(*passage.sentence(at)) for stem in stems(passage, k, language)}
        return sum(any(stem in there for stem in stems(self.passage, i, language)) for i in content)

    def clauses(self) -> list[tuple[int, int]]:
        """The token ranges between commas, colons and the like."""
        ranges, first = [], 0
        for i, word in enumerate((*self.passage.words, ".")):
            if word in _CLAUSE_ENDS:
                if i > first:
                    ranges.append((first, i))
                first = i + 1
        return ranges

    def has_own_cue(self) -> bool:
        """Whether the title says itself where its claim comes from, or that it is none: « selon », a
        conditional, a question, a quotation, « accusé de ».
        """
        passage = self.passage
        if passage.words[-1] == "?" or passage.quotations:
            return True
        if any(h.type in ("conditional_hearsay", "conditional_not_hearsay") for h in self.block.hedges):
            return True
        return bool(_cue_index(self.draft.language).find(passage))


def titles(draft: Draft) -> list[Title]:
    """The titles of a draft that have a text under them: the headline first, then the crossheads."""
    heads = [n for n in draft.of_kind("headline") if len(draft.blocks[n].passage)]
    crossheads = [n for n in draft.of_kind("crosshead") if len(draft.blocks[n].passage)]
    body = draft.of_kind(*BODY)
    if not (heads or crossheads) or not body:
        return []
    echoes = Echoes(draft, body)
    ends = [*crossheads[1:], len(draft.blocks)]
    scopes = [(n, range(len(draft.blocks))) for n in heads]
    scopes += [(n, range(n + 1, end)) for n, end in zip(crossheads, ends, strict=False)]
    found = [Title(draft, number, scope, echoes) for number, scope in scopes]
    return [t for t in found if sum(len(b.passage) for _, b in t.texts()) >= _FEWEST_TOKENS]


@cache
def _bare(language: str) -> frozenset[str]:
    return frozenset(load_groups(language, "headline_words.json").get("bare", ()))


@cache
def _cue_index(language: str) -> PhraseIndex[str]:
    cues = load_groups(language, "headline_words.json").get("own_cues", ())
    return PhraseIndex((cue, cue) for cue in cues)
