"""Whom a pronoun stands for, who goes on speaking, and the parts of a coordinated source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from depeche.desk.attribution.phrases import Range, trimmed
from depeche.desk.nouns import load_heads
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Span

_FEMININE = frozenset({"elle", "elles", "-elle", "-elles", "celle-ci", "celles-ci", "cette dernière"})

_MASCULINE = frozenset({"il", "ils", "-il", "-ils", "celui-ci", "ceux-ci", "ce dernier"})

_PLURAL = frozenset({"ils", "elles", "-ils", "-elles", "ceux-ci", "celles-ci"})

_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})

_LOOKED_BACK = 3


class _Mention(NamedTuple):
    span: Range
    head: int
    feminine: bool | None
    plural: bool
    subject: bool


def with_referents(passage: Passage, found: Sequence[Attribution], language: str) -> list[Attribution]:
    """`found` with the antecedent of each pronoun source, and the parts of each coordinated one, as far as
    this block tells.
    """
    if not any(item.source for item in found):
        return list(found)
    mentions: list[_Mention] | None = None
    resolved = []
    for item in found:
        if item.source is None:
            resolved.append(item)
            continue
        tokens = passage.tokens_in(item.source)
        word = " ".join(passage.words[i] for i in tokens)
        if word in _FEMININE or word in _MASCULINE:
            mentions = _mentions(passage, language) if mentions is None else mentions
            spoke = {s for other in resolved if other.source and (s := other.source)}
            span = _antecedent(passage, tokens[0], word, mentions, spoke)
            item = replace(item, source_ref=passage.span(*span) if span else None)
        elif parts := _parts(passage, (tokens[0], tokens[-1] + 1)):
            item = replace(item, source_parts=tuple(passage.span(*part) for part in parts))
        resolved.append(item)
    return resolved


def speakers_carried(
    blocks: Sequence[Sequence[Attribution]], starts: Sequence[int]
) -> list[list[Span | None]]:
    """For each attribution of each block, in offsets of the article, the source named before that a pronoun
    without an antecedent in its block, or a quotation without a cue, goes on from; None where there is none.
    """
    carried: list[list[Span | None]] = []
    last: Span | None = None
    age = 0
    for attributions, start in zip(blocks, starts, strict=True):
        row: list[Span | None] = []
        age += 1
        for item in attributions:
            known = item.source_ref or (item.source if item.quality not in ("pronoun", "none") else None)
            free = item.source is None and item.cue is None and item.type == "direct"
            waiting = free or (item.quality == "pronoun" and item.source_ref is None)
            row.append(last if waiting and age <= _LOOKED_BACK else None)
            if known is not None and item.parent < 0:
                last, age = (known[0] + start, known[1] + start), 0
            elif waiting:
                age = 0
        carried.append(row)
    return carried


def _mentions(passage: Passage, language: str) -> list[_Mention]:
    heads = load_heads(language)
    found = []
    for i, tag in enumerate(passage.tags):
        if tag == "NOUN":
            word = passage.words[i]
            if word not in heads.person and word not in heads.organisation:
                continue
        elif tag != "PROPN" or passage.deps[i] in ("flat", "flat:foreign", "nmod", "appos"):
            continue
        if tag == "NOUN" and passage.deps[i] not in _SUBJECTS:
            continue
        first, last = trimmed(passage, *passage.edges[i])
        morph = passage.morphs[i]
        feminine = True if "Gender=Fem" in morph else False if "Gender=Masc" in morph else None
        if first < i and passage.words[first] in ("mme", "madame", "la", "une"):
            feminine = True
        elif first < i and passage.words[first] in ("m.", "monsieur", "le", "un"):
            feminine = False
        found.append(
            _Mention((first, last), i, feminine, "Number=Plur" in morph, passage.deps[i] in _SUBJECTS)
        )
    return found


def _antecedent(
    passage: Passage, at: int, word: str, mentions: Sequence[_Mention], spoke: set[Span]
) -> Range | None:
    """The nearest compatible mention before `at`; whoever spoke before comes first, then subjects."""
    feminine, plural = word in _FEMININE, word in _PLURAL
    best: tuple[tuple[int, bool, int], Range] | None = None
    for mention in mentions:
        if mention.head >= at or mention.plural != plural:
            continue
        if mention.feminine is not None and mention.feminine != feminine:
            continue
        distance = passage.sentence_of[at] - passage.sentence_of[mention.head]
        if distance > _LOOKED_BACK:
            continue
        start = passage.starts[mention.head]
        speaker = any(first <= start < last for first, last in spoke)
        rank = (speaker - distance, mention.subject, mention.head)
        if best is None or rank > best[0]:
            best = (rank, (mention.span[0], min(mention.span[1], at)))
    return best[1] if best else None


def _parts(passage: Passage, span: Range) -> list[Range]:
    """The coordinated parts of a source, none where it is one."""
    first, last = span
    parts, begin = [], first
    for i in range(first, last):
        if passage.words[i] in ("et", "ou", ",") and i > begin:
            after = i + 1
            if after < last and passage.words[after] in ("et", "ou", "que"):
                continue
            new = after < last and passage.tags[after] in ("DET", "PROPN", "NOUN")
            link = passage.words[i] in ("et", "ou") or any(
                w in ("et", "ou") for w in passage.words[after:last]
            )
            if new and link and passage.tags[i - 1] in ("NOUN", "PROPN", "ADJ", "PUNCT", "X"):
                end = i - 1 if passage.words[i - 1] == "," else i
                parts.append((begin, end))
                begin = after
    return [*parts, (begin, last)] if parts else []
