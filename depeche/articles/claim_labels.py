"""The desk's names for a claim, in plain words of the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VOICES: dict[str, Promise] = {
    "newsroom": _("in the newsroom’s own voice"),
    "source": _("in the voice of a source"),
    "hearsay": _("in nobody’s voice"),
}
DEGREES: dict[str, Promise] = {
    "certain": _("stated as certain"),
    "probable": _("stated as probable"),
    "possible": _("stated as possible"),
    "reported_uncommitted": _("passed on, not vouched for"),
    "hypothetical": _("a supposition"),
    "question": _("asked, not stated"),
    "denied": _("denied"),
}
STATUSES: dict[str, Promise] = {
    "attributed_named": _("source named"),
    "attributed_institution": _("source: an institution"),
    "attributed_anonymous": _("source not named"),
    "attributed_vague": _("source vague"),
    "speech_act_reported": _("words reported"),
    "asserted_unattributed": _("no source"),
    "hedged_newsroom": _("no source, with reserve"),
    "hearsay_no_source": _("hearsay without a source"),
    "hypothetical": _("a supposition"),
    "question": _("a question"),
    "denied": _("denied by its source"),
}
TYPES: dict[str, Promise] = {
    "event": _("fact"),
    "quantity_event": _("figure"),
    "superlative_first": _("superlative or first"),
    "causal_interpretation": _("cause"),
    "accusation": _("accusation"),
    "prediction": _("forecast"),
    "opinion": _("opinion"),
    "mental_state": _("thought or intention"),
}
ZONES: dict[str, Promise] = {
    "headline": _("Headline"),
    "standfirst": _("Standfirst"),
    "crosshead": _("Crossheads"),
    "paragraph": _("Text"),
    "list_item": _("Lists"),
    "quotation": _("Quotations"),
    "caption": _("Captions"),
}


def label(labels: dict[str, Promise], name: str) -> str:
    """The words for a name of the desk; the name itself where it is newer than these words."""
    return str(labels.get(name, name.replace("_", " ")))
