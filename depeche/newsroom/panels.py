"""The dashboard: what waits for whoever looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from . import waiting


class WaitingPanel(Component):
    name = "waiting"
    template_name = "newsroom/waiting_panel.html"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        found = waiting.piles(user)
        return {
            "piles": [pile for pile in found if not pile.is_for_others],
            "elsewhere": [pile for pile in found if pile.is_for_others],
            "may_write": waiting.may_write(user),
        }
