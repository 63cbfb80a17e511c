from django.utils.translation import gettext_lazy as _
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
