"""Where the admin meets the proof of consent."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from . import proof_desk_views as views


@hooks.register("register_admin_urls")
def proof_addresses() -> list[Any]:
    return [path("readers/proof/", views.prove, name="prove_consent")]


@hooks.register("register_log_actions")
def proof_log_actions(registry: Any) -> None:
    registry.register_action(
        "depeche.prove_consent", _("Take out a proof of consent"), _("Proof of consent taken out")
    )
