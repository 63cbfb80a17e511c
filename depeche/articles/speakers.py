"""Who says a claim, as readers are told: the name, what is to be known of it, and who is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .analysis import Claim, Reading
from .claims_kept import folded
from .ledger import Ruling

if TYPE_CHECKING:
    from .who_says_what import Shown

NOBODY, THE_PAPER = "nobody", "paper"
_UNNAMED = {"ATT002", "ATT003"}  # what the desk asks where nobody is named
_ELIDED = r"(?:\b[DdLl][’'])?"
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
# « Anne Roche », without the article that opens « La Corée ».
_FULL_NAME = re.compile(rf"(?<!\w){_CAPITAL}[\w-]{{3,}}(?: {_CAPITAL}[\w’'-]+)+")


@dataclass
class Speaker:
    """Who says something, what is to be known of them, and their claims in the order of the text."""

    name: str
    note: str = ""
    claims: list[Shown] = field(default_factory=list)
    kind: str = ""

    @property
    def is_source(self) -> bool:
        """Whether somebody is named, or at least described."""
        return not self.kind

    @property
    def known_by(self) -> tuple[str, str]:
        """Equal for one speaker: by the full name, where there is just one, whatever the role beside it."""
        names = _FULL_NAME.findall(self.name)
        return self.kind, folded(names[0] if len(names) == 1 else self.name)


def speaker_of(claim: Claim, ruling: Ruling | None, unnamed: Mapping[str, str]) -> Speaker:
    """Whose claim it is; `unnamed` as `unnamed_in` gives them."""
    if ruling and ruling.verdict == Ruling.Verdict.SOURCE:
        return Speaker(_capital(ruling.source), _("Named by the newsroom, not by the text."))
    if claim.voice == "newsroom" or (ruling and ruling.verdict == Ruling.Verdict.OBSERVED):
        return Speaker(_("The paper itself"), _("Stated without naming a source."), kind=THE_PAPER)
    if claim.source:
        name = _with_elision(claim)
        return Speaker(_capital(name), _note(claim, unnamed.get(folded(name), "")))
    return Speaker(
        _("No source"), _("The article passes it on without saying who it has it from."), kind=NOBODY
    )


def unnamed_in(reading: Reading) -> dict[str, str]:
    """The sources of which the desk warned that nobody is named, with the code of its finding."""
    return {
        folded(finding.place.words): finding.code
        for finding in reading.findings
        if finding.code in _UNNAMED and finding.severity != "info"
    }


def left_out(count: int) -> str:
    """That so many plain statements of the paper are not in the list."""
    return ngettext(
        "%(count)d more, without figure, cause or accusation, is not listed.",
        "%(count)d more, without figure, cause or accusation, are not listed.",
        count,
    ) % {"count": count}


def _note(claim: Claim, code: str) -> str:
    if not code:
        return ""
    if claim.quality == "vague_document":
        return _("The article does not say which.")
    return _("The article names nobody.") if code == "ATT002" else _("The article gives no name.")


def _with_elision(claim: Claim) -> str:
    """« D’autres » where the desk has « autres »."""
    found = re.search(rf"{_ELIDED}(?<!\w){re.escape(claim.source)}", claim.sentence)
    return found[0] if found else claim.source


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
