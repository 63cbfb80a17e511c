"""Line patterns: the small language in which a language pack describes whole lines, made safe.

    plain words        themselves, after folding (see `folded`)
    (a|b|)             one of several, the last one here being nothing
    {name}             another pattern, from the pack's `parts`
    {name}+  {name}++  one or more (two or more) of it, with or without marks such as `/` or `,` between
    #                  a number
    …                  anything at all, or nothing

Editors of a pack write no regular expressions: `…` compiles to an atomic search for what comes after it, so
no pattern can make matching slow, and a mistake is found when the pack is loaded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SAME = {
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("«»“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    "›": ">",
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
}
_FOLD = str.maketrans({**_SAME, "…": "...", "|": "-"})
_FOLD_PATTERN = str.maketrans(_SAME)
_ORNAMENT_BEFORE = re.compile(r"^[^\w©\"(]+")
_ORNAMENT_AFTER = re.compile(r"[^\w©\")]+$")
_TOKEN = re.compile(r"\{(?P<name>[a-z_]+)\}(?P<times>\+{0,2})|(?P<mark>[(|)#…])|(?P<words>[^{}(|)#…]+)")
_SPACE_BEFORE_MARK = re.compile(r" (?=[:;!?])")
_BETWEEN = r"[ ,/>&-]*+"


class PatternError(ValueError):
    """A line pattern that cannot be compiled; the message says which and why."""


def folded(text: str) -> str:
    """`text` as line patterns see it: one line, lower case, plain apostrophes, quotes and dashes.

    The marks `|`, `•`, `·` between words become `-`. Marks and pictures around the words go (`→ Partager !`
    is `partager`); quotation marks stay, since quoted words are somebody's and not the site's.
    """
    line = " ".join(unicodedata.normalize("NFC", text).translate(_FOLD).split()).lower()
    line = _SPACE_BEFORE_MARK.sub("", line)
    return _ORNAMENT_AFTER.sub("", _ORNAMENT_BEFORE.sub("", line))


def compile_pattern(pattern: str, parts: Mapping[str, str]) -> str:
    """The source of a regular expression for folded lines; `parts` hold what `{name}` refers to, compiled.

    Raises `PatternError`.
    """
    line = _SPACE_BEFORE_MARK.sub("", unicodedata.normalize("NFC", pattern).translate(_FOLD_PATTERN).lower())
    if not line.strip():
        raise PatternError("an empty pattern would match nothing")
    if len(line) != sum(len(token.group()) for token in _TOKEN.finditer(line)):
        raise PatternError(f"“{pattern}” has a brace that belongs to no {{name}}")
    written: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(line):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth < 0:
            break
        written.append(_compiled(token, parts, pattern))
    if depth:
        raise PatternError(f"“{pattern}” has a bracket without its partner")
    return _with_atomic_gaps("".join(written))


def _compiled(token: re.Match[str], parts: Mapping[str, str], pattern: str) -> str:
    if name := token["name"]:
        if name not in parts:
            raise PatternError(f"“{pattern}” refers to {{{name}}}, which `parts` does not define before it")
        one = f"(?:{parts[name]})"
        if token["times"]:
            least = 0 if token["times"] == "+" else 1
            # Not possessive: before 3.11.5 Python misses matches there (gh-106052), and Debian 12 has 3.11.2.
            return f"(?:{one}(?:{_BETWEEN}{one}){{{least},20}})"
        return one
    marks = {"(": "(?:", "|": "|", ")": ")", "#": r"\d{1,9}+", "…": "\x00"}
    return marks.get(token.group()) or re.escape(token.group())


def _with_atomic_gaps(expression: str) -> str:
    """Each gap but the last becomes an atomic search for what follows it; the last may run to the end."""
    head, *gaps = expression.split("\x00")
    if not gaps:
        return head
    if any(len(re.findall(r"(?<!\\)\(", gap)) != len(re.findall(r"(?<!\\)\)", gap)) for gap in (head, *gaps)):
        raise PatternError("a … stands inside brackets, where it cannot be searched for safely")
    *middle, last = gaps
    return head + "".join(f"(?>.*?(?:{gap}))" for gap in middle) + f".*(?:{last})"
