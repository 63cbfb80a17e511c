"""The share of voice as a drawing: bars to compare, no more; a table beside it has every number."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MOST_BARS = 6
_WIDTH, _ROW = 320, 34
_LONGEST_NAME = 38


def drawn(voices: Sequence[tuple[str, int, int]]) -> SafeString:
    """An SVG of at most 1 KB: of the loudest sources (name, claims, share in per cent) name, share and bar."""
    shown = voices[:MOST_BARS]
    loudest = max((share for _name, _claims, share in shown), default=0) or 1
    bars = format_html_join(
        "",
        '<text y="{}">{} {}\u00a0%</text><path d="M0 {}h{}"/>',
        (
            (number * _ROW + 15, _short(name), share, number * _ROW + 24, share * _WIDTH // loudest)
            for number, (name, _claims, share) in enumerate(shown)
        ),
    )
    spoken = ", ".join(f"{_short(name)} {share}\u00a0%" for name, _claims, share in shown)
    return format_html(
        '<svg class="voices" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>',
        _WIDTH,
        len(shown) * _ROW,
        _("Share of voice: %(shares)s") % {"shares": spoken},
        bars,
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
