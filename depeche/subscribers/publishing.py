"""Publishing a legal text: a new version that never changes, or a refusal that names what is missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from .legal import AskingAgain, LegalText, LegalVersion, canonical_content, hash_of


class FieldsMissing(Exception):
    """The law asks for what is empty; `names` are the fields of `LegalText`, in their order."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class NothingChanged(Exception):
    """What readers see already says exactly this."""


def missing(text: LegalText) -> tuple[str, ...]:
    """The fields without which `text` may not be published, as long as they are empty."""
    content = text.content()
    return tuple(name for name in ("title", *text.fields_to_fill) if not content[name])


@transaction.atomic
def publish(
    text: LegalText,
    *,
    by: Any,
    is_material: bool = False,
    change: str = "",
    at: dt.datetime | None = None,
) -> LegalVersion:
    """The new version, which readers see from now on. `by` is None where the system does it.

    Raises:
        FieldsMissing, NothingChanged.
    """
    if empty := missing(text):
        raise FieldsMissing(empty)
    content = text.content()
    text = LegalText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    last = text.versions.first()
    written = canonical_content(content)
    if last and last.content == written:
        raise NothingChanged
    version = LegalVersion.objects.create(
        text=text,
        number=last.number + 1 if last else 1,
        content=written,
        sha256=hash_of(written),
        published_at=at or timezone.now(),
        published_by=by.get_username() if by else "",
        is_material=is_material and last is not None,
        change=change,
    )
    if version.is_material:
        AskingAgain.objects.create(version=version, started_at=version.published_at)
    log(text, "wagtail.publish", user=by, data={"version": version.number, "sha256": version.sha256})
    return version
