"""The register of who holds what about a reader: each app enters its models in `AppConfig.ready()`.

`subscribers.privacy` asks them all; a test finds the model that nobody entered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Holder:
    """What one app holds: labels of its models, and how to read and delete what is about an address."""

    models: tuple[str, ...]
    export: Callable[[str], dict[str, list[Any]]]
    erase: Callable[[str], int]


_holders: list[Holder] = []


def register(holder: Holder) -> None:
    """Enter what an app holds."""
    _holders.append(holder)


def holders() -> tuple[Holder, ...]:
    """Everything entered, in the order of the apps."""
    return tuple(_holders)
