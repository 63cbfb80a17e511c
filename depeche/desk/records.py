"""A reading as plain data: what JSON Lines and JSON show of it, offsets as `[start, end]` of the text."""

from __future__ import annotations

from typing import Any

from depeche.desk.catalogue import message, question
from depeche.desk.reading import Reading
from depeche.desk.spans import Attribution, Claim, Finding, Hedge, Quantity, Span, Voice

Record = dict[str, Any]


def record(reading: Reading, language: str) -> Record:
    """The attributions, hedges, findings, quantities and voices of a reading; messages are in `language`.

    Keys that say nothing (no stance, no referent…) are left out, but for those every attribution has:
    type, source, cue, content, source_quality.
    """
    conditionals = [hedge for hedge in reading.hedges if hedge.type.startswith("conditional")]
    return {
        "attributions": [_attribution(a) for a in reading.attributions],
        "hedges": [_hedge(hedge) for hedge in conditionals],
        "other_hedges": [_hedge(hedge) for hedge in reading.hedges if hedge not in conditionals],
        "findings": [finding_record(f, reading.article.text, language) for f in reading.findings],
        "quantities": [_quantity(q) for q in reading.quantities],
        "voices": [_voice(v) for v in reading.voices],
    }


def claims_of(reading: Reading) -> list[Record]:
    """The claims of a reading: the ledger that an editor checks."""
    return [_claim(claim) for claim in reading.claims]


def finding_record(finding: Finding, text: str, language: str) -> Record:
    """A finding on `text` with its message and question in `language`."""
    words = text[slice(*finding.span)]
    row: Record = {
        "code": finding.code,
        "severity": finding.severity,
        "span": list(finding.span),
        "words": words,
        "message": message(finding, words, language),
        "question": question(finding, words, language),
    }
    if finding.rewrite:
        row["rewrite"] = finding.rewrite
    if finding.alternatives:
        row["alternatives"] = list(finding.alternatives)
    row["related"] = [list(span) for span in finding.related]
    return row


def _attribution(attribution: Attribution) -> Record:
    row: Record = {
        "type": attribution.type,
        "source": _span(attribution.source),
        "cue": _span(attribution.cue),
        "content": [list(span) for span in attribution.content],
        "source_quality": attribution.quality,
    }
    if attribution.stance:
        row["stance_class"] = attribution.stance
    if attribution.negated:
        row["polarity"] = "neg"
    if attribution.mental:
        row["mental"] = True
    if attribution.parent >= 0:
        row["nested_in"] = attribution.parent
    if attribution.source_parts:
        row["source_parts"] = [list(span) for span in attribution.source_parts]
    if attribution.source_ref:
        row["source_ref"] = list(attribution.source_ref)
    if attribution.quotes:
        row["quotes"] = [list(span) for span in attribution.quotes]
    return row


def _hedge(hedge: Hedge) -> Record:
    row: Record = {"span": list(hedge.span), "type": hedge.type}
    if hedge.type.startswith("conditional"):
        row["trap"] = hedge.trap or None
    return row


def _quantity(quantity: Quantity) -> Record:
    row: Record = {"span": list(quantity.span), "value": [quantity.low, quantity.high]}
    row |= {
        key: getattr(quantity, key) for key in ("unit", "entity", "scope", "time") if getattr(quantity, key)
    }
    if quantity.approximate:
        row["approximate"] = True
    return row


def _voice(voice: Voice) -> Record:
    row: Record = {
        "source": voice.source,
        "spans": [list(span) for span in voice.spans],
        "characters": voice.characters,
        "share": round(voice.share, 4),
    }
    return row | ({"camp": voice.camp} if voice.camp else {})


def _claim(claim: Claim) -> Record:
    row: Record = {
        "span": list(claim.span),
        "voice": claim.voice,
        "degree": claim.degree,
        "status": claim.status,
        "type": claim.type,
        "checkable": claim.checkable,
    }
    return row | ({"attribution": claim.attribution} if claim.attribution >= 0 else {})


def _span(span: Span | None) -> list[int] | None:
    return None if span is None else list(span)
