"""Where the newsroom meets corrections: what the history notes, where one is filed, reported errors."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    registry.register_action("depeche.correct", _("File a correction"), _("Filed a correction"))
    registry.register_action("depeche.answer_report", _("Answer a report"), _("Answered a reported error"))
