"""Typography at rendering: what is stored stays as typed."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from depeche import typography

register = template.Library()


@register.filter
def typeset(text: object, language: str = "") -> str:
    """Plain text with the spaces and signs of `language` (else of the page); the template escapes it."""
    return typography.typeset(_as_text(text), language or _active())


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
