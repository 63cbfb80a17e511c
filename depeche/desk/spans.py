"""The frozen dataclasses the desk speaks in: zones, the blocks they come from, and one family of errors.

Offsets are half-open `[start, end)` and count Unicode code points of the article's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ZoneKind = Literal[
    "headline",
    "standfirst",
    "byline",
    "crosshead",
    "paragraph",
    "quotation",
    "list_item",
    "caption",
    "furniture",
]
UnreadableCode = Literal["empty", "too_large", "binary", "encoding", "no_headline"]

FURNITURE_REASONS = (
    "theme_switch",
    "sign_up",
    "agreement",
    "cookies",
    "share",
    "related",
    "copyright",
    "navigation",
    "date_line",
    "image",
    "outside_article",
    "metadata",
)


@dataclass(frozen=True)
class Zone:
    """One stretch of an article and what it is: `article.text[start:end] == text`, always.

    `html` is sanitised inline markup (`a` with an http, https or mailto address, `b`, `i`, `br`) and is
    empty where the plain text says it all; a list item of a plain text has its words there, without the
    dash or number that `text` begins with. `reason` says why a zone is furniture (one of
    `FURNITURE_REASONS`), or whether a list item is "ordered" or "unordered". `speaker` is the attribution
    that the markup gives to a quotation.
    """

    kind: ZoneKind
    start: int
    end: int
    text: str
    html: str = ""
    reason: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A zone in the making; its kind is `None` where the source has not said it and the words must.

    `start` is -1 until the block has its place in the article's text.
    """

    text: str
    kind: ZoneKind | None = None
    html: str = ""
    reason: str = ""
    speaker: str = ""
    start: int = -1


class UnreadableSource(ValueError):
    """A source that no article can be made of; `str(error)` names the source and says how to mend it.

    `code` is for programs and translations; `size_bytes` and `limit_bytes` go with "too_large", `found`
    ("PDF", "Word or ZIP") with "binary" where the kind of file is known, `name` is the name the source was
    given under.
    """

    def __init__(
        self,
        code: UnreadableCode,
        message: str,
        *,
        name: str = "",
        found: str = "",
        size_bytes: int = 0,
        limit_bytes: int = 0,
    ) -> None:
        super().__init__(message)
        self.code: UnreadableCode = code
        self.name = name
        self.found = found
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes


Span = tuple[int, int]
Severity = Literal["info", "warning", "error"]
AttributionType = Literal[
    "direct", "indirect", "mixed", "adverbial", "conditional", "nominal", "naming", "speech_act"
]
SourceQuality = Literal[
    "named",
    "institution",
    "metonymy",
    "anonymous_described",
    "vague_collective",
    "vague_document",
    "pronoun",
    "none",
]
HedgeType = Literal[
    "conditional_hearsay",
    "conditional_not_hearsay",
    "modal",
    "impersonal",
    "adverb",
    "adjective",
    "approximator",
    "shield",
    "frequency_vague",
    "temporal_shield",
]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: a source, the cue that says so, and what is said, which a cue may split.

    `source` is None where nobody is named, `cue` where free direct speech has none, `content` is empty where
    it is only referred to (« ces accusations »). `source_ref` is the name a pronoun stands for, `inferred`
    says that it was looked for beyond the grammar. `stance` is the class of a reporting verb or noun
    (neutral, factive, doubt…), "" for a cue that takes none. `parent` is the index, in the same list, of the attribution this one lies in, -1
    for none. `negated` where the cue is denied (« n'a pas dit que »), `mental` where it is a thought, not
    a statement.
    """

    type: AttributionType
    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    quality: SourceQuality = "none"
    stance: str = ""
    lemma: str = ""
    source_parts: tuple[Span, ...] = ()
    source_ref: Span | None = None
    quotes: tuple[Span, ...] = ()
    parent: int = -1
    negated: bool = False
    mental: bool = False


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words that soften or disclaim; `trap` names the reason ("T1" to "T13") why a conditional is no
    hearsay, or "T10" for hearsay whose source stands in the sentence.
    """

    span: Span
    type: HedgeType
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: every value in the closed interval `[low, high]` would be true to it.

    `unit` is "person", "euro", "%", "km"… ("" for a bare number), `entity` the lemma of what is counted,
    `scope` and `time` the words that limit it ("" where none), `approximate` where the text says so.
    """

    span: Span
    low: float
    high: float
    unit: str = ""
    entity: str = ""
    scope: str = ""
    time: str = ""
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing the text puts forward: in whose voice, how sure, and whether it can be checked.

    `voice` is newsroom, source or hearsay; `degree` certain, probable, possible, reported_uncommitted,
    hypothetical, question or denied; `status` is what the ledger shows an editor; `type` is event,
    quantity_event, superlative_first, causal_interpretation, accusation, prediction, opinion or
    mental_state. `attribution` is an index into the reading's attributions, -1 for none.
    """

    span: Span
    voice: str
    degree: str
    status: str
    type: str = "event"
    attribution: int = -1
    checkable: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What an editor would ask the reporter: a code of the catalogue, the words, and what they touch.

    `values` fill the catalogue's sentence, `rewrite` replaces the words of `span` one for one ("" where
    there is no such wording), `alternatives` are further neutral words.
    """

    code: str
    severity: Severity
    span: Span
    related: tuple[Span, ...] = ()
    rewrite: str = ""
    alternatives: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """A source with all that is attributed to it: `spans` of the article, their length in characters, and
    the share of all attributed characters, from 0 to 1. `camp` is the side the newsroom counts it to.
    """

    source: str
    spans: tuple[Span, ...]
    characters: int
    share: float
    camp: str = ""
