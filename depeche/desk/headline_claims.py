"""What a headline claims against what its text bears out: HED001 for happenings, HED002, ATT010."""

from __future__ import annotations

from collections.abc import Iterator

from depeche.desk.draft import BlockReading
from depeche.desk.echoes import Topic, Touch, Wordbook, wordbook
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.quantities import agree
from depeche.desk.spans import Finding, Span
from depeche.desk.standing import UNSURE, Standing, standing
from depeche.desk.titles import Title

_ENOUGH_WORDS = 2
_TOLL = "toll"
_PLACES_LOOKED_AT = 40

Place = tuple[int, int]


def unsupported(title: Title) -> list[Finding]:
    """HED001 for deaths, arrests, fires and the like that the text nowhere touches on, and for a clause of
    the headline of which neither who it happened to nor what happened is there.
    """
    book = wordbook(title.draft.language)
    if title.passage.words[-1] == "?" or title.passage.quotations:
        return []
    found = []
    for claim in book.claims(title.passage):
        if not _borne_out(title, claim, book):
            found.append(_missing(title, *_group_around(title.passage, claim)))
    if not found:
        found += [_missing(title, *clause) for clause in _orphaned(title, book)]
    return found[:1]


def surer(title: Title) -> list[Finding]:
    """HED002 and ATT010: the title asserts what the text leaves open, or leaves to those who say it."""
    if title.has_own_cue():
        return []
    book = wordbook(title.draft.language)
    charges = [
        t for t in book.touches(title.passage) if t.asserts and t.topic.accuses and _is_act(title.passage, t)
    ]
    if charges:
        return _charged(title, charges[0], book)
    weaker = _weaker_predicate(title) or _weaker_phrase(title)
    return [_unsure(title, *weaker)] if weaker else []


# HED001


def _borne_out(title: Title, claim: Touch, book: Wordbook) -> bool:
    """Whether the text touches on what is claimed; by a word only akin to it where it also has who or how
    many.
    """
    if _has_its_figure(title, claim):
        return True
    things = [i for i in range(*_group_around(title.passage, claim)) if i in title.content()]
    loosely = any(title.echoes.of(title.passage, i) for i in things if not claim.first <= i < claim.last)
    loosely = loosely or len(things) <= claim.last - claim.first
    for _, block in title.texts():
        if any(t.topic == claim.topic and (loosely or t.asserts) for t in book.touches(block.passage)):
            return True
    return _said_elsewhere(title, claim, book)


def _has_its_figure(title: Title, claim: Touch) -> bool:
    """Whether the text gives the number of the claim, of whatever it is; for a toll, any number at all."""
    start, end = title.passage.span(*_group_around(title.passage, claim))
    stated = [q for q in title.block.quantities if q.span[0] < end and start < q.span[1]]
    given = [q for _, block in title.texts() for q in block.quantities]
    if claim.topic.name == _TOLL:
        return bool(given)
    return any(agree((a.low, a.high), (b.low, b.high)) for a in stated for b in given)


def _said_elsewhere(title: Title, claim: Touch, book: Wordbook) -> bool:
    """Whether a crosshead is borne out under another one: a matter of layout, not of truth."""
    if title.is_headline or claim.topic.name == _TOLL:
        return False
    return any(
        touch.topic == claim.topic and touch.asserts
        for number, block in enumerate(title.draft.blocks)
        if number != title.number and number not in title.scope
        for touch in book.touches(block.passage)
    )


def _orphaned(title: Title, book: Wordbook) -> Iterator[tuple[int, int]]:
    """The clauses of a headline made of a thing and what happened to it, neither of them in the text."""
    if not title.is_headline or title.draft.dossier.kind != "news":
        return
    content = set(title.content())
    clauses = title.clauses()
    for first, last in clauses[1:] if len(clauses) > 1 else ():
        words = [i for i in range(first, last) if i in content]
        if len(words) != _ENOUGH_WORDS or any(title.passage.form(i)[0].isupper() for i in words):
            continue
        if title.passage.tags[words[0]] != "NOUN" or words[1] != words[0] + 1:
            continue
        topics = {touch.topic for touch in book.touches(title.passage, words[1:]) if not touch.topic.accuses}
        echoed = any(title.echoes.of(title.passage, i) for i in words)
        if topics and not echoed and not _touched(title, topics, book):
            yield first, last


def _touched(title: Title, topics: set[Topic], book: Wordbook) -> bool:
    """Whether the text touches on any of `topics` at all."""
    return any(touch.topic in topics for _, block in title.texts() for touch in book.touches(block.passage))


def _group_around(passage: Passage, claim: Touch) -> tuple[int, int]:
    """The claim with the number and noun before it: « des dizaines de malades », « trois blessés »."""
    first = claim.first
    while first > 0 and passage.words[first - 1][0].isalnum() and claim.last - first < 5:
        first -= 1
    return first, claim.last


def _missing(title: Title, first: int, last: int) -> Finding:
    words = title.passage.text[slice(*title.passage.span(first, last))]
    return Finding("HED001", "error", title.span(first, last), values=(("missing", words),))


# HED002: what is uncertain in the text


def _weaker_predicate(title: Title) -> tuple[Place, Standing] | None:
    """Where the only sentences that say what the title says leave it open, the first of them."""
    passage = title.passage
    content = title.content()
    predicates = [i for i in content if _is_predicate(passage, i)]
    if not predicates:
        predicates = content if len(content) >= _ENOUGH_WORDS and not _has_verb(passage) else []
        return _all_unsure(title, predicates) if predicates else None
    for i in predicates:
        places = title.echoes.of(passage, i, title.scope)[:_PLACES_LOOKED_AT]
        judged = [(place, _stand(title, place)) for place in places]
        if judged and all(s.degree in UNSURE for _, s in judged):
            for place, how in judged:
                if title.shared(content, place) >= _ENOUGH_WORDS:
                    return place, how
    return None


def _all_unsure(title: Title, content: list[int]) -> tuple[Place, Standing] | None:
    """For a title without a verb: all of its words come back in hearsay, and nowhere else."""
    first: tuple[Place, Standing] | None = None
    for i in content:
        judged = [(p, _stand(title, p)) for p in title.echoes.of(title.passage, i, title.scope)]
        if not judged or any(s.degree != "hearsay" for _, s in judged):
            return None
        first = first or judged[0]
    return first


def _weaker_phrase(title: Title) -> tuple[Place, Standing] | None:
    """A complement of the title (« en première ligne », « en mai ») that the text has only in what it
    leaves open.
    """
    passage = title.passage
    if not any(_is_predicate(passage, i) for i in title.content()):
        return None
    dates = _dates(title.draft.language)
    for first in range(1, len(passage) - 1):
        if passage.tags[first] != "ADP":
            continue
        last = _phrase_end(passage, first)
        dated = last == first + 2 and passage.words[first + 1] in dates
        if last - first < 3 and not dated:
            continue
        judged = [(p, _stand(title, p)) for p in _same_words(title, first, last)]
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


def _is_predicate(passage: Passage, i: int) -> bool:
    """Whether a word of the title says what happens: a verb, or what the tagger may have missed as one."""
    if passage.tags[i] == "VERB":
        return passage.morphs[i] == "" or "VerbForm=Inf" not in passage.morphs[i]
    late = i > 0 and passage.tags[i - 1] in ("NOUN", "PROPN")
    return (
        passage.tags[i] == "ADJ" and late and passage.lemmas[i] == passage.words[i] and not _has_verb(passage)
    )


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


# ATT010: accusations


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


def _charged(title: Title, charge: Touch, book: Wordbook) -> list[Finding]:
    places = _same_charge(title, charge, book)
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


def _same_charge(title: Title, charge: Touch, book: Wordbook) -> list[Place]:
    """Where the text speaks of the same misdeed: in the sentences that share most with the title."""
    content = [i for i in title.content() if not charge.first <= i < charge.last]
    found: list[tuple[int, Place]] = []
    for number, block in title.texts():
        for touch in book.touches(block.passage):
            if touch.topic == charge.topic:
                found.append((title.shared(content, (number, touch.first)), (number, touch.first)))
    most = max((shared for shared, _ in found), default=0)
    return [place for shared, place in found if shared >= min(most, _ENOUGH_WORDS)]


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
