"""Text in, passages out: the only module that loads a language model."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from depeche.desk.canonical import canonical
from depeche.desk.packs import LANGUAGES
from depeche.desk.passage import Passage, Quotation
from depeche.desk.sentences import quotations_of, sentence_starts
from depeche.desk.spans import ZoneKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINE_SETTING = "DEPECHE_DESK_PIPELINE_{language}"

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
    try:
        if named:
            nlp = spacy.load(named)
        elif (shipped / "meta.json").exists():
            nlp = spacy.load(shipped)
        else:
            nlp = spacy.blank(language)
    except (OSError, ValueError, ImportError) as error:
        setting = PIPELINE_SETTING.format(language=language.upper())
        raise PipelineMissing(
            f"The language pipeline {named or shipped} cannot be loaded: {error} Mend or unset {setting}."
        ) from error
    nlp.max_length = 100 * _LONGEST_DOC
    return nlp


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
        yield _passage(text, plain, kind, [next(docs) for _ in range(count)], parsed)


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
        words = [token.text for token in doc]
        for i, starts in enumerate(sentence_starts(words)):
            doc[i].is_sent_start = starts
    return doc


def _passage(text: str, plain: str, kind: ZoneKind, docs: Sequence[Doc], parsed: bool) -> Passage:
    columns: dict[str, list[Any]] = {
        name: [] for name in ("words", "starts", "ends", "lemmas", "tags", "morphs", "deps", "heads")
    }
    sentences: list[tuple[int, int]] = []
    offset = 0
    for doc in docs:
        kept = [token for token in doc if not token.is_space]
        index = {token.i: len(columns["words"]) + n for n, token in enumerate(kept)}
        first = len(columns["words"])
        for token in kept:
            columns["words"].append(token.lower_)
            columns["starts"].append(offset + token.idx)
            columns["ends"].append(offset + token.idx + len(token))
            columns["lemmas"].append(token.lemma_ or token.lower_)
            columns["tags"].append(token.pos_)
            columns["morphs"].append(str(token.morph))
            columns["deps"].append(token.dep_)
            columns["heads"].append(index.get(token.head.i, index[token.i]) if parsed else index[token.i])
        starts = [first + n for n, token in enumerate(kept) if n == 0 or token.is_sent_start]
        sentences += list(zip(starts, [*starts[1:], len(columns["words"])], strict=True))
        offset += len(doc.text)
    tuples = {name: tuple(values) for name, values in columns.items()}
    return Passage(
        text=text,
        kind=kind,
        sentences=tuple(sentences),
        quotations=tuple(Quotation(*found) for found in quotations_of(tuples["words"], sentences)),
        parsed=parsed,
        **tuples,
    )
