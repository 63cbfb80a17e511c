"""Where the editor meets the gate: told early, with the draft saved and before any transaction opens."""

from __future__ import annotations

import contextlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from . import analysis, gatekeeping
from .bulk import PublishOneByOne
from .models import Article


@hooks.register("before_publish_page")
def stop_at_the_gate(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is saved by now: only its publication waits for answers."""
    if not isinstance(page.specific, Article):
        return None
    try:
        gatekeeping.clear(page.get_latest_revision_as_object())
    except gatekeeping.GateClosed as error:
        messages.error(request, str(error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_edit_page")
def read_before_approval(request: HttpRequest, page: Page) -> None:
    """Approving publishes within a transaction of Wagtail's: the desk reads before it opens."""
    if request.POST.get("workflow-action-name") == "approve" and isinstance(page, Article):
        with contextlib.suppress(analysis.DeskUnreachable):  # then the gate says so
            gatekeeping.reading_of(page.get_latest_revision_as_object())


hooks.register("register_bulk_action", PublishOneByOne, order=1)  # after Wagtail's, in whose place it comes
