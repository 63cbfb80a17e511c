"""Dates and times in words, in the newsroom's time zone and the page's language.

In HTML each is a <time> element; where autoescape is off (text mails) it is plain text.
"""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

NBSP = "\u00a0"


@register.simple_tag
def today() -> dt.datetime:
    """Now, in the newsroom's time zone."""
    return timezone.localtime()


@register.filter(expects_localtime=True, needs_autoescape=True)
def day(value: dt.datetime | None, autoescape: bool = True) -> str:
    """« dimanche 22 novembre 2026 »."""
    return _element(value, f"{date_format(value, 'l')} {_date(value)}", "Y-m-d", autoescape) if value else ""


@register.filter(expects_localtime=True, needs_autoescape=True)
def date_in_words(value: dt.datetime | None, autoescape: bool = True) -> str:
    """« 22 novembre 2026 »."""
    return _element(value, _date(value), "Y-m-d", autoescape) if value else ""


@register.filter(expects_localtime=True, needs_autoescape=True)
def moment(value: dt.datetime | None, autoescape: bool = True) -> str:
    """« 22 novembre 2026 à 18 h 30 »."""
    if not value:
        return ""
    words = _("%(date)s at %(time)s") % {"date": _date(value), "time": _time(value)}
    return _element(value, words, "c", autoescape)


@register.filter(expects_localtime=True, needs_autoescape=True)
def hour(value: dt.datetime | None, autoescape: bool = True) -> str:
    """« 18 h 30 »."""
    return _element(value, _time(value), "c", autoescape) if value else ""


def _date(value: dt.datetime) -> str:
    ordinal = "er" if value.day == 1 and _is_french() else ""
    return f"{value.day}{ordinal}{NBSP}{date_format(value, 'F Y')}"


def _time(value: dt.datetime) -> str:
    if not _is_french():
        return date_format(value, "H:i")
    minutes = f"{NBSP}{value.minute:02}" if value.minute else ""
    return f"{value.hour}{NBSP}h{minutes}"


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def _element(value: dt.datetime, words: str, machine_format: str, autoescape: bool) -> str:
    if not autoescape:
        return words
    first = f"1er{NBSP}"
    if first in words and value.day == 1:  # « 1er » with a real superior
        before, after = words.split(first, 1)
        element = format_html("{}1<sup>er</sup>{}{}", before, NBSP, after)
    else:
        element = format_html("{}", words)
    return format_html('<time datetime="{}">{}</time>', date_format(value, machine_format), element)
