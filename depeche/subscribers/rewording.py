"""Putting what readers are told into the newsroom's words, and back into ours; each change is in the audit log."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from .words import ChangedText, ours, slots

PERMISSION = "subscribers.change_changedtext"
MOST = {"text": 1000, "error": 300}
MOST_OTHERWISE = 120  # titles, subjects, buttons
_HTML = re.compile(r"[<>].{0,20}|&#?\w+;")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_TURNS_WRITING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@transaction.atomic
def change(key: str, language: str, text: str, *, by: Any) -> bool:
    """Whether anything changed: readers see `text` from now on. Our own words leave no row.

    Raises:
        ValidationError: see `checked`.
    """
    text = checked(key, language, text)
    if text == ours(key, language):
        return restore(key, language, by=by)
    row = ChangedText.objects.select_for_update().filter(key=key, language=language).first()
    before = row.text if row else ours(key, language)
    if row and row.text == text:
        return False
    row = row or ChangedText(key=key, language=language)
    row.text = text
    row.save()
    log(row, "depeche.change_words", user=by, data=_change(row, before, text))
    return True


@transaction.atomic
def restore(key: str, language: str, *, by: Any) -> bool:
    """Back to our words; False where they stood already."""
    row = ChangedText.objects.select_for_update().filter(key=key, language=language).first()
    if row is None:
        return False
    log(row, "depeche.restore_words", user=by, data=_change(row, row.text, ours(key, language)))
    row.delete()
    return True


def checked(key: str, language: str, text: str) -> str:
    """The text without spaces around it, once it may stand on a page and in a mail.

    Raises:
        ValidationError: it says nothing, is too long, is more than one line, HTML, or has slots that are not those of ours.
    """
    text = text.strip()
    if not text:
        raise ValidationError(_("It says nothing. Write something, or go back to our words."))
    most = MOST.get(key.partition(".")[2].partition("_")[0], MOST_OTHERWISE)
    if len(text) > most:
        raise ValidationError(
            _("It has %(count)d signs; %(most)d fit."), params={"count": len(text), "most": most}
        )
    for place, sign in enumerate(text):
        if sign in _TURNS_WRITING or unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise ValidationError(
                _("A line break or a sign that cannot be seen stands after “%(before)s”. Take it out."),
                params={"before": text[max(0, place - 20) : place]},
            )
    if found := _HTML.search(text):
        raise ValidationError(_("Plain words only: “%(found)s” looks like HTML."), params={"found": found[0]})
    _check_slots(slots(ours(key, language)), text)
    return text


def _check_slots(allowed: list[str], text: str) -> None:
    found = _BRACES.findall(text)
    for one in found:
        if one not in allowed:
            raise ValidationError(
                _("“%(found)s” stands for nothing here. What is filled in: %(allowed)s."),
                params={"found": one[:40], "allowed": ", ".join(allowed) or _("nothing")},
            )
    for one in allowed:
        if one not in found:
            raise ValidationError(
                _("“%(missing)s” is missing: put it where that is to be filled in."), params={"missing": one}
            )


def _change(row: ChangedText, before: str, after: str) -> dict[str, str]:
    return {"text": row.key, "language": row.language, "before": before, "after": after}
