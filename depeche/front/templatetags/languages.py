"""The same page in the paper's other languages."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag
def in_other_languages(page: Page | None, homes: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """For each language but this one: code, name, address of the page's translation, else of the front page."""
    others = [home for home in homes if home["code"] != language and home["url"]]
    if not others or not isinstance(page, Page) or page.pk is None:
        return others
    translations = page.get_translations().live().public().select_related("locale")
    urls = {translation.locale.language_code: translation.get_url() for translation in translations}
    return [
        {**home, "url": urls.get(home["code"], home["url"]), "same": home["code"] in urls} for home in others
    ]
