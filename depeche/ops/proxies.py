"""Proxies in front of us that DEPECHE_TRUSTED_PROXIES does not name: for each of them all readers are one."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

NOTED_EACH_S = 3_600
BELIEVED_FOR_S = 7 * 86_400


def noticing(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """`application`, behind something that notes proxies near us whose word is not taken, at most once an hour."""
    noted_at = -float(NOTED_EACH_S)

    def noticed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        nonlocal noted_at
        peer = environ.get("REMOTE_ADDR", "")
        is_due = "HTTP_X_FORWARDED_FOR" in environ and time.monotonic() - noted_at >= NOTED_EACH_S
        if is_due and is_near(peer) and not is_named(peer, settings.TRUSTED_PROXIES):
            noted_at = time.monotonic()
            _note(peer)
        return application(environ, start_response)

    return noticed


def unnamed() -> str:
    """The address of such a proxy, seen within a week and still not named; "" where there is none."""
    path = _path()
    try:
        if time.time() - path.stat().st_mtime > BELIEVED_FOR_S:
            return ""
        peer = path.read_text().strip()
    except OSError:
        return ""
    return peer if is_near(peer) and not is_named(peer, settings.TRUSTED_PROXIES) else ""


def is_near(peer: str) -> bool:
    """Whether this is an address of our own networks: from elsewhere anybody can send any header."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return address.is_private or address.is_loopback


def is_named(peer: str, proxies: Collection[str]) -> bool:
    """Whether the setting names the address, alone or in a network."""
    for entry in proxies:
        try:
            if ipaddress.ip_address(peer) in ipaddress.ip_network(entry):
                return True
        except ValueError:
            continue
    return False


def _note(peer: str) -> None:
    try:
        _path().write_text(f"{peer}\n")
    except OSError:  # a full disk must stop no page
        return


def _path() -> Path:
    return settings.DATA / "unnamed-proxy"
