"""The columns of a file of subscribers: their names in English and French, and cells no spreadsheet calculates."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

COLUMNS = (
    "address",
    "language",
    "basis",
    "agreed_at",
    "source",
    "proof",
    "sale_reference",
    "opt_out_shown",
    "own_product",
    "newsletter",
    "state",
    "suppression",
)
REQUIRED = ("address", "basis", "agreed_at")
PROOF = ("source", "proof")

_ALIASES = {
    "address": ("adresse", "email", "e_mail", "mail", "courriel", "adresse_e_mail", "email_address"),
    "language": ("langue",),
    "basis": ("base", "base_legale", "fondement", "legal_basis"),
    "agreed_at": ("accord_le", "date_accord", "date_d_accord", "consentement_le", "date_du_consentement"),
    "source": ("provenance", "origine"),
    "proof": ("preuve",),
    "sale_reference": ("vente", "reference_vente", "reference_de_vente"),
    "opt_out_shown": ("opposition_proposee", "refus_propose"),
    "own_product": ("produit_propre", "offre_propre"),
    "newsletter": ("lettre", "lettre_d_information"),
    "state": ("etat",),
    "suppression": ("blocage", "exclusion"),
}
_NAMES = {alias: name for name, aliases in _ALIASES.items() for alias in (name, *aliases)}
_CALCULATED = ("=", "+", "-", "@", "\t", "\r")


def named(cells: Sequence[str]) -> dict[str, list[int]]:
    """Where the known columns stand in a header, by their English name; more than one place if it is there twice."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        name = _NAMES.get(_plain(cell))
        if name:
            places.setdefault(name, []).append(place)
    return places


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would calculate.

    Source: OWASP, CSV Injection.
    """
    return f"'{cell}" if cell.lstrip("'").startswith(_CALCULATED) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    if cell.startswith("'") and cell.lstrip("'").startswith(_CALCULATED):
        return cell[1:]
    return cell


def _plain(cell: str) -> str:
    """« Base légale » → « base_legale »."""
    letters = unicodedata.normalize("NFKD", unguarded(cell.strip()).casefold())
    words = "".join(
        letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)
    )
    return "_".join(words.split())
