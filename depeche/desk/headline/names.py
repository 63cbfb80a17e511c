"""What a headline calls a bridge, a street or a mayor's town, where its text calls it otherwise: HED003."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from depeche.desk.echoes import wordbook
from depeche.desk.headline.titles import Title
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding

_SHORTEST_NAME = 3
_LONGEST_NAME = 5
_ENOUGH_SHARED = 2
_LINKS = frozenset({"-", "'", "’"})


class _Named(NamedTuple):
    """A thing with its name: « pont de Sermoise », the name in the tokens `[first, last)`."""

    head: int
    first: int
    last: int


def things(title: Title) -> list[Finding]:
    """HED003 for a thing of the title whose name is nowhere in the text, where the text begins with one of its
    kind that has another name, and says the like of it.
    """
    passage = title.passage
    for named in _named(passage, title.draft.language):
        if passage.quoted[named.head] or _is_known(title, named):
            continue
        other = _first_of_its_kind(title, passage.words[named.head])
        if other is None or not _says_the_like(title, named, other):
            continue
        number, there = other
        span = title.draft.blocks[number].passage.span(there.head, there.last)
        return [title.differs(passage.span(named.head, named.last), "warning", (number, span))]
    return []


def towns(title: Title) -> list[Finding]:
    """HED003, info, for the town of a headline of which the text says nothing, where its first sentence is in
    another one.
    """
    if not title.is_headline:
        return []
    here = next(_locations(title.passage, 0, len(title.passage), title.draft.language), None)
    if here is None or _is_known(title, here):
        return []
    for number, block in title.texts():
        first, last = block.passage.sentences[0]
        there = next(_locations(block.passage, first, last, title.draft.language), None)
        if there is None:
            return []
        span = block.passage.span(there.first, there.last)
        return [title.differs(title.passage.span(here.first, here.last), "info", (number, span))]
    return []


def _named(passage: Passage, language: str) -> Iterator[_Named]:
    kinds = _group(language, "named_things")
    for i, word in enumerate(passage.words):
        if word in kinds and not passage.form(i).isupper():
            first = _behind_links(passage, i + 1, language)
            last = _name_end(passage, first)
            if last > first:
                yield _Named(i, first, last)


def _behind_links(passage: Passage, i: int, language: str) -> int:
    links = _group(language, "name_links")
    while i < len(passage) and passage.words[i] in links and passage.form(i).islower():
        i += 1
    return i


def _name_end(passage: Passage, first: int) -> int:
    last = first
    while last < min(len(passage), first + _LONGEST_NAME):
        joined = passage.words[last] in _LINKS and last > first
        if not joined and not passage.form(last)[0].isupper():
            break
        last += 1
    return last


def _locations(passage: Passage, first: int, last: int, language: str) -> Iterator[_Named]:
    """The places in a sentence behind a bare « à »."""
    before = _group(language, "in_town")
    for i in range(first, last - 1):
        if passage.words[i] in before and passage.tags[i + 1] == "PROPN":
            end = min(_name_end(passage, i + 1), last)
            if end > i + 1 and not passage.form(i + 1).isupper():
                yield _Named(i, i + 1, end)


def _is_known(title: Title, named: _Named) -> bool:
    """Whether the text, or the place of the article, has any part of a name, or there is none to look for."""
    whole = " ".join(title.passage.words[named.first : named.last]).replace("-", " ")
    parts = [part for part in whole.split() if len(part) >= _SHORTEST_NAME and part.isalpha()]
    telling = [part for part in parts if part not in _group(title.draft.language, "common_names")] or parts
    texts = (block.passage.text for _, block in title.texts())
    everywhere = " ".join((title.draft.dossier.place or "", *texts)).lower()
    return not telling or any(part in everywhere for part in telling)


def _first_of_its_kind(title: Title, word: str) -> tuple[int, _Named] | None:
    """What the first sentence of the text first calls by `word`, where it has a name."""
    number, block = next(title.texts())
    opening = block.passage.words[slice(*block.passage.sentences[0])]
    if word not in opening:
        return None
    i = opening.index(word)
    first = _behind_links(block.passage, i + 1, title.draft.language)
    last = _name_end(block.passage, first)
    return (number, _Named(i, first, last)) if last > first else None


def _says_the_like(title: Title, named: _Named, other: tuple[int, _Named]) -> bool:
    """Whether the sentence of the other thing says more that the title says: in its words, or by words of
    one kind.
    """
    number, there = other
    content = [i for i in title.content() if not named.head <= i < named.last]
    if title.shared(content, (number, there.head)) >= _ENOUGH_SHARED - 1:
        return True
    first, last = title.draft.blocks[number].passage.sentence(there.head)
    said = {touch.topic for touch in title.echoes.touches(number) if first <= touch.first < last}
    claimed = {touch.topic for touch in wordbook(title.draft.language).touches(title.passage, content)}
    return not said.isdisjoint(claimed)


def _group(language: str, name: str) -> tuple[str, ...]:
    return load_groups(language, "place_words.json").get(name, ())
