"""A mail shown in a browser as it stands: its own styles, no script, nothing fetched from elsewhere."""

from __future__ import annotations

from django.http import HttpResponse

POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "frame-ancestors": ["'self'"],
}
# Somebody's HTML, as it arrived: links open outside the frame, and it shares nothing with the newsroom.
SANDBOX = {"sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"]}


def shown(html: str, *, in_sandbox: bool = False) -> HttpResponse:
    """`html` as a page that the policies of readers and newsroom do not strip of its styles."""
    response = HttpResponse(html)
    response._csp_replace = POLICY | (SANDBOX if in_sandbox else {})  # type: ignore[attr-defined]
    return response
