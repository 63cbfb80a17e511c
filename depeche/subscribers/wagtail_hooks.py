from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from . import proof_hooks, recording, rights_desk_hooks, suppression_hooks  # noqa: F401 - the first for its hooks
from .consent import ConsentDetail, ConsentEntry
from .import_hooks import ImportRunViewSet
from .legal_hooks import LegalTextViewSet
from .models import Newsletter, Subscriber, Subscription
from .proof_desk_views import SubscriberInspect
from .words_hooks import WordsViewSet


class ReadOnly(ModelPermissionPolicy):
    """Look, for whoever may; changing what readers asked for is theirs alone."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)


class WithWhatItNames(IndexView):
    """A list that asks for the readers and newsletters it names once, not row by row."""

    def get_base_queryset(self) -> QuerySet:
        names = {
            Subscription: ["subscriber", "newsletter"],
        }
        found = super().get_base_queryset().select_related(*names.get(self.model, []))
        return found.prefetch_related("details") if self.model is ConsentEntry else found


class ReadOnlyViewSet(ModelViewSet):
    """A list to search and a page for each row. No snippet: those offer every colleague a chooser of them."""

    index_view_class = WithWhatItNames
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields: list[str] = []

    @property
    def permission_policy(self) -> ReadOnly:
        return ReadOnly(self.model)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]


class SubscriberViewSet(ReadOnlyViewSet):
    model = Subscriber
    menu_label = _("Subscribers")
    icon = "user"
    list_display = ["address", "language", "created_at"]
    search_fields = ["address"]
    ordering = ["-created_at"]
    inspect_view_class = SubscriberInspect
    inspect_view_fields = ["address", "language", "created_at"]


class SubscriptionViewSet(ReadOnlyViewSet):
    model = Subscription
    menu_label = _("Subscriptions")
    icon = "mail"
    list_display = ["subscriber", "newsletter", "state", "requested_at", "confirmed_at", "withdrawn_at"]
    list_filter = ["newsletter", "state"]
    search_fields = ["subscriber__address"]
    ordering = ["-requested_at"]
    inspect_view_fields = list_display


class ConsentEntryIndex(WithWhatItNames):
    """Searched by address: its keyed hash finds the entries, also after erasure."""

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.search_query:
            return queryset
        found = queryset.filter(
            number__in=ConsentDetail.objects.filter(
                kind="address", value__icontains=self.search_query
            ).values("entry")
        )
        person = recording.person_of(self.search_query)
        return found | queryset.filter(person=person.name) if person else found


class ConsentEntryViewSet(ReadOnlyViewSet):
    model = ConsentEntry
    menu_label = _("Consent log")
    icon = "check"
    index_view_class = ConsentEntryIndex
    list_display = ["number", Column("whose", label=_("Address")), "action", "at"]
    list_filter = ["action"]
    is_searchable = True
    ordering = ["-number"]
    inspect_view_fields = ["number", "action", "at", "whose", "words", "purpose", "facts", "digest"]


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    menu_label = _("Newsletters")
    icon = "mail"
    list_display = ["name", "language", "sender_address"]


class ReadersGroup(SnippetViewSetGroup):
    menu_label = _("Readers")
    menu_name = "readers"
    menu_icon = "group"
    menu_order = 320
    items = (
        SubscriberViewSet,
        SubscriptionViewSet,
        ConsentEntryViewSet,
        ImportRunViewSet,
        NewsletterViewSet,
        LegalTextViewSet,
        WordsViewSet,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        """The lists, and among them the pages that are no list of a model."""
        pages = [*rights_desk_hooks.menu_items(), suppression_hooks.menu_item()]
        return [*super().get_submenu_items(), *pages]


register_snippet(ReadersGroup)
