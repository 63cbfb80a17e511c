from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import LegalText, Newsletter


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    icon = "mail"
    list_display = ["name", "language", "sender_address"]


class LegalTextViewSet(SnippetViewSet):
    model = LegalText
    icon = "doc-full"
    list_display = ["title", "kind", "language", "changed_at"]


class ReadersGroup(SnippetViewSetGroup):
    menu_label = _("Readers")
    menu_icon = "group"
    menu_order = 320
    items = (NewsletterViewSet, LegalTextViewSet)


register_snippet(ReadersGroup)


@hooks.register("before_delete_snippet")
def keep_legal_texts(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Every form links to them: they are changed, not deleted."""
    if not any(isinstance(instance, LegalText) for instance in instances):
        return None
    messages.error(request, _("Every sign-up form refers to this text. Change it instead of deleting it."))
    return redirect("wagtailsnippets_subscribers_legaltext:list")
