"""Where the admin meets the legal texts: their forms by kind, and the way to publishing and to the versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from . import legal_desk_views as views
from . import offering
from .legal_forms import panel_for, panel_for_a_new_text
from .models import LegalText, Newsletter


class NewText(CreateView):
    """First which text it is, then what it says."""

    def get_panel(self) -> Panel:
        return panel_for_a_new_text()

    def get_form_class(self) -> type[ModelForm]:
        return self.panel.get_form_class()

    def get_success_url(self) -> str:
        return reverse("wagtailsnippets_subscribers_legaltext:edit", args=[self.object.pk])


class ChangeText(EditView):
    """The fields of its kind; whoever saves is led on to publishing."""

    def get_panel(self) -> Panel:
        return panel_for(self.object)

    def get_form_class(self) -> type[ModelForm]:
        return self.panel.get_form_class()

    def get_success_url(self) -> str:
        return reverse("publish_legal_text", args=[self.object.pk])


class NeverDeleted(ModelPermissionPolicy):
    """Every form and every entry of the consent log refers to them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class LegalTextViewSet(SnippetViewSet):
    model = LegalText
    menu_label = _("Legal texts")
    icon = "doc-full"
    list_display = ["title", "kind", "language", "newsletter", "changed_at"]
    list_filter = ["kind", "language"]
    add_view_class = NewText
    edit_view_class = ChangeText
    copy_view_enabled = False

    @property
    def permission_policy(self) -> NeverDeleted:
        return NeverDeleted(self.model)


class PublishItem(ActionMenuItem):
    label = _("Publish…")
    name = "action-publish-legal-text"
    icon_name = "upload"
    order = 20

    def is_shown(self, context: dict[str, Any]) -> bool:
        return _is_kept(context) and views.may_publish(context["request"].user)

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("publish_legal_text", args=[context["instance"].pk])


class VersionsItem(ActionMenuItem):
    label = _("Versions")
    name = "action-versions-of-legal-text"
    icon_name = "history"
    order = 30

    def is_shown(self, context: dict[str, Any]) -> bool:
        return _is_kept(context)

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("legal_text_versions", args=[context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")
def publish_item(model: type) -> ActionMenuItem | None:
    return PublishItem() if model is LegalText else None


@hooks.register("register_snippet_action_menu_item")
def versions_item(model: type) -> ActionMenuItem | None:
    return VersionsItem() if model is LegalText else None


@hooks.register("register_snippet_listing_buttons")
def legal_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if not isinstance(snippet, LegalText):
        return
    if views.may_publish(user):
        yield Button(
            _("Publish…"), reverse("publish_legal_text", args=[snippet.pk]), icon_name="upload", priority=5
        )
    yield Button(
        _("Versions"), reverse("legal_text_versions", args=[snippet.pk]), icon_name="history", priority=6
    )


@hooks.register("register_admin_urls")
def legal_addresses() -> list[Any]:
    return [
        path("legal/<int:pk>/publish/", views.publish, name="publish_legal_text"),
        path("legal/<int:pk>/versions/", views.versions, name="legal_text_versions"),
        path("legal/<int:pk>/compare/", views.compare, name="compare_legal_versions"),
        path("legal/<int:pk>/versions/<int:number>/readers/", views.agreed, name="readers_of_legal_version"),
    ]


@hooks.register("before_delete_snippet")
def keep_legal_texts(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Every form links to them: they are changed, not deleted."""
    if not any(isinstance(instance, LegalText) for instance in instances):
        return None
    messages.error(request, _("Every sign-up form refers to this text. Change it instead of deleting it."))
    return redirect("wagtailsnippets_subscribers_legaltext:list")


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def say_what_a_newsletter_lacks(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, Newsletter) and offering.lacking(instance):
        messages.warning(
            request,
            _(
                "Nobody can subscribe to “%(newsletter)s” yet: publish its notice, the privacy policy and the words "
                "of the sign-up form in its language first (Readers › Legal texts)."
            )
            % {"newsletter": instance.name},
        )


def _is_kept(context: dict[str, Any]) -> bool:
    return context["model"] is LegalText and context.get("instance") is not None
