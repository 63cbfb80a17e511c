"""Drafts of a few lines, for tests of rules that see a whole article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from depeche.desk.article import read_article
from depeche.desk.draft import BlockReading, Dossier, Draft
from depeche.desk.parsing import parse
from depeche.desk.passage import Passage
from depeche.desk.reading import read
from depeche.desk.spans import Attribution, Finding, Hedge, SourceQuality, Span, ZoneKind


def draft(*blocks: BlockReading | Passage, dossier: Dossier | None = None, language: str = "fr") -> Draft:
    """A draft of these blocks, two characters apart."""
    read_blocks = [b if isinstance(b, BlockReading) else BlockReading(b) for b in blocks]
    starts, at = [], 0
    for block in read_blocks:
        starts.append(at)
        at += len(block.passage.text) + 2
    return Draft(tuple(read_blocks), tuple(starts), dossier or Dossier(), language)


def text_of(given: Draft) -> str:
    """The text that the offsets of a draft count in."""
    return "\n\n".join(block.passage.text for block in given.blocks)


def words(given: Draft, findings: Iterable[Finding], code: str = "") -> list[str]:
    """What the findings underline."""
    text = text_of(given)
    return [text[slice(*finding.span)] for finding in findings if not code or finding.code == code]


def line(text: str, kind: ZoneKind = "paragraph") -> Passage:
    """One block as the parser reads it."""
    return next(iter(parse([(text, kind)], "fr")))


def at(passage: Passage, part: str) -> Span:
    """Where `part` stands in a passage."""
    start = passage.text.index(part)
    return start, start + len(part)


def says(
    passage: Passage,
    source: str,
    cue: str,
    *content: str,
    stance: str = "neutral",
    lemma: str = "",
    quality: SourceQuality = "named",
) -> Attribution:
    """An attribution in words; a source "" is nobody."""
    return Attribution(
        "indirect",
        at(passage, source) if source else None,
        at(passage, cue),
        tuple(at(passage, part) for part in content),
        quality=quality,
        stance=stance,
        lemma=lemma or cue,
    )


def hearsay(passage: Passage, cue: str, trap: str = "") -> Hedge:
    """A hearsay conditional."""
    return Hedge(at(passage, cue), "conditional_hearsay", trap)


def asked(text: str, codes: Sequence[str], dossier: Dossier | None = None) -> list[tuple[str, str, str]]:
    """(code, severity, words) of what the whole desk asks of a plain text, for these codes."""
    article = read_article(text, source_format="text")
    reading = read(article, "fr", dossier)
    return [(f.code, f.severity, article.text[slice(*f.span)]) for f in reading.findings if f.code in codes]
