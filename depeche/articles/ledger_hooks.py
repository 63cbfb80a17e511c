"""Where the admin meets the ledger."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from . import ledger_views


@hooks.register("register_admin_urls")
def ledger_addresses() -> list[Any]:
    return [path("articles/<int:pk>/ledger.json", ledger_views.ledger_export, name="ledger_export")]
