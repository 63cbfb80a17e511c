"""Records nobody vouches for: the first, the only, the greatest (LEX003)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from depeche.desk import shapes
from depeche.desk.draft import BlockReading
from depeche.desk.expressions import Spotted, load_word_group
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding, Severity

FILE = "superlatives.json"

_SCOPE, _LOCAL_SCOPE, _STRONG = "scope", "local_scope", "strong"
_REACH = 12
_END = frozenset({".", ",", ";", ":", "!", "?", "…", "«", "»", "(", ")"})


def findings(
    block: BlockReading, spotted: Sequence[Spotted], hidden: Collection[int], language: str
) -> Iterator[Finding]:
    """The superlatives of a block without a source: set phrases, and those that reach a scope
    (« la plus grande usine du pays »); `spotted` and `hidden` are what `Expressions.find` gave.

    A local scope (« de la ville ») makes a record of « la plus grande », not of « la première ».
    """
    passage = block.passage
    taken: set[int] = set()
    for one in spotted:
        if one.expression.kind == _STRONG and _stands(passage, one, language):
            taken.update(range(one.first, one.last))
            yield from _finding(block, (one.first, one.last), one.expression.level or "warning", language)
    wide = {one.first: one.last for one in spotted if one.expression.kind == _SCOPE}
    local = {one.first: one.last for one in spotted if one.expression.kind == _LOCAL_SCOPE}
    triggers = load_word_group(language, "superlative")
    comparative = load_word_group(language, "comparative")
    for i, word in enumerate(passage.words):
        if word in triggers and i not in hidden and i not in taken and _claims(passage, i, language):
            scopes = {**local, **wide} if word in comparative else wide
            last = _scope_after(passage, i, scopes, language)
            level: Severity = "warning"
            if not last and word in load_word_group(language, "first"):
                last, level = _act_after(passage, i, language), "info"
            if last and taken.isdisjoint(range(i, last)):
                taken.update(range(i, last))
                yield from _finding(block, (i - 1, last), level, language)


def _finding(
    block: BlockReading, tokens: tuple[int, int], level: Severity, language: str
) -> Iterator[Finding]:
    first, last = tokens
    if not shapes.is_sourced(block, first, last, language):
        span = block.passage.span(first, last)
        values = (("term", block.passage.text[span[0] : span[1]]),)
        yield Finding("LEX003", level, span, values=values)


def _stands(passage: Passage, one: Spotted, language: str) -> bool:
    if one.expression.shape != "adjective":
        return True
    return shapes.is_attribute(passage, one.first, one.last, language)


def _claims(passage: Passage, i: int, language: str) -> bool:
    """Whether the word at `i` stands as in « la plus haute », « le premier pont », not « premier adjoint »."""
    start, end = passage.sentence(i)
    if i == start or passage.words[i - 1] not in load_word_group(language, "definite"):
        return False
    one_of = load_word_group(language, "one_of")
    if not one_of.isdisjoint(passage.words[max(start, i - 7) : i]) and passage.words[i - 1].endswith("s"):
        return False
    return i + 1 < end and passage.words[i + 1] not in load_word_group(language, "ranked")


def _scope_after(passage: Passage, i: int, scopes: dict[int, int], language: str) -> int:
    """Where the scope of the superlative at `i` ends, 0 if there is none in the same stretch of words."""
    closed = load_word_group(language, "among_few")
    incomplete = load_word_group(language, "needs_adjective")
    for n in range(i + 1, min(passage.sentence(i)[1], i + _REACH)):
        if n in scopes:
            return scopes[n] if n > i + 1 or passage.words[i] not in incomplete else 0
        if passage.words[n] in _END or passage.words[n] in closed or _is_finite(passage, n):
            return 0
    return 0


def _act_after(passage: Passage, i: int, language: str) -> int:
    """Where « à » and an infinitive end behind « le premier » and a noun or two, 0 if they don't follow."""
    to = load_word_group(language, "to")
    for n in range(i + 2, min(passage.sentence(i)[1] - 1, i + 5)):
        if passage.words[n] in _END:
            return 0
        if passage.words[n] in to:
            return n + 2 if passage.tags[n + 1] in ("VERB", "AUX") else 0
    return 0


def _is_finite(passage: Passage, i: int) -> bool:
    return passage.tags[i] in ("VERB", "AUX") and "VerbForm=Fin" in passage.morphs[i]
