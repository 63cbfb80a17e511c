"""The word lists of a language pack, checked as they are loaded.

A file that a language does not have counts as empty: rules that need it stay silent in that language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from depeche.desk.packs import LANGUAGES, PackError

Row = Mapping[str, Any]


@cache
def load_groups(language: str, name: str) -> Mapping[str, tuple[str, ...]]:
    """The named lists of words in the file `name` of `language`; a file that is one list has the key "".

    Raises `PackError`, naming the file, the list and the cause.
    """
    path = LANGUAGES / language / name
    data = _json(path)
    if data is None:
        return {}
    groups = {"": data} if isinstance(data, list) else data
    if not isinstance(groups, dict):
        raise PackError(f"{path}: give a list of texts, or an object of such lists.")
    for key, words in groups.items():
        place = key or "the list"
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise PackError(f"{path}: {place} must be a list of texts, none of them empty.")
        if len(set(words)) < len(words):
            twice = next(word for word in words if words.count(word) > 1)
            raise PackError(f"{path}: {place} has “{twice}” twice.")
    return {key: tuple(words) for key, words in groups.items()}


@cache
def load_rows(
    language: str, name: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()
) -> tuple[Row, ...]:
    """The objects in the file `name` of `language`, each with all the `needed` keys and none but these and
    the `optional` ones.

    Raises `PackError`, naming the file, the row and the cause.
    """
    path = LANGUAGES / language / name
    data = _json(path)
    if data is None:
        return ()
    if not isinstance(data, list):
        raise PackError(f"{path}: give a list of objects.")
    for number, row in enumerate(data, 1):
        if not isinstance(row, dict):
            raise PackError(f"{path}: row {number} must be an object.")
        shown = json.dumps(row, ensure_ascii=False)[:60]
        if missing := [key for key in needed if key not in row]:
            raise PackError(f"{path}: row {number} ({shown}) lacks “{missing[0]}”.")
        if unknown := sorted(set(row) - {*needed, *optional}):
            raise PackError(f"{path}: row {number} ({shown}) has “{unknown[0]}”, which is no key here.")
    return tuple(data)


def _json(path: Path) -> Any:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path} cannot be read as JSON: {error}.") from error
