"""Copies of what links led to, as files: compressed, by digest, for this account alone, never served as pages."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def keep(content: bytes) -> str:
    """Keep these bytes; their SHA-256 (hex), by which they are found. The same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = _place(sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent)  # which only this account may read
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(gzip.compress(content, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256


def kept(sha256: str) -> bytes:
    """The bytes of that digest.

    Raises:
        FileNotFoundError: this machine has none.
        ValueError: the file was damaged.
    """
    try:
        content = gzip.decompress(_place(sha256).read_bytes())
    except (gzip.BadGzipFile, EOFError) as error:
        raise ValueError(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(sha256)
    return content


def _place(sha256: str) -> Path:
    return Path(settings.LINK_COPIES) / sha256[:2] / f"{sha256}.gz"
