"""What readers are told, from the registry of `depeche.subscribers.words`."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from depeche.subscribers.words import Words

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **given: object) -> str:
    """The text of this name: escaped in a page, plain where autoescape is off."""
    words = context.get("says")
    if words is None:  # looked up once for the whole page: the lowest layer outlives every block
        words = context.dicts[0]["says"] = Words()
    return words.html(key, **given) if context.autoescape else words.say(key, **given)


@register.filter
def whole(address: str) -> SafeString:
    """An address for a sentence: set apart, and from left to right."""
    return format_html('<b dir="ltr">{}</b>', address)


@register.filter
def mail_link(address: str) -> SafeString:
    """An address one can press to write to it."""
    return format_html('<a href="mailto:{0}">{0}</a>', address)
