"""Small questions about the grammar round some words, answered by their neighbours first and by the parser second.

The parser errs now and then: where it gives no answer, or gives none that fits, the order of the words does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from depeche.desk.draft import BlockReading
from depeche.desk.expressions import load_word_group
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Span

_NOMINAL = frozenset({"NOUN", "PROPN"})
_BOUNDS = frozenset({";", ":", "«", "»", "(", ")", "–", "—", "•"})
_STOPS = frozenset({".", "!", "?", "…", "..."})
_LONGEST_CLAUSE = 40


def is_attribute(passage: Passage, first: int, last: int, language: str) -> bool:
    """Whether the adjective `[first, last)` stands by a noun, or is said of one by a verb like « être »."""
    tags, start = passage.tags, passage.sentence(first)[0]
    if not tags[first]:
        return True
    before, after = first - 1, last
    if after < len(passage) and tags[after] == "NOUN" and _follows_determiner(passage, first, language):
        return True
    while before >= start and (tags[before] in ("ADV", "ADJ", "CCONJ") or passage.words[before] == ","):
        before -= 1
    if before < start:
        return False
    if tags[before] in _NOMINAL or _follows_determiner(passage, before, language):
        return True
    return tags[before] == "AUX" or passage.words[before] in load_word_group(language, "copula")


def is_prenominal(passage: Passage, first: int, last: int, language: str) -> bool:
    """Whether `[first, last)` stands between a determiner and a noun."""
    after = passage.tags[last] if last < len(passage) else "PUNCT"
    return after in ("NOUN", "ADJ", "PROPN", "") and _follows_determiner(passage, first, language)


def is_noun(passage: Passage, first: int, last: int) -> bool:
    """Whether `[first, last)` is no verb and qualifies no noun before it."""
    if passage.tags[first] in ("VERB", "AUX") and last - first == 1:
        return False
    return first == 0 or passage.tags[first - 1] != "NOUN"


def is_infinitive(passage: Passage, i: int, language: str) -> bool:
    """Whether an infinitive begins at token `i`, clitics before it allowed; yes where nothing was parsed."""
    end = passage.sentence(i)[1] if i < len(passage) else i
    clitics = load_word_group(language, "clitic")
    while i < end and (passage.tags[i] == "ADV" or passage.words[i] in clitics):
        i += 1
    if i >= end:
        return False
    endings = tuple(load_word_group(language, "infinitive_ending"))
    return not passage.tags[i] or "VerbForm=Inf" in passage.morphs[i] or passage.words[i].endswith(endings)


def subject_of(passage: Passage, i: int, language: str) -> int:
    """The subject of the verb at, above or nearest to token `i`: a noun or pronoun; -1 where none is found."""
    verb = i
    for _ in range(4):
        for child in passage.children[verb]:
            if passage.deps[child].startswith("nsubj") and child < i:
                return _antecedent(passage, child, language)
        if passage.heads[verb] == verb:
            break
        verb = passage.heads[verb]
    return next(_nouns_before(passage, i), -1)


def is_human(passage: Passage, i: int, language: str) -> bool:
    """Whether the noun or pronoun `i` is a person or an institution: someone with a mind to read."""
    if i < 0:
        return False
    word = passage.words[i]
    if passage.tags[i] == "PROPN" or word in load_word_group(language, "someone"):
        return True
    people = _people(language)
    return word in people or word.removesuffix("s") in people or passage.form(i)[1:].isupper()


def is_abstract(passage: Passage, i: int, language: str) -> bool:
    """Whether `i` is a noun for neither a person nor a study: one that cannot state anything."""
    if i < 0 or passage.tags[i] == "PROPN" or is_human(passage, i, language):
        return False
    word = passage.words[i]
    if passage.tags[i] == "PRON":
        return word in load_word_group(language, "this")
    endings = tuple(load_word_group(language, "person_ending"))
    return word not in load_word_group(language, "study") and not (endings and word.endswith(endings))


def clause(passage: Passage, first: int, last: int) -> Span:
    """The offsets of the clause round the tokens `[first, last)`, without its final stop; of what follows a
    comma before them, if there is one.
    """
    start, end = passage.sentence(first)
    left, right = first, last
    if first > start and passage.words[first - 1] != ",":
        while left > max(start, first - _LONGEST_CLAUSE) and passage.words[left - 1] not in _BOUNDS:
            left -= 1
        while left < first and not passage.words[left][0].isalnum():
            left += 1
    while right < min(end, last + _LONGEST_CLAUSE) and passage.words[right] not in _BOUNDS:
        right += 1
    while right > last and passage.words[right - 1] in _STOPS:
        right -= 1
    return passage.span(left, right)


def is_sourced(block: BlockReading, first: int, last: int, language: str) -> bool:
    """Whether somebody answers for the tokens `[first, last)`: they lie in what a source says or in quotation
    marks, or their sentence names whom it follows (« selon »). A thought lent to somebody is no statement.
    """
    passage = block.passage
    if all(passage.quoted[first:last]):
        return True
    start, end = passage.sentence(first)
    if not load_word_group(language, "according_to").isdisjoint(passage.words[start:end]):
        return True
    left, right = passage.span(start, end)
    begin, stop = passage.span(first, last)
    wills = load_word_group(language, "will")
    for attribution in block.attributions:
        if attribution.type == "conditional" or attribution.mental or attribution.lemma in wills:
            continue
        if any(span[0] <= begin and stop <= span[1] for span in attribution.content):
            return True
        if attribution.type == "adverbial" and attribution.cue and left <= attribution.cue[0] < right:
            return True
    return False


def _follows_determiner(passage: Passage, first: int, language: str) -> bool:
    start = passage.sentence(first)[0]
    if first > start + 1 and passage.tags[first - 1] == "ADV":
        first -= 1
    return first > start and (
        passage.words[first - 1] in load_word_group(language, "determiner")
        or passage.tags[first - 1] in ("DET", "NUM")
    )


def _antecedent(passage: Passage, i: int, language: str) -> int:
    """The noun that the relative pronoun `i` stands for; `i` where it is none."""
    if passage.words[i] not in load_word_group(language, "relative"):
        return i
    return next((n for n in range(i - 1, passage.sentence(i)[0] - 1, -1) if passage.tags[n] in _NOMINAL), i)


def _nouns_before(passage: Passage, i: int) -> Iterator[int]:
    """The first noun or subject pronoun of the clause before token `i`."""
    start = passage.sentence(i)[0]
    left = i
    while left > start and passage.words[left - 1] not in _BOUNDS:
        left -= 1
    for n in range(left, i):
        governed = n > left and passage.tags[n - 1] == "ADP"
        if passage.tags[n] in ("NOUN", "PROPN", "PRON") and not governed:
            yield n


@cache
def _people(language: str) -> frozenset[str]:
    heads = load_groups(language, "source_heads.json")
    return frozenset(word.lower() for name in ("person", "organisation") for word in heads.get(name, ()))
