"""What to do about mail servers that refuse us, by the status they give: for whoever runs this machine."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# SPF, DKIM, DMARC and alignment: RFC 7372, and what Google and Microsoft add to it.
_UNAUTHENTICATED = re.compile(r"[45]\.7\.(2[0-46-9]|30|40|5\d\d|515|509)")
_NO_NAME = re.compile(r"[45]\.7\.25")
_NOT_THEM = re.compile(r"[45]\.7\.(1[0-4]|13\d|12\d)|[45]\.7\.2")
_CONTENT = re.compile(r"[45]\.(6\.\d+|2\.3|3\.4)")
_SENDER = re.compile(r"[45]\.1\.[78]|[45]\.5\.\d+")


def what_to_mend(status: str) -> str:
    """One sentence. Source: RFC 3463 §3, RFC 7372."""
    if _UNAUTHENTICATED.fullmatch(status):
        return _("Check SPF, DKIM and DMARC of the sender’s domain: they do not prove that the mail is ours.")
    if _NO_NAME.fullmatch(status):
        return _(
            "Give the address our mail server sends from a name that leads back to it (reverse DNS, PTR)."
        )
    if _NOT_THEM.fullmatch(status):
        return _("These recipients take mail only from some: ask them to let the newsletter’s sender in.")
    if _CONTENT.fullmatch(status):
        return _("They refuse the mail itself: make it shorter, and look at what it links to.")
    if _SENDER.fullmatch(status):
        return _("They refuse the sender’s address: check that it exists and takes mail.")
    return _(
        "Their policy refuses us: look up the address our mail server sends from in the block lists they name, and send "
        "more slowly for a while."
    )
