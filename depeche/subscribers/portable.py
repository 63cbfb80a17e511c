"""What is held about somebody, as files they can take elsewhere (GDPR art. 20)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What readers see instead of our names; the files keep ours, which stay the same in every language.
NAMES: dict[str, str | Promise] = {
    "subscriber": _("You"),
    "subscriptions": _("Your newsletters"),
    "consent": _("What you agreed to"),
    "messages": _("Our mails to you"),
    "failed_sign_ins": _("Failed sign-ins under your address"),
    "editions": _("Editions sent to you"),
    "corrections": _("Corrections sent to you"),
    "requests": _("Your requests about your data"),
    "rights_requests": _("Your requests about your data"),
    "suppression": _("Why we may not write to you"),
    "suppressions": _("Why we may not write to you"),
    "mail_reports": _("What the mail service told us of your address"),
    "mail_that_came_back": _("How often mail to you came back lately"),
    "people": _("As somebody we report on"),
    "answers_to_the_desk": _("Your answers to the desk"),
    "evidence": _("Evidence"),
    "reported_errors": _("Errors you reported"),
    "address": _("address"),
    "language": _("language"),
    "created_at": _("known since"),
    "last_contact_at": _("last contact from you"),
    "paused_until": _("pauses until"),
    "tracking_since": _("openings are noted since"),
    "newsletter": _("newsletter"),
    "newsletter__name": _("newsletter"),
    "state": _("state"),
    "basis": _("legal basis"),
    "frequency": _("how often"),
    "requested_at": _("asked for at"),
    "confirmed_at": _("confirmed at"),
    "withdrawn_at": _("left at"),
    "number": _("number"),
    "action": _("action"),
    "at": _("at"),
    "purpose": _("purpose"),
    "wording": _("words shown"),
    "texts": _("texts in force"),
    "form": _("form"),
    "url": _("page"),
    "actor": _("by"),
    "message_id": _("message"),
    "recipient": _("address"),
    "subject": _("subject"),
    "edition__subject": _("subject"),
    "finished_at": _("finished at"),
    "reply": _("answer of the mail server"),
    "correction__reason": _("what was wrong"),
    "right": _("right"),
    "outcome": _("outcome"),
    "reason": _("reason"),
    "sender": _("sender"),
    "due_at": _("due at"),
    "received_at": _("received at"),
    "done_at": _("done at"),
}


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
            [[(_readable(name), _in_words(value)) for name, value in _row(row).items()] for row in rows],
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
    name = name.removeprefix("subscriptions__")
    return str(NAMES.get(name) or name.replace("__", " ").replace("_", " "))


def _in_words(value: Any) -> str:
    """Times as the newsroom's clock shows them."""
    return (
        date_format(timezone.localtime(value), "DATETIME_FORMAT")
        if isinstance(value, dt.datetime)
        else _plain(value)
    )


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _harmless(text: str) -> str:
    """Spreadsheets take what opens with these for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
