"""Whether the mail server offers TLS with a certificate that verifies; nobody logs in and nothing is sent."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable
from dataclasses import replace

from ..smtp.opening import opened
from ..smtp.outcomes import Fault, NoConnection
from ..smtp.replies import printable
from ..smtp.server import SmtpServer, Timeouts
from .findings import About, Finding, Kind, Level, Mend, shortened

HASTY = Timeouts(connect_s=5, answer_s=5, block_s=5, end_s=5)


def examine(
    server: SmtpServer, *, is_here: bool, context: Callable[[], ssl.SSLContext] = ssl.create_default_context
) -> Finding:
    """`is_here`: the server runs on this machine, where nothing crosses a network."""
    name = f"{server.host}:{server.port}"
    if is_here:
        return Finding(About.TLS, "tls.here", Level.SKIPPED, name)
    asked = replace(server, user="", password="", security=server.security or "starttls")
    mend = Mend("EMAIL_URL", Kind.SETTING, f"smtp+starttls://USER:PASSWORD@{server.host}:587")
    try:
        connection = opened(asked, HASTY, context)
    except NoConnection as error:
        if error.outcome.fault is Fault.SENDER and _is_tls(str(error)):
            level = Level.RED if server.security else Level.AMBER
            words = shortened(printable(str(error)))
            return Finding(About.TLS, "tls.bad", level, name, words, mend=mend)
        return Finding(About.TLS, "tls.unreached", Level.UNKNOWN, name, shortened(str(error)))
    with contextlib.suppress(Exception):
        connection.quit()
    if not server.security:
        clear = Mend("EMAIL_URL", Kind.SETTING, f"smtp+starttls://{server.host}:{server.port}")
        return Finding(About.TLS, "tls.unused", Level.AMBER, name, mend=clear)
    return Finding(About.TLS, "tls.good", Level.GREEN, name)


def _is_tls(words: str) -> bool:
    return words.startswith("TLS") or "STARTTLS" in words
