"""Where sentences begin and quotations reach, by their punctuation: the parser is told, it does not guess."""

from __future__ import annotations

from collections.abc import Sequence

_STOPS = frozenset({".", "!", "?", "…", "...", "!!", "??", "?!", "!?", "....", "!!!", "???"})
_CLOSERS = frozenset({"»", ")", "]", "”"})
_OPENERS = frozenset({"«", "(", "[", "–", "—", "-"})
# After these a capital begins no sentence: titles, initials, and what spaCy leaves whole.
_ABBREVIATED = frozenset(
    [
        "m",
        "mm",
        "mme",
        "mmes",
        "mlle",
        "dr",
        "pr",
        "me",
        "st",
        "ste",
        "no",
        "n°",
        "vol",
        "art",
        "al",
        "cf",
        "éd",
        "env",
        "etc",
        "ex",
    ]
)


def sentence_starts(words: Sequence[str]) -> list[bool]:
    """For each token whether a sentence begins with it; `words` are as typed, in canonical signs.

    A sentence ends with a full stop, question or exclamation mark or ellipsis (and the closing quotation
    mark or bracket behind it) where a capital, a digit or an opening mark follows. A question that ends a
    quotation does not end the sentence that goes on in lower case.
    """
    size = len(words)
    starts = [False] * size
    if size:
        starts[0] = True
    for i, word in enumerate(words[:-1]):
        if word not in _STOPS and not (word[-1:] in ".!?…" and word[-2:-1].islower() and len(word) > 5):
            if "\n\n" in word and i + 1 < size:
                starts[i + 1] = True
            continue
        after = i + 1
        while after < size and (words[after] in _CLOSERS or words[after] in _STOPS or words[after].isspace()):
            after += 1
        if after < size and _can_begin(words, after) and not _abbreviates(words, i):
            starts[after] = True
    return starts


def quotations_of(
    words: Sequence[str], sentences: Sequence[tuple[int, int]]
) -> list[tuple[int, int, bool, bool, int]]:
    """Each quotation as (first token, token after the last, opened, closed, depth), in order of their
    beginnings.

    What is closed but never opened reaches back to the start of the block (it goes on from the block
    before), or to the start of its sentence where another quotation stands in between.
    """
    found: list[tuple[int, int, bool, bool, int]] = []
    open_at: list[int] = []
    for i, word in enumerate(words):
        if word == "«":
            open_at.append(i)
        elif word == "»":
            if open_at:
                first = open_at.pop()
                found.append((first, i + 1, True, True, len(open_at)))
            else:
                last_end = max((end for _, end, *_ in found), default=0)
                sentence = next(first for first, end in sentences if first <= i < end)
                found.append((max(last_end, sentence) if found else 0, i + 1, False, True, 0))
    for depth, first in enumerate(open_at):
        found.append((first, len(words), True, False, depth))
    return sorted(found)


def _can_begin(words: Sequence[str], i: int) -> bool:
    word = words[i]
    if word in _OPENERS:
        return i + 1 < len(words) and (
            words[i + 1][:1].isupper() or words[i + 1][:1].isdigit() or word == "«"
        )
    return word[:1].isupper() or word[:1].isdigit()


def _abbreviates(words: Sequence[str], i: int) -> bool:
    if words[i] != "." or i == 0:
        return False
    before = words[i - 1]
    return (len(before) == 1 and before.isupper()) or before.lower() in _ABBREVIATED
