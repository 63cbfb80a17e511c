"""The words an editor may start a correction from: what changed between the two newest versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .comparing import Line, compare
from .models import Article
from .passages import passages_of

AT_MOST = 8
WORDS_AROUND = 2
LONGEST = 300


@dataclass(frozen=True)
class Suggestion:
    """Words then and words now, with a word or two around, so that one knows what they are about."""

    was: str
    now: str


def suggestions(article: Article) -> list[Suggestion]:
    """What the newest version says otherwise than the one before; [] where there is only one."""
    versions = list(article.versions.order_by("-number").select_related("revision")[:2])
    if len(versions) < 2:
        return []
    new, old = (passages_of(version.revision.as_object()) for version in versions)
    found = [each for line in compare(old, new) if line.is_changed for each in _of(line)]
    return [each for each in dict.fromkeys(found) if len(each.was + each.now) <= LONGEST][:AT_MOST]


def _of(line: Line) -> Iterator[Suggestion]:
    """One for each place of a passage where something was taken out, put in, or both."""
    pieces = [(piece.change, piece.text) for piece in line.pieces]
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and pieces[end][0] != "same":
            end += 1
        if end == at:
            at += 1
            continue
        before = "".join(text for change, text in pieces[:at] if change == "same")
        after = "".join(text for change, text in pieces[end:] if change == "same")
        removed, added = (
            " ".join(text for change, text in pieces[at:end] if change == wanted)
            for wanted in ("removed", "added")
        )
        yield Suggestion(_within(before, removed, after), _within(before, added, after))
        at = end


def _within(before: str, words: str, after: str) -> str:
    """The words with those around; nothing where there are none."""
    if not words.strip():
        return ""
    first = re.findall(r"\S+\s*", before)[-WORDS_AROUND:]
    last = re.findall(r"\s*\S+", after)[:WORDS_AROUND]
    sentence_starts = max((at + 1 for at, word in enumerate(first) if word.rstrip()[-1] in ".!?"), default=0)
    gap = "" if not after or after[0] in " ,.;:!?…)\n" or words[-1].isspace() else " "
    return " ".join(("".join(first[sentence_starts:]) + words + gap + "".join(last)).split())
