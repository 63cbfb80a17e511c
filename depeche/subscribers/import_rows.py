"""One line of a file of subscribers: what it says, or which column is wrong and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from email_validator import EmailNotValidError, validate_email

from depeche.delivery.messages import address_key
from depeche.delivery.models import Reason

from . import csv_columns
from .csv_lines import DELIMITERS, FileRefused, Record, Source, records
from .languages import languages
from .models import Basis, Newsletter, SubscriptionState

LONGEST_PROOF = 4_000
LONGEST_REFERENCE = 120
_OLDEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
_YES = {"yes", "oui", "true", "vrai", "1"}
_NO = {"", "no", "non", "false", "faux", "0"}
_BASES = {
    "consent": Basis.CONSENT,
    "consentement": Basis.CONSENT,
    "soft_opt_in": Basis.SOFT_OPT_IN,
    "soft opt-in": Basis.SOFT_OPT_IN,
    "service": Basis.SERVICE,
}


class LineRefused(ValueError):
    """This line cannot be entered; `code` says why, `column` where."""

    def __init__(self, code: str, column: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.facts = code, column, facts


@dataclass(frozen=True)
class Layout:
    """How to read this file: its delimiter, and where each column stands; the first line of data and its byte."""

    delimiter: str
    places: Mapping[str, int]
    start: int
    line: int


@dataclass(frozen=True)
class Entry:
    """What a line says of one reader; `leave` is set where it says that they may not be written to."""

    line: int
    address: str
    key: str
    language: str
    basis: Basis
    agreed_at: dt.datetime
    source: str = ""
    proof: str = ""
    sale: dict[str, Any] = field(default_factory=dict)
    leave: Reason | None = None


def layout(source: Source) -> Layout:
    """From the header: the delimiter under which most columns are known.

    Raises:
        FileRefused: no header, a column is missing or there twice; no source or proof (GDPR art. 7(1)).
    """
    candidates = []
    for delimiter in DELIMITERS:
        header = next(records(source, delimiter), None)
        if header and not header.problem:
            candidates.append((csv_columns.named(header.cells), delimiter, header))
    places, delimiter, header = max(candidates, key=lambda one: len(one[0]), default=({}, "", None))
    if header is None or "address" not in places:
        raise FileRefused("no_header", line=1, columns=", ".join((*csv_columns.REQUIRED, *csv_columns.PROOF)))
    twice = [name for name, found in places.items() if len(found) > 1]
    if twice:
        raise FileRefused("column_twice", line=header.line, columns=", ".join(twice))
    missing = [name for name in csv_columns.PROOF if name not in places]
    if missing:
        raise FileRefused("no_proof", line=header.line, columns=", ".join(missing))
    missing = [name for name in csv_columns.REQUIRED if name not in places]
    if missing:
        raise FileRefused("column_missing", line=header.line, columns=", ".join(missing))
    if next(records(source, delimiter, start=header.end, line=header.last_line), None) is None:
        raise FileRefused("nothing_but_a_header")
    where = {name: found[0] for name, found in places.items()}
    return Layout(delimiter, where, header.end, header.last_line)


def read(record: Record, columns: Layout, newsletter: Newsletter, *, now: dt.datetime) -> Entry:
    """What this line says.

    Raises:
        LineRefused: it cannot be entered.
    """
    if record.problem:
        raise LineRefused(record.problem)
    if len(record.cells) <= max(columns.places[name] for name in (*csv_columns.REQUIRED, *csv_columns.PROOF)):
        raise LineRefused("too_few_cells")
    cells = {
        name: csv_columns.unguarded(record.cells[place]).strip() if place < len(record.cells) else ""
        for name, place in columns.places.items()
    }
    for name, cell in cells.items():
        _check_signs(name, cell)
    if cells.get("newsletter") not in (None, "", newsletter.slug):
        raise LineRefused("other_newsletter", "newsletter")
    address = _address(cells["address"])
    leave = _leave(cells)
    if leave:  # whoever said no needs no proof
        language = newsletter.language
        return Entry(record.line, address, address_key(address), language, Basis.CONSENT, now, leave=leave)
    basis = _basis(cells["basis"], newsletter)
    return Entry(
        line=record.line,
        address=address,
        key=address_key(address),
        language=_language(cells.get("language", ""), newsletter),
        basis=basis,
        agreed_at=_moment(cells["agreed_at"], now),
        source=_told("source", cells["source"]),
        proof=_told("proof", cells["proof"]),
        sale=_sale(cells) if basis == Basis.SOFT_OPT_IN else {},
    )


def _check_signs(name: str, cell: str) -> None:
    if "\0" in cell:
        raise LineRefused("nul", name)
    # Proofs may be several lines long, as a form was; nothing else may.
    plain = cell.replace("\r", "").replace("\n", "").replace("\t", "") if name in csv_columns.PROOF else cell
    if name != "address" and any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in plain):
        raise LineRefused("control_signs", name)


def _address(cell: str) -> str:
    if not cell:
        raise LineRefused("no_address", "address")
    if len(cell) > 320:
        raise LineRefused("address_too_long", "address")
    if any(not sign.isprintable() for sign in cell):
        raise LineRefused("address_lines", "address")
    try:
        return validate_email(
            cell, check_deliverability=False, test_environment=not settings.IS_PUBLIC
        ).normalized
    except EmailNotValidError as error:
        raise LineRefused("no_such_form", "address") from error


def _leave(cells: Mapping[str, str]) -> Reason | None:
    """Why this reader may not be written to, in a file that Dépêche exported.

    Raises:
        LineRefused: a state or a reason that we don't know, or one that never confirmed.
    """
    suppression, state = cells.get("suppression", ""), cells.get("state", "")
    if suppression:
        if suppression not in Reason.values:
            raise LineRefused("unknown_reason", "suppression")
        return Reason(suppression)
    if state == SubscriptionState.WITHDRAWN:
        return Reason.UNSUBSCRIBED
    if state == SubscriptionState.PENDING:
        raise LineRefused("never_confirmed", "state")
    if state not in ("", SubscriptionState.CONFIRMED):
        raise LineRefused("unknown_state", "state")
    return None


def _basis(cell: str, newsletter: Newsletter) -> Basis:
    basis = _BASES.get(cell.lower())
    if basis is None:
        raise LineRefused("unknown_basis", "basis")
    if newsletter.is_third_party and basis != Basis.CONSENT:
        raise LineRefused("third_party", "basis")
    return basis


def _language(cell: str, newsletter: Newsletter) -> str:
    if not cell:
        return newsletter.language
    code = cell.lower()
    if code not in dict(languages()):
        raise LineRefused("unknown_language", "language", languages=", ".join(dict(languages())))
    return code


def _moment(cell: str, now: dt.datetime) -> dt.datetime:
    """A date is its first moment in the newsroom's time zone, as is a time without one."""
    if not cell:
        raise LineRefused("no_moment", "agreed_at")
    try:
        found = dt.datetime.fromisoformat(cell)
        moment = (timezone.make_aware(found) if timezone.is_naive(found) else found).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise LineRefused("no_date", "agreed_at") from error
    if moment > now:
        raise LineRefused("in_the_future", "agreed_at")
    if moment < _OLDEST:
        raise LineRefused("too_long_ago", "agreed_at")
    return moment


def _told(name: str, cell: str) -> str:
    if len(cell) < 3:
        raise LineRefused("nothing_told", name)
    if len(cell) > LONGEST_PROOF:
        raise LineRefused("too_much_told", name, most=LONGEST_PROOF)
    return cell


def _sale(cells: Mapping[str, str]) -> dict[str, Any]:
    """The conditions of a soft opt-in, each of them met (CPCE art. L. 34-5 al. 4)."""
    reference = cells.get("sale_reference", "")
    if not reference:
        raise LineRefused("no_sale", "sale_reference")
    if len(reference) > LONGEST_REFERENCE:
        raise LineRefused("too_much_told", "sale_reference", most=LONGEST_REFERENCE)
    for name, code in (("opt_out_shown", "no_opt_out"), ("own_product", "not_ours")):
        if not _is_yes(name, cells.get(name, "")):
            raise LineRefused(code, name)
    return {"sale_reference": reference, "was_shown_opt_out": True, "is_own_product": True}


def _is_yes(name: str, cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise LineRefused("neither_yes_nor_no", name)
    return cell.lower() in _YES
