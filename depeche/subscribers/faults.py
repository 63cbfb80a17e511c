"""What can be wrong with the log of consent, and how each is said."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fault(models.TextChoices):
    """What can be wrong; labels are what is said of it."""

    CHANGED = "changed", _("Entry %(number)s was changed: its digest is not that of what it says.")
    UNKNOWN_KEY = "unknown_key", _("Entry %(number)s was made with key %(about)s, which is not there.")
    OUT_OF_ORDER = "out_of_order", _("Entry %(number)s does not follow the one before: put in, or moved.")
    GAP = "gap", _("Entries %(number)s to %(about)s were removed.")
    CUT_OFF = (
        "cut_off",
        _("The end was removed: the journal knows entry %(number)s, the log ends at %(about)s."),
    )
    OTHER_HEAD = "other_head", _("Entry %(number)s is not the one that the journal noted.")
    NO_HEAD = "no_head", _("The journal notes no end of the log: what was removed there cannot be seen.")
    JOURNAL_CHANGED = (
        "journal_changed",
        _("Lines of the journal that are not ours, changed or torn: %(about)s."),
    )
    DETAIL_CHANGED = "detail_changed", _("Entry %(number)s: a detail is not what was noted (%(about)s).")
    DETAIL_MISSING = (
        "detail_missing",
        _("Entry %(number)s: a detail is missing, and no erasure or purge explains it (%(about)s)."),
    )
    DETAIL_ADDED = "detail_added", _("Entry %(number)s: a detail was never part of it (%(about)s).")
    WORDS = "words", _("Entry %(number)s: the words shown are missing or changed (%(about)s).")
    TEXT = "text", _("Entry %(number)s: a legal text in force is missing or changed (%(about)s).")
    PERSON_MISSING = (
        "person_missing",
        _("Entry %(number)s: its person is missing, and no erasure explains it (%(about)s)."),
    )
    PERSON_CHANGED = "person_changed", _("Entry %(number)s: its person was changed (%(about)s).")
    PERSON_ADDED = "person_added", _("No entry is about this person: %(about)s.")
    NO_CONSENT = "no_consent", _("Subscription %(about)s is confirmed, and the log does not say how.")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, `number` the entry where it shows."""

    fault: Fault
    number: int | None = None
    about: str = ""

    def __str__(self) -> str:
        return str(self.fault.label) % {"number": self.number, "about": self.about}
