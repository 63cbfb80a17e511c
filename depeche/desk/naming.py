"""Who a source is, however the text names it: « Anne Roy », « Mme Roy », « la maire », « elle »."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, lru_cache

from depeche.desk import unparsed
from depeche.desk.draft import BlockReading, Draft
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Span

_JOINERS = frozenset({"de", "du", "d'", "le", "la", "des", "van", "von", "ben", "al", "el", "-"})
_FURTHEST_NAME = 9


class Names:
    """The sources of a draft by one key each: a family name, or the head of an institution's name."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._persons = _persons(draft.language)
        self._surnames: set[str] = set()
        self._roles: dict[str, Counter[str]] = defaultdict(Counter)
        self._shown: dict[str, str] = {}
        self._keys: dict[tuple[int, Span], str] = {}
        for number, block in enumerate(draft.blocks):
            for attribution in block.attributions:
                for span in (attribution.source, attribution.source_ref):
                    if span:
                        self._learn(block.passage, block.passage.tokens_in(span))
            if number:
                self._learn_roles(block.passage)
        self._speaking = {
            self.key_of(block, attribution.source)
            for block in draft.blocks
            for attribution in block.attributions
            if attribution.source and attribution.quality != "pronoun"
        }

    def key(self, number: int, attribution: Attribution, before: str = "") -> str:
        """The key of who says it, "" where nobody does; a pronoun without a referent is whoever spoke
        `before`.
        """
        block = self._draft.blocks[number]
        span = attribution.source_ref or attribution.source
        if span is None:
            return ""
        key = self.key_of(block, span)
        if attribution.quality == "pronoun" and before:
            known = key in self._speaking or self.is_person(key)
            return key if attribution.source_ref and known else before
        return key

    def is_person(self, key: str) -> bool:
        """Whether a key is a family name."""
        return key in self._surnames

    def key_of(self, block: BlockReading, span: Span) -> str:
        """The key of the source that the words of `span` name."""
        known = self._keys.get((id(block), span))
        if known is None:
            known = self._keys[id(block), span] = self._read_key(block.passage, span)
        return known

    def _read_key(self, passage: Passage, span: Span) -> str:
        tokens = passage.tokens_in(span)
        surname = self._surname(passage, tokens)
        if surname:
            key = surname
        else:
            head = self._head(passage, tokens)
            named = self._roles.get(head, Counter[str]())
            key = next(iter(named)) if len(named) == 1 else head
        words = passage.text[slice(*span)]
        shown = self._shown.get(key, "")
        if key and (not shown or (surname and len(words.split()) > len(shown.split()) == 1)):
            self._shown[key] = self._display(passage, tokens, surname) or words
        return key

    def shown(self, key: str) -> str:
        """How the text names the source of `key`, the fullest first."""
        return self._shown.get(key, key)

    def keys_in(self, text: str) -> set[str]:
        """The keys that a name outside the text (« la directrice, Pascale Imbert ») could have."""
        words = text.replace("’", "'").replace("'", "' ").replace(",", " ").split()
        capitals = [w for w in words[1:] if w[:1].isupper()] or [w for w in words[:1] if w[:1].isupper()]
        keys = {capitals[-1].lower()} if capitals and capitals[-1].lower() in self._surnames else set()
        lowered = [w.lower() for w in words]
        if not keys:
            heads = [
                w for w in lowered if w not in _JOINERS and w not in ("les", "l'", "un", "une", "son", "sa")
            ]
            keys |= set(heads[:1])
            role = self._roles.get(heads[0] if heads else "", Counter[str]())
            keys |= set(role) if len(role) == 1 else set()
        return keys

    def _learn(self, passage: Passage, tokens: range) -> None:
        name = _name_in(passage, tokens)
        if name:
            self._surnames.add(passage.words[name[1] - 1])

    def _learn_roles(self, passage: Passage) -> None:
        """« Anne Roy, maire de Lens », « le maire, Paul Roy », « le maire Paul Roy »."""
        for i, word in enumerate(passage.words):
            if word not in self._persons:
                continue
            after = range(i + 1, min(len(passage), i + _FURTHEST_NAME))
            name = _name_in(passage, after, adjacent=True)
            if name is None and i > 2:
                comma = i - 1 if passage.words[i - 1] == "," else i - 2
                name = _name_ending(passage, comma) if passage.words[comma] == "," else None
            if name:
                self._roles[word][passage.words[name[1] - 1]] += 1
                self._surnames.add(passage.words[name[1] - 1])

    def _surname(self, passage: Passage, tokens: range) -> str:
        name = _name_in(passage, tokens)
        if name:
            return passage.words[name[1] - 1]
        return next(
            (passage.words[i] for i in tokens if passage.words[i] in self._surnames and _capital(passage, i)),
            "",
        )

    def _head(self, passage: Passage, tokens: range) -> str:
        if not passage.parsed and tokens:
            return unparsed.head(passage, (tokens.start, tokens.stop), self._draft.language)
        for i in tokens:
            if passage.tags[i] in ("NOUN", "PROPN"):
                return passage.words[i]
        return passage.words[tokens[0]] if tokens else ""

    def _display(self, passage: Passage, tokens: range, surname: str) -> str:
        name = _name_in(passage, tokens) if surname else None
        return passage.text[slice(*passage.span(*name))] if name else ""


@lru_cache(maxsize=1)
def names_of(draft: Draft) -> Names:
    """The sources of `draft`, read once for all that asks in a row."""
    return Names(draft)


def _name_in(passage: Passage, tokens: range, *, adjacent: bool = False) -> tuple[int, int] | None:
    """The tokens of a first and a last name, or of « Mme Roy », among `tokens`."""
    for i in tokens:
        if adjacent and passage.words[i] in (".", ";", ":", "«", "»", "et"):
            return None
        if not _capital(passage, i):
            continue
        last = i + 1
        while last < tokens.stop and (
            _capital(passage, last)
            or (passage.words[last] in _JOINERS and last + 1 < tokens.stop and _capital(passage, last + 1))
        ):
            last += 1
        titled = i > 0 and passage.words[i - 1] in ("m.", "mme", "mlle", "me", "dr", "docteur", "m")
        if passage.words[i] in ("m.", "mme", "mlle", "me", "m"):
            return (i + 1, last) if last > i + 1 else None
        if last - i > 1 or titled:
            return i, last
    return None


def _name_ending(passage: Passage, end: int) -> tuple[int, int] | None:
    first = end
    while first > 0 and _capital(passage, first - 1):
        first -= 1
    return (first, end) if end - first > 1 else None


def _capital(passage: Passage, i: int) -> bool:
    word = passage.form(i)
    return word[0].isupper() and (len(word) == 1 or not word.isupper() or "-" in word)


@cache
def _persons(language: str) -> frozenset[str]:
    return frozenset(load_groups(language, "source_heads.json").get("person", ()))
