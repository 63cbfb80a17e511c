"""Who says what in a passage: reporting verbs, prepositions such as « selon », nouns, and free quotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from depeche.desk import unparsed
from depeche.desk.attribution.adverbials import adverbial
from depeche.desk.attribution.clauses import enclosing
from depeche.desk.attribution.cues import cues
from depeche.desk.attribution.frames import reported
from depeche.desk.attribution.free_speech import free_speech
from depeche.desk.attribution.nominals import nominal
from depeche.desk.attribution.phrases import Range, without_preposition
from depeche.desk.attribution.reports import Report
from depeche.desk.attribution.speakers import quality
from depeche.desk.attribution.spoken import quotes_in, tight
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, AttributionType, Span

_MENTAL = frozenset({"belief_state"})

_MENTAL_LEMMAS = frozenset(
    ["croire", "craindre", "vouloir", "penser", "espérer", "souhaiter", "redouter", "imaginer"]
)

_QUOTED_SHARE = 0.9


def attributions(passage: Passage, language: str) -> list[Attribution]:
    """All attributions of a passage but hearsay conditionals, in the order of their cues or contents.

    Offsets count from the start of the passage's text; `parent` is an index into the list.
    """
    if not passage.parsed:
        return nested(unparsed.attributions(passage, language))
    found: list[tuple[Attribution, Range]] = []
    for cue in cues(passage, language):
        report = reported(passage, cue, language)
        if report is not None:
            if found and cue.first <= found[-1][1][0] and found[-1][1][1] <= cue.last:
                found.pop()  # « voulait dire »: one group
            found.append((_from_verb(passage, report, language), (cue.first, cue.last)))
    found += adverbial(passage, language)
    taken = {token for _, (first, past) in found for token in range(first, past)}
    found += [item for item in nominal(passage, language) if item[1][0] not in taken]
    found += free_speech(passage, found, language)
    found.sort(key=lambda item: (item[1], item[0].content))
    return nested([attribution for attribution, _ in found])


def _from_verb(passage: Passage, report: Report, language: str) -> Attribution:
    content = tuple(tight(passage, span) for span in report.content)
    source = without_preposition(passage, report.source) if report.source else None
    return Attribution(
        type=_type(passage, report, content),
        source=_without_hyphen(passage, source) if source else None,
        cue=passage.span(report.cue.first, report.cue.last),
        content=tuple(passage.span(*span) for span in content),
        quality=quality(passage, source, language) if source else "none",
        stance=report.cue.verb.stance,
        lemma=report.cue.verb.lemma,
        quotes=quotes_in(passage, content),
        negated=report.cue.negated,
        mental=report.cue.verb.stance in _MENTAL or report.cue.verb.lemma in _MENTAL_LEMMAS,
    )


def _without_hyphen(passage: Passage, source: Range) -> Span:
    start, end = passage.span(*source)
    return (start + 1, end) if passage.text[start : start + 1] in ("-", "‑", "‐") else (start, end)


def _type(passage: Passage, report: Report, content: tuple[Range, ...]) -> AttributionType:
    if report.naming:
        return "naming"
    if not content:
        return "direct" if report.frame == "q" else "speech_act"
    share = _quoted_share(passage, content)
    if share >= _QUOTED_SHARE:
        return "direct"
    if share > 0:
        return "mixed"
    return "speech_act" if report.topic else "indirect"


def _quoted_share(passage: Passage, content: tuple[Range, ...]) -> float:
    tokens = [i for span in content for i in range(*span)]
    total = sum(len(passage.words[i]) for i in tokens)
    inside = sum(len(passage.words[i]) for i in tokens if passage.quoted[i])
    around = enclosing(passage, content[0][0]) if content else None
    if around is not None and around.last > content[-1][1] and around.first < content[0][0]:
        return 0.0
    return inside / total if total else 0.0


def nested(attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions with `parent` set to the smallest one whose content holds their cue."""
    contents = sorted((*span, index) for index, item in enumerate(attributions) for span in item.content)
    cues = sorted(
        (at, index)
        for index, item in enumerate(attributions)
        if (at := item.cue or (item.content[0] if item.content else None))
    )
    placed = list(attributions)
    around: list[tuple[int, int, int]] = []
    seen = 0
    for (start, end), index in cues:
        while seen < len(contents) and contents[seen][0] <= start:
            around.append(contents[seen])
            seen += 1
        around = [span for span in around if span[1] > start]
        outer = [
            (last - first, other)
            for first, last, other in around
            if end <= last and attributions[other].content != attributions[index].content
        ]
        placed[index] = replace(attributions[index], parent=min(outer)[1] if outer else -1)
    return placed
