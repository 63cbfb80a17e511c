"""Language packs: the data files that tell a language's furniture and bylines apart from its news.

Each language is a folder of `languages/`. All of them are applied to every article, since a French page may
carry English furniture. A pack is checked when it is loaded, and a mistake is reported with the file, the
place and the cause.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from depeche.desk.line_patterns import PatternError, compile_pattern, folded
from depeche.desk.spans import FURNITURE_REASONS

LANGUAGES = Path(__file__).parent / "languages"

_LONGEST_FURNITURE = 420
_LONGEST_BYLINE = 120
# News may well report such words ("vous acceptez…", a averti le procureur); furniture quotes nobody.
_REASONS_NEWS_MAY_REPORT = frozenset({"sign_up", "agreement", "cookies", "copyright"})
_FURNITURE_KEYS = {"parts", "reported", "titles_too", "lines", "lines_at_top"}
_BYLINE_KEYS = {"openers", "joiners", "particles", "collective", "roles"}
_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w.'’-]*+"

_OWNER = r"(?:(?:[DdLl]['’])?[A-ZÀ-Ý][\w.'’-]*|&|de|du|des|la|les?|et|of|and|the)"
_OWNER_AND_YEAR = re.compile(rf"(?:Copyright|COPYRIGHT),? {_OWNER}(?: {_OWNER}){{0,7}},? (?:19|20)\d\d\.?")


class PackError(ValueError):
    """A language pack with a mistake; the message names the file, the place in it and the cause."""


@dataclass(frozen=True)
class Furniture:
    """Which lines belong to the site and not to the article, in the words of one or more languages."""

    any_line: re.Pattern[str]  # all of `lines` at once, since most lines are news
    lines: tuple[tuple[str, re.Pattern[str]], ...]
    lines_at_top: tuple[tuple[str, re.Pattern[str]], ...]
    reported: tuple[re.Pattern[str], ...]
    titles_too: frozenset[str]

    def reason(self, text: str, *, at_top: bool = False) -> str:
        """Why `text`, a whole line or block, is furniture (one of `FURNITURE_REASONS`), or "" where it is
        not.

        `at_top` also counts lines that are furniture only around the headline, such as a bare date.
        """
        if len(text) > _LONGEST_FURNITURE:
            return ""
        line = folded(text)
        if _OWNER_AND_YEAR.fullmatch(" ".join(text.split())):
            return "copyright"
        if not (self.any_line.fullmatch(line) or at_top):
            return ""
        for reason, pattern in (*self.lines, *(self.lines_at_top if at_top else ())):
            if pattern.fullmatch(line):
                return "" if self._is_news(line, text, reason) else reason
        return ""

    def could_be_title(self, text: str) -> bool:
        """Whether `text`, a line of the site at the edges of a page, may be a crosshead between
        paragraphs.
        """
        return folded(text) in self.titles_too

    def _is_news(self, line: str, text: str, reason: str) -> bool:
        if reason == "related":  # links to other articles are titles, without a full stop
            return ":" in line and text.rstrip().endswith(".") and not text.rstrip().endswith("..")
        if reason not in _REASONS_NEWS_MAY_REPORT or "©" in line:
            return False
        return any(pattern.search(line) for pattern in self.reported)


@dataclass(frozen=True)
class Bylines:
    """How the authors of an article are named in a line of their own, in one or more languages."""

    patterns: tuple[re.Pattern[str], ...]

    def matches(self, text: str) -> bool:
        """Whether `text` is a byline and nothing else: « Par Jeanne Morel et Luc Abadie, à Lille »."""
        line = " ".join(text.split())
        if len(line) > _LONGEST_BYLINE or line.endswith((".", "…")):
            return False
        return any(pattern.fullmatch(line) for pattern in self.patterns)


@cache
def load_furniture(languages: Path = LANGUAGES) -> Furniture:
    """The furniture of all languages in the folder `languages`.

    Raises `PackError`.
    """
    packs = [_furniture_of(path) for path in _files(languages, "furniture.json")]
    lines = tuple(entry for pack in packs for entry in pack.lines)
    return Furniture(
        any_line=re.compile("|".join(pattern.pattern for _, pattern in lines)),
        lines=lines,
        lines_at_top=tuple(entry for pack in packs for entry in pack.lines_at_top),
        reported=tuple(pattern for pack in packs for pattern in pack.reported),
        titles_too=frozenset(title for pack in packs for title in pack.titles_too),
    )


@cache
def load_function_words(languages: Path = LANGUAGES) -> dict[str, frozenset[str]]:
    """The small words by which each language in the folder `languages` is known, none of them in two.

    Raises `PackError`.
    """
    known: dict[str, frozenset[str]] = {}
    for path in _files(languages, "function_words.json"):
        words = _strings(path, "words", _object(path, {"words"})["words"])
        if wrong := [word for word in words if not word.isalpha() or word != word.lower()]:
            raise PackError(f"{path}: words must be single words in lower case; “{wrong[0]}” is not.")
        for language, others in known.items():
            if shared := sorted(others.intersection(words)):
                raise PackError(f"{path}: words has “{shared[0]}”, which is a word of {language} too.")
        known[path.parent.name] = frozenset(words)
    return known


@cache
def load_bylines(languages: Path = LANGUAGES) -> Bylines:
    """The bylines of all languages in the folder `languages`.

    Raises `PackError`.
    """
    return Bylines(tuple(_byline_pattern(path) for path in _files(languages, "bylines.json")))


def _files(languages: Path, name: str) -> list[Path]:
    files = sorted(languages.glob(f"*/{name}"))
    if not files:
        raise PackError(f"{languages} holds no language with a {name}.")
    return files


class _Pack(NamedTuple):
    lines: tuple[tuple[str, re.Pattern[str]], ...]
    lines_at_top: tuple[tuple[str, re.Pattern[str]], ...]
    reported: tuple[re.Pattern[str], ...]
    titles_too: tuple[str, ...]


def _furniture_of(path: Path) -> _Pack:
    data = _object(path, _FURNITURE_KEYS)
    parts: dict[str, str] = {}
    for name, pattern in _strings_by_key(path, data, "parts").items():
        if "…" in pattern[0]:
            raise PackError(f"{path}: parts.{name} holds a …, which only a whole line may.")
        parts[name] = _compile(path, f"parts.{name}", pattern, parts)
    reported = _strings(path, "reported", data["reported"])
    return _Pack(
        lines=_by_reason(path, data, "lines", parts),
        lines_at_top=_by_reason(path, data, "lines_at_top", parts),
        reported=tuple(
            re.compile(rf"(?<!\w){_compile(path, 'reported', [p], parts)}(?:(?<=')|(?!\w))") for p in reported
        ),
        titles_too=tuple(folded(title) for title in _strings(path, "titles_too", data["titles_too"])),
    )


def _by_reason(
    path: Path, data: dict[str, Any], key: str, parts: dict[str, str]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    compiled = []
    for reason, patterns in _strings_by_key(path, data, key).items():
        if reason not in FURNITURE_REASONS:
            known = ", ".join(FURNITURE_REASONS)
            raise PackError(f"{path}: {key}.{reason} is no reason for furniture; the reasons are {known}.")
        compiled.append((reason, re.compile(_compile(path, f"{key}.{reason}", patterns, parts))))
    return tuple(compiled)


def _compile(path: Path, place: str, patterns: list[str], parts: dict[str, str]) -> str:
    try:
        return "|".join(f"(?:{compile_pattern(pattern, parts)})" for pattern in patterns)
    except PatternError as error:
        raise PackError(f"{path}: {place}: {error}.") from error


def _byline_pattern(path: Path) -> re.Pattern[str]:
    data = _object(path, _BYLINE_KEYS)
    words = {key: _alternatives(_strings(path, key, data[key])) for key in _BYLINE_KEYS}
    particle = f"(?:(?:{words['particles']})[ '’]?)?"
    name = f"{_CAPITALISED}(?: {particle}{_CAPITALISED})+"
    agency = r"(?:[Ll]['’])?[A-Z]{2,8}"
    author = rf"(?:{name}|{agency}|(?i:{words['collective']}))"
    joiner = f"(?:, | (?:{words['joiners']}) )"
    role = rf"(?:(?:,| [-–—|·•])? (?i:{words['roles']})(?![\w-])[^.!?:;]{{0,60}})"
    aside = r"(?: \([^()]{2,40}\)| [-–—|·•/] [^.!?:;]{2,40})"
    return re.compile(rf"(?i:{words['openers']}) {author}(?:{joiner}{author}){{0,6}}{role}?{aside}?")


def _alternatives(words: list[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace("'", "['’]") for word in longest_first)


def _object(path: Path, keys: set[str]) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(data, dict) or set(data) != keys:
        raise PackError(f"{path} must be an object with exactly these keys: {', '.join(sorted(keys))}.")
    return data


def _strings_by_key(path: Path, data: dict[str, Any], key: str) -> dict[str, list[str]]:
    if not isinstance(data[key], dict):
        raise PackError(f"{path}: {key} must be an object.")
    return {name: _strings(path, f"{key}.{name}", value) for name, value in data[key].items()}


def _strings(path: Path, place: str, value: Any) -> list[str]:
    strings = [value] if isinstance(value, str) else value
    if not (isinstance(strings, list) and strings and all(isinstance(s, str) and s.strip() for s in strings)):
        raise PackError(f"{path}: {place} must be a text or a list of texts, none of them empty.")
    return strings
