"""Tag lists, « v=DMARC1; p=none »: what DKIM keys and DMARC policies are written in (RFC 6376 §3.2)."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class UnreadableTags(ValueError):
    """This is no list of tags, or names one twice."""


def read(record: str) -> dict[str, str]:
    """Values by tag, in their order, without white space around them.

    Raises:
        UnreadableTags.
    """
    found: dict[str, str] = {}
    parts = record.split(";")
    for part in parts if parts[-1].strip() else parts[:-1]:
        name, sign, value = part.partition("=")
        name = name.strip()
        if not sign or not _NAME.fullmatch(name) or name in found:
            raise UnreadableTags(part.strip())
        found[name] = value.strip()
    return found


def write(tags: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in tags.items())
