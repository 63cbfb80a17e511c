"""Where the admin meets the ledger: its export, and the links it rests on."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from . import ledger_views, links_views


@hooks.register("register_admin_urls")
def ledger_addresses() -> list[Any]:
    return [
        path("articles/<int:pk>/ledger.json", ledger_views.ledger_export, name="ledger_export"),
        path("reports/dead-links/", links_views.DeadLinks.as_view(), name="dead_links"),
        path(
            "reports/dead-links/results/",
            links_views.DeadLinks.as_view(results_only=True),
            name="dead_links_results",
        ),
        path("links/<int:pk>/", links_views.link, name="link"),
        path("links/<int:pk>/check/", links_views.link_check, name="link_check"),
        path("links/<int:pk>/copies/<slug:sha256>/", links_views.link_copy, name="link_copy"),
    ]


@hooks.register("register_reports_menu_item")
def dead_links_menu_item() -> links_views.DeadLinksMenuItem:
    address = reverse("dead_links")
    return links_views.DeadLinksMenuItem(
        _("Dead links"), address, name="dead-links", icon_name="link", order=650
    )
