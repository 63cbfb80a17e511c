"""Which language a text seems to be in, where the desk does not read it: enough to say so, no more."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

from depeche.desk.packs import LANGUAGES, load_function_words

_SAMPLE = 20_000
_FEWEST_WORDS = 20
_FEWEST_LETTERS = 40
_SMALLEST_SHARE = 0.12
_CLEAR_LEAD = 2
_UKRAINIAN_SHARE = 0.03
_WORD = re.compile(r"[^\W\d_]+")


def other_language(text: str) -> str:
    """The code of the language that `text` seems to be in, "" where it is one the desk has a pack for, where
    the text is too short to tell, or where no language is clear.
    """
    sample = text[:_SAMPLE].lower()
    return _by_script(sample) or _by_words(sample)


def _by_script(sample: str) -> str:
    letters = sum(1 for character in sample if character.isalpha())
    if letters < _FEWEST_LETTERS:
        return ""
    counts = {code: len(pattern.findall(sample)) for code, pattern in _scripts(LANGUAGES).items()}
    counts["ru"] += counts["uk"]
    if counts["ja"] * 10 > counts["zh"]:
        counts["ja"] += counts["zh"]
    code, count = max(counts.items(), key=lambda item: item[1])
    if 2 * count < letters:
        return ""
    return "uk" if code == "ru" and counts["uk"] > _UKRAINIAN_SHARE * count else code


def _by_words(sample: str) -> str:
    words = Counter(_WORD.findall(sample))
    size = words.total()
    if size < _FEWEST_WORDS:
        return ""
    read = max(_share(words, size, listed) for listed in load_function_words().values())
    shares = {code: _share(words, size, listed) for code, listed in _words(LANGUAGES).items()}
    code, share = max(shares.items(), key=lambda item: item[1])
    return code if share >= _SMALLEST_SHARE and share >= _CLEAR_LEAD * read else ""


def _share(words: Counter[str], size: int, listed: frozenset[str]) -> float:
    return sum(words[word] for word in listed) / size


@cache
def _words(folder: Path) -> dict[str, frozenset[str]]:
    data = json.loads((folder / "other_languages.json").read_text(encoding="utf-8"))
    return {code: frozenset(words) for code, words in data["words"].items()}


@cache
def _scripts(folder: Path) -> dict[str, re.Pattern[str]]:
    data = json.loads((folder / "other_languages.json").read_text(encoding="utf-8"))
    return {code: re.compile(f"[{letters}]") for code, letters in data["scripts"].items()}
