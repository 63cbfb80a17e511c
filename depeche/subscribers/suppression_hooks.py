"""Where the admin meets suppressed addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from . import suppression_views as views


@hooks.register("register_admin_urls")
def suppressed_addresses() -> list[Any]:
    return [path("suppressed-addresses/", views.suppressed, name="suppressed_addresses")]


def menu_item() -> views.SuppressedMenuItem:
    """Its place among the lists of readers: after the data requests."""
    return views.SuppressedMenuItem(
        _("Suppressed addresses"),
        reverse("suppressed_addresses"),
        name="suppressed-addresses",
        icon_name="no-view",
        order=2,
    )


@hooks.register("register_log_actions")
def suppression_log_actions(registry: Any) -> None:
    registry.register_action(
        "depeche.lift_suppression", _("Lift a suppression"), _("Suppression of an address lifted")
    )
    registry.register_action(
        "depeche.accept_journal",
        _("Let editions leave after a restore"),
        _("Editions let leave after a restore"),
    )
