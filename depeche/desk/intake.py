"""Bare text to an article: a sentence, a paragraph, or a whole text with its headline."""

from __future__ import annotations

import re

from depeche.desk.article import Article, UnreadableSource, paragraphs, read_article

_LONGEST_HEADLINE = 220
_SENTENCE_ENDS = (".", "…", ":", ";", ",")
_QUOTED = re.compile(r"[«“\"–—].*[»”\"!?]")


def article_in(text: str) -> Article:
    """The article in `text`, its offsets unchanged: with a headline where the first of several lines reads
    like one, else nothing but paragraphs.

    Raises `UnreadableSource`.
    """
    if _begins_with_headline(text):
        try:
            return read_article(text, source_format="text")
        except UnreadableSource as error:
            if error.code != "no_headline":
                raise
    return paragraphs(text)


def _begins_with_headline(text: str) -> bool:
    first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    line = first.strip()
    is_short = bool(rest) and len(line) <= _LONGEST_HEADLINE
    return is_short and not line.endswith(_SENTENCE_ENDS) and not _QUOTED.fullmatch(line)
