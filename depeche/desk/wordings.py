"""How the words of a quotation compare with those of a text it was taken from."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from depeche.desk.canonical import canonical
from depeche.desk.spans import Span

_WORD = re.compile(r"[^\W_]+")
_CUT = re.compile(r"[\[(]\s*(?:…|\.\.\.)\s*[\])]|…|\.\.\.")
_INSERTED = re.compile(r"(\S*)\[[^\[\]]*\](\S*)")
_SENTENCE_END = re.compile(r"[.!?]+[\s»\"]")
_ANY = "*"
_FEWEST_WORDS = 4
_COMMONEST = 60
_LONGEST = 80
_MARGIN = 5
_FEW_WORDS = 6  # the fewer words are quoted, the more they must be alike
_LIKE = 0.72
_ALIKE = 0.75
_FURTHEST_NEGATION = 3


class Departure(NamedTuple):
    """Words of a quotation (`span`, in the text given) that are not quite those of a source (`original`);
    `distance` characters were added, dropped or changed.
    """

    span: Span
    original: str
    distance: int


class SourceText:
    """A text that quotations are held against, its words indexed once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.spans: list[Span] = []
        self.places: dict[str, list[int]] = defaultdict(list)
        for word, span in _words(text, 0):
            self.places[word].append(len(self.words))
            self.words.append(word)
            self.spans.append(span)


def departures(
    quotation: str, sources: Sequence[SourceText], negations: frozenset[str] = frozenset()
) -> list[Departure]:
    """Where `quotation` is nearly, but not quite, what one of `sources` has.

    Spaces, marks, accents and capitals are no difference, nor is what brackets announce: a cut or a word
    put in; unless the cut hides one of `negations` and the quotation has none. Pieces that no source has,
    or of fewer than four words, count for nothing.
    """
    found = _hidden_negations(quotation, sources, negations) if negations else []
    for words in _pieces(quotation):
        if len(words) < _FEWEST_WORDS:
            continue
        best: Departure | None = None
        for source in sources:
            nearest = _nearest(words, source)
            if nearest is None:
                continue
            if nearest.distance == 0:
                best = None
                break
            if best is None or nearest.distance < best.distance:
                best = nearest
        if best is not None:
            found.append(best)
    return found


def _hidden_negations(
    quotation: str, sources: Sequence[SourceText], negations: frozenset[str]
) -> list[Departure]:
    """Where the source says not what the quotation says, and the « not » lies in what was cut out."""
    plain = canonical(quotation)
    cuts = [match.end() for match in _CUT.finditer(plain)]
    if not cuts or negations.intersection(word for word, _ in _words(plain, 0)):
        return []
    found = []
    for cut in cuts:
        behind = _words(plain[cut:].split("[")[0], cut)
        for source in sources:
            place = _exact([word for word, _ in behind], source) if len(behind) >= _FEWEST_WORDS else -1
            first = max(0, place - _FURTHEST_NEGATION)
            hidden = [i for i in range(first, place) if source.words[i] in negations]
            if hidden:
                end = source.spans[place + len(behind) - 1][1]
                original = source.text[source.spans[hidden[0]][0] : end]
                distance = sum(len(source.words[i]) for i in hidden)
                found.append(Departure((_first_word(quotation), behind[-1][1][1]), original, distance))
    return found[:1]


def _first_word(text: str) -> int:
    match = _WORD.search(text)
    return match.start() if match else 0


def _exact(words: list[str], source: SourceText) -> int:
    """Where in the source the `words` stand one after the other, -1 where they do not."""
    for place in source.places.get(words[0], ()):
        if source.words[place : place + len(words)] == words:
            return place
    return -1


def _pieces(quotation: str) -> list[list[tuple[str, Span]]]:
    """The words of a quotation, cut at its sentence ends and where it says that something is left out."""
    plain = canonical(quotation)
    bounds = [0]
    for match in sorted([*_CUT.finditer(plain), *_SENTENCE_END.finditer(plain)], key=lambda m: m.start()):
        bounds.append(match.end())
    bounds.append(len(plain))
    blanked = _CUT.sub(lambda match: " " * len(match.group()), plain)
    blanked = _INSERTED.sub(_without_insertion, blanked)
    return [_words(blanked[first:last], first) for first, last in pairwise(bounds)]


def _without_insertion(match: re.Match[str]) -> str:
    """Blanks for what stands in brackets; a word with brackets on it is one of which we know nothing."""
    attached = any(part and _WORD.search(part) for part in match.groups())
    return ("\x00" if attached else " ").ljust(len(match.group()))


def _words(text: str, offset: int) -> list[tuple[str, Span]]:
    found = [
        (_folded(match.group()), (match.start() + offset, match.end() + offset))
        for match in _WORD.finditer(text)
    ]
    found += [(_ANY, (i + offset, i + 1 + offset)) for i, sign in enumerate(text) if sign == "\x00"]
    return sorted(found, key=lambda item: item[1])


def _folded(word: str) -> str:
    word = word.lower().replace("œ", "oe").replace("æ", "ae")
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _nearest(quoted: list[tuple[str, Span]], source: SourceText) -> Departure | None:
    words = [word for word, _ in quoted[:_LONGEST]]
    best: tuple[int, int, int] | None = None
    for start in _candidates(words, source):
        first, last = max(0, start - _MARGIN), start + len(words) + _MARGIN
        changed, begin, end = _aligned(words, source.words[first:last])
        if best is None or changed < best[0]:
            best = changed, first + begin, first + end
    if best is None or best[2] <= best[1]:
        return None
    changed, begin, end = best
    span = quoted[0][1][0], quoted[len(words) - 1][1][1]
    if changed == 0:
        return Departure(span, "", 0)
    mine, theirs = " ".join(words), " ".join(source.words[begin:end])
    distance = edit_distance(mine, theirs)
    likeness = 1 - distance / max(len(mine), len(theirs))
    if likeness < (_LIKE if len(words) > _FEW_WORDS else _ALIKE) or changed > len(words) / 2:
        return None
    if len(words) < _FEW_WORDS and not _left_out(words, source.words[begin:end]):
        return None
    return Departure(span, source.text[source.spans[begin][0] : source.spans[end - 1][1]], distance)


def _left_out(words: list[str], original: list[str]) -> bool:
    """Whether `words` are what remains of `original` when some of its words are dropped."""
    rest = iter(original)
    return all(word == _ANY or word in rest for word in words)


def _candidates(words: list[str], source: SourceText) -> list[int]:
    """Where in the source the words could begin: the places most of their rarer words point to."""
    known = [(len(source.places[w]), i) for i, w in enumerate(words) if w in source.places]
    if len(known) * 2 < len(words):
        return []
    rare = [i for count, i in sorted(known) if count <= _COMMONEST] or [i for _, i in sorted(known)[:3]]
    votes: Counter[int] = Counter()
    for i in rare[:16]:
        votes.update((place - i) for place in source.places[words[i]])
    near = {start: sum(votes.get(start + shift, 0) for shift in range(-3, 4)) for start in votes}
    return sorted(near, key=lambda start: (-near[start], -votes[start], start))[:3]


def _aligned(words: list[str], window: list[str]) -> tuple[int, int, int]:
    """The fewest words changed to make `words` a stretch of `window`, and where that stretch lies."""
    row = [(0, start) for start in range(len(window) + 1)]
    for n, word in enumerate(words, 1):
        above, row = row, [(n, 0)]
        for k, other in enumerate(window, 1):
            same = word in (other, _ANY)
            row.append(
                min(
                    (above[k - 1][0] + (not same), above[k - 1][1]),
                    (above[k][0] + 1, above[k][1]),
                    (row[k - 1][0] + 1, row[k - 1][1]),
                )
            )
    changed, end = min((cost, k) for k, (cost, _) in enumerate(row))
    return changed, row[end][1], end


def edit_distance(one: str, other: str) -> int:
    """How many characters must be added, dropped or changed to make `one` the `other`."""
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        diagonal, row[0] = row[0], n
        for k, b in enumerate(other, 1):
            diagonal, row[k] = row[k], min(diagonal + (a != b), row[k] + 1, row[k - 1] + 1)
    return row[-1]
