"""Text in, passages out: the only module that loads a language model."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from depeche.desk.canonical import canonical
from depeche.desk.packs import LANGUAGES
from depeche.desk.passage import Passage, Quotation
from depeche.desk.sentences import quotations_of, sentence_starts
from depeche.desk.spans import ZoneKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINE_SETTING = "DEPECHE_DESK_PIPELINE_{language}"

_ATTRIBUTES: list[int | str] = [
    "LOWER",
    "LEMMA",
    "POS",
    "MORPH",
    "DEP",
    "HEAD",
    "IDX",
    "LENGTH",
    "IS_SPACE",
    "SENT_START",
]
SHIPPED_LANGUAGE = "depeche"
_LONGEST_DOC = 6_000
_BATCH = 32
_BREAK = re.compile(r"[.!?…]\s+|\s+")


class PipelineMissing(RuntimeError):
    """The pipeline that a setting names cannot be loaded; the message says which and what to do."""


@cache
def load_pipeline(language: str) -> Language:
    """The spaCy pipeline of `language`: the one its setting names, else the pack's own, else a tokenizer
    alone.

    `DEPECHE_DESK_PIPELINE_FR` may name a folder or an installed package.

    Raises `PipelineMissing`.
    """
    import spacy

    named = os.environ.get(PIPELINE_SETTING.format(language=language.upper()), "")
    shipped = LANGUAGES / language / "pipeline"
    know_shipped_language()
    try:
        if named:
            nlp = spacy.load(named)
        elif (shipped / "meta.json").exists():
            nlp = spacy.load(shipped)
        else:
            nlp = _tokenizer(language)
    except (OSError, ValueError, ImportError) as error:
        setting = PIPELINE_SETTING.format(language=language.upper())
        raise PipelineMissing(
            f"The language pipeline {named or shipped} cannot be loaded: {error} Mend or unset {setting}."
        ) from error
    nlp.max_length = 100 * _LONGEST_DOC
    return nlp


def _tokenizer(language: str) -> Language:
    """A pipeline that only cuts words, by the rules of `language` where spaCy has some."""
    import spacy

    try:
        return spacy.blank(language)
    except ImportError:
        return spacy.blank("xx")


def know_shipped_language() -> None:
    """Tells spaCy the language that the pipelines of our packs name: one whose tokenizer stands in their own
    files. spaCy's module for French takes seconds to import.
    """
    import spacy
    from spacy.language import Language

    if SHIPPED_LANGUAGE not in spacy.registry.languages:

        class Shipped(Language):  # type: ignore[no-untyped-call]
            lang = SHIPPED_LANGUAGE

        spacy.registry.languages.register(SHIPPED_LANGUAGE, func=Shipped)


def parse(blocks: Iterable[tuple[str, ZoneKind]], language: str) -> Iterator[Passage]:
    """A passage for each block of text, in order.

    Raises `PipelineMissing`.
    """
    nlp = load_pipeline(language)
    parsed = nlp.has_pipe("parser")
    given = [(text, kind, canonical(text)) for text, kind in blocks]
    pieces = [piece for _, _, plain in given for piece in _pieces(plain)]
    docs = nlp.pipe((_tokenized(nlp, piece) for piece in pieces), batch_size=_BATCH)
    for text, kind, plain in given:
        count = len(_pieces(plain))
        yield _passage(text, kind, [next(docs) for _ in range(count)], parsed)


def _pieces(plain: str) -> list[str]:
    """`plain` in pieces that a parser takes at once; nearly always one."""
    if len(plain) <= _LONGEST_DOC:
        return [plain]
    pieces, start = [], 0
    while len(plain) - start > _LONGEST_DOC:
        window = plain[start : start + _LONGEST_DOC]
        ends = [match.end() for match in _BREAK.finditer(window)]
        end = start + (ends[-1] if ends else _LONGEST_DOC)
        stops = [match.end() for match in re.finditer(r"[.!?…]\s+", window)]
        if stops:
            end = start + stops[-1]
        pieces.append(plain[start:end])
        start = end
    return [*pieces, plain[start:]]


def _tokenized(nlp: Language, plain: str) -> Doc:
    doc = nlp.make_doc(plain)
    if len(doc):
        starts = sentence_starts([token.text for token in doc])
        marks: Any = np.array([[1 if start else -1] for start in starts], dtype="int64").astype("uint64")
        doc.from_array(["SENT_START"], marks)
    return doc


class _Columns:
    """The columns of a passage, filled from one document of the parser after another."""

    def __init__(self, parsed: bool) -> None:
        self._parsed = parsed
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.lemmas: list[str] = []
        self.tags: list[str] = []
        self.morphs: list[str] = []
        self.deps: list[str] = []
        self.heads: list[int] = []
        self.sentences: list[tuple[int, int]] = []

    def add(self, doc: Doc, offset: int) -> None:
        """The tokens of `doc` that are not white space, `offset` characters into the passage."""
        table = doc.to_array(_ATTRIBUTES).astype("int64").T.tolist() if len(doc) else [[]] * len(_ATTRIBUTES)
        lower, lemma, pos, morph, dep, head, start, length, space, opens = table
        kept = [i for i, is_space in enumerate(space) if not is_space]
        first = len(self.words)
        index = {i: first + n for n, i in enumerate(kept)}
        names = _Names(doc.vocab.strings)
        self.words += [names[lower[i]] for i in kept]
        self.starts += [offset + start[i] for i in kept]
        self.ends += [offset + start[i] + length[i] for i in kept]
        self.lemmas += [names[lemma[i]] or names[lower[i]] for i in kept]
        self.tags += [names[pos[i]] for i in kept]
        self.morphs += [names[morph[i]] if morph[i] else "" for i in kept]
        self.deps += [names[dep[i]] for i in kept]
        self.heads += [index.get(i + head[i], index[i]) if self._parsed else index[i] for i in kept]
        begins = [first + n for n, i in enumerate(kept) if n == 0 or opens[i] == 1]
        self.sentences += list(zip(begins, [*begins[1:], len(self.words)], strict=True)) if begins else []


class _Names(dict[int, str]):
    """Strings of the vocabulary by their hash, each looked up once."""

    def __init__(self, strings: Any) -> None:
        self._strings = strings

    def __missing__(self, key: int) -> str:
        name: str = self._strings[key % (1 << 64)] if key else ""
        self[key] = name
        return name


def _passage(text: str, kind: ZoneKind, docs: Sequence[Doc], parsed: bool) -> Passage:
    columns = _Columns(parsed)
    offset = 0
    for doc in docs:
        columns.add(doc, offset)
        offset += len(doc.text)
    words = tuple(columns.words)
    return Passage(
        text=text,
        kind=kind,
        words=words,
        starts=tuple(columns.starts),
        ends=tuple(columns.ends),
        lemmas=tuple(columns.lemmas),
        tags=tuple(columns.tags),
        morphs=tuple(columns.morphs),
        deps=tuple(columns.deps),
        heads=tuple(columns.heads),
        sentences=tuple(columns.sentences),
        quotations=tuple(Quotation(*found) for found in quotations_of(words, columns.sentences)),
        parsed=parsed,
    )
