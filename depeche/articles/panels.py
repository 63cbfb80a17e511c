"""The panel beside the editor where the desk says what it found, and is answered."""

from __future__ import annotations

from typing import Any

from django.forms import Media, Script
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from . import analysis

_SOME_PK = 987654321


class FindingsSidePanel(BaseSidePanel):
    """Its content comes from findings_views.py, again whenever the text changes."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle findings")
        icon_name = "clipboard-list"
        counter_classname = "dp-findings-counter"
        keyboard_shortcut = "mod+alt+c"

    name = "findings"
    title = _("Findings")
    template_name = "articles/findings/side_panel.html"
    order = 150

    def __init__(self, object: Any, request: Any, *, parent: Any = None) -> None:
        super().__init__(object, request)
        self._parent = parent

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        pk = self.object.pk
        analysis.warm_up((self.object if pk else self._parent).locale.language_code)
        return {
            **context,
            "findings_url": reverse("findings", args=[pk])
            if pk
            else reverse("findings_of_new", args=[self._parent.pk]),
            "pk": pk or "",
            "some_pk": _SOME_PK,
            "findings_url_of_some": reverse("findings", args=[_SOME_PK]),
            "answers_url_of_some": reverse("findings_answer", args=[_SOME_PK]),
            "export_url_of_some": reverse("ledger_export", args=[_SOME_PK]),
        }

    @property
    def media(self) -> Media:
        return Media(
            css={"all": ["css/findings.css"]},
            js=[Script("js/findings.js", type="module")],  # type: ignore[list-item] # Django 5.2 takes objects
        )
