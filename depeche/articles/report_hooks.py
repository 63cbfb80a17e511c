"""Where the admin meets the errors readers report: their desk, and a way there from each article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from . import report_desk_views as views
from .models import Article


@hooks.register("register_admin_urls")
def report_addresses() -> list[Any]:
    return [
        path("error-reports/", views.error_reports, name="error_reports"),
        path("error-reports/set-aside/", views.error_reports_set_aside, name="error_reports_set_aside"),
        path("error-reports/<int:pk>/", views.error_report, name="error_report"),
    ]


@hooks.register("register_reports_menu_item")
def reports_menu_item() -> views.ErrorReportsMenuItem:
    return views.ErrorReportsMenuItem(
        _("Reported errors"), reverse("error_reports"), name="error-reports", icon_name="warning", order=600
    )


@hooks.register("register_page_header_buttons")
def reports_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if not isinstance(page, Article) or not page.first_published_at:
        return
    waiting = page.error_reports.open().answerable_by(user).count()
    if waiting:
        address = f"{reverse('error_reports')}?article={page.pk}"
        label = _("Reported errors (%(count)d)…") % {"count": waiting}
        yield Button(label, address, icon_name="warning", priority=60)
