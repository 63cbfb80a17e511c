from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages

from . import second_factor, views


@hooks.register("register_admin_urls")
def colleague_urls() -> list:
    return [
        path("colleagues/<int:pk>/end-access/", views.offboard, name="offboard"),
        path("colleagues/<int:pk>/give-access-back/", views.readmit, name="readmit"),
        path("colleagues/<int:pk>/invite/", views.invite, name="invite"),
    ]


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    registry.register_action("depeche.offboard", gettext_lazy("End access"), gettext_lazy("Access ended"))
    registry.register_action(
        "depeche.readmit", gettext_lazy("Give access back"), gettext_lazy("Access given back")
    )
    registry.register_action(
        second_factor.RESET,
        gettext_lazy("Reset the second factor"),
        gettext_lazy("Second factor reset: it is set up anew at the next sign-in"),
    )


@hooks.register("before_bulk_action")
def one_colleague_at_a_time(
    request: HttpRequest, action_type: str, objects: list, action: Any
) -> HttpResponse | None:
    """Leaving is more than a tick in a list: it goes over a page that says what will happen."""
    if get_user_model() not in action.models or action_type not in ("delete", "set_active_state"):
        return None
    messages.error(
        request,
        _("Open each person’s page and choose “End access…” there: it says what becomes of their work."),
    )
    return redirect("wagtailusers_users:index")


@hooks.register("register_account_menu_item")
def link_to_security(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("My security"),
        "help_text": _("The second factor of signing in: app, security keys, recovery codes."),
    }
