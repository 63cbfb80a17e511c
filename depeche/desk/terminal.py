"""A check as people read it in a terminal: the line, the words underlined, what is wrong, what to ask."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from depeche.desk import catalogue
from depeche.desk.checked import SEVERITIES, Checked, Totals
from depeche.desk.interface_words import Words
from depeche.desk.lines import Lines
from depeche.desk.spans import Finding, Span

_NARROWEST, _WIDEST = 40, 120
_COLOURS = {"error": "1;31", "warning": "1;33", "info": "1;36", "quiet": "2", "strong": "1", "good": "1;32"}
_MOST_RELATED = 3


@dataclass(frozen=True)
class Screen:
    """What the output goes to: its width in columns, whether it has colours, and the language of messages."""

    words: Words
    width: int = 80
    colours: bool = False

    @property
    def columns(self) -> int:
        """The width that is used."""
        return max(_NARROWEST, min(self.width, _WIDEST))

    def painted(self, text: str, style: str) -> str:
        """`text` in the colours of `style`, where there are colours."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.colours else text


def file_lines(checked: Checked, screen: Screen) -> Iterator[str]:
    """The findings in one file, a blank line after each, then what the language's pack does not read."""
    lines = Lines(checked.reading.article.text)
    for finding in checked.reading.findings:
        yield from _finding_lines(checked, finding, lines, screen)
        yield ""
    if unread := checked.reading.unread:
        families = [screen.words.family(name) for name in unread]
        yield from _wrapped(screen.words("unread", families=screen.words.listed(families)), screen.columns)


def summary_lines(sums: Totals, screen: Screen, *, name: str = "", house: str = "") -> Iterator[str]:
    """What was found in all files, in words; `name` is the only file, `house` the rules that silenced."""
    words = screen.words
    if sums.findings:
        counted = [
            screen.painted(words.counted(f"severities.{severity}", count), severity)
            for severity in SEVERITIES
            if (count := sums.severities[severity])
        ]
        yield words(
            "summary.files" if sums.files > 1 else "summary",
            counts=words.listed(counted),
            files=sums.files,
            words=sums.words,
            rate=words.number(sums.per_100_words, 1),
        )
    elif sums.files:
        key = "clean.all" if sums.files > 1 else "clean"
        said = words(key, name=printable_name(name), files=sums.files, words=sums.words)
        yield screen.painted(said, "good")
    if sums.silenced:
        yield words.counted("summary.silenced", sums.silenced, house=house)
    if sums.unusable and sums.files + sums.unusable > 1:
        yield words.counted("summary.unusable", sums.unusable)


def printable_name(name: str) -> str:
    """A file name without characters that would move the cursor."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def width_of(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    return sum(map(_columns, text))


def _finding_lines(checked: Checked, finding: Finding, lines: Lines, screen: Screen) -> Iterator[str]:
    words, language = screen.words, screen.words.language
    text = checked.reading.article.text
    found = text[slice(*finding.span)]
    place, _ = checked.whereabouts.places(finding.span)
    head = f"{printable_name(checked.name)}:{place.line}:{place.column}:"
    severity = screen.painted(f"{words(f'severity.{finding.severity}')}[{finding.code}]", finding.severity)
    title = catalogue.entry(finding.code, language).title
    yield f"{screen.painted(head, 'strong')} {severity} {screen.painted(title, 'strong')}"
    gutter = f"{place.line:>4} "
    yield from _excerpt(lines, finding, gutter, screen)
    room = screen.columns - len(gutter) - 2
    margin = " " * len(gutter) + screen.painted("│ ", "quiet")
    plain = replace(finding, rewrite="", alternatives=())  # they have a line of their own
    yield from (margin + line for line in _wrapped(catalogue.message(plain, found, language), room))
    for label, said in _advice(checked, finding, found, words):
        label = f"{label} "
        wrapped = _wrapped(said, room - width_of(label))
        yield margin + screen.painted(label, "quiet") + next(wrapped)
        yield from (margin + " " * width_of(label) + line for line in wrapped)


def _advice(checked: Checked, finding: Finding, found: str, words: Words) -> Iterator[tuple[str, str]]:
    yield words("ask"), catalogue.question(finding, found, words.language)
    wordings = dict.fromkeys([*filter(None, [finding.rewrite]), *finding.alternatives])
    if wordings:
        yield words("try"), words.listed([words.quoted(one) for one in wordings], "or")
    for span in finding.related[:_MOST_RELATED]:
        place, _ = checked.whereabouts.places(span)
        there = " ".join(checked.reading.article.text[slice(*span)].split())
        yield words("see"), f"{place.line}:{place.column} {words.quoted(_shortened(there, 60))}"


def _excerpt(lines: Lines, finding: Finding, gutter: str, screen: Screen) -> Iterator[str]:
    """The line that the words begin in, cut to the screen around them, and the words underlined."""
    around = lines.around(finding.span[0])
    start, end = finding.span[0], max(min(finding.span[1], around[1]), finding.span[0] + 1)
    room = screen.columns - len(gutter) - 2
    first, last = _window(lines.text, around, (start, end), room)
    before, after = "…" if first > around[0] else "", "…" if last < around[1] else ""
    shown = _shown(lines.text[first:last])
    bar = screen.painted("│ ", "quiet")
    yield screen.painted(gutter, "quiet") + bar + before + shown + after
    indent = width_of(before + lines.text[first:start])
    marked = width_of(lines.text[start : min(end, last)])
    underline = screen.painted("^" * max(1, marked), finding.severity)
    yield " " * len(gutter) + bar + " " * indent + underline


def _window(text: str, around: Span, words: Span, room: int) -> Span:
    """The part of a line that fits in `room` columns with the words in it, cut between words."""
    start, end = max(around[0], words[0] - room), min(around[1], words[0] + 2 * room)
    if (start, end) == around and width_of(text[start:end]) <= room:
        return around
    room -= 2  # for the ellipses
    last = _fitting(text, range(words[0], min(words[1], end)), room)
    left = room - width_of(text[words[0] : last])
    before = max(left // 3, left - width_of(text[last:end]))
    first = _fitting(text, range(words[0] - 1, start - 1, -1), before) + 1
    left -= width_of(text[first : words[0]])
    return _between_words(text, around, words, (first, _fitting(text, range(last, end), left)))


def _fitting(text: str, places: range, room: int) -> int:
    """The first of `places` that is too much for `room` columns, or the one after them all."""
    for at in places:
        room -= _columns(text[at])
        if room < 0:
            return at
    return places.stop


def _between_words(text: str, around: Span, words: Span, window: Span) -> Span:
    first, last = window
    if first > around[0]:
        space = text.find(" ", first, words[0])
        first = space + 1 if space >= 0 else first
    if last < around[1] and last > words[1]:
        space = text.rfind(" ", words[1], last)
        last = space if space >= 0 else last
    return first, last


def _wrapped(text: str, room: int) -> Iterator[str]:
    """`text` in lines of `room` columns, broken at plain spaces only."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer) > room:
            yield line
            longer = word
        line = longer
    yield line


def _shortened(text: str, room: int) -> str:
    return textwrap.shorten(text, room, placeholder="…") or f"{text[: room - 1]}…"


def _shown(text: str) -> str:
    """`text` without what moves the cursor or turns the direction of writing."""
    return "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 1 if character in "\t" else 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
