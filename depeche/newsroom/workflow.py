"""The way of an article to its readers: read by the desk, then cleared by a publisher."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from .models import ReviewTask, Role


@transaction.atomic
def set_up_workflow(roles: Mapping[str, Role]) -> None:
    """Make the workflow once and give it to all pages; a newsroom that has one of its own keeps it."""
    root = Page.get_first_root_node()
    publishers = roles.get(Role.Key.PUBLISHER)
    if publishers is None:
        return
    if ReviewTask.objects.exists() or WorkflowPage.objects.filter(page=root).exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        workflow = Workflow.objects.create(name=_("Review, then clearance"))
        review = ReviewTask.objects.create(name=_("Review"))
        clearance = ReviewTask.objects.create(name=_("Clearance"))
    desk = roles.get(Role.Key.EDITOR, publishers)
    review.groups.set([desk.group, publishers.group])
    clearance.groups.set([publishers.group])
    for order, task in enumerate([review, clearance]):
        WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=order)
    WorkflowPage.objects.create(page=root, workflow=workflow)
