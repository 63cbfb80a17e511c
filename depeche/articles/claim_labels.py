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
# How sure a statement is for readers: the degrees, but what somebody thinks is not certain by being said, and
# where the paper retells what somebody did in speaking, the degree would be the paper's; and the desk has one
# class for verbs that deny and verbs that reply.
CERTAINTIES: dict[str, Promise] = {
    **DEGREES,
    "certain": _("stated without reserve"),
    "opinion": _("given as an opinion"),
    "denied": _("in reply or denial"),
    "retold": _("told in the paper’s words"),
}
# How the words of a claim are marked for readers: a class of article.css; "" is said in words alone.
CERTAINTY_MARKS: dict[str, str] = {
    "opinion": "likely",
    "retold": "firm",
    "certain": "firm",
    "probable": "likely",
    "possible": "likely",
    "reported_uncommitted": "told",
    "hypothetical": "",
    "question": "",
    "denied": "denied",
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


def certainty_of(degree: str, status: str, kind: str) -> str:
    """How sure readers are told a claim is: a name of CERTAINTIES, from the desk's degree, status and type."""
    if degree != "certain":
        return degree
    if kind in ("opinion", "mental_state"):
        return "opinion"
    return "retold" if status == "speech_act_reported" else degree


def label(labels: dict[str, Promise], name: str) -> str:
    """The words for a name of the desk; the name itself where it is newer than these words."""
    return str(labels.get(name, name.replace("_", " ")))
