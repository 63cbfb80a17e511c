"""What kind of source a noun phrase is, in a language without a parser."""

from __future__ import annotations

from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.spans import SourceQuality
from depeche.desk.unparsed.sources import Range, is_name, opens_named
from depeche.desk.unparsed.words import Small, load_small, load_vague


def quality(passage: Passage, phrase: Range, language: str) -> SourceQuality:
    """What kind of source the noun phrase is."""
    small, heads, vague = load_small(language), load_heads(language), load_vague(language)
    first, last = phrase
    words = passage.words[first:last]
    if len(words) == 1 and words[0] in small.pronouns:
        return "pronoun"
    if len(words) == 1 and words[0] in small.some:
        return "vague_collective"
    named = any(is_name(passage, i, small) for i in range(first, last)) or (
        last - first == 1 and opens_named(passage, phrase, small) and not words[0].endswith("s")
    )
    definite = words[0] in small.definite or words[0].isdecimal()
    nobody = next((vague.nouns[w] for w in words if w in vague.nouns), None)
    if nobody and not definite and not _counts(words[0], small):
        issued = nobody == "vague_document" and not heads.organisation.isdisjoint(words)
        return "institution" if named or issued else nobody
    if vague.opens(passage.words, first):
        return "vague_collective"
    common = _head(words, small, heads.person | heads.organisation | heads.document)
    if named and common not in heads.organisation:
        return "named"
    if named or common in heads.organisation:
        return "institution"
    if common in heads.document:
        issued = definite or not heads.organisation.isdisjoint(words)
        return "institution" if issued else "vague_document"
    return "vague_collective" if words[0] in small.some else "anonymous_described"


def head(passage: Passage, phrase: Range, language: str) -> str:
    """The noun that a source's phrase is about: the last known one before a preposition, else its last word."""
    heads, (first, last) = load_heads(language), phrase
    words = passage.words[first:last]
    known = _head(words, load_small(language), heads.person | heads.organisation | heads.document)
    return known or next((word for word in reversed(words) if word.isalpha()), "")


def _head(words: tuple[str, ...], small: Small, known: frozenset[str]) -> str:
    """The noun that the others go with: the last known one before a preposition or comma, else the first."""
    stop = next((n for n, w in enumerate(words) if n and (w in small.inner or w == ",")), len(words))
    before = [word for word in words[:stop] if word in known]
    return before[-1] if before else next((word for word in words if word in known), "")


def _counts(word: str, small: Small) -> bool:
    """Whether a word says how many there are (« two experts »), or that it is one."""
    return word in small.indefinite and word not in small.some
