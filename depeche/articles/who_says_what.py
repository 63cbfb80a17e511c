"""« Qui dit quoi »: what an article puts forward, by who says it, as readers see it.

From what is stored alone, and of exactly the words that are shown: where nobody read those, nothing is said.
"""

from __future__ import annotations

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
    published_reading,
    rulings_on,
    standing_claims,
)
from .grounds import Ground, grounds_of, told_apart
from .ledger import AnonymousSource, Ruling
from .manuscript import Manuscript, Path, manuscript_of
from .marked_words import Mark
from .selections import Kind
from .speakers import NOBODY, THE_PAPER, Speaker, left_out, speaker_of, unnamed_in

if TYPE_CHECKING:
    from .models import Article

_PLAYED = frozenset((Kind.SATIRE, Kind.SPONSORED))  # nothing in them is the paper's word
_SIGNED = frozenset((Kind.OPINION, Kind.REVIEW))  # what nobody is named for is the author's view
_MOST_PLAIN = 8
_WEIGHTY = frozenset(("quantity_event", "superlative_first", "causal_interpretation", "accusation"))


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
    reading = published_reading(article, manuscript) if article.kind not in _PLAYED else None
    claims = list(standing_claims(reading)) if reading else []
    evidence = evidence_for(article, {claim.key for claim in claims})
    grounds = grounds_of(article, [row for rows in evidence.values() for row in rows])
    ledger = Ledger(
        grounds=list(grounds.values()),
        anonymous=anonymous_among(article, claims),
        texts=_texts(manuscript),
        paths=_paths(manuscript),
    )
    if reading:
        rulings, unnamed = rulings_on(article), unnamed_in(reading)
        stay, more = _chosen(claims, article.kind, rulings, evidence)
        for number, claim in enumerate(stay, 1):
            ruling = rulings.get(claim.key)
            rests_on = [grounds[told_apart(row)] for row in evidence.get(claim.key, ())]
            for ground in rests_on:
                ground.supports.append(number)
            speaker = _known(ledger.speakers, speaker_of(claim, ruling, unnamed))
            speaker.claims.append(_shown(number, claim, ruling, rests_on))
        ledger.speakers.sort(key=lambda speaker: (speaker.kind == THE_PAPER, speaker.kind == NOBODY))
        if more:
            ledger.speakers[-1].note += f" {left_out(more)}"
    return ledger


def _chosen(
    claims: list[Claim], kind: str, rulings: Mapping[str, Ruling], evidence: Mapping[str, object]
) -> tuple[list[Claim], int]:
    """The claims readers are told of: all of sources; of the paper's own those that can be checked, and where
    they are many those that carry weight. How many are left out besides.
    """
    kept = [claim for claim in claims if _is_claim(rulings.get(claim.key))]
    answered = {*rulings, *evidence}
    plain = [claim for claim in kept if claim.voice == "newsroom" and claim.key not in answered]
    checkable = [claim for claim in plain if claim.checkable and kind not in _SIGNED]
    weighty = [claim for claim in checkable if claim.type in _WEIGHTY or claim.degree != "certain"]
    own = weighty if weighty and len(checkable) > _MOST_PLAIN else checkable
    dropped = set(plain) - set(own)
    return [claim for claim in kept if claim not in dropped], len(checkable) - len(own)


def _is_claim(ruling: Ruling | None) -> bool:
    return ruling is None or ruling.verdict != Ruling.Verdict.NOT_A_CLAIM


def _known(speakers: list[Speaker], new: Speaker) -> Speaker:
    """The same speaker, where there is one already."""
    for speaker in speakers:
        if speaker.known_by == new.known_by:
            return speaker
    speakers.append(new)
    return new


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
