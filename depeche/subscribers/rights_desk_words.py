"""What the rights desk says: how urgent a request is, what is held, what was done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from depeche.delivery.models import Reason

from .models import RightsRequest

ROADS_IN_WORDS = {
    "letter": gettext_lazy("letter"),
    "mail": gettext_lazy("e-mail"),
    "telephone": gettext_lazy("telephone"),
    "in person": gettext_lazy("in person"),
    "self": gettext_lazy("their own page"),
}
KINDS = {
    "subscriber": gettext_lazy("Reader: address, language, dates"),
    "subscriptions": gettext_lazy("Subscriptions"),
    "requests_being_seen_to": gettext_lazy("Sign-ups being seen to"),
    "rights_used": gettext_lazy("Requests about personal data"),
    "consent": gettext_lazy("Entries of the consent log"),
    "messages": gettext_lazy("Mails to this address"),
    "failed_sign_ins": gettext_lazy("Failed sign-ins under this address"),
    "suppressions": gettext_lazy("Reasons not to write to this address"),
    "editions": gettext_lazy("Copies of editions"),
    "corrections": gettext_lazy("Mails about corrections"),
    "reported_errors": gettext_lazy("Reported errors"),
    "reports_sent": gettext_lazy("Networks they were reported from, as keyed hashes"),
    "people": gettext_lazy("Public page of a person who writes for us"),
    "answers_to_the_desk": gettext_lazy("Answers of a colleague to the desk"),
    "evidence": gettext_lazy("Evidence of articles that quotes the address"),
}


def kind_in_words(kind: str) -> str:
    """What `privacy.export` calls `kind`, for people."""
    return str(KINDS.get(kind, kind.replace("_", " ")))


def urgency(request: RightsRequest, today: dt.date) -> str:
    """« overdue by 3 days », « due today », « due in 12 days »."""
    days = (request.due_on - today).days
    if days < 0:
        return ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", -days) % {"days": -days}
    if days == 0:
        return _("Due today")
    return ngettext("Due in %(days)d day", "Due in %(days)d days", days) % {"days": days}


def unsent_in_words(request: RightsRequest) -> str:
    """That no mail told the person, why, and what to do instead; "" where one did."""
    answered = request.outcome != RightsRequest.Outcome.OPEN
    reason = request.proof.get("unsent" if answered else "extension_unsent")
    if reason not in Reason.values:
        return ""
    told = {"reason": Reason(reason).label}
    if answered:
        return (
            _(
                "It is done, but no mail told the person: %(reason)s. Answer by post, or at another address they gave you."
            )
            % told
        )
    return (
        _(
            "There is more time, but no mail told the person: %(reason)s. Tell them by post, or at another address they gave you, before the first month is over."
        )
        % told
    )


def proof_in_words(request: RightsRequest) -> list[tuple[str, str]]:
    """What was done, as names and values."""
    proof: dict[str, Any] = request.proof
    lines: list[tuple[str, str]] = [
        (kind_in_words(kind), str(count)) for kind, count in proof.get("held", {}).items()
    ]
    named = {
        "deleted": _("Records deleted"),
        "left": _("Subscriptions ended"),
        "sha256": _("SHA-256 of the data sent"),
        "by": _("Answered by"),
    }
    lines += [(label, str(proof[name])) for name, label in named.items() if name in proof]
    if proof.get("entries"):
        lines.append((_("Entries of the consent log"), ", ".join(map(str, proof["entries"]))))
    return lines
