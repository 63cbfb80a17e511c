from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

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
