"""Keyed hashes under SECRET_KEY, several for each of many mails."""

from __future__ import annotations

import functools
import hashlib
import hmac

from django.conf import settings
from django.utils.encoding import force_bytes


def salted_digest(
    salt: str | bytes, value: str | bytes, *, secret: str | bytes = "", algorithm: str = "sha1"
) -> bytes:
    """The digest that Django's `salted_hmac` makes, but the key under the salt is derived once.

    Without `secret`, under SECRET_KEY.
    """
    key = _key(salt, secret or settings.SECRET_KEY, algorithm)
    return hmac.digest(key, force_bytes(value), algorithm)


def keyed_hash(salt: str, value: str) -> str:
    """16 hexadecimal digits under SECRET_KEY, where they need not be Django's: BLAKE2b (RFC 7693), which is quicker."""
    key = _key(salt, settings.SECRET_KEY, "sha256")
    return hashlib.blake2b(value.encode(), key=key, digest_size=8).hexdigest()


@functools.lru_cache(maxsize=64)
def _key(salt: str | bytes, secret: str | bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, force_bytes(salt) + force_bytes(secret)).digest()
