"""Where the admin meets the requests about personal data and the list of readers as a file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import rights_desk_views as views
from . import taking_out_views


@hooks.register("register_admin_urls")
def rights_addresses() -> list[Any]:
    return [
        path("data-requests/", views.requests, name="rights_requests"),
        path("data-requests/enter/", views.enter, name="rights_enter"),
        path("data-requests/<int:pk>/", views.one, name="rights_request"),
        path("data-requests/<int:pk>/download/", views.download, name="rights_download"),
        path("readers/take-out/", taking_out_views.take_out, name="take_out_readers"),
    ]


def menu_items() -> list[MenuItem]:
    """Their places among the lists of readers: after the second, and after the imports."""
    requests = views.RightsMenuItem(
        _("Data requests"), reverse("rights_requests"), name="data-requests", icon_name="mail", order=2
    )
    file = taking_out_views.TakeOutMenuItem(
        _("Export"), reverse("take_out_readers"), name="take-out-readers", icon_name="download", order=4
    )
    return [requests, file]


@hooks.register("register_permissions")
def rights_permissions() -> QuerySet[Permission]:
    is_ours = Q(codename="export_subscriber") | Q(codename="change_rightsrequest")
    return Permission.objects.filter(is_ours, content_type__app_label="subscribers")


@hooks.register("register_log_actions")
def rights_log_actions(registry: Any) -> None:
    registry.register_action("depeche.answer_rights", _("Answer a data request"), _("Data request answered"))
    registry.register_action(
        "depeche.extend_rights",
        _("Take more time for a data request"),
        _("More time taken for a data request"),
    )
    registry.register_action(
        "depeche.take_data", _("Download a reader's data"), _("Data of a reader downloaded")
    )
    registry.register_action("depeche.export_readers", _("Export readers"), _("Readers exported"))
