"""How the figures of the desk are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from depeche.articles.report_figures import in_words

register = template.Library()


@register.filter
def line_name(key: Any) -> str:
    """« novembre 2026 », the name of a section or of an author."""
    return formats.date_format(key, "F Y") if isinstance(key, dt.date) else str(key)


@register.filter
def in_percent(value: float | None) -> str:
    """« 87 % »; a dash where there is nothing to share."""
    return "–" if value is None else _("%(percent)d%%") % {"percent": round(value)}


@register.filter
def wait_in_words(seconds: float | None) -> str:
    """« 5 h »; a dash for none."""
    return in_words(seconds)
