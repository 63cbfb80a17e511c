"""What a language pack reads and what it does not, as its `reads.json` says."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from depeche.desk import catalogue
from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.spans import AttributionType

FILE = "reads.json"
TOLD_IN = ("fr", "en")

_KEYS = ("findings", "attributions", "gaps")
_REDUCED = "without_parser"
_FALLBACK = "en"


@dataclass(frozen=True)
class Coverage:
    """What is read in a language: codes of findings, types of attributions; `gaps` says in one sentence of
    each interface language what is not.
    """

    language: str
    findings: tuple[str, ...]
    attributions: tuple[str, ...]
    gaps: Mapping[str, str]

    @property
    def unread(self) -> tuple[str, ...]:
        """What is not read: a family (INF) where nothing of it is, else its codes, in the order of the
        reference.
        """
        missing = [code for code in catalogue.codes() if code not in self.findings]
        families = {code[:3] for code in missing} - {code[:3] for code in self.findings}
        return tuple(dict.fromkeys(code[:3] if code[:3] in families else code for code in missing))

    def told(self, interface: str) -> str:
        """What is not read, in one sentence of the language `interface`, in English where it has none."""
        return self.gaps.get(interface, self.gaps[_FALLBACK])


def coverage(language: str, *, parsed: bool = True) -> Coverage:
    """What the pack of `language` reads; without a parser, what is left of it (all of it, where the pack
    needs none).

    Raises `PackError`, naming the file, the key and the cause, where the pack does not say it.
    """
    return _coverage(LANGUAGES / language / FILE, parsed)


@cache
def _coverage(path: Path, parsed: bool) -> Coverage:
    data = _object(path)
    full = _told(path, {key: data[key] for key in _KEYS}, "")
    reduced = _told(path, data[_REDUCED], f"{_REDUCED}.") if _REDUCED in data else full
    for mine, whole in ((reduced.findings, full.findings), (reduced.attributions, full.attributions)):
        if extra := [name for name in mine if name not in whole]:
            raise PackError(f"{path}: {_REDUCED} has “{extra[0]}”, which is not read with a parser.")
    return full if parsed else reduced


def _object(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise PackError(f"{path} is missing: say there what the pack reads and what it does not.")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(data, dict) or set(data) - {_REDUCED} != set(_KEYS):
        raise PackError(f"{path} must have the keys {', '.join(_KEYS)}, may have {_REDUCED}, and no other.")
    return data


def _told(path: Path, data: Any, place: str) -> Coverage:
    """The coverage that one object of the file tells."""
    if not isinstance(data, dict) or set(data) != set(_KEYS):
        raise PackError(f"{path}: {place[:-1]} must be an object with the keys {', '.join(_KEYS)}.")
    gaps = data["gaps"]
    if not isinstance(gaps, dict) or set(gaps) != set(TOLD_IN):
        raise PackError(f"{path}: {place}gaps must have one sentence for each of {', '.join(TOLD_IN)}.")
    if not all(isinstance(text, str) and text.strip() for text in gaps.values()):
        raise PackError(f"{path}: {place}gaps must be texts, none of them empty.")
    return Coverage(
        path.parent.name,
        _known(path, f"{place}findings", data["findings"], catalogue.codes()),
        _known(path, f"{place}attributions", data["attributions"], get_args(AttributionType)),
        gaps,
    )


def _known(path: Path, place: str, names: Any, known: Collection[str]) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise PackError(f"{path}: {place} must be a list of texts.")
    if odd := [name for name in names if name not in known]:
        raise PackError(f"{path}: {place} has “{odd[0]}”, which is none of {', '.join(known)}.")
    if len(set(names)) < len(names):
        raise PackError(f"{path}: {place} has “{next(n for n in names if names.count(n) > 1)}” twice.")
    return tuple(names)
