"""One block of an article, cut into tokens and sentences, with its grammar where a parser read it.

Rules of the desk read plain tuples, indexed by token: no rule sees the parser, and a test can write a
passage by hand. Token indexes are called `i`; token ranges are half-open; offsets count code points of
`Passage.text`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from depeche.desk.spans import Span, ZoneKind

ATOM = re.compile(r"[^\W_]+'?|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks: tokens `[first, last)`, the marks included.

    `opened` or `closed` is false where that mark is missing (a quotation that runs over paragraphs, or a
    mistake). `depth` is 0 for an outer quotation.
    """

    first: int
    last: int
    opened: bool = True
    closed: bool = True
    depth: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """The tokens of one block; all tuples but `sentences` and `quotations` have one entry a token.

    `words` are in lower case with plain apostrophes, every opening quotation mark « and every closing one »;
    `tags` are Universal POS, `deps` Universal Dependencies, `morphs` as in "Mood=Cnd|Number=Sing"; `heads`
    are token indexes, a root being its own head. Where `parsed` is false, lemmas are the words, tags, deps
    and morphs are empty.
    """

    text: str
    kind: ZoneKind
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    lemmas: tuple[str, ...]
    tags: tuple[str, ...]
    morphs: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    quotations: tuple[Quotation, ...]
    parsed: bool = True
    sentence_of: tuple[int, ...] = field(init=False)
    children: tuple[tuple[int, ...], ...] = field(init=False)
    edges: tuple[tuple[int, int], ...] = field(init=False)
    quoted: tuple[bool, ...] = field(init=False)
    atoms: tuple[tuple[str, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.words)
        sentence_of = [0] * size
        for number, (first, last) in enumerate(self.sentences):
            sentence_of[first:last] = [number] * (last - first)
        children: list[list[int]] = [[] for _ in range(size)]
        for i, head in enumerate(self.heads):
            if head != i:
                children[head].append(i)
        quoted = [False] * size
        for quotation in self.quotations:
            quoted[quotation.first : quotation.last] = [True] * (quotation.last - quotation.first)
        object.__setattr__(self, "atoms", _atoms(self.words))
        object.__setattr__(self, "sentence_of", tuple(sentence_of))
        object.__setattr__(self, "children", tuple(tuple(c) for c in children))
        object.__setattr__(self, "edges", _edges(self.heads, children))
        object.__setattr__(self, "quoted", tuple(quoted))

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> Span:
        """The offsets of the tokens `[first, last)`."""
        return self.starts[first], self.ends[last - 1]

    def form(self, i: int) -> str:
        """Token `i` as it was typed."""
        return self.text[self.starts[i] : self.ends[i]]

    def sentence(self, i: int) -> tuple[int, int]:
        """The token range of the sentence that holds token `i`."""
        return self.sentences[self.sentence_of[i]]

    def tokens_in(self, span: Span) -> range:
        """The tokens that lie, even in part, in the offsets `span`."""
        return range(bisect_right(self.ends, span[0]), bisect_left(self.starts, span[1]))

    def subtree(self, i: int) -> tuple[int, int]:
        """The token range from the leftmost to the rightmost word that depends on token `i`."""
        return self.edges[i]

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads above token `i`, nearest first."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i


def _atoms(words: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """The words cut finest (« affirme-t-il » is five), each with the token it belongs to."""
    atoms: list[tuple[str, int]] = []
    for token, word in enumerate(words):
        if word.isalpha():
            atoms.append((word, token))
        else:
            atoms += [(atom, token) for atom in ATOM.findall(word)]
    return tuple(atoms)


def _edges(heads: Sequence[int], children: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """For each token the half-open range its subtree covers, iteratively since trees may be deep."""
    size = len(heads)
    left, right = list(range(size)), list(range(1, size + 1))
    for root in (i for i in range(size) if heads[i] == i):
        order, stack = [], [root]
        while stack:
            node = stack.pop()
            order.append(node)
            stack.extend(children[node])
        for node in reversed(order):
            head = heads[node]
            if head != node:
                left[head] = min(left[head], left[node])
                right[head] = max(right[head], right[node])
    return tuple(zip(left, right, strict=True))
