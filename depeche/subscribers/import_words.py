"""Why a file or one of its lines was refused, in the words of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OF_THE_FILE = {
    "empty_file": gettext_lazy("The file is empty."),
    "nothing_but_a_header": gettext_lazy("The file has a header and no line below it."),
    "spreadsheet": gettext_lazy(
        "This is a spreadsheet, not CSV. Save it as “CSV UTF-8” in your spreadsheet program, and send that."
    ),
    "wrong_encoding": gettext_lazy(
        "The byte %(byte)s of the file is not %(encoding)s, while what comes before it is. Save the file as UTF-8 and send it again."
    ),
    "no_header": gettext_lazy("The first line has to name the columns: %(columns)s."),
    "column_twice": gettext_lazy("The header names a column twice: %(columns)s."),
    "column_missing": gettext_lazy("The header lacks: %(columns)s."),
    "no_proof": gettext_lazy(
        "The header lacks: %(columns)s. Whoever writes to an address has to be able to prove that its owner agreed (GDPR, article 7(1)): a list without origin and proof is not entered. Invite these readers to the sign-up page instead; who confirms there has agreed, with proof."
    ),
    "changed_meanwhile": gettext_lazy("The file is not the one this import began with."),
    "upload_gone": gettext_lazy(
        "The file was deleted a day after it came. Send it again: the import goes on where it stopped."
    ),
    "too_large": gettext_lazy(
        "The file is larger than %(most)s MB. Cut it in parts, or use the command line."
    ),
}

OF_A_LINE = {
    "line_too_long": gettext_lazy("The line is too long to be one reader."),
    "bad_quotes": gettext_lazy(
        "A quotation mark is opened and never closed, or stands in the middle of a cell."
    ),
    "too_few_cells": gettext_lazy("The line has fewer cells than the header."),
    "nul": gettext_lazy("A NUL byte."),
    "control_signs": gettext_lazy("Control characters or a line break."),
    "other_newsletter": gettext_lazy("This line is about another newsletter: nobody agreed to this one."),
    "no_address": gettext_lazy("No address."),
    "address_too_long": gettext_lazy("Longer than an address can be."),
    "address_lines": gettext_lazy("An address is a single line of visible characters."),
    "no_such_form": gettext_lazy("Not an e-mail address. It looks like name@example.org."),
    "unknown_reason": gettext_lazy("Not a reason we know."),
    "unknown_state": gettext_lazy("Not a state we know: pending, confirmed or withdrawn."),
    "never_confirmed": gettext_lazy("Asked for it and never confirmed: did not agree."),
    "unknown_basis": gettext_lazy("The legal basis is consent, soft_opt_in or service."),
    "third_party": gettext_lazy(
        "This newsletter is for others than the newsroom: only readers who consented to exactly that may get it."
    ),
    "unknown_language": gettext_lazy("Not a language of this newsroom: %(languages)s."),
    "no_moment": gettext_lazy("No date: when did they agree?"),
    "no_date": gettext_lazy("Not a date like 2026-03-12 or 2026-03-12T14:30."),
    "in_the_future": gettext_lazy("The date is in the future."),
    "too_long_ago": gettext_lazy("The date is before 1990."),
    "nothing_told": gettext_lazy("Empty: where it was collected and what proves it must be told."),
    "too_much_told": gettext_lazy("Longer than %(most)s characters."),
    "no_sale": gettext_lazy(
        "Without consent, only buyers may be written to: name the sale or account (CPCE, article L. 34-5)."
    ),
    "no_opt_out": gettext_lazy(
        "Without consent, only those may be written to who could object when the address was taken down (CPCE, article L. 34-5)."
    ),
    "not_ours": gettext_lazy(
        "Without consent, only offers of one's own that are like the one bought may be sent (CPCE, article L. 34-5)."
    ),
    "neither_yes_nor_no": gettext_lazy("Neither yes nor no."),
    "said_to_have_left": gettext_lazy(
        "The file says that they left, or may not be written to: noted, not entered."
    ),
    "left": gettext_lazy("Left this newsletter: only they can come back, by signing up."),
    "suppressed_hard_bounce": gettext_lazy("May not be written to: there is no such mailbox."),
    "suppressed_soft_bounce": gettext_lazy("May not be written to: took no mail for weeks."),
    "suppressed_complaint": gettext_lazy("May not be written to: called our mail spam."),
    "suppressed_unsubscribed": gettext_lazy("May not be written to: left."),
    "suppressed_erased": gettext_lazy("May not be written to: had everything about them erased."),
    "suppressed_objection": gettext_lazy("May not be written to: objected to direct marketing."),
}


def sentence(error: Mapping[str, Any]) -> str:
    """« Line 12, agreed_at: the date is in the future. »; `error` as `ImportRun.errors` keeps it."""
    words = str({**OF_THE_FILE, **OF_A_LINE}[error["error"]]) % error
    if error.get("line") and error.get("column"):
        return _("Line %(line)s, %(column)s: %(words)s") % {**error, "words": words}
    if error.get("line"):
        return _("Line %(line)s: %(words)s") % {**error, "words": words}
    return words
