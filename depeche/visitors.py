"""Where a request comes from, as far as a limit needs to know."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.http import HttpRequest


def network(request: HttpRequest) -> str:
    """The network of a visitor (« 192.0.2.0/24 », « 2001:db8::/64 »); "" where the server does not know.

    The server has put the right address there, after asking DEPECHE_TRUSTED_PROXIES.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    width = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network((str(address).partition("%")[0], width), strict=False))


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site sent this form; what readers' forms have instead of a cookie."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != "null" and urlsplit(origin).netloc != request.get_host()
