"""The gate, as a pure rule: what a reading, what people answered and the newsroom's thresholds let through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .analysis import Claim, Finding, Reading

# What naming a source, or having seen it oneself, answers.
ANSWERED_BY_A_SOURCE = frozenset(
    {"ATT001", "ATT002", "ATT004", "ATT007", "ATT011", "LEX003", "NUM004", "QUO003", "INF003"}
)
ANSWERED_BY_A_REPLY = frozenset({"BAL002"})
ANSWERED_BY_APPROVED_ANONYMITY = frozenset({"ATT003"})
_SEVERITIES = ("info", "warning", "error")


class State(Enum):
    """How a finding or a requirement stands."""

    OPEN = "open"
    PENDING = "pending"  # an override that waits for its second person
    DISMISSED = "dismissed"
    SOURCED = "sourced"
    RECORDED = "recorded"


class Weight(Enum):
    """What the newsroom makes of something the gate asks for."""

    OFF = "off"
    REMIND = "remind"
    STOP = "stop"


@dataclass(frozen=True)
class Thresholds:
    """What stops an article of one kind: findings from `stops_at` on ("" for none), too large a share of
    claims that nobody is named for (in per cent, None for any), and what is asked beside the text.
    """

    stops_at: str = "error"
    most_unattributed_percent: int | None = None
    anonymity: Weight = Weight.REMIND
    reply: Weight = Weight.REMIND
    interests: Weight = Weight.REMIND
    ai: Weight = Weight.STOP


@dataclass(frozen=True)
class Answer:
    """What somebody said to a finding or a requirement; `by_two` is whether a second person agreed."""

    key: str
    by_two: bool


@dataclass(frozen=True)
class Beside:
    """What stands beside the text: `sourced` are the keys of claims that have a source, an observation or
    evidence by hand or are none; `anonymous` the approved descriptions; `interests_met` the declared
    interests of the authors that the text touches.
    """

    sourced: frozenset[str] = frozenset()
    anonymous: frozenset[str] = frozenset()
    has_reply: bool = False
    has_interests_answer: bool = False
    interests_met: tuple[str, ...] = ()
    ai_use: str = "none"
    is_ai_answered: bool = False


@dataclass(frozen=True)
class Stand:
    """A finding and how it stands; `stops` says whether it keeps the article from readers."""

    finding: Finding
    state: State
    stops: bool


@dataclass(frozen=True)
class Requirement:
    """Something the gate asks for beside the text: "ai", "reply", "interests", "anonymity" or "unattributed".

    `words` name what it is about. Its key lives as long as those words.
    """

    name: str
    state: State
    stops: bool
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"gate-{self.name}"


@dataclass(frozen=True)
class Examination:
    """How everything stands that the gate knows of one manuscript."""

    reading: Reading
    stands: tuple[Stand, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    stopping: tuple[Stand | Requirement, ...] = field(init=False)

    def __post_init__(self) -> None:
        everything: tuple[Stand | Requirement, ...] = (*self.stands, *self.requirements)
        stopping = tuple(item for item in everything if item.stops)
        object.__setattr__(self, "stopping", stopping)

    @property
    def is_open(self) -> bool:
        """Whether the article may go to readers."""
        return not self.stopping


def examine(
    reading: Reading, answers: Collection[Answer], beside: Beside, thresholds: Thresholds
) -> Examination:
    """How `reading` stands after `answers`, by `thresholds`.

    A warning is answered by one person, an error and what the gate asks for by two.
    """
    by_key = {answer.key: answer for answer in answers}
    sourced = [claim for claim in reading.claims if claim.key in beside.sourced]
    stands = tuple(
        _stand(finding, by_key, sourced, beside, thresholds.stops_at) for finding in reading.findings
    )
    return Examination(reading, stands, tuple(_requirements(reading, by_key, beside, thresholds)))


def _stand(
    finding: Finding,
    answers: Mapping[str, Answer],
    sourced: Iterable[Claim],
    beside: Beside,
    stops_at: str,
) -> Stand:
    state = _state(finding, answers.get(finding.key), sourced, beside)
    grave = stops_at in _SEVERITIES and _SEVERITIES.index(finding.severity) >= _SEVERITIES.index(stops_at)
    return Stand(finding, state, grave and state in (State.OPEN, State.PENDING))


def _state(finding: Finding, answer: Answer | None, sourced: Iterable[Claim], beside: Beside) -> State:
    if finding.code in ANSWERED_BY_A_SOURCE and any(_overlap(finding, claim) for claim in sourced):
        return State.SOURCED
    if finding.code in ANSWERED_BY_A_REPLY and beside.has_reply:
        return State.RECORDED
    if finding.code in ANSWERED_BY_APPROVED_ANONYMITY and _is_approved(finding.place.words, beside):
        return State.RECORDED
    if answer is None:
        return State.OPEN
    return State.DISMISSED if answer.by_two or finding.severity != "error" else State.PENDING


def _overlap(finding: Finding, claim: Claim) -> bool:
    ours, theirs = finding.place, claim.place
    return ours.zone == theirs.zone and ours.start < theirs.end and theirs.start < ours.end


def _requirements(
    reading: Reading, answers: Mapping[str, Answer], beside: Beside, thresholds: Thresholds
) -> Iterable[Requirement]:
    hidden = tuple(dict.fromkeys(c.source for c in reading.claims if c.quality == "anonymous_described"))
    unapproved = tuple(words for words in hidden if not _is_approved(words, beside))
    accused = tuple(f.place.words for f in reading.findings if f.code in ANSWERED_BY_A_REPLY)
    asked = [
        ("ai", thresholds.ai, beside.ai_use != "none", beside.is_ai_answered, ()),
        ("reply", thresholds.reply, bool(accused), beside.has_reply, accused),
        (
            "interests",
            thresholds.interests,
            bool(beside.interests_met),
            beside.has_interests_answer,
            beside.interests_met,
        ),
        ("anonymity", thresholds.anonymity, bool(hidden), not unapproved, unapproved),
    ]
    most = thresholds.most_unattributed_percent
    percent = round(100 * reading.unattributed_share)
    if most is not None:
        asked.append(("unattributed", Weight.STOP, percent > most, False, (f"{percent} %", f"{most} %")))
    for name, weight, applies, is_met, words in asked:
        if applies and weight is not Weight.OFF:
            state = State.RECORDED if is_met else _answered(answers.get(f"gate-{name}"))
            stops = weight is Weight.STOP and state in (State.OPEN, State.PENDING)
            yield Requirement(name, state, stops, words)


def _answered(answer: Answer | None) -> State:
    if answer is None:
        return State.OPEN
    return State.DISMISSED if answer.by_two else State.PENDING


def _is_approved(words: str, beside: Beside) -> bool:
    """Whether a source is one whose anonymity an editor approved, by how it is described."""
    folded = " ".join(words.casefold().split())
    return any(described in folded or folded in described for described in beside.anonymous)
