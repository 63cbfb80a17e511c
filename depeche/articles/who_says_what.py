"""« Qui dit quoi »: what an article puts forward, by who says it, as readers see it.

From what is stored alone, and of exactly the words that are shown: where nobody read those, nothing is said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .analysis import Claim
from .claim_labels import CERTAINTIES, CERTAINTY_MARKS, certainty_of, label
from .claims_kept import (
    anonymous_among,
    evidence_for,
    folded,
    published_reading,
    rulings_on,
    standing_claims,
)
from .grounds import Ground, grounds_of, told_apart
from .ledger import AnonymousSource, Ruling
from .manuscript import Manuscript, Path, manuscript_of
from .marked_words import Mark

if TYPE_CHECKING:
    from .models import Article

NOBODY, THE_PAPER = "nobody", "paper"
_LONGEST_LIST = 8
_ELIDED = r"(?:\b[DdLl][’'])?"


@dataclass
class Shown:
    """One claim: its number in the text, its words, the verb that says it, how sure, on what it rests."""

    number: int
    claim: Claim
    words: str
    cue: str
    certainty: str
    mark: str
    grounds: list[Ground] = field(default_factory=list)


@dataclass
class Speaker:
    """Who says something, what is to be known of them, and their claims in the order of the text."""

    name: str
    note: str = ""
    claims: list[Shown] = field(default_factory=list)
    kind: str = ""

    @property
    def is_source(self) -> bool:
        """Whether somebody is named, or at least described."""
        return not self.kind

    @property
    def count_in_words(self) -> str:
        return claims_in_words(len(self.claims))

    @property
    def is_long(self) -> bool:
        """Whether the paper's own statements are too many to stand open."""
        return self.kind == THE_PAPER and len(self.claims) > _LONGEST_LIST


@dataclass
class Ledger:
    """What the page of an article says of its claims and of what they rest on."""

    speakers: list[Speaker] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    anonymous: list[AnonymousSource] = field(default_factory=list)
    texts: Mapping[Path, Sequence[str]] = field(default_factory=dict)
    paths: Sequence[tuple[Path, int]] = ()

    @property
    def summary(self) -> str:
        """« 22 claims, 9 sources »."""
        claims = claims_in_words(sum(len(speaker.claims) for speaker in self.speakers))
        sources = sum(1 for speaker in self.speakers if speaker.is_source)
        heard = ngettext("%(count)d source", "%(count)d sources", sources) % {"count": sources}
        return ", ".join([claims, heard] if sources else [claims])

    def __getitem__(self, number: int) -> tuple[Speaker, Shown]:
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> dict[int, tuple[Speaker, Shown]]:
        return {shown.number: (speaker, shown) for speaker in self.speakers for shown in speaker.claims}

    @cached_property
    def marks(self) -> Mapping[Path, list[Mark]]:
        """What is marked in each field of the article."""
        found: dict[Path, list[Mark]] = defaultdict(list)
        for speaker in self.speakers:
            for shown in speaker.claims:
                place = shown.claim.place
                path, paragraph = self.paths[place.zone]
                found[path].append(_mark(paragraph, speaker, shown))
        return found

    @cached_property
    def voices(self) -> list[tuple[str, int, int]]:
        """Each source with the number of its claims and its share of the words that are anybody's, in per cent."""
        words = {
            speaker.name: sum(len(shown.claim.place.words.split()) for shown in speaker.claims)
            for speaker in self.speakers
            if speaker.is_source
        }
        claims = {speaker.name: len(speaker.claims) for speaker in self.speakers}
        total = sum(words.values())
        loudest = sorted(words, key=lambda name: -words[name])
        return [(name, claims[name], round(100 * words[name] / total)) for name in loudest]


def claims_in_words(count: int) -> str:
    """« 1 claim », « 22 claims »."""
    return ngettext("%(count)d claim", "%(count)d claims", count) % {"count": count}


def ledger_of(article: Article) -> Ledger:
    """What readers are told of `article` as it stands; without claims where these words are not read."""
    prefetch_related_objects([article], "bylines__person", "sources", "replies")
    manuscript = manuscript_of(article)
    reading = published_reading(article, manuscript)
    claims = list(standing_claims(reading)) if reading else []
    evidence = evidence_for(article, {claim.key for claim in claims})
    grounds = grounds_of(article, [row for rows in evidence.values() for row in rows])
    ledger = Ledger(
        grounds=list(grounds.values()),
        anonymous=anonymous_among(article, claims),
        texts=_texts(manuscript),
        paths=_paths(manuscript),
    )
    rulings = rulings_on(article) if claims else {}
    stay = [claim for claim in claims if _is_shown(claim, rulings.get(claim.key), claim.key in evidence)]
    for number, claim in enumerate(stay, 1):
        rests_on = [grounds[told_apart(row)] for row in evidence.get(claim.key, ())]
        for ground in rests_on:
            ground.supports.append(number)
        ruling = rulings.get(claim.key)
        _speaker(ledger.speakers, claim, ruling).claims.append(_shown(number, claim, ruling, rests_on))
    ledger.speakers.sort(key=lambda speaker: (speaker.kind == THE_PAPER, speaker.kind == NOBODY))
    return ledger


def _is_shown(claim: Claim, ruling: Ruling | None, has_evidence: bool) -> bool:
    """What sources say, and of the paper's own statements those that can be checked; nothing ruled out."""
    if ruling:
        return ruling.verdict != Ruling.Verdict.NOT_A_CLAIM
    return claim.voice != "newsroom" or claim.checkable or has_evidence


def _speaker(speakers: list[Speaker], claim: Claim, ruling: Ruling | None) -> Speaker:
    """Whose claim it is, known already or new."""
    new = _new_speaker(claim, ruling)
    for speaker in speakers:
        if (speaker.kind, folded(speaker.name)) == (new.kind, folded(new.name)):
            return speaker
    speakers.append(new)
    return new


def _new_speaker(claim: Claim, ruling: Ruling | None) -> Speaker:
    if ruling and ruling.verdict == Ruling.Verdict.SOURCE:
        return Speaker(_capital(ruling.source), _("Named by the newsroom, not by the text."))
    if claim.voice == "newsroom" or (ruling and ruling.verdict == Ruling.Verdict.OBSERVED):
        return Speaker(_("The paper itself"), _("Stated without naming a source."), kind=THE_PAPER)
    if claim.source:
        return Speaker(_capital(_with_elision(claim)), _note(claim))
    return Speaker(
        _("No source"), _("The article passes it on without saying who it has it from."), kind=NOBODY
    )


def _note(claim: Claim) -> str:
    """What readers must know of how a source is named."""
    return {
        "vague_collective": _("The article names nobody."),
        "vague_document": _("The article does not say which."),
        "anonymous_described": _("The article gives no name."),
    }.get(claim.quality, "")


def _with_elision(claim: Claim) -> str:
    """« D’autres » where the desk has « autres »."""
    found = re.search(rf"{_ELIDED}(?<!\w){re.escape(claim.source)}", claim.sentence)
    return found[0] if found else claim.source


def _shown(number: int, claim: Claim, ruling: Ruling | None, grounds: list[Ground]) -> Shown:
    sure = certainty_of(claim.degree, claim.status, claim.type)
    is_observed = bool(ruling and ruling.verdict == Ruling.Verdict.OBSERVED)
    return Shown(
        number=number,
        claim=claim,
        words=_words(claim),
        cue="" if claim.cue in claim.place.words else claim.cue,
        certainty=_("seen by the newsroom") if is_observed else label(CERTAINTIES, sure),
        mark="firm" if is_observed else CERTAINTY_MARKS.get(sure, ""),
        grounds=grounds,
    )


def _words(claim: Claim) -> str:
    """The words of a claim; those of the paper with the beginning of their sentence, where that is short."""
    words = " ".join(claim.place.words.split())
    if claim.voice != "newsroom":
        return words
    before, found, _after = claim.sentence.partition(claim.place.words)
    if not found or not before.strip():
        return words
    return f"… {words}" if len(before) > len(words) else f"{' '.join(before.split())} {words}"


def _mark(paragraph: int, speaker: Speaker, shown: Shown) -> Mark:
    kind = "own" if speaker.kind == THE_PAPER and shown.mark == "firm" else shown.mark
    place = shown.claim.place
    return Mark(
        paragraph,
        place.start,
        place.end,
        opening=format_html('<span class="said {}" id="claim-{}">', kind, shown.number),
        again=format_html('<span class="said {}">', kind),
        after=format_html('<a hidden class="said-by" href="#said-{}"></a>', shown.number),
    )


def _texts(manuscript: Manuscript) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = defaultdict(list)
    for zone in manuscript.zones:
        found[zone.path].append(zone.text)
    return found


def _paths(manuscript: Manuscript) -> list[tuple[Path, int]]:
    """Of each zone the field it stands in, and which paragraph of that it is."""
    seen: dict[Path, int] = defaultdict(int)
    found = []
    for zone in manuscript.zones:
        found.append((zone.path, seen[zone.path]))
        seen[zone.path] += 1
    return found


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
