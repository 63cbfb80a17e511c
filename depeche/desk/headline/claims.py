"""A headline surer than its text: HED002 for what the text leaves open, ATT010 for what only a source says."""

from __future__ import annotations

from depeche.desk.draft import BlockReading
from depeche.desk.echoes import Touch, wordbook
from depeche.desk.headline.standing import UNSURE, Standing, standing
from depeche.desk.headline.titles import Title
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding, Span

_ENOUGH_WORDS = 2
_PLACES_LOOKED_AT = 40

Place = tuple[int, int]


def surer(title: Title) -> list[Finding]:
    """HED002 and ATT010: the title asserts what the text leaves open, or leaves to those who say it."""
    if title.has_own_cue():
        return []
    book = wordbook(title.draft.language)
    charges = [
        t for t in book.touches(title.passage) if t.asserts and t.topic.accuses and _is_act(title.passage, t)
    ]
    if charges:
        return _charged(title, charges[0])
    weaker = _weaker_predicate(title) or _weaker_phrase(title)
    return [_unsure(title, *weaker)] if weaker else []


def _weaker_predicate(title: Title) -> tuple[Place, Standing] | None:
    """Where the only sentences that say what the title says leave it open, the first of them."""
    passage = title.passage
    content = title.content()
    predicates = _predicates(title, content)
    if not predicates:
        predicates = content if len(content) >= _ENOUGH_WORDS and not _has_verb(passage) else []
        return _all_unsure(title, predicates) if predicates else None
    for i in predicates:
        places = title.echoes.of(passage, i, title.scope)[:_PLACES_LOOKED_AT]
        judged = [(place, _stand(title, place)) for place in places]
        if not judged or any(s.degree not in UNSURE for _, s in judged):
            continue
        for place, how in judged:
            if title.shared(content, place) >= _ENOUGH_WORDS and not _said_otherwise(title, i, content):
                return place, how
    return None


def _said_otherwise(title: Title, predicate: int, content: list[int]) -> bool:
    """Whether the text says firmly, by another word of its kind, what a verb of the title says."""
    touched = wordbook(title.draft.language).touches(title.passage, [predicate])
    topics = {touch.topic for touch in touched if not touch.topic.accuses}
    others = [i for i in content if i != predicate]
    return any(
        touch.topic in topics
        and title.shared(others, (number, touch.first)) > 0
        and _stand(title, (number, touch.first)).degree not in UNSURE
        for number, _ in title.texts()
        for touch in title.echoes.touches(number)
    )


def _all_unsure(title: Title, content: list[int]) -> tuple[Place, Standing] | None:
    """For a title without a verb: all of its words come back in hearsay, and nowhere else."""
    first: tuple[Place, Standing] | None = None
    for i in content:
        places = title.echoes.of(title.passage, i, title.scope)[:_PLACES_LOOKED_AT]
        judged = [(p, _stand(title, p)) for p in places]
        if not judged or any(s.degree != "hearsay" for _, s in judged):
            return None
        first = first or judged[0]
    return first


def _weaker_phrase(title: Title) -> tuple[Place, Standing] | None:
    """A complement of the title (« en première ligne », « en mai ») that the text has only in what it
    leaves open.
    """
    passage = title.passage
    if not _predicates(title, title.content()):
        return None
    dates = _dates(title.draft.language)
    for first in range(1, len(passage) - 1):
        if passage.tags[first] != "ADP":
            continue
        last = _phrase_end(passage, first)
        dated = last == first + 2 and passage.words[first + 1] in dates
        if last - first < 3 and not dated:
            continue
        judged = [(p, _stand(title, p)) for p in _same_words(title, first, last)[:_PLACES_LOOKED_AT]]
        unsure = UNSURE if dated else {"hearsay"}
        if judged and all(s.degree in unsure for _, s in judged):
            return judged[0]
    return None


def _phrase_end(passage: Passage, first: int) -> int:
    last = first + 1
    while last < len(passage) and passage.tags[last] in ("ADJ", "NOUN", "PROPN", "NUM", "DET"):
        last += 1
    return last


def _same_words(title: Title, first: int, last: int) -> list[Place]:
    wanted = title.passage.words[first:last]
    return [
        (number, i)
        for number, i in title.echoes.of(title.passage, last - 1, title.scope)
        if i >= last - first - 1
        and title.draft.blocks[number].passage.words[i - (last - first) + 1 : i + 1] == wanted
    ]


def _predicates(title: Title, content: list[int]) -> list[int]:
    """The words of the title that say what happens: its verbs, or, where the tagger saw none, a word behind
    another one that the text has as a verb.
    """
    passage = title.passage
    verbs = [i for i in content if passage.tags[i] == "VERB" and "VerbForm=Inf" not in passage.morphs[i]]
    if verbs or _has_verb(passage):
        return verbs
    blocks = title.draft.blocks
    return [
        i
        for i in content
        if i - 1 in content
        and passage.form(i).islower()
        and any(blocks[n].passage.tags[k] == "VERB" for n, k in title.echoes.of(passage, i, title.scope))
    ]


def _has_verb(passage: Passage) -> bool:
    return any(tag in ("VERB", "AUX") for tag in passage.tags)


def _stand(title: Title, place: Place) -> Standing:
    return standing(title.draft.blocks[place[0]], place[1], title.draft.language)


def _unsure(title: Title, place: Place, how: Standing) -> Finding:
    block = title.draft.blocks[place[0]]
    span = how.words or block.passage.span(place[1], place[1] + 1)
    return Finding(
        "HED002",
        "warning",
        title.span(0, len(title.passage)),
        related=(title.draft.shifted(place[0], span),),
        values=(("other", block.passage.text[slice(*span)]),),
    )


def _dates(language: str) -> frozenset[str]:
    groups = load_groups(language, "headline_words.json")
    return frozenset((*groups.get("months", ()), *groups.get("weekdays", ())))


def _is_act(passage: Passage, charge: Touch) -> bool:
    """Whether somebody in the title does it: « X a pollué », « pollué par X », not « le pollueur »."""
    i = charge.first
    if passage.tags[i] not in ("VERB", "ADJ", "AUX") and passage.lemmas[i] == passage.words[i]:
        return False
    before = passage.words[max(0, i - 3) : i]
    if "VerbForm=Fin" in passage.morphs[i]:
        return i > 0
    active = any(
        "VerbForm=Fin" in passage.morphs[k] and passage.lemmas[k] == "avoir" for k in range(max(0, i - 3), i)
    )
    return active or ("par" in passage.words[i : i + 3] and "été" not in before)


def _charged(title: Title, charge: Touch) -> list[Finding]:
    places = _same_charge(title, charge)
    if not places:
        return []
    judged = [(place, _stand(title, place)) for place in places]
    degrees = {how.degree for _, how in judged}
    if "firm" in degrees:
        return []
    said = [(p, how) for p, how in judged if how.degree == "attributed" and how.attribution]
    if said:
        return [_attributed(title, *said[0])]
    unsure = [(p, how) for p, how in judged if how.degree in UNSURE]
    return [_unsure(title, *unsure[0])] if unsure else []


def _same_charge(title: Title, charge: Touch) -> list[Place]:
    """Where the text speaks of the same misdeed: in the sentences that share most with the title."""
    content = [i for i in title.content() if not charge.first <= i < charge.last]
    found: list[tuple[int, Place]] = []
    for number, _ in title.texts():
        for touch in title.echoes.touches(number):
            if touch.topic == charge.topic:
                found.append((title.shared(content, (number, touch.first)), (number, touch.first)))
    most = max((shared for shared, _ in found), default=0)
    alike = [place for shared, place in found if shared >= min(most, _ENOUGH_WORDS)]
    return alike[:_PLACES_LOOKED_AT]


def _attributed(title: Title, place: Place, how: Standing) -> Finding:
    number = place[0]
    block: BlockReading = title.draft.blocks[number]
    said = how.attribution
    source: Span | None = None
    if said:
        source = said.source_ref or (said.source if said.quality != "pronoun" else None)
    related = [span for span in (source, how.words) if span]
    values = (("source", block.passage.text[slice(*source)]),) if source else ()
    return Finding(
        "ATT010",
        "error",
        title.span(0, len(title.passage)),
        related=tuple(title.draft.shifted(number, span) for span in related),
        values=values,
    )
