"""Typography at rendering: what is stored stays as typed."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from depeche import typography

register = template.Library()

_COMPOUND = re.compile(r"\b\w[\w’]*(?:-[\w’]+)+\b")
_TAG = re.compile(r"(<[^>]*>)")
COMPOUND_MOST = 16  # « Saint-Éloi », « dix-huit »: short enough to stay whole on the narrowest screen
LONG_COMPOUND_MOST = 21  # « Saint-Aubert-sur-Lène »: whole on most phones


@register.filter
def typeset(text: object, language: str = "") -> str:
    """Plain text with the spaces and signs of `language` (else of the page); the template escapes it."""
    return typography.typeset(_as_text(text), language or _active())


@register.filter
def headline(text: object, language: str = "") -> SafeString:
    """Plain text typeset for display, as HTML: no line breaks inside a compound word, where it has room."""
    return unbroken(conditional_escape(typeset(text, language)))


def unbroken(html: str) -> SafeString:
    """HTML that is safe already, without line breaks inside a compound word, where it has room."""
    parts = _TAG.split(html)
    parts[::2] = [_COMPOUND.sub(_whole, part) for part in parts[::2]]
    return mark_safe("".join(parts))


def _whole(compound: re.Match[str]) -> str:
    if len(compound[0]) > LONG_COMPOUND_MOST:
        return compound[0]
    name = "whole" if len(compound[0]) <= COMPOUND_MOST else "whole-long"
    return f'<span class="{name}">{compound[0]}</span>'


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
