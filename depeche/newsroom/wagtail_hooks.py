from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks

from . import second_factor
from .sessions import end_sessions


@hooks.register("register_account_menu_item")
def link_to_security(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("My security"),
        "help_text": _("The second factor of signing in: app, security keys, recovery codes."),
    }


@hooks.register("after_edit_user")
def end_sessions_of_who_left(request: HttpRequest, user: Any) -> None:
    if not user.is_active:
        end_sessions(user)


@hooks.register("register_log_actions")
def name_the_reset(actions: Any) -> None:
    actions.register_action(
        second_factor.RESET,
        gettext_lazy("Reset the second factor"),
        gettext_lazy("Second factor reset: it is set up anew at the next sign-in"),
    )
