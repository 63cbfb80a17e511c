from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from . import second_person
from .models import Article, Person


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    menu_label = gettext_lazy("People")
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "role"]


register_snippet(PersonViewSet)


@hooks.register("construct_main_menu")
def without_documents(request: HttpRequest, menu_items: list[Any]) -> None:
    """Articles carry no attachments: a menu that leads nowhere would only ask questions."""
    menu_items[:] = [item for item in menu_items if item.name != "documents"]


@hooks.register("before_delete_page")
def keep_what_was_sent(request: HttpRequest, page: Page) -> Any:
    return _refuse_if_sent(request, [page])


@hooks.register("before_bulk_action")
def keep_what_was_sent_in_bulk(request: HttpRequest, action_type: str, objects: list, action: Any) -> Any:
    if action_type == "delete" and action.models == [Page]:
        return _refuse_if_sent(request, objects)
    return None


@hooks.register("before_publish_page")
def leave_it_to_another(request: HttpRequest, page: Page) -> Any:
    """The draft is saved by now: only its publication waits for somebody else."""
    try:
        _check(page, request.user)
    except second_person.NeedsSecondPerson as error:
        # Wagtail's form for a new page makes it live before it is published.
        Page.objects.filter(pk=page.pk, live_revision=None).update(live=False, has_unpublished_changes=True)
        messages.error(request, second_person.sentence(error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("construct_page_action_menu")
def no_button_on_an_empty_page(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Whoever begins an article is alone with it: where that forbids publishing, no button promises it."""
    if context["view"] == "create" and second_person.is_on(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]


@hooks.register("before_bulk_action")
def leave_them_to_another(request: HttpRequest, action_type: str, objects: list, action: Any) -> Any:
    if action_type != "publish" or action.models != [Page]:
        return None
    allowed, others = action.get_actionable_objects()
    pages = [*allowed, *others["items_with_no_access"]]
    paths = Q(pk__in=[])
    for page in pages:
        paths |= Q(path__startswith=page.path)
    try:
        for article in Article.objects.filter(paths, has_unpublished_changes=True):
            second_person.check(article, request.user)
    except second_person.NeedsSecondPerson as error:
        messages.error(request, second_person.sentence(error))
        return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
    return None


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


def _check(page: Page, by: Any) -> None:
    if isinstance(page.specific, Article):
        second_person.check(page.specific, by)


def _refuse_if_sent(request: HttpRequest, pages: list[Page]) -> Any:
    """Who received which words must stay answerable: such an article is unpublished, not deleted."""
    for page in pages:
        below = Article.objects.descendant_of(page, inclusive=True)
        sent = below.filter(edition_items__isnull=False).first()
        if sent is not None:
            messages.error(
                request,
                _(
                    "“%(headline)s” stands in an edition of the newsletter. "
                    "Unpublish it instead: readers no longer see it then."
                )
                % {"headline": sent.title},
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
