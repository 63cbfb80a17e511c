"""A figure that takes up the one before it: « 14 maisons détruites. Les 17 maisons… », « au total, huit… »."""

from __future__ import annotations

from depeche.desk.figures.given import Given
from depeche.desk.figures.quantities import agree

_LEAST_COUNTED = 5


def carried_on(earlier: Given, later: Given) -> bool:
    """Whether the later figure, of the same or the next sentence, counts all that the one before it counts,
    and gives another number.
    """
    if earlier.block != later.block or agree((earlier.low, earlier.high), (later.low, later.high)):
        return False
    if earlier.parts or later.parts or earlier.is_measured or later.is_measured:
        return False
    apart = later.passage.sentence_of[later.figure.first] - later.passage.sentence_of[earlier.figure.first]
    outcome = later.quantity.entity in later.known.outcomes
    if apart != 1 or (not outcome and max(earlier.high, later.high) < _LEAST_COUNTED):
        return False
    if earlier.quantity.approximate or later.quantity.approximate or not earlier.frame[0]:
        return False
    return _takes_up(earlier, later) or (outcome and _sums_up(earlier, later))


def _takes_up(earlier: Given, later: Given) -> bool:
    """« Il a réuni 420 coureurs. Les 380 coureurs sont partis », with nothing that limits them further."""
    if not _is_definite(later) or _is_definite(earlier):
        return False
    passage, noun = later.passage, later.figure.counted.noun
    if noun < 0 or noun + 1 >= len(passage) or _limits(later) - _limits(earlier) - {_verb(earlier)}:
        return False
    following = noun + 1
    if passage.lemmas[following] == _verb(earlier) or passage.words[following] in later.known.frames:
        following += 1
    tagged = passage.tags[following] if following < len(passage) else ""
    finite = tagged in ("AUX", "VERB") and "VerbForm=Part" not in passage.morphs[following]
    return finite and not (_limits(earlier) - _limits(later) - {_verb(earlier)})


def _sums_up(earlier: Given, later: Given) -> bool:
    """« Il a compté quinze blessés. Au total, huit blessés… »: a total below what it is the total of."""
    totals = {phrase for phrase in later.scope if phrase in later.known.kinds["in_all"]}
    if not totals or later.high >= earlier.low or earlier.frame[0] != "is":
        return False
    return later.scope - totals == earlier.scope and not (earlier.places or later.places)


def _limits(said: Given) -> set[str]:
    return set(said.scope) - said.known.kinds["in_all"]


def _is_definite(said: Given) -> bool:
    first = said.figure.first
    return first > 0 and said.passage.words[first - 1] in said.known.kinds["taking_up"]


def _verb(said: Given) -> str:
    """What was done to the things counted, as a verb's lemma."""
    return said.frame[0].removeprefix("o:")
