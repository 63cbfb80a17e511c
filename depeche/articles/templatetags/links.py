"""What is known of a link, where a template shows it."""

from __future__ import annotations

from django import template

from depeche.articles.links import LinkState, state_of

register = template.Library()


@register.simple_tag
def link_state(url: str) -> LinkState | None:
    """The state of one address; None where nobody looked at it yet."""
    return state_of([url]).get(url)
