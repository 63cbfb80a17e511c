"""One thing said, in tokens, and the source of the verb that says it."""

from __future__ import annotations

from dataclasses import dataclass

from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.phrases import SUBJECT_PRONOUNS, Range
from depeche.desk.attribution.subjects import agent, source_before
from depeche.desk.passage import Passage

AFTER = frozenset(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "matin", "soir"])


@dataclass(frozen=True, slots=True)
class Report:
    """One thing said, in tokens: `frame` is the letter of the frame, `topic` where only a topic is named."""

    cue: Cue
    source: Range | None
    content: tuple[Range, ...]
    frame: str
    topic: bool = False
    naming: bool = False


def source_of(passage: Passage, cue: Cue, language: str) -> Range | None:
    if cue.voice == "passive":
        return agent(passage, cue)
    for i in range(cue.finite + 1, min(cue.last + 2, len(passage))):
        if passage.words[i] in SUBJECT_PRONOUNS and passage.words[i].startswith("-"):
            return i, i + 1
    return source_before(passage, cue, language)
