"""Markdown to HTML, where a quotation's last line « — Name, role » names its speaker."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

_DASH = re.compile(r"\s*(?:[—–―]|--)\s*")
_SPEAKER = re.compile(r"\s*(?:[—–―]|--)\s*[^\W\d_a-zà-öø-ÿ][^!?;:«»“”\"]{1,99}")
_MOST_NAMING_WORDS = 14


def rendered_markdown(source: str) -> str:
    """`source` (CommonMark with tables) as HTML; the speaker of a quotation stands in a <cite>."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(source)
    starts: list[int] = []
    for number, token in enumerate(tokens):
        if token.type == "blockquote_open":
            starts.append(number)
        elif token.type == "blockquote_close" and starts:
            _mark_speaker([t for t in tokens[starts.pop() : number] if t.type == "inline"])
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _mark_speaker(quoted: list[Token]) -> None:
    lines = [line for token in quoted for line in token.content.splitlines()]
    # Lines that all begin with a dash are a dialogue.
    if len(lines) < 2 or not _names_speaker(lines[-1]) or any(_DASH.match(line) for line in lines[:-1]):
        return
    children = quoted[-1].children or []
    breaks = [n for n, child in enumerate(children) if child.type in ("softbreak", "hardbreak")]
    at = breaks[-1] if breaks else -1
    opening, closing = Token("html_inline", "", 0), Token("html_inline", "", 0)
    opening.content, closing.content = "<cite>", "</cite>"
    quoted[-1].children = [*children[: max(at, 0)], opening, *children[at + 1 :], closing]


def _names_speaker(line: str) -> bool:
    plain = line.replace("*", "").replace("_", "").strip()
    if len(plain.split()) > _MOST_NAMING_WORDS or plain.endswith((".", "…", ",")):
        return False
    return _SPEAKER.fullmatch(plain) is not None
