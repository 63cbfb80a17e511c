"""The roles of the newsroom, and the step of the workflow in which somebody answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState


class Role(models.Model):
    """A group that Dépêche keeps in step; the newsroom may rename it and add to it.

    `granted` holds what we gave it once: what the newsroom took away since is not given again.
    Without a group the newsroom deleted it, and it stays deleted.
    """

    class Key(models.TextChoices):
        CONTRIBUTOR = "contributor", _("Contributors")
        EDITOR = "editor", _("Editing desk")
        PUBLISHER = "publisher", _("Publishers")
        SUBSCRIBER_DESK = "subscriber_desk", _("Subscriber desk")

    key = models.CharField(_("key"), max_length=30, unique=True, choices=Key.choices)
    group = models.OneToOneField(Group, null=True, on_delete=models.SET_NULL, related_name="role")
    granted = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("role of colleagues")
        verbose_name_plural = _("roles of colleagues")

    def __str__(self) -> str:
        return self.group.name if self.group else self.get_key_display()


class Attempt(models.Model):
    """One try of something that is limited (`limits.py`); whose, only as a keyed hash."""

    key = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")


class CommentNeeded(PermissionDenied):
    """Sent back without a word of what to mend."""


class SendBackForm(TaskStateCommentForm):
    """The comment that goes back with an article; never empty."""

    comment = forms.CharField(
        label=_("What has to be mended?"),
        help_text=_("The author reads this by mail, on the dashboard and above the article."),
        error_messages={"required": _("Say what has to be mended: without a word nobody knows what to do.")},
        widget=forms.Textarea({"rows": 4}),
    )


class ReviewTask(AbstractGroupApprovalTask):
    """A step in which members of a group approve, or send back with a comment."""

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def get_actions(self, obj: Page, user: AbstractUser) -> list[tuple[str, Any, bool]]:
        if not super().get_actions(obj, user):
            return []
        send_back = ("reject", _("Send back with a comment"), True)
        if self.is_last_for(obj) and not obj.permissions_for_user(user).can_publish():
            return [send_back]
        return [send_back, ("approve", _("Approve"), False)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return SendBackForm if action == "reject" else TaskStateCommentForm

    def on_action(self, task_state: TaskState, user: AbstractUser, action_name: str, **kwargs: Any) -> None:
        """Approve or send back.

        Raises:
            CommentNeeded: sent back without a comment, past the form that asks for it.
        """
        if action_name == "reject" and not str(kwargs.get("comment", "")).strip():
            raise CommentNeeded
        super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return str(_("Members of the chosen groups approve, or send back with a comment."))

    def is_last_for(self, obj: Page) -> bool:
        """Whether nothing follows: approving here publishes."""
        workflow = obj.get_workflow()
        return workflow is None or workflow.tasks.filter(active=True).last() == self.task_ptr
