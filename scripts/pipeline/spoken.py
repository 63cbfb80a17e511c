"""Makes written sentences of spoken ones: without hesitations and restarts, with a capital."""

from __future__ import annotations

import random
from dataclasses import replace

from convert import Sentence, Token

SPEECH_ONLY = {"discourse", "reparandum"}
NOT_WRITTEN = {"goeswith", "dep", "orphan"}
FEWEST_WORDS = 5
CAPITAL_SHARE = 0.95


def written(sentence: Sentence, rng: random.Random) -> Sentence | None:
    """The sentence as it might be written; None where too little is left, or it has no full stop."""
    tokens = _without(sentence.tokens, _of_speech(sentence.tokens))
    tokens = _without(tokens, _stray_commas(tokens))
    if len(tokens) < FEWEST_WORDS or tokens[-1].form not in {".", "?", "!"}:
        return None
    if any(token.dep in NOT_WRITTEN or token.pos in {"INTJ", "X"} for token in tokens):
        return None
    if rng.random() < CAPITAL_SHARE:
        first = tokens[0].form
        tokens[0] = replace(tokens[0], form=first[:1].upper() + first[1:])
    return replace(sentence, tokens=tokens)


def _of_speech(tokens: list[Token]) -> set[int]:
    """Hesitations and restarts, with all that hangs on them."""
    gone: set[int] = set()
    for place in range(len(tokens)):
        at = place
        while tokens[at].head != at and tokens[at].dep not in SPEECH_ONLY:
            at = tokens[at].head
        if tokens[at].dep in SPEECH_ONLY and place != len(tokens) - 1:
            gone.add(place)
    return gone


def _stray_commas(tokens: list[Token]) -> set[int]:
    """Commas left at the beginning, beside other punctuation, or twice."""
    gone: set[int] = set()
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        at_start = all(before in gone for before in range(place))
        if token.form == "," and (at_start or following is None or following.pos == "PUNCT"):
            gone.add(place)
    return gone


def _without(tokens: list[Token], gone: set[int]) -> list[Token]:
    """The tokens but those; what hung on a punctuation mark that goes, hangs higher."""
    kept = [place for place in range(len(tokens)) if place not in gone]
    new_place = {old: new for new, old in enumerate(kept)}
    left = []
    for old in kept:
        head = tokens[old].head
        while head in gone:
            head = tokens[head].head
        left.append(replace(tokens[old], head=new_place[head]))
    for new, old in enumerate(kept[:-1]):
        if kept[new + 1] != old + 1:
            closes = left[new + 1].form in {",", ".", "…"} or left[new + 1].form.startswith("-")
            left[new] = replace(left[new], space=not closes and not left[new].form.endswith("'"))
    return left
