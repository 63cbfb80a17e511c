"""How a version of a legal text is laid out: its fields as sections, each under a heading in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .legal import LegalText, LegalVersion
from .legal_changes import FieldChange, changes

HEADINGS: dict[str, str | Promise] = {
    "title": _("Title"),
    "body": _("Text"),
    "controller": _("Who is responsible for your data"),
    "purposes": _("What your data is for"),
    "legal_basis": _("Legal basis"),
    "recipients": _("Who receives your data"),
    "retention": _("How long it is kept"),
    "rights": _("Your rights, and how to use them"),
    "authority": _("Authority you can complain to"),
    "publisher": _("Publisher"),
    "director": _("Director of publication"),
    "host": _("Host"),
    "promise": _("Promise"),
    "box": _("Words beside the box"),
    "sentence": _("Sentence that names the texts"),
    "button": _("Button"),
}


@dataclass(frozen=True)
class Section:
    """One field that says something, with its heading."""

    heading: str | Promise
    text: str


@dataclass(frozen=True)
class NamedChange:
    """One field that changed, under its heading."""

    heading: str | Promise
    change: FieldChange


def sections(version: LegalVersion) -> list[Section]:
    """All it says but title and body, in the order the law lists it."""
    content = version.fields
    return [
        Section(HEADINGS[name], content[name])
        for name in version.text.fields_to_fill
        if name != "body" and content.get(name)
    ]


def compared(old: LegalVersion, new: LegalVersion) -> list[NamedChange]:
    """What changed from one version to another; [] where nothing did."""
    return _named(changes(old.fields, new.fields), new.text)


def unpublished(text: LegalText, seen: LegalVersion | None) -> list[NamedChange]:
    """What readers would find changed if `text` were published now."""
    return _named(changes(seen.fields if seen else {}, text.content()), text)


def _named(found: Sequence[FieldChange], text: LegalText) -> list[NamedChange]:
    order = {name: at for at, name in enumerate(text.fields_shown)}
    in_order = sorted(found, key=lambda change: order.get(change.name, len(order)))
    return [NamedChange(HEADINGS.get(change.name, change.name), change) for change in in_order]
