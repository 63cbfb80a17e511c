"""Keyed hashes under SECRET_KEY, several for each of many mails."""

from __future__ import annotations

import functools
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes


def salted_mac(
    salt: str | bytes, value: str | bytes, *, secret: str | bytes = "", algorithm: str = "sha1"
) -> hmac.HMAC:
    """What Django's `salted_hmac` makes, but the key under the salt is derived once.

    Without `secret`, under SECRET_KEY.
    """
    mac = _keyed(salt, secret or settings.SECRET_KEY, algorithm).copy()
    mac.update(force_bytes(value))
    return mac


@functools.lru_cache(maxsize=64)
def _keyed(salt: str | bytes, secret: str | bytes, algorithm: str) -> hmac.HMAC:
    return salted_hmac(salt, "", secret, algorithm=algorithm)
