"""Where the admin meets the desk in figures."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from . import desk_figures_views as views


@hooks.register("register_admin_urls")
def figures_addresses() -> list[Any]:
    return [
        path("reports/desk/", views.figures_page, name="desk_figures"),
        path("reports/desk.csv", views.figures_file, name="desk_figures_file"),
    ]


@hooks.register("register_reports_menu_item")
def figures_menu_item() -> views.DeskFiguresMenuItem:
    return views.DeskFiguresMenuItem(
        _("The desk in figures"), reverse("desk_figures"), name="desk-figures", icon_name="list-ul", order=500
    )
