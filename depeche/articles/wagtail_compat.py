"""What we need of Wagtail 7.4 that it does not promise: the only module that names such parts.

The journey of the findings panel is its guard: run it on every new version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page


def add_side_panel(panel: type[BaseSidePanel], model: type[Page]) -> None:
    """Show `panel` where pages of `model` are created and edited; no hook of 7.4 does (wagtail#12179)."""
    for view in (CreateView, EditView):
        view.get_side_panels = _with(panel, model, view.get_side_panels)


def _with(
    panel: type[BaseSidePanel], model: type[Page], side_panels: Callable[[Any], MediaContainer]
) -> Callable[[Any], MediaContainer]:
    def get_side_panels(view: Any) -> MediaContainer:
        panels = side_panels(view)
        # What an autosave renders again would replace the panel under the hands of whoever uses it.
        is_partial = view.expects_json_response or getattr(view, "hydrate_create_view", False)
        if is_partial or not isinstance(view.page, model):
            return panels
        ours = panel(view.page, view.request, parent=getattr(view, "parent_page", None))
        return MediaContainer(sorted([*panels, ours], key=lambda one: one.order))

    return get_side_panels
