"""Our own words among those kept of a message, in the language of whoever reads; a server's stay as they are.

English is kept, whatever the language of the worker, so that equal causes can be counted together.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# What `%(…)s` stands for is looked up again: « connection lost: no answer in time ». The special stands before the general.
KNOWN = (
    gettext_noop("the worker stopped while handing it over"),
    gettext_noop("the machine stopped while it was being sent"),
    gettext_noop("the machine that was sending it is gone"),
    gettext_noop("never handed over, and found when the edition was no news any more"),
    gettext_noop("expired before a mail server took it"),
    gettext_noop("not made: %(error)s"),
    gettext_noop("stage %(stage)s: domain not in DEPECHE_MAIL_DOMAINS"),
    gettext_noop("connection lost after the message: %(words)s"),
    gettext_noop("connection lost: %(words)s"),
    gettext_noop("after the call: %(words)s"),
    gettext_noop("no answer in time"),
    gettext_noop("the server hung up"),
    gettext_noop("more replies came than commands were sent"),
    gettext_noop("the server does not reset"),
    gettext_noop("no SMTP reply: a line without an end"),
    gettext_noop("no SMTP reply: %(code)s went on as %(other)s for %(count)s lines"),
    gettext_noop("no SMTP reply: %(words)s"),
    gettext_noop("the mail server turned us away: %(words)s"),
    gettext_noop("the mail server does not offer STARTTLS"),
    gettext_noop("the mail server refuses STARTTLS: %(words)s"),
    gettext_noop("the mail server went on in clear after STARTTLS"),
    gettext_noop("the mail server offers no way to log in that we know"),
    gettext_noop("the mail server refuses our login: %(words)s"),
    gettext_noop("a challenge that cannot be read"),
    gettext_noop("the mail server breaks off again and again"),
    gettext_noop("the mail server takes %(limit)s octets, the message has %(size)s"),
    gettext_noop("sender: %(words)s"),
    gettext_noop("this is no address a mail server can be told"),
    gettext_noop("the address has letters this mail server cannot write to"),
    gettext_noop("the address is longer than mail servers take"),
)
_PLACE = re.compile(r"%\\\((\w+)\\\)s")
_PATTERNS = {known: re.compile(_PLACE.sub(r"(?P<\1>.*)", re.escape(known))) for known in KNOWN}


def shown(words: str) -> str:
    """`words` as they are kept, for people."""
    for known, pattern in _PATTERNS.items():
        found = pattern.fullmatch(words)
        if found:
            return _(known) % {name: shown(value) for name, value in found.groupdict().items()}
    return words
