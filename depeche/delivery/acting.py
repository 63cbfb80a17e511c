"""Whose connection something is about, where one thread sees to those of others."""

from __future__ import annotations

import threading

_local = threading.local()


def holder() -> int:
    """The thread whose connection this is about: our own, but where we act for another."""
    return getattr(_local, "owner", None) or threading.get_ident()


def act_for(owner: int | None) -> None:
    """From now on this thread acts for `owner`, which waits; for itself again where there is none."""
    _local.owner = owner
