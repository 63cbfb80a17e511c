"""Typography at rendering: what is stored stays as typed."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from depeche import typography

register = template.Library()

_COMPOUND = re.compile(r"(\b\w[\w’]*(?:-[\w’]+)+\b)")
COMPOUND_MOST = 16  # « Saint-Éloi », « dix-huit »: short enough to stay whole on the narrowest screen
LONG_COMPOUND_MOST = 21  # « Saint-Aubert-sur-Lène »: whole on most phones


@register.filter
def typeset(text: object, language: str = "") -> str:
    """Plain text with the spaces and signs of `language` (else of the page); the template escapes it."""
    return typography.typeset(_as_text(text), language or _active())


@register.filter
def headline(text: object, language: str = "") -> SafeString:
    """Plain text typeset for display, as HTML: no line breaks inside a compound word, where it has room."""
    parts = _COMPOUND.split(typeset(text, language))
    for index in range(1, len(parts), 2):
        if len(parts[index]) <= LONG_COMPOUND_MOST:
            name = "whole" if len(parts[index]) <= COMPOUND_MOST else "whole-long"
            parts[index] = format_html('<span class="{}">{}</span>', name, parts[index])
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def typeset_html(html: object, language: str = "") -> SafeString:
    """The same for HTML that is safe already (rich text of ours): tags and attributes stay."""
    return mark_safe(typography.typeset_html(_as_text(html), language or _active()))


@register.filter
def quoted(text: object, language: str = "") -> str:
    """`text` between the quotation marks of `language` (else of the page)."""
    opening, closing = ("«\u00a0", "\u00a0»") if (language or _active()).startswith("fr") else ("“", "”")
    return f"{opening}{_as_text(text).strip()}{closing}"


def _active() -> str:
    return get_language() or "en"


def _as_text(value: object) -> str:
    return "" if value is None else str(value)
