"""Keyed hashes under SECRET_KEY, several for each of many mails."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

from django.conf import settings
from django.utils.encoding import force_bytes


class Mac:
    """HMAC (RFC 2104) under one key, of which both blocks are hashed beforehand: half the time for a short message."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes, algorithm: str = "sha256") -> None:
        inner = hashlib.new(algorithm)
        key = (key if len(key) <= inner.block_size else hashlib.new(algorithm, key).digest()).ljust(
            inner.block_size, b"\0"
        )
        self._inner = hashlib.new(algorithm, key.translate(_INNER))
        self._outer = hashlib.new(algorithm, key.translate(_OUTER))

    def digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


_INNER = bytes(octet ^ 0x36 for octet in range(256))
_OUTER = bytes(octet ^ 0x5C for octet in range(256))


@functools.lru_cache(maxsize=64)
def salted(salt: str | bytes, secret: str | bytes, algorithm: str = "sha1") -> Mac:
    """What Django's `salted_hmac` makes digests with."""
    return Mac(_key(salt, secret, algorithm), algorithm)


def keyed_hash(salt: str, value: str) -> str:
    """16 hexadecimal digits under SECRET_KEY, where they need not be Django's: BLAKE2b (RFC 7693), which is quicker."""
    return keyed_hasher(salt)(value)


def keyed_hasher(salt: str) -> Callable[[str], str]:
    """`keyed_hash` of many values."""
    keyed = hashlib.blake2b(key=_key(salt, settings.SECRET_KEY, "sha256"), digest_size=8)

    def hashed(value: str) -> str:
        made = keyed.copy()
        made.update(value.encode())
        return made.hexdigest()

    return hashed


def _key(salt: str | bytes, secret: str | bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, force_bytes(salt) + force_bytes(secret)).digest()
