"""How else an article can be looked at before it is published: upper apps enter their own ways here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

if TYPE_CHECKING:
    from .models import Article

_ways: dict[str, tuple[Any, Callable[[Article], HttpResponse]]] = {}


def register(mode: str, label: Any, render: Callable[[Article], HttpResponse]) -> None:
    """Offer one more preview mode; `label` may be lazy."""
    _ways[mode] = label, render


def modes() -> list[tuple[str, Any]]:
    """Names and labels, in the order they were entered."""
    return [(mode, label) for mode, (label, _render) in _ways.items()]


def renderer(mode: str) -> Callable[[Article], HttpResponse] | None:
    return _ways[mode][1] if mode in _ways else None
