"""`read`: an article in, everything the desk has to say of it out."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from depeche.desk import attribution, certainty, quantities
from depeche.desk.article import Article
from depeche.desk.draft import BlockReading, Dossier, Draft
from depeche.desk.packs import LANGUAGES
from depeche.desk.parsing import load_pipeline, parse
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Claim, Finding, Hedge, Quantity, Span, Zone


class UnreadLanguage(ValueError):
    """A language the desk has no pack for: `language`, and those it `reads`."""

    def __init__(self, language: str, reads: Sequence[str]) -> None:
        super().__init__(f"The desk does not read “{language}”; it reads {', '.join(reads)}.")
        self.language, self.reads = language, tuple(reads)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the desk read in an article. All spans are offsets of `article.text`.

    Findings stand in the order of the text. `voices` is the share of voice of each source, the loudest
    first. `unread` names what the language's pack does not read.
    """

    article: Article
    language: str
    dossier: Dossier
    attributions: tuple[Attribution, ...]
    hedges: tuple[Hedge, ...]
    quantities: tuple[Quantity, ...]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    voices: tuple[object, ...] = ()
    unread: tuple[str, ...] = ()


def read(article: Article, language: str, dossier: Dossier | None = None) -> Reading:
    """The reading of `article`."""
    zones = [zone for zone in article.zones if zone.kind not in ("furniture", "byline")]
    blocks = [_block(passage, language) for passage in parse(((z.text, z.kind) for z in zones), language)]
    atts: list[Attribution] = []
    hedges: list[Hedge] = []
    for zone, block in zip(zones, blocks, strict=True):
        base = len(atts)
        for a in block.attributions:
            atts.append(_moved(a, zone.start, base))
        hedges += [Hedge(_plus(h.span, zone.start), h.type, h.trap) for h in block.hedges]
    return Reading(article, language, dossier or Dossier(), tuple(atts), tuple(hedges), (), (), ())


def _plus(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _moved(a: Attribution, by: int, base: int) -> Attribution:
    return replace(
        a,
        source=_plus(a.source, by) if a.source else None,
        cue=_plus(a.cue, by) if a.cue else None,
        content=tuple(_plus(s, by) for s in a.content),
        parent=a.parent + base if a.parent >= 0 else -1,
    )


def _block(passage: Passage, language: str) -> BlockReading:
    found = tuple(attribution.attributions(passage, language))
    hedges = certainty.hedges(passage, found)
    found += tuple(certainty.hearsay(passage, found, hedges))
    return BlockReading(passage, found, tuple(hedges))
