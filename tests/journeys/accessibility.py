"""What axe-core finds on a page that has come whole."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, within: str | None = None) -> list[str]:
    """Rule and elements of each, in the whole document or within a selector; a page still coming is waited for."""
    page.wait_for_load_state()
    if within:
        page.locator(within).first.wait_for()
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {[node['html'][:200] for node in one['nodes']]}" for one in found
    ]
