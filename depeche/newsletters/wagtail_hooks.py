from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from depeche.subscribers.models import Newsletter

from . import (
    actions,
    digest_views,
    edition_views,
    sender_domain_views,
    sending_shown,
    sending_views,
    sending_words,
    size,
    undelivered_views,
)
from .models import Edition


class EditionViewSet(SnippetViewSet):
    model = Edition
    icon = "mail"
    menu_label = _("Editions")
    menu_order = 310
    add_to_admin_menu = True
    list_display = [
        "subject",
        "newsletter",
        "number",
        Column("standing", label=_("State"), accessor=sending_shown.in_a_line, sort_key="state"),
        "sent_at",
    ]
    list_filter = ["newsletter", "state"]
    edit_view_class = edition_views.EditionEditView
    copy_view_enabled = False


register_snippet(EditionViewSet)


@hooks.register("register_admin_urls")
def edition_urls() -> list:
    return [
        path("editions/<int:pk>/send/", sending_views.send, name="send_edition"),
        path("editions/<int:pk>/progress/", sending_views.progress, name="edition_progress"),
        path("editions/<int:pk>/cancel/", sending_views.cancel, name="edition_cancel"),
        path("editions/<int:pk>/failed/", undelivered_views.failed, name="edition_failed"),
        path("newsletters/<int:pk>/digest/", digest_views.digest, name="newsletter_digest"),
        path("editions/<int:pk>/uncertain/", undelivered_views.uncertain, name="edition_uncertain"),
    ]


@hooks.register("register_admin_urls")
def sender_domain_urls() -> list:
    return [path("sender-domains/", sender_domain_views.sender_domains_page, name="sender_domains")]


@hooks.register("register_settings_menu_item")
def sender_domains_item() -> sender_domain_views.SenderDomainsMenuItem:
    return sender_domain_views.SenderDomainsMenuItem(
        _("Sender domains"), reverse("sender_domains"), name="sender-domains", icon_name="mail"
    )


@hooks.register("register_snippet_listing_buttons")
def send_button(snippet: Any, user: Any, next_url: str | None = None) -> Any:
    if isinstance(snippet, Edition) and actions.may_send(user):
        label = _("Progress") if snippet.has_left else _("Send")
        yield Button(label, reverse("send_edition", args=[snippet.pk]), icon_name="mail", priority=5)
    if isinstance(snippet, Newsletter) and actions.may_send(user):
        url = reverse("newsletter_digest", args=[snippet.pk])
        yield Button(_("Digest"), url, icon_name="calendar-check", priority=50)


class SendItem(ActionMenuItem):
    label = _("Test and send…")
    name = "action-send-edition"
    icon_name = "mail"
    order = 20

    def is_shown(self, context: dict[str, Any]) -> bool:
        is_saved = context["model"] is Edition and context.get("instance") is not None
        return is_saved and actions.may_send(context["request"].user)

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("send_edition", args=[context["instance"].pk])


class DigestItem(ActionMenuItem):
    label = _("Digest…")
    name = "action-digest"
    icon_name = "calendar-check"
    order = 20

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context.get("instance") is not None and actions.may_send(context["request"].user)

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("newsletter_digest", args=[context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")
def menu_item(model: type) -> ActionMenuItem | None:
    items: dict[type, type[ActionMenuItem]] = {Edition: SendItem, Newsletter: DigestItem}
    return items[model]() if model in items else None


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def warn_of_its_size(request: HttpRequest, instance: Any) -> None:
    """Once it is saved, so that nothing is lost."""
    if isinstance(instance, Edition):
        warning = sending_words.size_warning(size.html_bytes(instance))
        if warning:
            messages.warning(request, warning)


@hooks.register("before_edit_snippet", order=-1)
def tell_who_comes_too_late(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, Edition) and instance.has_left and request.method == "POST":
        messages.warning(request, edition_views.happened_meanwhile(instance))


@hooks.register("before_edit_snippet")
@hooks.register("before_delete_snippet")
def keep_sent_editions(request: HttpRequest, instance: Any, **kwargs: Any) -> Any:
    """An edition that left stays as it was; one that leaves by itself is changed only by who may send."""
    instances = instance if isinstance(instance, (list, tuple)) else [instance]
    for found in instances:
        if not isinstance(found, Edition) or found.is_draft:
            continue
        if found.has_left and actions.may_send(request.user):
            return redirect("send_edition", pk=found.pk)
        if found.has_left or not actions.may_send(request.user):
            messages.warning(
                request,
                _(
                    "“%(subject)s” can no longer be changed: it left, or leaves by itself. Whoever may send editions can take it off the schedule."
                )
                % {"subject": found.subject},
            )
            return redirect("wagtailsnippets_newsletters_edition:list")
    return None


@hooks.register("register_permissions")
def send_permission() -> Any:
    return Permission.objects.filter(content_type__app_label="newsletters", codename="send_edition")


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    for name, label, message in (
        ("send_edition", _("Send edition"), _("Edition sent")),
        ("ask_to_send", _("Ask to send"), _("Agreement to sending asked for")),
        ("agree_to_send", _("Agree to sending"), _("Sending agreed to")),
        ("decline_to_send", _("Decline sending"), _("Sending declined")),
        ("schedule_edition", _("Schedule edition"), _("Edition scheduled")),
        ("unschedule_edition", _("Unschedule edition"), _("Edition not scheduled any more")),
        ("hold_edition", _("Hold back edition"), _("Edition held back at its time")),
        ("set_digest", _("Set up digest"), _("Digest set up")),
        ("pause_edition", _("Pause edition"), _("Sending paused")),
        ("resume_edition", _("Resume edition"), _("Sending resumed")),
        ("cancel_edition", _("Cancel edition"), _("Sending cancelled")),
        ("resend_copies", _("Send failed copies again"), _("Failed copies sent again")),
        ("accept_red_domain", _("Send by a red domain"), _("Risk of a red sender domain taken")),
        ("decide_copies", _("Decide on copies"), _("Copies of unknown fate decided on")),
    ):
        registry.register_action(f"depeche.{name}", label, message)
