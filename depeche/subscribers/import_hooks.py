"""Where the admin meets the imports of subscribers: their list among the readers, and who may."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from . import import_views, tasks
from .models import ImportRun


class LookAndAdd(ModelPermissionPolicy):
    """What was entered is not changed, nor its trace deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("view", "add") and super().user_has_permission(user, action)


class ImportRunIndex(IndexView):
    add_item_label = _("Import a file")

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("newsletter", "started_by")

    def get_edit_url(self, instance: ImportRun) -> str:
        """The page that follows it: nothing can be edited."""
        return reverse("importrun:inspect", args=[instance.pk])

    def get_inspect_url(self, instance: ImportRun) -> None:
        return None


class ImportRunViewSet(ModelViewSet):
    model = ImportRun
    menu_label = _("Imports")
    icon = "upload"
    index_view_class = ImportRunIndex
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields: list[str] = []
    list_display = [
        *("file_name", "newsletter", "is_trial", "started_by", "started_at"),
        *("entered", "known", "refused", "finished_at"),
    ]
    list_filter = ["newsletter", "is_trial"]
    ordering = ["-pk"]

    @property
    def permission_policy(self) -> LookAndAdd:
        return LookAndAdd(self.model)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", import_views.new, name="add"),
            path("inspect/<int:pk>/", import_views.show, name="inspect"),
        ]


@receiver(post_save, sender=ImportRun)
def hand_to_the_worker(instance: ImportRun, update_fields: Any = None, **kwargs: Any) -> None:
    """Once it has a file: the worker tries it out or enters it."""
    if instance.upload and not instance.finished_at and (update_fields is None or "upload" in update_fields):
        transaction.on_commit(lambda: tasks.move_import(instance.pk), robust=True)


@hooks.register("register_permissions")
def import_permissions() -> Any:
    return Permission.objects.filter(
        content_type__app_label="subscribers", codename__in=["add_importrun", "view_importrun"]
    )
