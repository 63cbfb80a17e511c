"""Where the newsroom meets corrections: where one is filed, and what the history notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from . import correcting, corrections_views
from .models import Article


@hooks.register("register_admin_urls")
def correction_addresses() -> list[Any]:
    return [
        path("articles/<int:pk>/corrections/", corrections_views.corrections, name="file_correction"),
        path("articles/<int:pk>/versions/withhold/", corrections_views.withhold, name="withhold_version"),
    ]


@hooks.register("register_page_header_buttons")
def correct_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, Article) and correcting.may_file(page, user):
        address = reverse("file_correction", args=[page.pk])
        yield Button(gettext("Correct…"), address, icon_name="warning", priority=61)


@hooks.register("register_page_listing_more_buttons")
def correct_from_the_list(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    yield from correct_button(page, user, "list", next_url)


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    registry.register_action("depeche.correct", _("File a correction"), _("Filed a correction"))
    registry.register_action("depeche.answer_report", _("Answer a report"), _("Answered a reported error"))
    registry.register_action("depeche.withhold", _("Stop showing a version"), _("Stopped showing a version"))
