"""Fixed phrases found in a passage, however many of them there are, in one walk over its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from depeche.desk.passage import ATOM, Passage

Entry = TypeVar("Entry")

_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_END = ""


class Match(NamedTuple, Generic[Entry]):
    """A phrase in a passage: tokens `[first, last)`, and what it was entered with."""

    first: int
    last: int
    entry: Entry


class PhraseIndex(Generic[Entry]):
    """Phrases with what they stand for, matched without regard to case, apostrophes or how words are cut.

    A word written `=libérer` matches every token of that lemma, `*` matches any one word. Several entries
    may share a phrase.
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._root: dict[str, Any] = {}
        self._lemmas = False
        for phrase, entry in entries:
            node = self._root
            for word in _pattern(phrase):
                self._lemmas |= word.startswith("=")
                node = node.setdefault(word, {})
            node.setdefault(_END, []).append(entry)

    def find(self, passage: Passage) -> list[Match[Entry]]:
        """The longest phrase at each place, in order; phrases that begin inside another are found too."""
        atoms = passage.atoms
        root, found = self._root, []
        for at, (word, token) in enumerate(atoms):
            if at and atoms[at - 1][1] == token:
                continue
            if word in root or "*" in root or (self._lemmas and f"={passage.lemmas[token]}" in root):
                end, entries = self._longest(atoms, at, passage)
                last = atoms[end - 1][1] + 1 if entries else 0
                if entries and (end == len(atoms) or atoms[end][1] >= last):
                    found += [Match(token, last, entry) for entry in entries]
        return found

    def _longest(
        self, atoms: tuple[tuple[str, int], ...], at: int, passage: Passage
    ) -> tuple[int, list[Entry]]:
        end, entries = at, list[Entry]()
        nodes = [self._root]
        for i in range(at, len(atoms)):
            word, token = atoms[i]
            keys = (word, f"={passage.lemmas[token]}", "*") if self._lemmas else (word, "*")
            nodes = [node[key] for node in nodes for key in keys if key in node]
            if not nodes:
                break
            if any(_END in node for node in nodes):
                end, entries = i + 1, [entry for node in nodes for entry in node.get(_END, ())]
        return end, entries


def _pattern(phrase: str) -> list[str]:
    words: list[str] = []
    for part in phrase.translate(_APOSTROPHES).lower().split():
        words += [part] if part == "*" or part.startswith("=") else ATOM.findall(part)
    return words
