"""Blocks to zones: what each block is, by its place and its words where the source has not said it."""

from __future__ import annotations

import re
from dataclasses import replace

from depeche.desk.packs import Bylines, Furniture
from depeche.desk.spans import Block, UnreadableSource, Zone

_LONGEST_HEADLINE = 220
_LONGEST_CROSSHEAD = 100
_MOST_CROSSHEAD_WORDS = 15
_MOST_WORDS_OF_QUOTED_CROSSHEAD = 6
_LONGEST_HEADING_BY_MARKUP = 140
_LONGEST_LABEL = 25
_MOST_LABEL_WORDS = 2
_SHORTEST_SENTENCE = 25
_MOST_CROSSHEADS_TOGETHER = 2  # three short lines in a row are a list, a poem or a table
_OPENING_QUOTES = "«“\"'‘’„‹"
_CLOSED = (".", "…", ":", ";", ",")
_WORD = re.compile(r"\w")
_SENTENCE_END = re.compile(r"(?<![A-ZÀ-Ý])(?<!\bMM)(?<!\bMme)(?<!\bDr)[.!?…](?=\s+[«“\"]?\s?[A-ZÀ-Ý]|$)")
_WHOLLY_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"")
_ATTRIBUTED_QUOTE = re.compile(r"(?:«[^«»]*»|“[^“”]*”)\s*[—–(,-].*", re.S)
_JUDGED = (None, "paragraph", "crosshead", "list_item")
_TEXT = ("paragraph", "quotation", "list_item")


def zones_of(blocks: list[Block], furniture: Furniture, bylines: Bylines, name: str = "") -> tuple[Zone, ...]:
    """The zones of an article whose `blocks` have their places in its text.

    Raises `UnreadableSource` ("empty", "no_headline").
    """
    blocks = _seen_as_furniture_in_context(blocks, furniture)
    headline = _headline_index(blocks, furniture, bylines, name)
    blocks[headline] = replace(blocks[headline], kind="headline", html="", reason="")
    _settle_top(blocks, headline, furniture, bylines)
    _settle_bylines(blocks, bylines)
    _settle_crossheads(blocks, headline)
    _settle_standfirst(blocks, headline)
    return tuple(_zone(block) for block in blocks)


def reads_as_crosshead(text: str) -> bool:
    """Whether `text` could be a crosshead: short, begun like a title, without a full stop, comma or colon.

    A line wholly in quotation marks is one only when it is a few words long: longer ones are quoted speech.
    """
    line = " ".join(text.split())
    words = sum(1 for word in line.split() if _WORD.search(word))
    if not words or len(line) > _LONGEST_CROSSHEAD or words > _MOST_CROSSHEAD_WORDS or line.endswith(_CLOSED):
        return False
    if not (line[0].isupper() or line[0].isdigit() or line[0] in _OPENING_QUOTES):
        return False
    if _WHOLLY_QUOTED.fullmatch(line):
        return words <= _MOST_WORDS_OF_QUOTED_CROSSHEAD and not line[:-1].rstrip().endswith(
            (*_CLOSED, "!", "?")
        )
    return not _ATTRIBUTED_QUOTE.fullmatch(line)


def _seen_as_furniture_in_context(blocks: list[Block], furniture: Furniture) -> list[Block]:
    """A line of the site is the story's crosshead where it stands between two paragraphs of it."""
    seen = [_seen_as_furniture(block, furniture) for block in blocks]
    for number in range(2, len(blocks) - 1):
        if (
            blocks[number].kind in _JUDGED
            and seen[number].kind == "furniture"
            and furniture.could_be_title(blocks[number].text)
            and all(_is_sentence(seen[beside]) for beside in (number - 1, number + 1))
        ):
            seen[number] = replace(blocks[number], kind="crosshead", html="")
    return seen


def _is_sentence(block: Block) -> bool:
    text = block.text.rstrip(' »”"')
    return block.kind in _JUDGED and len(text) >= _SHORTEST_SENTENCE and text.endswith((".", "!", "?", "…"))


def _seen_as_furniture(block: Block, furniture: Furniture) -> Block:
    if block.kind == "furniture" and block.reason in ("outside_article", "navigation"):
        return replace(block, reason=furniture.reason(block.text) or block.reason)
    if block.kind not in _JUDGED:
        return block
    reason = furniture.reason(block.text) or ("" if _WORD.search(block.text) else "navigation")
    return _as_furniture(block, reason) if reason else block


def _as_furniture(block: Block, reason: str) -> Block:
    return replace(block, kind="furniture", html="", reason=reason)


def _headline_index(blocks: list[Block], furniture: Furniture, bylines: Bylines, name: str) -> int:
    said = next((number for number, block in enumerate(blocks) if block.kind == "headline"), -1)
    if said >= 0:
        return said
    possible = [number for number, block in enumerate(blocks) if block.kind in (*_JUDGED, "quotation")]
    of_title = [
        number
        for number in possible[:6]
        if not bylines.matches(blocks[number].text) and not furniture.reason(blocks[number].text, at_top=True)
    ]
    if not possible:
        message = f"{name or 'The text'} has no text of an article: give the headline and the paragraphs."
        raise UnreadableSource("empty", message, name=name)
    headline = (of_title or possible)[0]
    if len(of_title) > 1 and _is_label(blocks[headline].text, blocks[of_title[1]].text):
        blocks[headline] = _as_furniture(blocks[headline], "navigation")
        headline = of_title[1]
    if _is_prose(blocks[headline].text):
        message = f"{name or 'The text'} begins with a paragraph: put the headline alone on the first line."
        raise UnreadableSource("no_headline", message, name=name)
    return headline


def _is_label(text: str, following: str) -> bool:
    """Whether `text` is the section's name in capitals (POLITIQUE) and `following` the headline."""
    words, title = text.split(), following.split()
    if not text.isupper() or len(words) > _MOST_LABEL_WORDS or len(text) > _LONGEST_LABEL:
        return False
    is_title = len(title) > _MOST_LABEL_WORDS and not following.endswith(_CLOSED) and not _is_prose(following)
    return is_title and text[-1].isalpha() and (len(words) == 1 or not following.isupper())


def _is_prose(text: str) -> bool:
    """Whether `text` is a paragraph and no headline: long, or several sentences of three words and more."""
    line = " ".join(text.split())
    if len(line) > _LONGEST_HEADLINE:
        return True
    if not line.rstrip(' »”"').endswith((".", "…")):
        return False
    sentences = [part for part in _SENTENCE_END.split(line) if len(part.split()) >= 3]
    return len(sentences) > 1


def _settle_top(blocks: list[Block], headline: int, furniture: Furniture, bylines: Bylines) -> None:
    """Bylines and bare dates stand around the headline, up to the second paragraph after it."""
    paragraphs = 0
    for number, block in enumerate(blocks):
        if paragraphs == 2:
            return
        if number == headline or block.kind not in _JUDGED:
            continue
        if bylines.matches(block.text):
            blocks[number] = replace(block, kind="byline")
        elif block.kind == "crosshead" and furniture.could_be_title(block.text):
            continue  # settled before, by the paragraphs around it
        elif reason := furniture.reason(block.text, at_top=True):
            blocks[number] = _as_furniture(block, reason)
        elif number > headline and block.kind != "crosshead":
            paragraphs += 1


def _settle_bylines(blocks: list[Block], bylines: Bylines) -> None:
    """The first bylines, next to each other, are the article's, else the last line; repetitions are
    furniture.
    """
    known: list[str] = []
    are_over = False
    for number, block in enumerate(blocks):
        if block.kind != "byline":
            are_over = are_over or (bool(known) and block.kind != "furniture")
        elif not are_over:
            known.append(" ".join(block.text.split()))
        elif " ".join(block.text.split()) in known:
            blocks[number] = _as_furniture(block, "metadata")
        else:
            blocks[number] = replace(block, kind="paragraph")
    content = [number for number, block in enumerate(blocks) if block.kind != "furniture"]
    if not known and blocks[content[-1]].kind in _JUDGED and bylines.matches(blocks[content[-1]].text):
        blocks[content[-1]] = replace(blocks[content[-1]], kind="byline")


def _settle_crossheads(blocks: list[Block], headline: int) -> None:
    """Walks up from the end: text follows a crosshead, and at most two stand in a row."""
    text_follows = False
    row: list[int] = []
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        if block.kind == "furniture":
            continue
        if block.kind is None and number > headline and reads_as_crosshead(block.text):
            row.append(number)
            continue
        _settle_row(blocks, row, text_follows=text_follows)
        row = []
        if block.kind is None or (block.kind == "crosshead" and len(block.text) > _LONGEST_HEADING_BY_MARKUP):
            blocks[number] = replace(block, kind="paragraph")
        text_follows = blocks[number].kind in _TEXT
    _settle_row(blocks, row, text_follows=text_follows)


def _settle_row(blocks: list[Block], row: list[int], *, text_follows: bool) -> None:
    are_crossheads = text_follows and len(row) <= _MOST_CROSSHEADS_TOGETHER
    for number in row:
        html = "" if are_crossheads else blocks[number].html
        blocks[number] = replace(
            blocks[number], kind="crosshead" if are_crossheads else "paragraph", html=html
        )


def _settle_standfirst(blocks: list[Block], headline: int) -> None:
    """The first paragraph after the headline, where no crosshead comes before it and other text after it."""
    said = [number for number, block in enumerate(blocks) if block.kind == "standfirst"]
    for number in said[1:]:
        blocks[number] = replace(blocks[number], kind="paragraph")
    if said:
        return
    after = [
        number for number in range(headline + 1, len(blocks)) if blocks[number].kind in (*_TEXT, "crosshead")
    ]
    if after and blocks[after[0]].kind == "paragraph" and any(blocks[n].kind in _TEXT for n in after[1:]):
        blocks[after[0]] = replace(blocks[after[0]], kind="standfirst")


def _zone(block: Block) -> Zone:
    return Zone(
        kind=block.kind or "paragraph",
        start=block.start,
        end=block.start + len(block.text),
        text=block.text,
        html=block.html,
        reason=block.reason,
        speaker=block.speaker,
    )
