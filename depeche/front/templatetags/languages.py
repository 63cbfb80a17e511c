"""The same page in the paper's other languages."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag
def in_other_languages(page: Page | None, homes: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """For each language but this one: code, name, address of the page's translation, else of the front page.

    Where there is a translation, `translation_url` is its whole address.
    """
    others = [home for home in homes if home["code"] != language and home["url"]]
    if not others or not isinstance(page, Page) or page.pk is None:
        return others
    translations = page.get_translations().live().public().select_related("locale")
    found = {translation.locale.language_code: translation for translation in translations}
    return [_leading_to(found[home["code"]], home) if home["code"] in found else home for home in others]


def _leading_to(page: Page, home: dict[str, Any]) -> dict[str, Any]:
    return {**home, "url": page.get_url(), "translation_url": page.full_url}
