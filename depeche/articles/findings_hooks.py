"""Where the editor gets its findings panel, and the panel its addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from . import findings_views, wagtail_compat
from .models import Article
from .panels import FindingsSidePanel

wagtail_compat.add_side_panel(FindingsSidePanel, Article)


@hooks.register("register_admin_urls")
def findings_addresses() -> list[Any]:
    return [
        path("articles/<int:pk>/findings/", findings_views.findings, name="findings"),
        path(
            "articles/findings/new/<int:parent_pk>/", findings_views.findings_of_new, name="findings_of_new"
        ),
        path("articles/<int:pk>/answers/", findings_views.answer, name="findings_answer"),
    ]
