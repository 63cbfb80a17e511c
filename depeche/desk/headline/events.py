"""Happenings that a headline announces and its text does not touch on: HED001."""

from __future__ import annotations

from collections.abc import Iterator

from depeche.desk.echoes import Topic, Touch, Wordbook, wordbook
from depeche.desk.figures.quantities import agree
from depeche.desk.headline.titles import BODY, Title
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding, Severity

_CLAUSE_WORDS = 2
_TOLL = "toll"


def unsupported(title: Title) -> list[Finding]:
    """HED001 for deaths, arrests, fires and the like that the text nowhere touches on, and for a clause of
    the headline of which neither who it happened to nor what happened is there.
    """
    book = wordbook(title.draft.language)
    if title.passage.words[-1] == "?" or title.passage.quotations:
        return []
    found = []
    for claim in book.claims(title.passage):
        if not _borne_out(title, claim):
            severity: Severity = "error" if _is_plain(title, claim) else "warning"
            found.append(_missing(title, severity, *_group_around(title.passage, claim)))
    if not found:
        found += [_missing(title, "warning", *clause) for clause in _orphaned(title, book)]
    return found[:1]


def _is_plain(title: Title, claim: Touch) -> bool:
    """Whether a claim can only be meant as it stands: it counts people, or has several words (« en garde à
    vue »); « la mort du petit commerce » is a figure of speech.
    """
    if claim.topic.figurative:
        return False
    return _is_counted(title, claim) or (claim.last - claim.first > 1 and not claim.loose)


def _borne_out(title: Title, claim: Touch) -> bool:
    """Whether the text touches on what is claimed; by a word only akin to it where it also has who or how
    many.
    """
    if _has_its_figure(title, claim):
        return True
    others = [i for i in title.content() if not claim.first <= i < claim.last]
    loosely = not others or any(title.echoes.of(title.passage, i) for i in others)
    counted = _is_counted(title, claim)
    for number, _ in title.texts():
        touches = (t for t in title.echoes.touches(number) if t.topic == claim.topic)
        if any(t.asserts or not t.loose or (loosely and not counted) for t in touches):
            return True
    return _said_elsewhere(title, claim)


def _is_counted(title: Title, claim: Touch) -> bool:
    """Whether the title counts the victims: « quatre blessés »."""
    start, end = title.passage.span(*_group_around(title.passage, claim))
    return any(q.span[0] < end and start < q.span[1] for q in title.block.quantities)


def _has_its_figure(title: Title, claim: Touch) -> bool:
    """Whether the text gives the number of the claim, of whatever it is; for a toll, any number at all."""
    start, end = title.passage.span(*_group_around(title.passage, claim))
    stated = [q for q in title.block.quantities if q.span[0] < end and start < q.span[1]]
    given = [q for _, block in title.texts() for q in block.quantities]
    if claim.topic.name == _TOLL:
        return bool(given)
    return any(agree((a.low, a.high), (b.low, b.high)) for a in stated for b in given)


def _said_elsewhere(title: Title, claim: Touch) -> bool:
    """Whether a crosshead is borne out under another one: a matter of layout, not of truth."""
    if title.is_headline or claim.topic.name == _TOLL:
        return False
    return any(
        touch.topic == claim.topic and touch.asserts
        for number in title.draft.of_kind(*BODY)
        if number not in title.scope
        for touch in title.echoes.touches(number)
    )


def _orphaned(title: Title, book: Wordbook) -> Iterator[tuple[int, int]]:
    """The clauses of a headline made of a thing and what happened to it, neither of them in the text."""
    if not title.is_headline or title.draft.dossier.kind != "news":
        return
    content = set(title.content())
    clauses = title.clauses()
    for first, last in clauses[1:] if len(clauses) > 1 else ():
        words = [i for i in range(first, last) if i in content]
        if len(words) != _CLAUSE_WORDS or any(title.passage.form(i)[0].isupper() for i in words):
            continue
        if title.passage.tags[words[0]] != "NOUN" or words[1] != words[0] + 1:
            continue
        topics = {touch.topic for touch in book.touches(title.passage, words[1:]) if not touch.topic.accuses}
        echoed = any(title.echoes.of(title.passage, i) for i in words)
        if topics and not echoed and not _touched(title, topics):
            yield first, last


def _touched(title: Title, topics: set[Topic]) -> bool:
    """Whether the text touches on any of `topics` at all."""
    return any(touch.topic in topics for number, _ in title.texts() for touch in title.echoes.touches(number))


def _group_around(passage: Passage, claim: Touch) -> tuple[int, int]:
    """The claim with the number and noun before it: « des dizaines de malades », « trois blessés »."""
    first = claim.first
    while first > 0 and passage.words[first - 1][0].isalnum() and claim.last - first < 5:
        first -= 1
    return first, claim.last


def _missing(title: Title, severity: Severity, first: int, last: int) -> Finding:
    words = title.passage.text[slice(*title.passage.span(first, last))]
    return Finding("HED001", severity, title.span(first, last), values=(("missing", words),))
