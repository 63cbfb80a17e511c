"""A headline that promises what its text only hopes for or holds possible: HED002."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from depeche.desk.echoes import wordbook
from depeche.desk.headline.standing import UNSURE, standing
from depeche.desk.headline.titles import Title
from depeche.desk.lexicon import load_groups
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Finding, Span

_ENOUGH_WORDS = 2
_FUTURE = "Tense=Fut"

Place = tuple[int, int]


def promised(title: Title) -> list[Finding]:
    """HED002 where the title says in the future what every sentence of the text about it leaves open."""
    verb = next(_futures(title), -1)
    if verb < 0 or title.has_own_cue():
        return []
    judged = [(place, _left_open(title, place)) for place in _same_matter(title, verb)]
    if not judged or any(words is None for _, words in judged):
        return []
    (number, _), words = judged[0]
    if words is None:
        return []
    return [
        Finding(
            "HED002",
            "warning",
            title.span(0, len(title.passage)),
            related=(title.draft.shifted(number, words),),
            values=(("other", title.draft.blocks[number].passage.text[slice(*words)]),),
        )
    ]


def _futures(title: Title) -> Iterator[int]:
    """The verbs in the future; where the tagger saw no verb, a word that is the future of one in the text."""
    passage = title.passage
    for i, morph in enumerate(passage.morphs):
        if _FUTURE in morph:
            yield i
    if any(tag in ("VERB", "AUX") for tag in passage.tags):
        return
    endings = load_groups(title.draft.language, "headline_words.json").get("future_endings", ())
    said: set[str] | None = None
    for i in title.content():
        for ending in endings:
            word = passage.words[i]
            if i and word.endswith("r" + ending) and passage.form(i).islower():
                said = said or {w for _, block in title.texts() for w in block.passage.words}
                if word.removesuffix(ending) in said:
                    yield i


def _same_matter(title: Title, verb: int) -> Iterator[Place]:
    """Where the text speaks of what the verb announces: of the same act of the same thing or day; where the
    text has no such act (« sera prêt », « aura lieu »), of two things of the title.
    """
    others = [i for i in title.content() if i != verb]
    places = set(title.echoes.of(title.passage, verb, title.scope))
    topics = {t.topic for t in wordbook(title.draft.language).touches(title.passage, [verb])}
    if topics:
        for number, _ in title.texts():
            places |= {(number, t.first) for t in title.echoes.touches(number) if t.topic in topics}
    if places and title.passage.tags[verb] != "AUX":
        yield from (place for place in sorted(places) if title.shared(others, place))
        return
    for number, block in title.texts():
        for first, _ in block.passage.sentences:
            if title.shared(others, (number, first)) >= _ENOUGH_WORDS:
                yield number, first


def _left_open(title: Title, place: Place) -> Span | None:
    """The words that leave open what is said at a place, None where it is said firmly."""
    number, i = place
    block = title.draft.blocks[number]
    passage = block.passage
    first, last = passage.sentence(i)
    for match in _hopes(title.draft.language).find(passage):
        if first <= match.first < last:
            return passage.span(match.first, match.last)
    how = standing(block, i, title.draft.language)
    return (how.words or passage.span(i, i + 1)) if how.degree in UNSURE else None


@cache
def _hopes(language: str) -> PhraseIndex[str]:
    words = load_groups(language, "headline_words.json").get("hopes", ())
    return PhraseIndex((word, word) for word in words)
