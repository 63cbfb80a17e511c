"""What stands at the top of a file between two lines: `---` with `key: value`, or `+++` with TOML."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

_YAML = re.compile(
    r"\ufeff?\s{0,99}?---[ \t]*(?:\r\n?|\n)(?P<lines>.*?)(?:\r\n?|\n)(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)",
    re.S,
)
_TOML = re.compile(
    r"\ufeff?\s{0,99}?\+\+\+[ \t]*(?:\r\n?|\n)(?P<lines>.*?)(?:\r\n?|\n)\+\+\+[ \t]*(?:\r\n?|\n|\Z)", re.S
)
_FIELD = re.compile(r"(?P<indent>[ \t]*)(?P<key>[^\W\d][^:\n]{0,60}?)[ \t]*:(?:[ \t]+(?P<value>.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)")
_COMMENT = re.compile(r"\s+#.*$")
_NAMES = {
    **dict.fromkeys(("kind", "genre"), "kind"),
    **dict.fromkeys(("date",), "date"),
    **dict.fromkeys(("byline", "author", "authors", "auteur", "autrice", "signature"), "byline"),
    **dict.fromkeys(("place", "dateline", "lieu"), "place"),
    **dict.fromkeys(("source", "sources"), "sources"),
    **dict.fromkeys(("camp", "camps"), "camps"),
    **dict.fromkeys(("language", "lang", "langue"), "language"),
    **dict.fromkeys(("headline", "title", "titre"), "headline"),
    **dict.fromkeys(("standfirst", "description", "chapo", "chapô"), "standfirst"),
}


class BrokenFrontMatter(ValueError):
    """A block at the top that cannot be read; the message says why."""


@dataclass(frozen=True)
class FrontMatter:
    """What the top of a file tells: values by their English name (`date`, `sources`…), those of other names
    are left out. `body` is the file with every character of the block but its line ends a space, so that
    offsets stay what they were.
    """

    body: str
    values: dict[str, Any] = field(default_factory=dict)
    is_yaml: bool = False

    def text(self, name: str) -> str | None:
        """The value of `name` as one text, None where it is not told."""
        value = self.values.get(name)
        if isinstance(value, (list, tuple)):
            return ", ".join(str(part) for part in value)
        return None if value is None else str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of `name`, none where it is not told."""
        value = self.values.get(name, [])
        return tuple(str(part) for part in (value if isinstance(value, list) else [value]) if str(part))


def front_matter(source: str) -> FrontMatter:
    """What the top of `source` tells, and the rest of it.

    Raises `BrokenFrontMatter` where a `+++` block is no TOML.
    """
    if found := _TOML.match(source):
        try:
            values: dict[str, Any] | None = tomllib.loads(found["lines"])
        except tomllib.TOMLDecodeError as error:
            raise BrokenFrontMatter(str(error)) from error
    elif found := _YAML.match(source):
        values = _yaml_values(found["lines"].splitlines())
    else:
        return FrontMatter(source)
    if values is None:
        return FrontMatter(source)
    blank = re.sub(r"[^\r\n]", " ", source[: found.end()])
    named = {_NAMES[key.lower()]: value for key, value in values.items() if key.lower() in _NAMES}
    return FrontMatter(blank + source[found.end() :], named, is_yaml=found.re is _YAML)


def _yaml_values(lines: list[str]) -> dict[str, Any] | None:
    """The values of `key: value` lines, lists and one level of nesting; None where they are no such lines."""
    values: dict[str, Any] = {}
    outer = inner = ""
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item, found = _ITEM.fullmatch(line), _FIELD.fullmatch(line)
        if item and outer:
            _append(values, outer, inner, _scalar(item["value"]))
        elif found and not found["indent"]:
            outer, inner = found["key"].strip(), ""
            values[outer] = _value(found["value"] or "")
        elif found and outer and not isinstance(values[outer], list):
            inner = _scalar(found["key"])
            if not isinstance(values[outer], dict):
                values[outer] = {}
            values[outer][inner] = _value(found["value"] or "")
        elif outer and line[:1] in (" ", "\t"):
            values[outer] = f"{values[outer]} {line.strip()}".strip()
        else:
            return None
    return values or None


def _append(values: dict[str, Any], outer: str, inner: str, item: str) -> None:
    holder, key = (values[outer], inner) if inner else (values, outer)
    before = holder.get(key)
    holder[key] = [*before, item] if isinstance(before, list) else [*filter(None, [before]), item]


def _value(written: str) -> str | list[str]:
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [
            _scalar(part)
            for part in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", written[1:-1])
            if part.strip()
        ]
    return _scalar(written)


def _scalar(written: str) -> str:
    written = written.strip()
    for mark in "\"'":
        end = written.find(mark, 1)
        if written.startswith(mark) and end > 0 and not _COMMENT.sub("", written[end + 1 :]).strip():
            return written[1:end]
    return _COMMENT.sub("", re.sub(r"^[|>][+-]?$", "", written)).strip()
