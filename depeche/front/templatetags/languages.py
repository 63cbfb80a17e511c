"""The same page in the paper's other languages."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag
def in_other_languages(page: Page | None, homes: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """For each language but this one: code, name, address of the page's translation, else of the front page.

    `same` is the whole address of a translation, as search engines want it; empty where there is none.
    """
    others = [home for home in homes if home["code"] != language and home["url"]]
    if not others or not isinstance(page, Page) or page.pk is None:
        return others
    translations = page.get_translations().live().public().select_related("locale")
    found = {translation.locale.language_code: translation for translation in translations}
    return [
        {**home, "url": same.url, "same": same.full_url} if (same := found.get(home["code"])) else home
        for home in others
    ]
