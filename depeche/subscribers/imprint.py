"""Who publishes the paper, as its legal notice says: below every mail, and what is still to be completed of it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from .legal import Kind, LegalVersion, current


def default(paper: str) -> dict[str, str]:
    """The fields a legal notice begins with in the active language; who publishes completes them."""
    return {
        "publisher": _("%(paper)s. To be completed: name or company, address, telephone, register.")
        % {"paper": paper},
        "director": _("To be completed: who answers for what is published."),
        "host": _("To be completed: name, address and telephone of whoever runs the machines."),
    }


def unfinished(version: LegalVersion) -> list[str]:
    """The fields of a legal notice that still stand as they began."""
    if version.text.kind != Kind.IMPRINT:
        return []
    with translation.override(version.text.language):
        ours = default("")
    return [name for name, words in ours.items() if version.fields.get(name, "").endswith(words)]


def publisher(language: str) -> str:
    """Name and address of whoever publishes, in lines; "" while no legal notice in this language says it.

    Source: LCEN art. 1-1; CPCE art. L. 34-5, who writes does not hide who they are.
    """
    version = current(Kind.IMPRINT, language)
    if version is None or "publisher" in unfinished(version):
        return ""
    lines = (line.strip() for line in version.fields.get("publisher", "").splitlines())
    return "\n".join(line for line in lines if line)
