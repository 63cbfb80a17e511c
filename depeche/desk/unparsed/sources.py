"""Who says it, in a language without a parser: noun phrases told by capitals, known heads and small words."""

from __future__ import annotations

from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.unparsed.words import Small, load_small, load_vague

Range = tuple[int, int]

STOPS = frozenset({",", ";", ":", "«", "»", "(", ")", ".", "!", "?", "…", "...", "–", "—", "•"})

_LONGEST_PHRASE = 14
_LONGEST_APPOSITION = 10
_MOST_APPOSITIONS = 2
_LONGEST_INSERTION = 25
_DASH = "-"


def phrase_left(passage: Passage, end: int, language: str, *, anybody: bool = False) -> Range | None:
    """The noun phrase that ends right before token `end`, with what stands in apposition to it.

    None where none does that can speak; `anybody` takes a noun that no list knows for somebody.
    """
    small, words = load_small(language), passage.words
    start = passage.sentence(end)[0]
    if end <= start:
        return None
    if words[end - 1] in small.pronouns:
        return end - 1, end
    last = end - (words[end - 1] in small.who)
    if last - 1 > start and words[last - 1] == ",":
        found = _set_off(passage, (start, last - 1), language)
    else:
        found = _antecedent(passage, (start, last), small)
    phrase = _past_openers(passage, found[0], found[1], small), found[1]
    if phrase[0] >= phrase[1]:
        return None
    return phrase if can_speak(passage, phrase, language, anybody=anybody) else None


def _antecedent(passage: Passage, within: Range, small: Small) -> Range:
    """The phrase at the end of `within`; where that is part of a relative clause (« the man *who found it* »),
    the one before.
    """
    start, last = within
    edge = _clause_edge(passage, last, start, small)
    first = _last_phrase(passage, edge, last, small)
    relative = edge - 1 > start and passage.words[edge - 1] in small.who | small.that
    if relative and (first > edge or not _opens_phrase(passage, edge, small)):
        return _left_edge(passage, edge - 1, start, small), edge - 1
    return first, last


def _opens_phrase(passage: Passage, i: int, small: Small) -> bool:
    """Whether a noun phrase begins at token `i` by its article or capital."""
    word = passage.words[i]
    return word in small.definite or word in small.indefinite or passage.form(i)[:1].isupper()


def _set_off(passage: Passage, within: Range, language: str) -> Range:
    """The phrase before a comma, with its appositions, but without what is only put in (« Anna Reed, 43, *who
    runs the bakery*, »).
    """
    small, words = load_small(language), passage.words
    start, last = within
    comma = _comma_before(passage, last, start)
    put_in = _clause_edge(passage, last, start, small) > comma + 1
    if comma > start and (put_in or not _is_apposition(passage, (comma + 1, last), language)):
        last = comma
    first = _left_edge(passage, last, start, small)
    for _ in range(_MOST_APPOSITIONS):
        if first - 1 <= start or words[first - 1] != "," or last - first > _LONGEST_APPOSITION:
            break
        before = _left_edge(passage, first - 1, start, small)
        known = before < first - 1 and words[before] not in small.openers
        if not known or not _is_apposition(passage, (before, first - 1), language):
            break
        first = before
    return first, last


def _comma_before(passage: Passage, end: int, start: int) -> int:
    """The last comma before token `end`, `start` where none is near."""
    for i in range(end - 1, max(start, end - _LONGEST_INSERTION), -1):
        if passage.words[i] == "," and not passage.quoted[i]:
            return i
    return start


def _is_apposition(passage: Passage, piece: Range, language: str) -> bool:
    """Whether words between commas name somebody, or give an age."""
    small, words = load_small(language), passage.words
    first, last = piece
    if first >= last or words[first] in small.who or words[first] in small.boundaries - small.inner:
        return False
    plain = all(words[i] not in small.finite for i in range(first, last))
    return plain and (words[first].isdecimal() or _names_or_heads(passage, piece, language))


def phrase_right(passage: Passage, first: int, end: int, language: str) -> Range | None:
    """The noun phrase that begins at token `first`, before `end`; None where none does that can speak."""
    small, words = load_small(language), passage.words
    if first >= end:
        return None
    if words[first] in small.pronouns:
        return first, first + 1
    last = _right_edge(passage, first, end, small)
    return (first, last) if first < last and can_speak(passage, (first, last), language) else None


def noun_phrase(passage: Passage, first: int, end: int, language: str) -> Range | None:
    """The words from token `first` that may be a noun phrase, whoever they name; None for no words."""
    last = _right_edge(passage, first, end, load_small(language)) if first < end else first
    return (first, last) if first < last else None


def with_apposition(passage: Passage, phrase: Range, end: int, language: str, *, closed: bool) -> Range:
    """`phrase` with what stands in apposition behind it (« Anna Reed, *the mayor* »); `closed` where another
    comma must follow.
    """
    small, words = load_small(language), passage.words
    first, last = phrase
    while last + 1 < end and words[last] == ",":
        opening = last + 1
        stop = _right_edge(passage, opening, end, small)
        aged = words[opening].isdecimal() and stop == opening + 1
        named = aged or (stop > opening and _names_or_heads(passage, (opening, stop), language))
        named = named or (stop > opening + 1 and words[opening] in small.indefinite)
        ends = stop < end and words[stop] in STOPS
        if not named or not ends or (closed and words[stop] != ",") or stop - opening > _LONGEST_APPOSITION:
            break
        last = stop
    return first, last


def can_speak(passage: Passage, phrase: Range, language: str, *, anybody: bool = False) -> bool:
    """Whether the words are a name, a known head, a vague source or a pronoun, and no clause of their own;
    with `anybody`, whatever an article begins will do.
    """
    small, words = load_small(language), passage.words
    first, last = phrase
    if last - first > _LONGEST_PHRASE + _LONGEST_APPOSITION or words[first] in small.nobody:
        return False
    if last - first == 1 and (words[first] in small.pronouns or words[first] in small.some):
        return True
    if any(words[i] in small.finite for i in range(first, last)):
        return False
    if anybody and (words[first] in small.definite or words[first] in small.indefinite) and last - first > 1:
        return True
    return _names_or_heads(passage, phrase, language) or opens_named(passage, phrase, small)


def _left_edge(passage: Passage, end: int, start: int, small: Small) -> int:
    """Where the phrase begins that ends before token `end`."""
    return _last_phrase(passage, _clause_edge(passage, end, start, small), end, small)


def _clause_edge(passage: Passage, end: int, start: int, small: Small) -> int:
    """The first token after the mark or conjunction before token `end`."""
    words, i = passage.words, end
    while i > start and end - i < _LONGEST_PHRASE:
        word = words[i - 1]
        if word in STOPS or passage.quoted[i - 1]:
            break
        if word in small.joining and _joins(passage, i - 1, start, end, small):
            i -= 1
            continue
        led = word in small.openers or word in small.inner
        if word in small.subordinators or (word in small.boundaries and not led):
            break
        i -= 1
    return i


def _last_phrase(passage: Passage, first: int, end: int, small: Small) -> int:
    """Where the last of two phrases begins that nothing joins (« the vote | the council »)."""
    joints = small.inner | small.joining | small.boundaries | small.adverbs | STOPS
    for i in range(end - 1, first, -1):
        article = passage.words[i] in small.definite or passage.words[i] in small.indefinite
        if article and passage.words[i - 1] not in joints and not passage.words[i - 1].isdecimal():
            return i
    return first


def _joins(passage: Passage, i: int, start: int, end: int, small: Small) -> bool:
    """Whether « and » at token `i` joins two names or two nouns with their articles."""
    if i <= start or i + 1 >= end:
        return False
    after = passage.form(i + 1)[:1].isupper() or passage.words[i + 1] in small.definite
    return after and passage.form(i - 1)[:1].isupper()


def _past_openers(passage: Passage, first: int, last: int, small: Small) -> int:
    """Past an adverbial that opens the clause (« On Monday | the mayor »)."""
    words = passage.words
    if first < last and words[first] in small.openers:
        names = last
        while names > first and passage.form(names - 1)[:1].isupper() and words[names - 1] not in small.time:
            names -= 1
        articles = [
            i for i in range(first, last) if words[i] in small.definite or words[i] in small.indefinite
        ]
        return min(names, articles[-1]) if articles and names == last else names
    while first < last and (words[first] in small.adverbs or words[first] in small.time):
        first += 1
    return first


def _right_edge(passage: Passage, first: int, end: int, small: Small) -> int:
    """Where the phrase ends that begins at token `first`."""
    words, i = passage.words, first
    while i < end and i - first < _LONGEST_PHRASE:
        word = words[i]
        article = word in small.definite or word in small.indefinite
        if word in STOPS or word in small.time or word in small.finite:
            break
        if article and i > first and words[i - 1] not in small.inner and words[i - 1] not in small.joining:
            break
        if word in small.joining and not _joins(passage, i, first, end, small):
            break
        if word in small.boundaries and word not in small.inner and word not in small.joining:
            break
        i += 1
    while i > first and (
        words[i - 1] in small.inner or words[i - 1] in small.adverbs or words[i - 1] == _DASH
    ):
        i -= 1
    return i


def _names_or_heads(passage: Passage, phrase: Range, language: str) -> bool:
    small, heads, vague = load_small(language), load_heads(language), load_vague(language)
    for i in range(*phrase):
        word = passage.words[i]
        if (
            word in heads.person
            or word in heads.organisation
            or word in heads.document
            or word in vague.nouns
        ):
            return True
        if is_name(passage, i, small):
            return True
    return vague.opens(passage.words, phrase[0])


def is_name(passage: Passage, i: int, small: Small) -> bool:
    """Whether token `i` has a capital that its place does not give it."""
    form, word = passage.form(i), passage.words[i]
    if not form[:1].isupper() or word in small.time or word in small.titles or word in small.pronouns:
        return False
    first = passage.sentence(i)[0]
    opens = i == first or passage.words[i - 1] in ("«", ":", "–", "—") or passage.kind == "headline"
    if not opens:
        return True
    follows = passage.form(i + 1)[:1] if i + 1 < len(passage) else ""
    small_word = word in small.definite or word in small.indefinite or word in small.boundaries
    return not small_word and word not in small.adverbs and (follows.isupper() or form[1:2].isupper())


def opens_named(passage: Passage, phrase: Range, small: Small) -> bool:
    """Whether the phrase is one word with a capital that begins a sentence and is no small word."""
    first, last = phrase
    word = passage.words[first]
    known = (small.definite, small.indefinite, small.boundaries, small.adverbs, small.time, small.nobody)
    return (
        last == first + 1
        and passage.form(first)[:1].isupper()
        and word.isalpha()
        and len(word) > 2
        and not any(word in group for group in known)
    )
