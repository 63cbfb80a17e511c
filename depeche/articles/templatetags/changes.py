"""What the passages of an article are called where their changes are shown."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

_NAMES = {
    "headline": _("Headline"),
    "standfirst": _("Standfirst"),
    "crosshead": _("Crosshead"),
    "quotation": _("Quotation"),
    "caption": _("Caption"),
    "byline": _("Byline"),
    "dateline": _("Dateline"),
    "label": _("Kind"),
    "credit": _("Credit"),
    "alt": _("Description of the picture"),
    "table": _("Table"),
    "source": _("Source"),
}


@register.filter
def named(kind: str) -> str:
    """What readers call a passage of this kind; nothing for a paragraph of the text."""
    return str(_NAMES.get(kind, ""))
