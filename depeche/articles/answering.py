"""An answer as the findings panel sends it: looked up in a fresh reading, then recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import answers
from .analysis import Claim, Finding
from .gate import Examination, Requirement
from .ledger import Evidence
from .models import Article

PREFIX = "answer"


class Gone(Exception):
    """What it answers does not stand in this text, or on record; `str()` says so, in the user's language."""


class Unknown(Exception):
    """There is no such answer."""


class Incomplete(Exception):
    """`form` says what is missing."""

    def __init__(self, form: EvidenceForm) -> None:
        super().__init__(form.errors.as_json())
        self.form = form


class EvidenceForm(forms.ModelForm):
    """What a claim rests on."""

    link = forms.URLField(label=gettext_lazy("link"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Evidence
        fields = ["who", "kind", "title", "link", "consulted_on"]
        widgets = {"consulted_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, data: QueryDict | None = None, *, at: str) -> None:
        super().__init__(data, prefix=PREFIX, auto_id=f"{at}-%s", use_required_attribute=False)


def record(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    """Keep what `by` says to something of `examination`.

    Raises:
        Gone, Unknown, Incomplete: it cannot be understood.
        answers.Refused: it may not be recorded.
    """
    what = said.get(f"{PREFIX}-do", "")
    if what not in _RECORDERS:
        raise Unknown(what)
    _RECORDERS[what](article, examination, said, by)


def _dismiss(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    key = _said(said, "key")
    items: list[Finding | Requirement] = [stand.finding for stand in examination.stands]
    items += examination.requirements
    item = next((item for item in items if item.key == key), None)
    if item is None:
        raise Gone(_("These words have changed meanwhile: look again."))
    answers.dismiss(article, item, reason=_said(said, "reason"), by=by)


def _second(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    answers.second(_standing(article, "dismissals", said), by=by)


def _rule(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    claim = _claim(examination, said)
    answers.rule(article, claim, verdict=_said(said, "verdict"), source=_said(said, "source"), by=by)


def _add_evidence(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    claim = _claim(examination, said)
    form = EvidenceForm(said, at=_said(said, "at"))
    if not form.is_valid():
        raise Incomplete(form)
    answers.add_evidence(article, claim, record=form.cleaned_data, by=by)


def _ask_for_anonymity(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    key = _said(said, "key")
    described = {stand.finding.key: stand.finding.place.words for stand in examination.stands}
    described |= {claim.key: claim.source for claim in examination.reading.claims if claim.source}
    if key not in described:
        raise Gone(_("These words have changed meanwhile: look again."))
    answers.ask_for_anonymity(article, words=described[key], reason=_said(said, "reason"), by=by)


def _approve_anonymity(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    answers.approve_anonymity(_standing(article, "anonymous_sources", said), by=by)


def _take_back(article: Article, examination: Examination, said: QueryDict, by: Any) -> None:
    of = _said(said, "of")
    if of not in ("dismissals", "rulings", "evidence", "anonymous_sources"):
        raise Unknown(of)
    answers.take_back(_standing(article, of, said), by=by)


_RECORDERS: dict[str, Callable[[Article, Examination, QueryDict, Any], None]] = {
    "dismiss": _dismiss,
    "second": _second,
    "rule": _rule,
    "evidence": _add_evidence,
    "anonymity": _ask_for_anonymity,
    "approve": _approve_anonymity,
    "take_back": _take_back,
}


def _said(said: QueryDict, name: str) -> str:
    return said.get(f"{PREFIX}-{name}", "")


def _claim(examination: Examination, said: QueryDict) -> Claim:
    key = _said(said, "key")
    claim = next((claim for claim in examination.reading.claims if claim.key == key), None)
    if claim is None:
        raise Gone(_("These words have changed meanwhile: look again."))
    return claim


def _standing(article: Article, rows: str, said: QueryDict) -> Any:
    """A row of this article that nobody took back."""
    number = _said(said, "row")
    standing = getattr(article, rows).standing()
    row = standing.filter(pk=number).first() if number.isascii() and number.isdigit() else None
    if row is None:
        raise Gone(_("A colleague was faster: it was taken back."))
    return row
