"""The whole of a source that names several: « A, B et C », « A, ainsi que B », « des villes telles que A et B »."""

from __future__ import annotations

from depeche.desk.attribution.phrases import DAYS, INSIDE, STOPS, Range, trimmed
from depeche.desk.passage import Passage

_QUE = ("que", "qu'")
_SUCH = frozenset(("tel", "telle", "tels", "telles"))
_LINKED = INSIDE | {"CCONJ"}


def completed(passage: Passage, span: Range, start: int, end: int) -> Range:
    """`span` with the other members of the enumeration it stands in, from token `start` on and before `end`."""
    first, last = span
    last = _with_those_behind(passage, last, end)
    for _ in range(3):
        before = _example_of(passage, first, start)
        before = _with_others_before(passage, before, last, start)
        if before == first:
            break
        first = before
    return first, last


def _with_those_behind(passage: Passage, last: int, end: int) -> int:
    """Behind « A » where « , B et C » or « , ainsi que B » follows, up to the verb."""
    words = passage.words
    if last < end - 2 and words[last] == "," and words[end - 1] != "," and "et" in words[last:end]:
        linked = all(passage.tags[i] in _LINKED or words[i] == "," for i in range(last, end))
        return end if linked and passage.tags[last + 1] in ("DET", "PROPN") else last
    k = last + (last < end and words[last] == ",")
    if k + 2 >= end or words[k] != "ainsi" or words[k + 1] not in _QUE:
        return last
    if any(passage.tags[i] not in _LINKED and words[i] != "," for i in range(k + 2, end)):
        return last
    return trimmed(passage, last - 1, end)[1]


def _example_of(passage: Passage, first: int, start: int) -> int:
    """Where « des villes telles que » begins before « A et B », or « A, ainsi que » before « B »."""
    words = passage.words
    if first - 2 <= start or words[first - 1] not in _QUE:
        return first
    if words[first - 2] != "ainsi" and words[first - 2] not in _SUCH:
        return first
    k = first - 2
    if words[k - 1] == ",":
        k -= 1
    head = k
    while k > start and passage.tags[k - 1] in _LINKED and words[k - 1] not in STOPS:
        k -= 1
    return k if k < head else first


def _with_others_before(passage: Passage, first: int, last: int, start: int) -> int:
    """Where an enumeration begins whose last members are `[first, last)` (« A, *B et C* »)."""
    words = passage.words
    if "et" not in words[first:last]:
        return first
    while first - 1 > start and words[first - 1] == ",":
        k = first - 2
        while k >= start and passage.tags[k] in INSIDE and words[k] not in STOPS:
            k -= 1
        is_setting = passage.tags[k + 1] == "ADP" or words[k + 1] in DAYS or words[k + 1].isdigit()
        if k + 1 == first - 1 or is_setting or (k >= start and words[k] != ","):
            break
        first = k + 1
    return first
