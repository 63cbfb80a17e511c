"""Where the admin meets the words to readers: their place among the readers, who may, and their lines in the log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from . import words_views
from .models import ChangedText


class WordsViewSet(ModelViewSet):
    model = ChangedText
    icon = "edit"
    menu_label = _("Words to readers")
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields: list[str] = []

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        return OnlyChange(self.model)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", words_views.index, name="index"),
            path("<str:language>/<slug:name>/", words_views.one_page, name="page"),
        ]


class OnlyChange(ModelPermissionPolicy):
    """One permission: texts are neither added nor deleted, they are ours or the newsroom's."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, "change")


@hooks.register("register_permissions")
def words_permissions() -> Any:
    return Permission.objects.filter(content_type__app_label="subscribers", codename="change_changedtext")


@hooks.register("register_log_actions")
def words_log_actions(registry: Any) -> None:
    registry.register_action(
        "depeche.change_words", _("Change words to readers"), _("Words to readers changed")
    )
    registry.register_action(
        "depeche.restore_words", _("Go back to our words"), _("Words to readers changed back")
    )
