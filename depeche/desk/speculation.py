"""The future as the newsroom guesses it (INF003), told from calendars, hypotheses and rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from depeche.desk import shapes
from depeche.desk.draft import BlockReading
from depeche.desk.expressions import Spotted, load_word_group
from depeche.desk.passage import Passage
from depeche.desk.spans import Severity

FILE = "speculation.json"
KINDS = ("modal", "risk", "expected", "threat", "forecast")

_YEAR = re.compile(r"(?:19|20)\d\d")


def level(passage: Passage, one: Spotted, language: str, usual: Severity) -> Severity:
    """`usual`, but "info" for what is expected (« devrait ») and changes nothing for anybody."""
    if one.expression.kind != "expected":
        return usual
    end = passage.sentence(one.first)[1]
    following = passage.words[one.last : min(end, one.last + 4)]
    return "info" if load_word_group(language, "consequence").isdisjoint(following) else usual


def _is_guess(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether an infinitive follows, and the sentence neither asks, denies nor supposes."""
    passage = block.passage
    start, end = passage.sentence(one.first)
    words = passage.words[start:end]
    if "?" in words or not shapes.is_infinitive(passage, one.last, language):
        return False
    if _is_supposed(words, language):
        return False
    before = passage.words[max(start, one.first - 3) : one.first]
    return load_word_group(language, "negation").isdisjoint(before)


def _is_supposed(words: Sequence[str], language: str) -> bool:
    """Whether a sentence has a condition in it (« si », « s'il », « faute de »)."""
    if not load_word_group(language, "hypothesis").isdisjoint(words):
        return True
    elided, someone = load_word_group(language, "elided_if"), load_word_group(language, "someone")
    return any(word in elided and after in someone for word, after in pairwise(words))


def _is_expected(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether it is a guess and no date is given for it."""
    return _is_guess(block, one, language) and not _is_scheduled(block.passage, one, language)


def _is_threat(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether it is a guess, and what threatens is no person."""
    if not _is_guess(block, one, language):
        return False
    subject = shapes.subject_of(block.passage, one.first, language)
    return shapes.is_abstract(block.passage, subject, language)


def _is_scheduled(passage: Passage, one: Spotted, language: str) -> bool:
    start, end = passage.sentence(one.first)
    times = load_word_group(language, "schedule")
    return any(word in times or _YEAR.fullmatch(word) for word in passage.words[start:end])


SHAPES: Mapping[str, Callable[[BlockReading, Spotted, str], bool]] = {
    "modal": _is_guess,
    "modal_infinitive": _is_guess,
    "expected": _is_expected,
    "threat": _is_threat,
}
