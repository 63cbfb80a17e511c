from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import catcher, pace_views, views


@hooks.register("register_admin_urls")
def sending_urls() -> list:
    return [path("sending/", pace_views.sending, name="sending")]


@hooks.register("register_settings_menu_item")
def sending_item() -> MenuItem:
    return pace_views.SendingMenuItem(_("Sending"), reverse("sending"), name="sending", icon_name="mail")


@hooks.register("register_log_actions")
def pace_log_actions(registry: Any) -> None:
    registry.register_action("depeche.set_pace", _("Set a pace"), _("Pace of sending set or cleared"))


@hooks.register("register_admin_urls")
def caught_mail_urls() -> list:
    if not catcher.is_active():
        return []
    return [
        path("caught-mail/", views.caught_list, name="caught_mail"),
        path("caught-mail/empty/", views.empty, name="caught_mail_empty"),
        path("caught-mail/<str:key>/", views.caught_message, name="caught_message"),
        path("caught-mail/<str:key>/html/", views.caught_html, name="caught_html"),
    ]


if catcher.is_active():

    class CaughtMailItem(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            return views.may_look(request.user)

    @hooks.register("register_admin_menu_item")
    def caught_mail_item() -> MenuItem:
        return CaughtMailItem(_("Caught mail"), reverse("caught_mail"), icon_name="mail", order=900)
