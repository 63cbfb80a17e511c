"""`read`: an article in, everything the desk has to say of it out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from depeche.desk import (
    attribution,
    balance,
    certainty,
    claims,
    figures,
    headline,
    hygiene,
    inference,
    quotation,
    sourcing,
    wording,
)
from depeche.desk.article import Article
from depeche.desk.coverage import coverage
from depeche.desk.draft import BlockReading, Dossier, Draft
from depeche.desk.figures.quantities import quantities
from depeche.desk.packs import LANGUAGES
from depeche.desk.parsing import parse
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Claim, Finding, Hedge, Quantity, Span, Voice, Zone, ZoneKind

_OPINION = ("LEX", "INF003", "INF005")
_UNREAD_ZONES = frozenset({"furniture", "byline"})
_REMEMBERED = 4_000


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
    voices: tuple[Voice, ...] = ()
    unread: tuple[str, ...] = ()


class Memory:
    """Blocks read before, by their words, so that reading again costs only what changed.

    Holds the `size` blocks used last; shared between readings, not between threads.
    """

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._size = size
        self._blocks: OrderedDict[tuple[str, ZoneKind, str], _Read] = OrderedDict()

    def get(self, key: tuple[str, ZoneKind, str]) -> _Read | None:
        """What is remembered of a block, None where it is new."""
        known = self._blocks.get(key)
        if known is not None:
            self._blocks.move_to_end(key)
        return known

    def keep(self, key: tuple[str, ZoneKind, str], read: _Read) -> None:
        """Remember a block, and forget the one unused longest."""
        self._blocks[key] = read
        if len(self._blocks) > self._size:
            self._blocks.popitem(last=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    block: BlockReading
    findings: tuple[Finding, ...]


def languages() -> tuple[str, ...]:
    """The languages the desk reads."""
    return tuple(sorted(path.parent.name for path in LANGUAGES.glob("*/reporting_verbs.json")))


def read(
    article: Article, language: str, dossier: Dossier | None = None, *, memory: Memory | None = None
) -> Reading:
    """The reading of `article` in `language`, the same for the same input.

    With a `memory`, blocks that were read before are not read again.

    Raises `UnreadLanguage`; `PipelineMissing` where a setting names a pipeline that cannot be loaded.
    """
    if language not in languages():
        raise UnreadLanguage(language, languages())
    dossier = dossier or Dossier()
    zones = [zone for zone in article.zones if zone.kind not in _UNREAD_ZONES]
    known = _blocks(zones, language, memory)
    draft = Draft(tuple(k.block for k in known), tuple(zone.start for zone in zones), dossier, language)
    voices = tuple(balance.voices(draft))
    parsed = all(block.passage.parsed for block in draft.blocks)
    reads = coverage(language, parsed=parsed)
    found = [_moved_finding(f, zone.start) for k, zone in zip(known, zones, strict=True) for f in k.findings]
    found += _across(draft, article, voices)
    return Reading(
        article,
        language,
        dossier,
        attributions=tuple(_all_attributions(draft)),
        hedges=tuple(
            replace(hedge, span=draft.shifted(n, hedge.span))
            for n, block in enumerate(draft.blocks)
            for hedge in block.hedges
        ),
        quantities=tuple(
            replace(quantity, span=draft.shifted(n, quantity.span))
            for n, block in enumerate(draft.blocks)
            for quantity in block.quantities
        ),
        claims=tuple(_all_claims(draft)),
        findings=tuple(_settled(found, dossier, parsed, reads.findings)),
        voices=voices,
        unread=reads.unread,
    )


def _blocks(zones: Sequence[Zone], language: str, memory: Memory | None) -> list[_Read]:
    keys = [(language, zone.kind, zone.text) for zone in zones]
    known = [memory.get(key) if memory else None for key in keys]
    missing = [n for n, read in enumerate(known) if read is None]
    passages = parse(((zones[n].text, zones[n].kind) for n in missing), language)
    for n, passage in zip(missing, passages, strict=True):
        fresh = _read_block(passage, language)
        known[n] = fresh
        if memory:
            memory.keep(keys[n], fresh)
    return [read for read in known if read is not None]


def _read_block(passage: Passage, language: str) -> _Read:
    said = attribution.with_referents(passage, attribution.attributions(passage, language), language)
    hedges = certainty.hedges(passage, said, language)
    said = attribution.nested([*said, *certainty.hearsay(passage, said, hedges, language)])
    block = BlockReading(passage, tuple(said), tuple(hedges), tuple(quantities(passage, language)))
    block = replace(block, claims=tuple(claims.claims(block, language)))
    families = (sourcing, wording, inference, figures, quotation)
    return _Read(block, tuple(found for family in families for found in family.findings(block, language)))


def _across(draft: Draft, article: Article, voices: Sequence[Voice]) -> Iterator[Finding]:
    yield from sourcing.across(draft)
    yield from wording.across(draft)
    yield from figures.compare(draft)
    yield from headline.compare(draft)
    yield from quotation.across(draft)
    yield from quotation.against_sources(draft)
    yield from balance.findings(draft, voices)
    yield from hygiene.findings(draft, article.furniture)


def _settled(
    found: Iterable[Finding], dossier: Dossier, parsed: bool, read_codes: Collection[str]
) -> list[Finding]:
    """Findings in the order of the text, each code once for the same words; without what an opinion piece
    may do or the pack does not read, and without errors where there was no grammar to be sure by.
    """
    seen: dict[tuple[Span, str], Finding] = {}
    for finding in found:
        if dossier.kind == "opinion" and finding.code.startswith(_OPINION):
            continue
        if finding.code not in read_codes:
            continue
        if finding.severity == "error" and not parsed:
            finding = replace(finding, severity="warning")
        seen.setdefault((finding.span, finding.code), finding)
    return sorted(seen.values(), key=lambda finding: (finding.span, finding.code))


def _moved_finding(finding: Finding, by: int) -> Finding:
    return replace(
        finding, span=_plus(finding.span, by), related=tuple(_plus(span, by) for span in finding.related)
    )


def _all_attributions(draft: Draft) -> Iterator[Attribution]:
    base = 0
    carried = attribution.speakers_carried([block.attributions for block in draft.blocks], draft.starts)
    for start, block, before in zip(draft.starts, draft.blocks, carried, strict=True):
        for item, speaker in zip(block.attributions, before, strict=True):
            moved = _moved(item, start, base)
            yield replace(moved, source_ref=speaker) if speaker else moved
        base += len(block.attributions)


def _all_claims(draft: Draft) -> Iterator[Claim]:
    base = 0
    for start, block in zip(draft.starts, draft.blocks, strict=True):
        for claim in block.claims:
            at = claim.attribution + base if claim.attribution >= 0 else -1
            yield replace(claim, span=_plus(claim.span, start), attribution=at)
        base += len(block.attributions)


def _moved(item: Attribution, by: int, base: int) -> Attribution:
    return replace(
        item,
        source=_plus(item.source, by) if item.source else None,
        cue=_plus(item.cue, by) if item.cue else None,
        content=tuple(_plus(span, by) for span in item.content),
        source_parts=tuple(_plus(span, by) for span in item.source_parts),
        source_ref=_plus(item.source_ref, by) if item.source_ref else None,
        quotes=tuple(_plus(span, by) for span in item.quotes),
        parent=item.parent + base if item.parent >= 0 else -1,
    )


def _plus(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
