from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

from . import (  # noqa: F401 - some for their hooks
    actions,
    corrections_hooks,
    desk_figures_hooks,
    findings_hooks,
    gate_hooks,
    ledger_hooks,
    report_hooks,
    second_person,
    views,
)
from .models import Article, Person


class PersonChooser(AdminSnippetChooser):
    """Says “Choose a person” in the language of whoever looks, not in that of the process."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Person, **kwargs)
        self.choose_one_text = _("Choose a person")
        self.choose_another_text = _("Choose another person")
        self.link_to_chosen_text = _("Edit this person")


class PersonChooserViewSet(SnippetChooserViewSet):
    page_title = _("Choose")
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Edit this person")

    @cached_property
    def widget_class(self) -> PersonChooser:
        return PersonChooser(icon=self.icon)


class PersonViewSet(SnippetViewSet):
    model = Person
    chooser_viewset_class = PersonChooserViewSet
    icon = "user"
    menu_label = _("People")
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "role"]


register_snippet(PersonViewSet)


@hooks.register("construct_main_menu")
def without_documents(request: HttpRequest, menu_items: list[Any]) -> None:
    """Articles carry no attachments: a menu that leads nowhere would only ask questions."""
    menu_items[:] = [item for item in menu_items if item.name != "documents"]


@hooks.register("insert_editor_js")
def no_word_left_behind() -> str:
    return format_html('<script src="{}"></script>', versioned_static("js/last_words.js"))


@hooks.register("register_admin_urls")
def admin_addresses() -> list[Any]:
    return [path("articles/<int:pk>/search-engines/", views.search_engines, name="search_engines")]


@hooks.register("register_page_header_buttons")
def search_engines_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if isinstance(page, Article) and page.first_published_at and page.permissions_for_user(user).can_delist():
        address = reverse("search_engines", args=[page.pk])
        yield Button(gettext("Search engines…"), address, icon_name="search", priority=62)


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    registry.register_action(
        "depeche.delist", _("Keep out of search engines"), _("Kept out of search engines")
    )
    registry.register_action("depeche.relist", _("Let search engines in"), _("Found by search engines again"))
    for action, label, message in (
        ("dismiss", _("Answer a finding"), _("Answered a finding")),
        ("second", _("Agree to an override"), _("Agreed to an override")),
        ("rule", _("Put a claim right"), _("Put a claim right")),
        ("evidence", _("Add evidence"), _("Added evidence")),
        ("anonymity", _("Ask for anonymity"), _("Asked for an anonymous source")),
        ("approve_anonymity", _("Approve anonymity"), _("Approved an anonymous source")),
        ("take_back", _("Take back"), _("Took back an answer to the desk")),
    ):
        registry.register_action(f"depeche.{action}", label, message)


@hooks.register("before_unpublish_page")
def take_down_with_a_reason(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Readers find the reason at the address of the article: none, no take-down."""
    user = request.user
    if not isinstance(page, Article):
        return _refuse_if_read(request, [page])
    if not user.is_authenticated:
        return None
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, gettext("Give readers a reason: they find it at the address of the article."))
        return redirect("wagtailadmin_pages:unpublish", page.pk)
    actions.take_down(page, reason=reason[:500], by=user)
    messages.success(request, gettext("“%(headline)s” is taken down.") % {"headline": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_what_readers_saw(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse_if_seen(request, [page])


@hooks.register("before_bulk_action")
def with_care_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    if action.models != [Page]:
        return None
    if action_type == "unpublish":
        return _refuse_if_read(request, objects)
    return _refuse_if_seen(request, objects) if action_type == "delete" else None


@hooks.register("before_publish_page")
def leave_it_to_another(request: HttpRequest, page: Page) -> Any:
    """The draft is saved by now: only its publication waits for somebody else."""
    try:
        _check(page, request.user)
    except second_person.NeedsSecondPerson as error:
        messages.error(request, second_person.sentence(error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_publish_page", order=1)  # once it is known that this person may
def heed_the_embargo(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The editor's button publishes past Article.publish: under embargo, that road is taken here."""
    if not isinstance(page, Article) or page.goes_live_at == page.go_live_at:
        return None
    page.latest_revision.publish(user=request.user, skip_permission_checks=True)
    messages.success(
        request,
        gettext("“%(headline)s” is scheduled: it goes live when the embargo ends, on %(date)s.")
        % {"headline": page.title, "date": date_format(localtime(page.goes_live_at), "DATETIME_FORMAT")},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_copy_page")
def publish_no_copy_alone(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy gets a headline of its own: where that needs a second person, it begins as a draft."""
    if "publish_copies" not in request.POST or not second_person.is_on(request.user):
        return None
    messages.error(request, gettext("A copy is published by a second person: copy it as a draft."))
    return redirect("wagtailadmin_pages:copy", page.pk)


@hooks.register("after_copy_page")
def who_copies_writes(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A copy has one version, by whoever copied: those of the original were not written for it."""
    for article in Article.objects.descendant_of(new_page, inclusive=True):
        article.revisions.exclude(pk=article.latest_revision_id).delete()


@hooks.register("before_edit_page")
def keep_what_another_approves(request: HttpRequest, page: Page) -> None:
    """Where approving publishes, whoever may not publish saves a draft; our own step offers no approval."""
    if request.POST.get("workflow-action-name") != "approve" or not _approving_publishes(page):
        return
    try:
        _check(page, request.user)
    except second_person.NeedsSecondPerson as error:
        sent = request.POST.copy()
        sent.pop("action-workflow-action", None)
        request.POST = sent  # type: ignore[assignment] # Wagtail reads it after us
        messages.error(request, second_person.sentence(error))


@hooks.register("construct_page_action_menu")
def no_approval_by_who_wrote(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    page = context.get("page")
    if isinstance(page, Article) and _approving_publishes(page) and second_person.refusal(page, request.user):
        menu_items[:] = [item for item in menu_items if item.name != "approve"]


@hooks.register("construct_page_action_menu")
def no_button_on_an_empty_page(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Whoever begins an article is alone with it: where that forbids publishing, no button promises it."""
    if context["view"] == "create" and second_person.is_on(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]


@hooks.register("before_edit_page")
def say_why_there_is_no_button(request: HttpRequest, page: Page) -> None:
    if request.method != "GET" or not page_permission_policy.user_has_permission_for_instance(
        request.user, "publish", page
    ):
        return
    try:
        _check(page, request.user)
    except second_person.NeedsSecondPerson as error:
        messages.info(request, second_person.sentence(error))


def _approving_publishes(page: Page) -> bool:
    state = page.current_workflow_state
    return bool(state and state.is_at_final_task)


def _check(page: Page, by: Any) -> None:
    if isinstance(page.specific, Article):
        second_person.check(page.specific, by)


def _refuse_if_read(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    """No page takes with it articles that readers have: each goes with a reason of its own."""
    for page in pages:
        if Article.objects.descendant_of(page, inclusive=True).live().exists():
            messages.error(request, gettext("Take articles down one by one: readers are told why of each."))
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


def _refuse_if_seen(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    """Readers' links must be answered, and who received which words: such an article is taken down instead."""
    for page in pages:
        below = Article.objects.descendant_of(page, inclusive=True)
        seen = below.filter(Q(first_published_at__isnull=False) | Q(edition_items__isnull=False)).first()
        if seen is not None:
            messages.error(
                request,
                gettext(
                    "“%(headline)s” was published or stands in an edition: it cannot be deleted. "
                    "Unpublish it instead, and tell readers why."
                )
                % {"headline": seen.title},
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
