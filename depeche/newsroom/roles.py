"""What each role may do. Run at every start; what the newsroom changed stays as it made it."""

from __future__ import annotations

import itertools

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import translation
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
)

from .models import Role

WRITES = [
    "wagtailadmin.access_admin",
    "page:add",
    "collection:wagtailimages.add_image",
    "collection:wagtailimages.choose_image",
]
EDITS = [
    *WRITES,
    "page:change",
    "page:lock",
    "collection:wagtailimages.change_image",
    "articles.add_person",
    "articles.change_person",
    "articles.view_person",
    "newsletters.add_edition",
    "newsletters.change_edition",
    "newsletters.delete_edition",
    "newsletters.view_edition",
]
PUBLISHES = [
    *EDITS,
    "page:publish",
    "page:unlock",
    "page:bulk_delete",
    "articles.delete_person",
    "newsletters.send_edition",
    "subscribers.add_legaltext",
    "subscribers.change_legaltext",
    "subscribers.view_legaltext",
    "delivery.view_transactionalmessage",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
]
ANSWERS_READERS = [
    "wagtailadmin.access_admin",
    "subscribers.change_subscriber",
    "subscribers.delete_subscriber",
    "subscribers.view_subscriber",
    "subscribers.change_subscription",
    "subscribers.view_subscription",
    "subscribers.view_consententry",
    "subscribers.add_importrun",
    "subscribers.view_importrun",
    "subscribers.view_newsletter",
    "subscribers.view_legaltext",
    "subscribers.change_rightsrequest",
    "subscribers.export_subscriber",
    "delivery.view_transactionalmessage",
]
GRANTS = {
    Role.Key.CONTRIBUTOR: WRITES,
    Role.Key.EDITOR: EDITS,
    Role.Key.PUBLISHER: PUBLISHES,
    Role.Key.SUBSCRIBER_DESK: ANSWERS_READERS,
}

STOCK_WORKFLOW = "Moderators approval"
STOCK_GROUPS = ("Moderators", "Editors")


@transaction.atomic
def set_up_roles() -> dict[str, Role]:
    """The roles by key, each with what it was not granted before; without those the newsroom deleted."""
    _remove_stock()
    roles = {}
    for key, permissions in GRANTS.items():
        role = _role(key)
        if role.group is None:
            continue
        roles[key.value] = role
        for name in permissions:
            if name not in role.granted:
                _grant(role.group, name)
        role.granted = sorted({*role.granted, *permissions})
        role.save(update_fields=["granted"])
    return roles


def _role(key: Role.Key) -> Role:
    found = Role.objects.select_related("group").filter(key=key).first()
    if found:
        return found
    with translation.override(settings.LANGUAGE_CODE):
        name = str(key.label)
    return Role.objects.create(key=key, group=Group.objects.create(name=_free_name(name)))


def _free_name(name: str) -> str:
    """`name`, unless a group of the newsroom has it: that one may be something else, and stays as it is."""
    names = itertools.chain(
        [name, f"{name} (Dépêche)"], (f"{name} (Dépêche {number})" for number in itertools.count(2))
    )
    return next(free for free in names if not Group.objects.filter(name=free).exists())


def _grant(group: Group, name: str) -> None:
    """Give one permission: « app.codename », on all pages (« page:… ») or all collections (« collection:… »)."""
    scope, _colon, label = name.rpartition(":")
    if scope == "page":
        GroupPagePermission.objects.get_or_create(
            group=group, page=Page.get_first_root_node(), permission=_permission(f"wagtailcore.{label}_page")
        )
    elif scope == "collection":
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=_permission(label)
        )
    else:
        group.permissions.add(_permission(label))


def _permission(label: str) -> Permission:
    app, codename = label.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _remove_stock() -> None:
    """Take away Wagtail's own groups and workflow where nobody used or changed them."""
    workflow = Workflow.objects.filter(name=STOCK_WORKFLOW).first()
    if workflow and _is_untouched(workflow):
        GroupApprovalTask.objects.filter(name=STOCK_WORKFLOW).delete()
        workflow.delete()
    for group in Group.objects.filter(name__in=STOCK_GROUPS, user__isnull=True, role__isnull=True):
        if not GroupApprovalTask.objects.filter(groups=group).exists() and _has_stock_permissions(group):
            group.delete()


def _is_untouched(workflow: Workflow) -> bool:
    """Never run, one step, and given to nothing but the root of all pages."""
    pages = WorkflowPage.objects.filter(workflow=workflow)
    return (
        not workflow.workflow_states.exists()
        and [task.name for task in workflow.tasks] == [STOCK_WORKFLOW]
        and all(given.page.is_root() for given in pages.select_related("page"))
        and not workflow.workflow_content_types.exists()
    )


def _has_stock_permissions(group: Group) -> bool:
    """Whether it holds no more than what Wagtail's migrations gave it."""
    ours = {"wagtailadmin", "wagtailimages", "wagtaildocs", "wagtailcore"}
    model_permissions = group.permissions.select_related("content_type")
    return all(permission.content_type.app_label in ours for permission in model_permissions) and all(
        given.page.depth <= 2
        for given in GroupPagePermission.objects.filter(group=group).select_related("page")
    )
