"""A manuscript as the desk wants it, and what the desk says of it in the places of the manuscript."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

from depeche.articles.analysis import (
    Claim,
    Finding,
    Place,
    Reading,
    desk_version,
    key_of,
    sentence_around,
)
from depeche.articles.manuscript import Manuscript, Zone, manuscript_from_json
from depeche.desk import reading as desk
from depeche.desk import spans
from depeche.desk.article import Article
from depeche.desk.decoding import printable
from depeche.desk.draft import Dossier

_KINDS = {
    "reportage": "news",
    "analysis": "analysis",
    "background": "analysis",
    "opinion": "opinion",
    "review": "opinion",
    "sponsored": "press_release",
    "satire": "opinion",
}
_NOWHERE = "–"  # only a reportage lacks its place; what is written indoors has none
_KNOWN_BY = 3
_BETWEEN = "\n\n"
_OPENING = ("«", "“", "„", '"')
_PAIRS = (("«", "»"), ("“", "”"))
_MARKS = {"fr": ("«\u00a0", "\u00a0»")}
_OTHER_MARKS = ("“", "”")
_SPOKEN_FOR = frozenset({"QUO003", "ATT001"})

_memory = desk.Memory()


def answer_to(question: Any) -> Any:
    """The answer to a question of the seam, both plain data: a manuscript in, its reading out."""
    return reading_of(manuscript_from_json(question["read"])).as_json()


def reading_of(manuscript: Manuscript) -> Reading:
    """What the desk says of `manuscript`, in its places.

    Raises:
        UnreadLanguage: the desk has no pack for its language.
    """
    laid = _Layout(manuscript)
    read = desk.read(laid.article, manuscript.language, _dossier(manuscript), memory=_memory)
    return Reading(
        manuscript_sha256=manuscript.sha256,
        language=manuscript.language,
        is_read=True,
        words=sum(len(zone.text.split()) for zone in manuscript.zones),
        findings=tuple(_findings(read.findings, laid)),
        claims=tuple(_claims(read, laid)),
        voices=tuple(_voices(read.voices, laid)),
        desk=desk_version(),
    )


def article_of(manuscript: Manuscript) -> Article:
    """The article that the desk reads for `manuscript`."""
    return _Layout(manuscript).article


def _dossier(manuscript: Manuscript) -> Dossier:
    day = manuscript.published_on
    return Dossier(
        kind=_KINDS.get(manuscript.kind, "news"),
        date=dt.date.fromisoformat(day) if day else dt.datetime.now(dt.UTC).date(),
        byline=manuscript.byline,
        place=manuscript.place or ("" if manuscript.kind == "reportage" else _NOWHERE),
    )


class _Layout:
    """The zones of a manuscript one after another, as the text of an article, and the way back."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.zones = manuscript.zones
        self._starts: list[int] = []  # of each zone's own text, within marks we put around it
        parts: list[str] = []
        zones: list[spans.Zone] = []
        start = 0
        for zone in manuscript.zones:
            opening, closing = _marks_to_add(zone, manuscript.language)
            text = f"{opening}{printable(zone.text)}{closing}"
            kind = cast(spans.ZoneKind, zone.kind)
            zones.append(spans.Zone(kind, start, start + len(text), text, speaker=zone.speaker))
            self._starts.append(start + len(opening))
            parts.append(text)
            start += len(text) + len(_BETWEEN)
        self._ends = [zone.end for zone in zones]
        self.article = Article(_BETWEEN.join(parts), tuple(zones), manuscript.language, "text", "")

    def place(self, span: spans.Span | None) -> Place | None:
        """Where a span of the article lies, cut to the first zone's own text; None where nothing is left."""
        if span is None:
            return None
        number = next((n for n, end in enumerate(self._ends) if span[0] < end), len(self.zones) - 1)
        zone, base = self.zones[number], self._starts[number]
        start = max(0, span[0] - base)
        end = min(len(zone.text), span[1] - base)
        if start >= end:
            return None
        words = zone.text[start:end]
        before = sum(other.text.count(words) for other in self.zones[:number] if other.path == zone.path)
        occurrence = before + zone.text[:start].count(words)
        return Place(number, start, end, zone.path, words, occurrence)

    def words(self, span: spans.Span | None) -> str:
        """The words of a span, "" for none."""
        place = self.place(span)
        return place.words if place else ""

    def sentence(self, place: Place) -> str:
        """The sentence that a place lies in."""
        return sentence_around(self.zones[place.zone].text, place.start, place.end)


def _marks_to_add(zone: Zone, language: str) -> tuple[str, str]:
    """The marks that make a quotation of the words of its block, none where it has them, or half of them."""
    text = zone.text.strip()
    is_half_marked = any(text.count(closing) > text.count(opening) for opening, closing in _PAIRS)
    if zone.kind != "quotation" or text.startswith(_OPENING) or is_half_marked:
        return "", ""
    return _MARKS.get(language, _OTHER_MARKS)


def _findings(found: Iterable[spans.Finding], laid: _Layout) -> Iterator[Finding]:
    for finding in found:
        place = laid.place(finding.span)
        if place is None:
            continue
        zone = laid.zones[place.zone]
        if _speaker(zone) and finding.code in _SPOKEN_FOR:
            continue
        related = tuple(filter(None, (laid.place(span) for span in finding.related)))
        others = [other.words for other in related]
        yield Finding(
            key=key_of(finding.code, place.words, laid.sentence(place), others),
            code=finding.code,
            severity=finding.severity,
            kind=zone.kind,
            place=place,
            related=related,
            rewrite=finding.rewrite,
            alternatives=finding.alternatives,
            values=finding.values,
        )


def _claims(read: desk.Reading, laid: _Layout) -> Iterator[Claim]:
    for claim in read.claims:
        place = laid.place(claim.span)
        if place is None:
            continue
        said = read.attributions[claim.attribution] if claim.attribution >= 0 else None
        cue = laid.words(said.cue) if said else ""
        sentence = laid.sentence(place)
        zone = laid.zones[place.zone]
        found = Claim(
            key=key_of("claim", _opening(place.words), sentence, [cue]),
            kind=zone.kind,
            place=place,
            sentence=sentence,
            source=laid.words(said.source_ref or said.source) if said else "",
            cue=cue,
            voice=claim.voice,
            degree=claim.degree,
            status=claim.status,
            type=claim.type,
            checkable=claim.checkable,
            quality=said.quality if said and said.quality != "none" else "",
        )
        is_spoken = _speaker(zone) and not (said and said.source)
        yield _spoken_by(zone.speaker, found) if is_spoken else found


def _opening(words: str) -> str:
    """What a claim is known by: where it ends depends on the parser, and a little on the next sentence."""
    return " ".join(words.split()[:_KNOWN_BY])


def _spoken_by(speaker: str, claim: Claim) -> Claim:
    """A claim of a quotation whose block names the speaker, where nobody is named within it."""
    return replace(claim, source=speaker, voice="source", status="attributed_named", quality="named")


def _voices(heard: Iterable[spans.Voice], laid: _Layout) -> list[tuple[str, float]]:
    """The shares of voice, where all of a quotation is its speaker's if its block names one."""
    characters: Counter[str] = Counter()
    for voice in heard:
        places = filter(None, map(laid.place, voice.spans))
        own = [place.words for place in places if not _speaker(laid.zones[place.zone])]
        characters[voice.source] += _length(own)
    names = {source.casefold(): source for source in characters}
    for zone in filter(_speaker, laid.zones):
        characters[names.setdefault(zone.speaker.casefold(), zone.speaker)] += _length([zone.text])
    total = characters.total()
    return [(source, count / total) for source, count in characters.most_common() if count]


def _speaker(zone: Zone) -> str:
    """Who speaks all of a zone, "" for nobody in particular."""
    return zone.speaker if zone.kind == "quotation" else ""


def _length(texts: Iterable[str]) -> int:
    return sum(len(word) for text in texts for word in text.split())
