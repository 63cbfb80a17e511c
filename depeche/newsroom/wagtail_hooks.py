from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, WorkflowState

from . import actions, second_factor, views
from .models import ReviewTask
from .panels import WaitingPanel


@hooks.register("register_admin_urls")
def newsroom_urls() -> list:
    return [
        path("write/", views.write_article, name="write_article"),
        path("colleagues/<int:pk>/end-access/", views.offboard, name="offboard"),
        path("colleagues/<int:pk>/give-access-back/", views.readmit, name="readmit"),
        path("colleagues/<int:pk>/invite/", views.invite, name="invite"),
    ]


@hooks.register("insert_global_admin_css")
def newsroom_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("css/newsroom.css"))


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Component]) -> None:
    """First what waits for this person, in our words; Wagtail's panels of the same articles make room."""
    replaced = {"workflow_objects_to_moderate", "user_objects_in_workflow_moderation", "recent_edits"}
    panels[:] = [WaitingPanel(), *(panel for panel in panels if panel.name not in replaced)]


@hooks.register("construct_homepage_summary_items", order=1000)  # after those that add some
def no_counts(request: HttpRequest, summary_items: list[Component]) -> None:
    """How many pages there are is nobody's task."""
    summary_items.clear()


MENU_ORDER = {"explorer": 100, "images": 200}


@hooks.register("construct_main_menu")
def as_a_newsroom_works(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Articles, images, people, editions, readers; the rest behind."""
    for item in menu_items:
        item.order = MENU_ORDER.get(item.name, item.order)
        if item.name == "explorer":
            item.label = gettext_lazy("Articles")


@hooks.register("construct_help_menu")
def no_third_parties(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """News and guides of the software underneath lead out of the newsroom, and count as unread."""
    menu_items[:] = [item for item in menu_items if not item.url.startswith("http")]


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    registry.register_action("depeche.offboard", gettext_lazy("End access"), gettext_lazy("Access ended"))
    registry.register_action(
        "depeche.readmit", gettext_lazy("Give access back"), gettext_lazy("Access given back")
    )
    registry.register_action(
        second_factor.RESET,
        gettext_lazy("Reset the second factor"),
        gettext_lazy("Second factor reset: it is set up anew at the next sign-in"),
    )


@hooks.register("construct_page_action_menu")
def one_way_to_publish(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """In the last step approving is publishing: no second button for it, and it says if a time is set."""
    page = context.get("page")
    if page is None or page.current_workflow_task is None:
        return
    if page.go_live_at and page.go_live_at > timezone.now():
        for item in menu_items:
            if item.name == "approve" and _publishes(page):
                item.label = _("Approve and schedule")
    if any(item.name == "approve" for item in menu_items):
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]


def _publishes(page: Page) -> bool:
    task = page.current_workflow_task
    return isinstance(task, ReviewTask) and task.is_last_for(page)


@hooks.register("before_edit_page", order=-1)  # before anybody looks at the answer
def answer_a_review_once(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The editor that saves by itself while an approval is under way would send it a second time; and where
    a colleague was faster, nothing is left to approve: Wagtail fails on both.
    """
    if "action-workflow-action" not in request.POST:
        return None
    if not request.accepts("text/html"):
        said = {"success": False, "error_code": "under_way", "error_message": _("It is being sent.")}
        return JsonResponse(said, status=400)
    if page.current_workflow_task is None:
        sent = request.POST.copy()
        sent.pop("action-workflow-action")
        request.POST = sent  # type: ignore[assignment] # Wagtail reads it after us
        messages.warning(
            request, _("A colleague was faster: this review has ended. Your text is kept as a draft.")
        )
    return None


@hooks.register("before_edit_page")
def say_what_came_back(request: HttpRequest, page: Page) -> None:
    """Above an article that was sent back: by whom, and with which words."""
    state = page.current_workflow_state if request.method == "GET" else None
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    task = state.current_task_state
    messages.warning(
        request,
        _("%(name)s sent this back: “%(comment)s”")
        % {"name": get_user_display_name(task.finished_by), "comment": task.comment},
    )


@hooks.register("before_bulk_action")
def one_colleague_at_a_time(
    request: HttpRequest, action_type: str, objects: list, action: Any
) -> HttpResponse | None:
    """Leaving is more than a tick in a list: it goes over a page that says what will happen."""
    if get_user_model() not in action.models:
        return None
    if action_type not in ("delete", "set_active_state"):
        if all(actions.may_look_after(request.user, user) for user in objects):
            return None
        raise PermissionDenied
    messages.error(
        request,
        _("Open each person’s page and choose “End access…” there: it says what becomes of their work."),
    )
    return redirect("wagtailusers_users:index")


@hooks.register("register_account_menu_item")
def link_to_security(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("My security"),
        "help_text": _("The second factor of signing in: app, security keys, recovery codes."),
    }


@hooks.register("after_edit_page")
def say_what_became_of_it(request: HttpRequest, page: Page) -> None:
    """« Updated » is all that Wagtail says of a review."""
    done = request.POST.get("workflow-action-name")
    if done == "reject" and page.owner:
        messages.success(
            request,
            _("Sent back to %(name)s, with your comment.") % {"name": get_user_display_name(page.owner)},
        )
    elif done == "approve" and page.current_workflow_task:
        messages.success(request, _("Approved. Next: %(task)s.") % {"task": page.current_workflow_task.name})
