"""What is held about somebody, as files they can take elsewhere (GDPR art. 20)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any


def as_json(found: dict[str, list[Any]]) -> bytes:
    """UTF-8, one list of objects for each kind; times as ISO 8601."""
    return json.dumps(found, ensure_ascii=False, indent=2, default=_plain).encode()


def as_csv(found: dict[str, list[Any]]) -> bytes:
    """A ZIP with one CSV (RFC 4180, UTF-8) for each kind that holds something."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, rows in found.items():
            if rows:
                archive.writestr(f"{kind}.csv", _table(rows))
    return packed.getvalue()


def as_lines(found: dict[str, list[Any]]) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """For a page: each kind that holds something, and its rows as names and values."""
    return [
        (
            _readable(kind),
            [[(_readable(name), _plain(value)) for name, value in _row(row).items()] for row in rows],
        )
        for kind, rows in found.items()
        if rows
    ]


def _table(rows: list[Any]) -> str:
    lines = [_row(row) for row in rows]
    names = list(dict.fromkeys(name for line in lines for name in line))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows({name: _harmless(_plain(value)) for name, value in line.items()} for line in lines)
    return text.getvalue()


def _row(row: Any) -> dict[str, Any]:
    return row if isinstance(row, dict) else {"value": row}


def _readable(name: str) -> str:
    return name.replace("__", " ").replace("_", " ")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _harmless(text: str) -> str:
    """Spreadsheets take what opens with these for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
