"""An address of its own for what comes back of each mail: « retours+e41.9f86d081884c7d65@bounces.exemple.fr ».

It names the lane and the row, and carries a keyed hash, so that nobody can make one up for somebody else's mail.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings

from depeche.macs import keyed_hash, keyed_hasher

_TOKEN = re.compile(r"([a-z])(\d{1,19})\.([0-9a-f]{16})")
_SALT = "delivery.verp"


class Named(NamedTuple):
    """A row that an address names; `mac` proves it, together with whom the mail went to."""

    code: str
    key: int
    mac: str


def maker(code: str) -> Callable[[int, str], str] | None:
    """Of rows and recipients of the lane with this letter, the address to send from; None where there is none.

    At most 64 octets before the @ (RFC 5321 §4.5.3.1.1), all in lower case: not every server keeps capitals.
    """
    local, _, domain = settings.BOUNCE_ADDRESS.lower().rpartition("@")
    if not (code and local):
        return None
    hashed = keyed_hasher(_SALT)

    def address(key: int, recipient: str) -> str:
        return f"{local}+{code}{key}.{hashed(f'{code}{key} {recipient}')}@{domain}"

    return address


def read(address: str) -> Named | None:
    """What an address names, if it is of this form; whether it is ours `is_of` says.

    Addresses made before `DEPECHE_BOUNCE_ADDRESS` was changed are read too.
    """
    found = _TOKEN.fullmatch(address.rpartition("@")[0].rpartition("+")[2].lower())
    return Named(found[1], int(found[2]), found[3]) if found else None


def is_of(named: Named, recipient: str) -> bool:
    """Whether we made this address for a mail to `recipient`: not for one they had before."""
    return hmac.compare_digest(named.mac, keyed_hash(_SALT, f"{named.code}{named.key} {recipient}"))
